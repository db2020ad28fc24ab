from odoo import api, fields, models

from .variance_classes import VARIANCE_CLASSES

DEFAULT_DAYS = 30


class LiquorVarianceRule(models.Model):
    """Who looks after a class of variances of a company, and after how many days it is one."""

    _name = "liquor.variance.rule"
    _description = "Owner of Variances"
    _inherit = ("liquor.labelled.mixin",)
    _order = "company_id, variance_class"
    _rec_name = "variance_class"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    variance_class = fields.Selection(VARIANCE_CLASSES, string="Class", required=True)
    owner_id = fields.Many2one("res.users", string="Responsible", domain="[('share', '=', False)]", ondelete="restrict")
    days = fields.Integer(default=DEFAULT_DAYS, help="For goods not scanned, shares not settled and payouts open.")

    _class_unique = models.UniqueIndex("(company_id, variance_class)", "Each class has one owner in a company.")
    _days_bounds = models.Constraint("CHECK (days BETWEEN 0 AND 3650)", "Days lie between 0 and 3,650.")

    @api.model
    def _of(self, company):
        """Return ``({class: owner id}, {class: days})`` of a company; what has no rule is not in them."""
        rules = self.sudo().search([("company_id", "=", company.id)])
        return {rule.variance_class: rule.owner_id.id for rule in rules}, {
            rule.variance_class: rule.days for rule in rules
        }
