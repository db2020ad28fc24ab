from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.common.money import decimal
from ...engine.policies.uplift import Uplift


class LiquorPolicyUplift(models.Model):
    """A percentage on top of a policy: for good performance, an attacked region, a new market, a star product."""

    _name = "liquor.policy.uplift"
    _description = "Uplift of a Policy"
    _inherit = ("liquor.labelled.mixin", "liquor.policy.term")
    _check_company_auto = True
    _order = "version_id, id"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("performance", "Good Performance"),
            ("under_attack", "Region Under Attack"),
            ("new_market", "New Market"),
            ("star_product", "Star Product"),
        ],
        required=True,
        default="performance",
    )
    percent = fields.Float(string="On Top (%)", digits=(6, 2), required=True)
    date_start = fields.Date(string="From")
    date_end = fields.Date(string="Until")
    metric_period = fields.Selection([("month", "Month"), ("quarter", "Quarter")], default="month")
    metric_value = fields.Float(
        string="At Least", digits=(16, 2), help="Of the basis and in the measure of the version, in the period before."
    )
    months = fields.Integer(string="First Months", help="Counted from the day on which the party started.")
    orders = fields.Integer(string="First Orders", help="Days on which goods moved count as one order each.")
    product_ids = fields.Many2many("product.product", string="Products", check_company=True)
    category_ids = fields.Many2many("product.category", string="Product Categories")
    territory_ids = fields.Many2many("liquor.territory", string="Territories", check_company=True)

    _bounds = models.Constraint(
        """CHECK (percent > 0 AND percent <= 1000 AND COALESCE(metric_value, 0) BETWEEN 0 AND 1000000000000
                  AND COALESCE(months, 0) BETWEEN 0 AND 120 AND COALESCE(orders, 0) BETWEEN 0 AND 1000)""",
        "An uplift is above 0 % and at most 1,000 %.",
    )
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "An uplift cannot end before it starts.",
    )

    @api.constrains("kind", "months", "orders", "product_ids", "category_ids", "version_id")
    def _check_kind(self):
        for uplift in self:
            if uplift.kind == "new_market" and not (uplift.months or uplift.orders):
                raise ValidationError(self.env._("Say for how many months or orders a market is new."))
            if uplift.kind == "star_product" and not (uplift.product_ids or uplift.category_ids):
                raise ValidationError(self.env._("Choose the star products."))
            if uplift.version_id.kind != "per_unit" and (uplift.kind == "star_product" or uplift.orders):
                raise ValidationError(
                    self.env._("Star products and first orders are paid at once: use a policy per unit for them.")
                )

    def _to_engine(self):
        """Uplifts of the engine."""
        return tuple(
            Uplift(
                one.id,
                one.kind,
                decimal(one.percent),
                decimal(one.metric_value),
                one.months,
                one.orders,
                one.date_start or None,
                one.date_end or None,
                frozenset(one.product_ids.ids),
                frozenset(one.category_ids.ids),
                frozenset(one.territory_ids.ids),
            )
            for one in self
        )
