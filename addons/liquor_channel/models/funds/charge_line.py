from odoo import fields, models

from .agreement_source import SOURCE_KINDS


class LiquorChargeLine(models.Model):
    """What one source gives."""

    _name = "liquor.charge.line"
    _description = "Source of a Charge"
    _inherit = ("liquor.labelled.mixin",)
    _check_company_auto = True
    _order = "charge_id, sequence, id"
    _rec_name = "kind"

    charge_id = fields.Many2one("liquor.charge", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(SOURCE_KINDS, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")

    _amount_bounds = models.Constraint(
        "CHECK (amount > 0 AND amount <= 1000000000000)", "A source gives more than nothing."
    )
