from odoo import api, fields, models
from odoo.exceptions import AccessError

from .stock_count import MOST


class LiquorStockCountLine(models.Model):
    """One product of a count, beside what the codes and the estimate said at that moment."""

    _name = "liquor.stock.count.line"
    _inherit = ["liquor.append.mixin"]
    _description = "Product of a Stock Count"
    _check_company_auto = True
    _order = "count_id desc, id"
    _rec_name = "product_id"

    count_id = fields.Many2one(
        "liquor.stock.count", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    party_id = fields.Many2one("res.partner", string="Counted At", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", check_company=True)
    taken_at = fields.Datetime("Counted On", required=True, readonly=True)
    typed_bottles = fields.Integer("Bottles", help="Counted by hand, beside what was scanned.")
    scanned_bottles = fields.Integer("Scanned", readonly=True)
    elsewhere_bottles = fields.Integer(
        "Recorded Elsewhere", readonly=True, help="Of the scanned ones: the codes say that somebody else holds them."
    )
    counted_bottles = fields.Integer("Counted", readonly=True)
    recorded_bottles = fields.Integer(
        "By Codes", readonly=True, help="What the codes said, less every scanned opening."
    )
    difference = fields.Integer(readonly=True, help="Counted less what the codes said. Nothing is moved by it.")
    estimated = fields.Float("Estimated Stock", digits=(16, 1), readonly=True, help="Estimated before the count.")

    _once = models.UniqueIndex("(count_id, product_id)", "A count has one line for each product.")
    _shop_idx = models.Index("(company_id, party_id, product_id, taken_at)")
    _bounds = models.Constraint(
        f"CHECK (typed_bottles BETWEEN 0 AND {MOST} AND scanned_bottles BETWEEN 0 AND {MOST}"
        " AND elsewhere_bottles BETWEEN 0 AND scanned_bottles AND counted_bottles = typed_bottles + scanned_bottles"
        " AND difference = counted_bottles - recorded_bottles)",
        "A line counts what was typed and scanned, and says by how much that differs from the codes.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are made with their count, never added to one."""
        if not self.env.su:
            raise AccessError(self.env._("A count is stored as a whole: enter another one."))
        return super().create(vals_list)
