from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.liquor_member.tools.business_day import today


class LiquorWithholdingList(models.TransientModel):
    """Asks for the month of the list of withheld income tax (trade.md R20)."""

    _name = "liquor.withholding.list"
    _description = "Monthly List of Withheld Tax"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    month = fields.Date(required=True, default=lambda self: self._default_month())

    @api.model
    def _default_month(self):
        return today(self.env.company).replace(day=1) - relativedelta(months=1)

    def action_download(self):
        """Download the workbook of the month."""
        self.ensure_one()
        url = f"/liquor/withholding/{self.company_id.id}/{self.month:%Y-%m}.xlsx"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
