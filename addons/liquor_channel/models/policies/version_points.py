from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.common.money import decimal

PERSONAL = ("terminal", "guide", "waiter")
ONE = decimal(1)


class LiquorPolicyVersion(models.Model):
    """Points as a form of payment (C11): shops, guides and waiters who are members of a club get points of it.

    Rate and caps count points then; what a fact gives is rounded down to whole points. Distributors carry no part.
    """

    _inherit = "liquor.policy.version"

    rate_kind = fields.Selection(
        selection_add=[("points", "Points per Bottle or Case")], ondelete={"points": "cascade"}
    )
    form = fields.Selection(selection_add=[("points", "Points")])
    points_program_id = fields.Many2one(
        "liquor.member.program",
        string="Points Of",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="Whoever is no member of this club yet has his points held until he is.",
    )

    @api.depends("rate_kind")
    def _compute_form(self):
        result = super()._compute_form()
        self.filtered(lambda version: version.rate_kind == "points").form = "points"
        return result

    @api.constrains("rate_kind", "points_program_id", "measure", "policy_id", "state")
    def _check_points(self):
        for version in self.filtered(lambda one: one.rate_kind == "points"):
            if version.policy_id.kind != "per_unit" or version.measure == "amount":
                raise ValidationError(self.env._("Points are given per bottle or case, for each fact."))
            if version.policy_id.beneficiary_kind not in PERSONAL:
                raise ValidationError(
                    self.env._("Points are for shops, guides and waiters: pay distributors in money.")
                )
            if not version.points_program_id:
                raise ValidationError(self.env._("Say which club gives the points."))

    def action_activate(self):
        """Refuse points of a club that has none."""
        for version in self.filtered(lambda one: one.rate_kind == "points"):
            if not version.points_program_id.sudo().use_points:
                raise UserError(
                    self.env._(
                        "%(club)s has no points: switch them on in the club, or pay in money.",
                        club=version.points_program_id.sudo().name,
                    )
                )
        return super().action_activate()

    def _rule_of(self, *words):
        rule = super()._rule_of(*words)
        return replace(rule, step=ONE, step_down=True) if rule.rate_kind == "points" else rule

    def _say_money(self, amount):
        if self.rate_kind == "points":
            return self.env._("%(number)s points", number=self._say_number(amount))
        return super()._say_money(amount)
