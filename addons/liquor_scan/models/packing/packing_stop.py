from odoo import fields, models

from .packing_check_case import FAULTS


class LiquorPackingStop(models.Model):
    """A roll was stopped or released: which bottles, when, by whom and why; written once, for good."""

    _name = "liquor.packing.stop"
    _inherit = ["liquor.labelled.mixin", "liquor.append.mixin"]
    _description = "Stop of a Roll"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "kind"

    check_id = fields.Many2one(
        "liquor.packing.check", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    first = fields.Integer("First Bottle", required=True, readonly=True, aggregator=None, help="Counted from 1.")
    last = fields.Integer("Last Bottle", required=True, readonly=True, aggregator=None, help="Included.")
    kind = fields.Selection([("stopped", "Stopped"), ("released", "Released")], required=True, readonly=True)
    fault = fields.Selection(FAULTS, "Mismatch", readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Stopped or Released by", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime("At", required=True, readonly=True)

    _why = models.Constraint(
        "CHECK ((kind = 'stopped' AND fault IS NOT NULL) OR (kind = 'released' AND reason IS NOT NULL))",
        "A stop names its mismatch, a release its reason.",
    )
