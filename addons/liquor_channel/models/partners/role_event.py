from odoo import fields, models

from .role_states import STATES


class LiquorChannelRoleEvent(models.Model):
    """One step in the life of a role: from which state to which, from which day on, why and by whom."""

    _name = "liquor.channel.role.event"
    _description = "Step of a Channel Role"
    _inherit = ("liquor.append.mixin",)
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "reason"

    role_id = fields.Many2one(
        "liquor.channel.role", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    state_from = fields.Selection(STATES, string="From", required=True, readonly=True)
    state_to = fields.Selection(STATES, string="To", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="Business day from which the step counts.")
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime(string="At", required=True, readonly=True)
