from odoo import fields, models


class LiquorExpectationEntry(models.Model):
    """What an accrual run booked for a campaign, with the estimate it was booked by; for good."""

    _name = "liquor.expectation.entry"
    _description = "Entry of Expected Rewards"
    _inherit = ["liquor.append.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "expectation_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    expectation_id = fields.Many2one(
        "liquor.reward.expectation", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    run_id = fields.Many2one(
        "liquor.accrual.run", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    move_id = fields.Many2one("account.move", required=True, readonly=True, ondelete="restrict", check_company=True)
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    cases = fields.Float(required=True, readonly=True, digits=(16, 2), string="Cases Shipped")
    expected_percent = fields.Float(required=True, readonly=True, string="Expected (%)")
    rate_source = fields.Char(required=True, readonly=True, string="Source of the Estimate")

    _once_a_run = models.UniqueIndex("(expectation_id, run_id)", "A run books a campaign once.")
    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The expected amount is out of bounds."
    )
