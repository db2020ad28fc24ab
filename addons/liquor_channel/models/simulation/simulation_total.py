from odoo import fields, models


class LiquorPolicySimulationTotal(models.Model):
    """Sums of a simulation: by region, by grade, and what the ledger would feel by account."""

    _name = "liquor.policy.simulation.total"
    _description = "Total of a Simulation"
    _order = "kind, difference, id"
    _rec_name = "label"

    simulation_id = fields.Many2one(
        "liquor.policy.simulation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="simulation_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    kind = fields.Selection(
        [("region", "By Region"), ("grade", "By Grade"), ("ledger", "Ledger")], required=True, readonly=True
    )
    label = fields.Char(readonly=True)
    parties = fields.Integer(readonly=True)
    old_amount = fields.Monetary("In Force", readonly=True)
    new_amount = fields.Monetary("Simulated", readonly=True)
    difference = fields.Monetary(readonly=True, help="In the ledger: debit less credit.")
