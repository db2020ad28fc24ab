from odoo import fields, models


class TestLiquorEntry(models.Model):
    """The smallest ledger with money, points and a party."""

    _name = "test_liquor.entry"
    _inherit = ["liquor.ledger.mixin"]
    _description = "Test Ledger"

    partner_id = fields.Many2one("res.partner", check_company=True, ondelete="restrict", index=True)
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    amount = fields.Monetary()
    points = fields.Integer()
    channel = fields.Selection([("shop", "Shop"), ("web", "Web")], default="shop", required=True)
    # stands for a column that a later version adds: see the test of the schema
    late = fields.Char(default="since 2")

    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000 AND 1000000000)", "The amount is out of bounds."
    )
