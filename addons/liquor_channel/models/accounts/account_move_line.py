from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    liquor_free_goods = fields.Boolean(
        "Free Goods", readonly=True, copy=False, help="Delivered in kind: for the tax team (consumption tax base)."
    )

    def _create_analytic_lines(self):
        """Collect costs only: both sides of our entries name region and programme, which would sum to nothing."""
        owed = self.filtered(
            lambda line: line.move_id._liquor_is_ours() and line.account_id.internal_group not in ("income", "expense")
        )
        return super(AccountMoveLine, self - owed)._create_analytic_lines()
