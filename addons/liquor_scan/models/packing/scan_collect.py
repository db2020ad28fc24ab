from odoo import models

from ...engine.recall.windows import window_of


class LiquorScanCollect(models.AbstractModel):
    _inherit = "liquor.scan.collect"

    def _read_stopped(self, units):
        """Units of rolls whose sample did not match; the maker does not pack or ship them."""
        windows = self.env["liquor.packing.check"]._stopped_windows([batch.id for batch in set(units.values())])
        if not windows:
            return super()._read_stopped(units)
        stopped = set()
        for unit in units:
            own = window_of(unit)
            if any(one.batch == own.batch and one.first <= own.last and one.last >= own.first for one in windows):
                stopped.add(unit)
        return super()._read_stopped(units) | stopped
