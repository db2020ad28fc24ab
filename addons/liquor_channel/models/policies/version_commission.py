from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.policies import commission
from .version_authority import TERMS

# they decide how much is paid, and to whom
TERMS.update({"commission_levels", "second_rate"})


class LiquorPolicyVersion(models.Model):
    """Commission for the trade of a sub-distributor: paid to those above him in the tree, level by level (C60)."""

    _inherit = "liquor.policy.version"

    commission_levels = fields.Integer(
        string="Levels Paid Above",
        help="0: the party itself is paid. 1: who supplies the sub-distributor whose trade it is. 2: also the "
        "distributor above, where head office allowed it with a note of counsel.",
    )
    second_rate = fields.Float(string="Rate of the Second Level", digits=(16, 6))

    _commission_bounds = models.Constraint(
        f"""CHECK (COALESCE(commission_levels, 0) BETWEEN 0 AND {commission.MOST_LEVELS}
                   AND COALESCE(second_rate, 0) BETWEEN 0 AND 1000000000000)""",
        "Commission is paid over one level, or over two by permission.",
    )

    @api.constrains("commission_levels", "second_rate", "basis", "policy_id", "state")
    def _check_commission(self):
        for version in self.filtered("commission_levels"):
            terms = (version.commission_levels, version.kind, version.beneficiary_kind, version.basis)
            reason = commission.refusal(*terms)
            if reason:
                raise ValidationError(version._say_commission_refusal(reason))
            if (version.commission_levels == 2) != bool(version.second_rate):
                raise ValidationError(self.env._("The rate of the second level goes with two levels."))

    def _say_commission_refusal(self, reason):
        return {
            "levels": self.env._("Commission is paid over one level, or over two by permission: never over more."),
            "beneficiary": self.env._("Commission above the own trade is paid to distributors only."),
            "trade": self.env._("Commission above the own trade is paid on goods only, not for people or openings."),
            "kind": self.env._("Commission above the own trade is paid per unit."),
        }[reason]

    def action_activate(self):
        """Put a second level in force only where head office does it and has allowed it."""
        for version in self.filtered(lambda one: one.commission_levels > 1):
            version._check_second_level()
        return super().action_activate()

    def _check_second_level(self):
        if self.scope_kind == "region" or (not self.env.su and self.env.user._liquor_is_regional()):
            raise UserError(self.env._("A second level of commission is written and approved by head office only."))
        if not self.env["liquor.commission.permission"]._is_allowed(self.company_id):
            raise UserError(
                self.env._("A second level of commission needs the permission of head office with a note of counsel.")
            )

    @api.depends("commission_levels", "second_rate")
    def _compute_sentence(self):
        return super()._compute_sentence()

    def _say_rule(self):
        text = super()._say_rule()
        if not self.commission_levels:
            return text
        first = self.env._("Paid to who supplies the sub-distributor whose trade it is.")
        if self.commission_levels == 1:
            return f"{text} {first}"
        second = self.env._("The distributor above him: %(rate)s.", rate=self._say_rate(self.second_rate))
        return f"{text} {first} {second}"
