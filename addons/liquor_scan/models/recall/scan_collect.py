from odoo import fields, models


class LiquorScanCollect(models.AbstractModel):
    _inherit = "liquor.scan.collect"

    def _read_recalled(self, units):
        """Units with recalled bottles in them; one query where nothing is recalled."""
        companies = {batch.company_id.id for batch in units.values()}
        stopped = self.env["liquor.recall.gate"].sudo()._pass(companies)
        concerned = [unit for unit, batch in units.items() if batch.company_id.id in stopped]
        reader = self.env["liquor.recall.reader"].sudo()
        return super()._read_recalled(units) | set(reader._touched(concerned, fields.Datetime.now()))
