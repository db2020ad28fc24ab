from odoo import fields, models


class LiquorRecallRange(models.Model):
    """Recalled bottles side by side: one row a range, whatever its size."""

    _name = "liquor.recall.range"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Recalled Range"
    _check_company_auto = True
    _order = "recall_id desc, batch_id, first"
    _rec_name = "batch_id"

    recall_id = fields.Many2one(
        "liquor.recall", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one(related="batch_id.product_id")
    lot_id = fields.Many2one(related="batch_id.lot_id")
    first = fields.Integer("First Bottle", required=True, readonly=True, aggregator=None, help="Counted from 0.")
    last = fields.Integer("Last Bottle", required=True, readonly=True, aggregator=None, help="Included.")
    bottles = fields.Integer(required=True, readonly=True)

    _bounds = models.Constraint(
        "CHECK (first >= 0 AND last >= first AND last < 1048576 AND bottles = last - first + 1)",
        "The first bottle comes before the last one.",
    )
    _batch_first_idx = models.Index("(batch_id, first)")
