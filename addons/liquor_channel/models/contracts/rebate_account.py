from odoo import models


class LiquorRebateAccount(models.Model):
    _inherit = "liquor.rebate.account"

    def _expiry_months(self, day):
        """What the distributor signed goes before what the company says."""
        contracts = self.env["liquor.agreement"].sudo()._contracts_of(self.company_id, self.partner_id, day)
        signed = contracts.filtered(lambda contract: contract.rebate_expiry != "company")[:1]
        if signed:
            return signed.rebate_months if signed.rebate_expiry == "months" else 0
        return super()._expiry_months(day)
