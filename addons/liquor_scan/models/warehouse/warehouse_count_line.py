from odoo import api, fields, models


class LiquorWarehouseCountLine(models.Model):
    """What a count expected and found of a lot, as it was proposed."""

    _name = "liquor.warehouse.count.line"
    _description = "Line of a Warehouse Count"
    _check_company_auto = True
    _order = "count_id, product_id, lot_id"
    _rec_name = "product_id"

    count_id = fields.Many2one(
        "liquor.warehouse.count", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    expected = fields.Integer("Expected (Bottles)", readonly=True)
    found = fields.Integer("Found (Bottles)", readonly=True)
    difference = fields.Integer(compute="_compute_difference", store=True)

    _bounds = models.Constraint(
        "CHECK (found BETWEEN 0 AND 2000000000 AND expected BETWEEN -2000000000 AND 2000000000)",
        "What was found is not negative.",
    )

    @api.depends("expected", "found")
    def _compute_difference(self):
        for line in self:
            line.difference = line.found - line.expected
