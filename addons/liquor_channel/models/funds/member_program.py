from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LiquorMemberProgram(models.Model):
    _inherit = "liquor.member.program"

    fund_id = fields.Many2one(
        "liquor.fund",
        "Budget of Benefits",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'member_operations'), ('company_id', '=', company_id)]",
        help="Carries the brand's part of what members pick up.",
    )

    @api.constrains("fund_id")
    def _check_fund_is_of_members(self):
        """Benefits are carried by the budget of member operations, not by one of sales (C54)."""
        if self.filtered(lambda program: program.fund_id and program.fund_id.sudo().kind != "member_operations"):
            raise ValidationError(self.env._("Benefits are carried by a budget of member operations."))
