from odoo import fields, models


class LiquorExpectationEntry(models.Model):
    """What an accrual run booked for a campaign, with the estimate it was booked by; for good."""

    _name = "liquor.expectation.entry"
    _description = "Entry of Expected Rewards"
    _inherit = ["liquor.run.posting.mixin"]
    _order = "id desc"
    _rec_name = "expectation_id"

    expectation_id = fields.Many2one(
        "liquor.reward.expectation", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    cases = fields.Float(required=True, readonly=True, digits=(16, 2), string="Cases Shipped")
    expected_percent = fields.Float(required=True, readonly=True, string="Expected (%)")
    rate_source = fields.Char(required=True, readonly=True, string="Source of the Estimate")

    _once_a_run = models.UniqueIndex("(expectation_id, run_id)", "A run books a campaign once.")
    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The expected amount is out of bounds."
    )
