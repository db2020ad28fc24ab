from odoo import models

from ...engine.flow.transitions import DISTRIBUTOR, SUB


class LiquorScanCollect(models.AbstractModel):
    _inherit = "liquor.scan.collect"

    def _read_supplies(self, scene, companies, roles, units):
        """Add which suppliers scan everything out: a receipt from them waits for that (trade.md R9 f)."""
        found = super()._read_supplies(scene, companies, roles, units)
        suppliers = {party for supply in scene.supplies.values() for party in supply.assigned.values()}
        outbound = (
            self
            .env["liquor.channel.role"]
            .sudo()
            .search([
                ("partner_id", "in", list(suppliers)),
                ("company_id", "in", companies.ids),
                ("kind", "in", (DISTRIBUTOR, SUB)),
                ("scans_out", "=", True),
            ])
        )
        for key, supply in scene.supplies.items():
            here = outbound.filtered(lambda role, company=key[0]: role.company_id.id == company)
            scene.supplies[key] = supply._replace(outbound=frozenset(here.partner_id.ids))
        return found

    def _read_places(self, scene):
        """Add the approved second places: the distance of a scan is that to the nearer one (trade.md R9 g)."""
        found = super()._read_places(scene)
        parties = sorted({actor.party for actor in scene.actors.values() if actor.party})
        for company in self.env["res.company"].browse(sorted(scene.boards)):
            for party, places in self.env["liquor.shop.place"]._of(company, parties).items():
                scene.places.setdefault(party, []).extend(places)
        return found
