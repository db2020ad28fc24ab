from odoo import fields, models


class LiquorScanCollect(models.AbstractModel):
    _inherit = "liquor.scan.collect"

    def _read_recalled(self, units, stops):
        """Units with recalled bottles in them; no query where nothing is recalled."""
        concerned = [unit for unit, batch in units.items() if "recall" in stops.get(batch.company_id.id, ())]
        reader = self.env["liquor.recall.reader"].sudo()
        return super()._read_recalled(units, stops) | set(reader._touched(concerned, fields.Datetime.now()))
