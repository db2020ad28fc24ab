from odoo import fields, models
from odoo.exceptions import UserError

#: kind -> name on the checklist, in the order of the close (channel.md d2)
STEPS = [
    ("accrual", "Accrue what was earned"),
    ("match", "Three-way match"),
    ("variances", "Resolve variances or carry them over"),
    ("settlements", "Settlements and disputes"),
    ("payouts", "Payouts without result"),
    ("statements", "Account statements confirmed"),
    ("tie_out", "Sub-ledger and ledger agree"),
    ("lock", "Lock the month"),
    ("ledger_lock", "Lock the ledger"),
]


class LiquorPeriodStep(models.Model):
    """One step of a month's close: who does it, what is left, and the way to it."""

    _name = "liquor.period.step"
    _description = "Step of a Month's Close"
    _inherit = ["liquor.guarded.mixin", "liquor.labelled.mixin"]
    _order = "period_id, sequence, id"
    _rec_name = "kind"
    _check_company_auto = True

    period_id = fields.Many2one("liquor.period", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="period_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(STEPS, string="Step", required=True, readonly=True)
    owner_id = fields.Many2one("res.users", string="Responsible", domain="[('share', '=', False)]", ondelete="restrict")
    done_by_id = fields.Many2one("res.users", "Last Run By", readonly=True, ondelete="restrict")
    done_at = fields.Datetime("Last Run", readonly=True)
    left_count = fields.Integer("Left", compute="_compute_left")
    left_amount = fields.Monetary("Amount", compute="_compute_left")
    state = fields.Selection(
        [("todo", "To Do"), ("carried", "Carried Over"), ("done", "Done")], compute="_compute_left"
    )

    _kind_unique = models.UniqueIndex("(period_id, kind)", "A month has each step once.")

    def _compute_left(self):
        figures = {period: period._step_figures() for period in self.period_id}
        for step in self:
            count, amount, done = figures[step.period_id].get(step.kind, (0, 0.0, False))
            step.left_count, step.left_amount = count, amount
            carried = not done and step.period_id.state == "closed" and step.kind != "ledger_lock"
            step.state = "done" if done else "carried" if carried else "todo"

    def action_do(self):
        """Do the step; done again it changes nothing.

        :raises UserError: the month is closed, or this step is a person's work
        """
        self.ensure_one()
        period = self.period_id
        period._check_finance()
        if period.state == "closed" and self.kind != "ledger_lock":
            raise UserError(self.env._("%(period)s is closed.", period=period.name))
        worker = getattr(period, f"_do_{self.kind}", None)
        if worker is None:
            return self.action_open()
        period.lock_for_update()
        result = worker()
        self.sudo().write({"done_by_id": self.env.uid, "done_at": fields.Datetime.now()})
        return result

    def action_open(self):
        """Open what the step is about."""
        self.ensure_one()
        return self.period_id._open_step(self.kind)
