from odoo import api, models

from ..accounts.account_mapping import ACCOUNT_ROLES

#: what expenses add to channel.md Acc-1: allowed claims, and what was executed and is not claimed
ACCOUNT_ROLES.setdefault("expense_owed", (("2241",), "X", "liability_current", True))
ACCOUNT_ROLES.setdefault("expense_unclaimed", (("2241",), "N", "liability_current", True))
ACCOUNT_ROLES.setdefault("goods_owed", (("2204",), "G", "liability_current", True))


class LiquorAccountMapping(models.Model):
    _inherit = "liquor.account.mapping"

    @api.model
    def _selection_role(self):
        roles = super()._selection_role()
        own = [
            ("expense_owed", self.env._("Allowed expense claims")),
            ("expense_unclaimed", self.env._("Expenses executed and not claimed")),
            ("goods_owed", self.env._("Goods owed to distributors")),
        ]
        return roles + [pair for pair in own if pair[0] not in dict(roles)]

    @api.model
    def _complete_set_up(self):
        """Give companies that are set up already the parts that an update of the add-on brought."""
        for (company,) in self.sudo()._read_group([], ["company_id"]):
            self._ensure_accounts(company)
