from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.common.money import decimal
from ...engine.policies.bases import ProductList
from ...engine.policies.conditions import Condition

CHECKS = [
    ("diversion", "No Diversion"),
    ("price", "Price Discipline"),
    ("deposit", "Deposit Paid"),
    ("years", "Years of Cooperation"),
    ("display", "Display as Agreed"),
    ("other", "Other Check"),
]


class LiquorPolicyCondition(models.Model):
    """What must hold before anything of a period is owed; all conditions of a version together."""

    _name = "liquor.policy.condition"
    _description = "Condition of a Policy"
    _inherit = ("liquor.labelled.mixin", "liquor.policy.term")
    _check_company_auto = True
    _order = "version_id, sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("minimum", "At Least in the Period"),
            ("first_order", "First Order at Least"),
            ("each_part", "Each Part of the Period at Least"),
            ("list_share", "Share of Chosen Products at Least"),
            ("target_rate", "Completion of the Target at Least"),
            ("check", "Check Passed"),
        ],
        required=True,
        default="minimum",
        help="Parts are the quarters of a year and the months of a quarter; they are judged at the end of the period.",
    )
    value = fields.Float(string="At Least", digits=(16, 2), help="In the measure of the version, or in percent.")
    of_target = fields.Boolean(string="Of the Target", help="Parts in percent of the target instead of what was done.")
    check_kind = fields.Selection(CHECKS, string="Check")
    product_ids = fields.Many2many("product.product", string="Products", check_company=True)
    category_ids = fields.Many2many("product.category", string="Product Categories")

    _bounds = models.Constraint(
        """CHECK (value BETWEEN 0 AND 1000000000000
                  AND (kind NOT IN ('each_part', 'list_share') OR value <= 100)
                  AND (kind <> 'target_rate' OR value <= 1000))""",
        "A condition asks for 0 to 1,000,000,000,000, a share for at most 100 %.",
    )
    _check_is_named = models.Constraint(
        "CHECK (kind <> 'check' OR check_kind IS NOT NULL)", "Say which check has to be passed."
    )

    @api.constrains("kind", "version_id", "product_ids", "category_ids")
    def _check_kind(self):
        for condition in self:
            if condition.kind == "list_share" and not (condition.product_ids or condition.category_ids):
                raise ValidationError(self.env._("Choose the products whose share is asked for."))
            if condition.kind == "each_part" and condition.version_id.period not in ("quarter", "year"):
                raise ValidationError(self.env._("Only a year or a quarter has parts."))

    def _to_engine(self):
        """Conditions of the engine, in order."""
        return tuple(
            Condition(one.id, one.kind, decimal(one.value), one.of_target, one.check_kind or "")
            for one in self.sorted(lambda one: (one.sequence, one.id))
        )

    def _to_lists(self):
        """Product lists whose share is asked for."""
        return tuple(
            ProductList(one.id, frozenset(one.product_ids.ids), frozenset(one.category_ids.ids))
            for one in self
            if one.kind == "list_share"
        )
