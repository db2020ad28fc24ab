from odoo import fields, models


class LiquorSettlementLine(models.Model):
    """One earning in a settlement; an earning is in at most one live line."""

    _name = "liquor.settlement.line"
    _inherit = ["liquor.earning.line.mixin"]
    _description = "Settlement Line"
    _order = "settlement_id, held, business_day, id"
    _rec_name = "label"

    settlement_id = fields.Many2one(
        "liquor.settlement", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    business_day = fields.Date(readonly=True)
    label = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    bottles = fields.Float(digits=(16, 2), readonly=True, aggregator="sum")
    held = fields.Boolean(readonly=True, help="Shown, not paid: it waits for a decision.")
    held_reason = fields.Char(readonly=True)
    dispute_ids = fields.One2many("liquor.dispute", "settlement_line_id", readonly=True)

    _one_live = models.UniqueIndex("(earning_id) WHERE live", "This earning is in another settlement already.")
    _held_not_live = models.Constraint("CHECK (NOT (held AND live))", "What is held is not settled.")
