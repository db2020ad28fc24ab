from odoo import models


class LiquorScanCollect(models.AbstractModel):
    _inherit = "liquor.scan.collect"

    def _read_stopped(self, units, stops):
        """Units with bottles of rolls whose sample did not match; no query where no roll is stopped."""
        concerned = {unit for unit, batch in units.items() if "roll" in stops.get(batch.company_id.id, ())}
        return super()._read_stopped(units, stops) | self.env["liquor.packing.check"]._stopped_among(concerned)
