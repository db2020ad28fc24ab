from odoo import api, models

from ..accounts.account_mapping import ACCOUNT_ROLES

#: what expenses add to channel.md Acc-1: allowed claims, and what was executed and is not claimed
ACCOUNT_ROLES.setdefault("expense_owed", (("2241",), "X", "liability_current", True))
ACCOUNT_ROLES.setdefault("expense_unclaimed", (("2241",), "N", "liability_current", True))


class LiquorAccountMapping(models.Model):
    _inherit = "liquor.account.mapping"

    @api.model
    def _selection_role(self):
        return [
            *super()._selection_role(),
            ("expense_owed", self.env._("Allowed expense claims")),
            ("expense_unclaimed", self.env._("Expenses executed and not claimed")),
        ]
