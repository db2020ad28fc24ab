from odoo import fields, models


class LiquorAccrualLine(models.Model):
    _inherit = "liquor.accrual.line"

    fund_id = fields.Many2one(
        "liquor.fund",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The budget that carries the brand's part of this earning.",
    )
