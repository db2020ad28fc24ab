from odoo import fields, models


class LiquorEarningLineMixin(models.AbstractModel):
    """A line that takes one earning into a document; an earning is in at most one live line of a kind.

    A model that inherits it says ``_one_live = models.UniqueIndex("(earning_id) WHERE live", …)`` in its own words.
    """

    _name = "liquor.earning.line.mixin"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Line of an Earning"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    earning_id = fields.Many2one(
        "liquor.earning", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    live = fields.Boolean(readonly=True, default=True)

    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The amount is out of bounds."
    )

    def action_why(self):
        """Show how the earning of this line was computed."""
        return self.earning_id.action_why()
