from odoo import fields, models


class LiquorPolicyGroup(models.Model):
    """Policies that exclude each other: of those in a group that hold for the same thing, one pays."""

    _name = "liquor.policy.group"
    _description = "Exclusive Group of Policies"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    choice = fields.Selection(
        [("first", "The First in Order"), ("best", "The One That Gives Most")],
        string="Which One Pays",
        required=True,
        default="first",
    )
    policy_ids = fields.One2many("liquor.policy", "group_id", string="Policies")
