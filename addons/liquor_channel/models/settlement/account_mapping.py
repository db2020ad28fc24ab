from odoo import models

from .sale_order_line import PAPERS


class LiquorAccountMapping(models.Model):
    _inherit = "liquor.account.mapping"

    def _released_accounts(self, companies):
        """Accounts of what discounts of orders release: rebate, claims, goods owed, shares."""
        roles = ["rebate_accrued", *PAPERS.values()]
        return self.search([("company_id", "in", companies.ids), ("role", "in", roles)]).account_id
