from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class LiquorDispute(models.Model):
    """A distributor's objection (异议) to one line of his statement, and the answer."""

    _name = "liquor.dispute"
    _description = "Dispute"
    _inherit = ["liquor.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state desc, id desc"
    _check_company_auto = True
    _typed_while = {"answer": ("open",)}
    _rec_name = "text"

    settlement_line_id = fields.Many2one(
        "liquor.settlement.line", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    settlement_id = fields.Many2one(related="settlement_line_id.settlement_id", store=True, index=True)
    company_id = fields.Many2one(related="settlement_line_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="settlement_id.partner_id", store=True, string="Distributor")
    currency_id = fields.Many2one(related="settlement_line_id.currency_id")
    amount = fields.Monetary(related="settlement_line_id.amount", string="Amount of the line")
    text = fields.Text(string="Objection", required=True, readonly=True)
    raised_by_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    state = fields.Selection(
        [("open", "Open"), ("accepted", "Accepted"), ("rejected", "Rejected")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    answer = fields.Text(tracking=True)
    answered_by_id = fields.Many2one("res.users", readonly=True)
    answered_at = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex("(settlement_line_id) WHERE state = 'open'", "This line is disputed already.")

    @api.constrains("text")
    def _check_text(self):
        for dispute in self:
            if not dispute.text.strip() or len(dispute.text) > 2000:
                raise ValidationError(self.env._("Say in a few words what is wrong with the line."))

    def action_accept(self):
        """Accept: the line leaves the statement, its earning waits for its correction."""
        self._answer("accepted")
        self.settlement_line_id.sudo().write({
            "live": False,
            "held": True,
            "held_reason": self.env._("Disputed and accepted: a correction follows"),
        })

    def action_reject(self):
        """Reject: the line stays; the distributor reads why."""
        self._answer("rejected")

    def _answer(self, state):
        self.check_access("write")
        for dispute in self:
            if dispute.state != "open":
                raise UserError(self.env._("This dispute was answered already."))
            if not (dispute.answer or "").strip():
                raise UserError(self.env._("Write the answer first: the distributor reads it."))
        self.lock_for_update()
        self.sudo().write({"state": state, "answered_by_id": self.env.uid, "answered_at": fields.Datetime.now()})
