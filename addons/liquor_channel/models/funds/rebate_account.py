from odoo import models
from odoo.tools import SQL


class LiquorRebateAccount(models.Model):
    _inherit = "liquor.rebate.account"

    def _take_turn(self):
        """Let one transaction at a time decide about a distributor's money.

        The row is written, not only locked: at REPEATABLE READ who waited would go on with what he read before; so he
        fails and runs again.
        """
        self.flush_recordset()
        self.env.cr.execute(SQL("UPDATE liquor_rebate_account SET balance = balance WHERE id = ANY(%s)", self.ids))
