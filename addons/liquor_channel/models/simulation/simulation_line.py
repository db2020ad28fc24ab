from odoo import api, fields, models

from ...engine.simulation.compare import REASONS


class LiquorPolicySimulationLine(models.Model):
    """One party under the old and the new terms."""

    _name = "liquor.policy.simulation.line"
    _inherit = ["liquor.bulk.mixin", "liquor.channel.watched"]
    _description = "Simulated Party"
    _order = "difference, partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    _watched = frozenset({"grade"})

    simulation_id = fields.Many2one(
        "liquor.policy.simulation", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one("liquor.territory", string="Region", readonly=True, ondelete="set null")
    grade = fields.Char(readonly=True)
    old_amount = fields.Monetary("In Force", readonly=True)
    new_amount = fields.Monetary("Simulated", readonly=True)
    difference = fields.Monetary(readonly=True)
    booked_amount = fields.Monetary("Booked So Far", readonly=True)
    old_measure = fields.Float("Done, In Force", digits=(16, 2), readonly=True, aggregator=None)
    new_measure = fields.Float("Done, Simulated", digits=(16, 2), readonly=True, aggregator=None)
    old_rate = fields.Float("Rate In Force", digits=(16, 6), readonly=True, aggregator=None)
    new_rate = fields.Float("Rate Simulated", digits=(16, 6), readonly=True, aggregator=None)
    outcome = fields.Selection(
        [("gains", "Gains"), ("loses", "Loses"), ("same", "Same")], string="Result", required=True, readonly=True
    )
    reason = fields.Selection(selection="_selection_reason", required=True, readonly=True)
    explanation = fields.Char(compute="_compute_explanation", string="Why")

    _difference = models.Constraint(
        "CHECK (difference = new_amount - old_amount AND old_amount BETWEEN -1000000000000 AND 1000000000000"
        " AND new_amount BETWEEN -1000000000000 AND 1000000000000)",
        "The difference is what is simulated less what is in force.",
    )

    @api.model
    def _selection_reason(self):
        words = {
            "same": self.env._("Nothing changes"),
            "enters": self.env._("Is paid newly"),
            "leaves": self.env._("Is not covered any more"),
            "measure": self.env._("Something else is counted"),
            "refused": self.env._("A condition is not met"),
            "admitted": self.env._("A condition is met now"),
            "cut": self.env._("Exclusion or common cap"),
            "capped": self.env._("The cap"),
            "rate": self.env._("Another tier or rate"),
            "amount": self.env._("Another way of computing"),
        }
        return [(code, words[code]) for code in REASONS]

    @api.depends_context("lang")
    @api.depends("reason", "old_rate", "new_rate", "old_measure", "new_measure")
    def _compute_explanation(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for line in self:
            label = labels.get(line.reason, "")
            if line.reason == "rate":
                label = self.env._("%(reason)s: %(old)g → %(new)g", reason=label, old=line.old_rate, new=line.new_rate)
            elif line.reason == "measure":
                label = self.env._(
                    "%(reason)s: %(old).2f → %(new).2f", reason=label, old=line.old_measure, new=line.new_measure
                )
            line.explanation = label
