from odoo import models

from ...engine.flow.units import Unit
from ...engine.flow.windows import overlap


class LiquorPackingCheck(models.Model):
    _inherit = "liquor.packing.check"

    def _turn_gate(self, kind, **why):
        """Open transfers with goods of the roll on them say so in their log."""
        result = super()._turn_gate(kind, **why)
        if kind == "stopped":
            text = self.env._("Roll %(roll)s was stopped: a sample did not match. Put its goods aside.", roll=self.name)
        else:
            text = self.env._("Roll %(roll)s was released: its goods may leave.", roll=self.name)
        transfers = self._open_transfers()
        transfers._message_log_batch(bodies=dict.fromkeys(transfers.ids, text))
        return result

    def _open_transfers(self):
        """Transfers that are not done and on which a bottle of this roll was scanned; two queries."""
        scans = self.env["liquor.picking.scan"].sudo().search(
            [("company_id", "=", self.company_id.id), ("event_posted", "=", False)]
        )  # fmt: skip
        unit_of = {scan: Unit(scan.batch_id.id, scan.level, scan.unit_index) for scan in scans}
        inside, own = self._inside(set(unit_of.values())), [self._window()]
        concerned = [scan.id for scan, unit in unit_of.items() if overlap(inside[unit], own)]
        return scans.browse(concerned).picking_id
