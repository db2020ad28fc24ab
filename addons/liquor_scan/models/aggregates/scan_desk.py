from odoo import models


class LiquorScanDesk(models.AbstractModel):
    _inherit = "liquor.scan.desk"

    def _write_events(self, scene, outcomes, user, source, now):
        found = super()._write_events(scene, outcomes, user, source, now)
        places = {outcome.item.client_id: outcome.item.place for outcome in outcomes if outcome.item.place}
        self.env["liquor.scan.place"]._keep([
            (number, now, places[owner].lat, places[owner].lon, round(places[owner].accuracy))
            for owner, numbers in found.items()
            if owner in places
            for number in numbers
        ])
        return found
