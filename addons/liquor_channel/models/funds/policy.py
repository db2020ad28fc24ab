from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LiquorPolicy(models.Model):
    _inherit = "liquor.policy"

    fund_id = fields.Many2one(
        "liquor.fund",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('kind', '=', 'channel'), ('company_id', '=', company_id)]",
        help="The budget that carries the brand's part of what this policy pays.",
    )
    fund_free = fields.Monetary("Free in the Fund", related="fund_id.free", currency_field="fund_currency_id")
    fund_currency_id = fields.Many2one(related="fund_id.currency_id", string="Currency of the Fund")

    @api.constrains("fund_id")
    def _check_fund_is_of_the_channel(self):
        """No policy of sales takes from the budget of member operations (channel.md C54)."""
        if self.filtered(lambda policy: policy.fund_id and policy.fund_id.sudo().kind != "channel"):
            raise ValidationError(self.env._("The budget of member operations is out of reach of sales."))
