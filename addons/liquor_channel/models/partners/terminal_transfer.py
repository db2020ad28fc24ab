from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

DECISION = ("state", "consented_by_id", "decided_by_id", "decided_at", "answer")
WAITING = ("draft", "asked")


class LiquorTerminalTransfer(models.Model):
    """A shop changes its distributor from a day on: with the giver's consent, or by a manager's decision.

    The assignment of the giver ends on the eve, the taker's begins; what was received before stays the giver's.
    """

    _name = "liquor.terminal.transfer"
    _description = "Transfer of a Shop"
    _inherit = ("liquor.guarded.mixin", "mail.thread", "mail.activity.mixin")
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("terminal_id.name", "from_id.name", "to_id.name")

    terminal_id = fields.Many2one("res.partner", string="Shop", required=True, index=True, ondelete="restrict")
    from_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    to_id = fields.Many2one("res.partner", required=True, ondelete="restrict", tracking=True)
    category_id = fields.Many2one(
        "product.category",
        string="Products",
        ondelete="restrict",
        help="The assignment that moves; empty: the general one.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    day = fields.Date(
        string="From Day",
        required=True,
        default=lambda self: today(self.env.company) + timedelta(days=1),
        tracking=True,
    )
    reason = fields.Char(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "Waiting for Consent"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, default=lambda self: self.env.user, ondelete="restrict"
    )
    consented_by_id = fields.Many2one("res.users", string="Consent By", readonly=True, copy=False, ondelete="restrict")
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True, copy=False)
    answer = fields.Char(readonly=True, copy=False, help="What the giver or the manager said.")

    _one_open = models.UniqueIndex(
        "(company_id, terminal_id, COALESCE(category_id, 0)) WHERE state IN ('draft', 'asked')",
        "A transfer of this shop waits already.",
    )
    _parties = models.Constraint(
        "CHECK (from_id <> to_id AND terminal_id <> to_id)", "A shop is transferred to another distributor."
    )
    _decided = models.Constraint(
        """CHECK (state <> 'done' OR consented_by_id IS NOT NULL
                  OR (decided_by_id IS NOT NULL AND decided_by_id <> author_id))""",
        "A transfer needs the giver's consent, or a decision of somebody else than its author.",
    )

    @api.depends("terminal_id.name", "from_id.name", "to_id.name")
    def _compute_display_name(self):
        for transfer in self:
            names = (transfer.terminal_id.name, transfer.from_id.name, transfer.to_id.name)
            transfer.display_name = "{}: {} → {}".format(*(name or "" for name in names))

    @api.constrains("terminal_id", "from_id", "to_id", "category_id", "company_id")
    def _check_parties(self):
        for transfer in self.filtered(lambda one: one.state in WAITING):
            roles = self.env["liquor.channel.role"]
            if transfer.to_id not in roles._distributors_of(transfer.company_id):
                raise ValidationError(
                    self.env._("%(partner)s is no distributor of this company.", partner=transfer.to_id.display_name)
                )
            if not transfer._assignment():
                raise ValidationError(
                    self.env._(
                        "%(shop)s is not supplied by %(distributor)s with these products.",
                        shop=transfer.terminal_id.name,
                        distributor=transfer.from_id.name,
                    )
                )

    def write(self, vals):
        """What was asked is what is consented to."""
        if not self.env.su and self.filtered(lambda one: one.state != "draft") and vals.keys() - {"answer"}:
            own = {name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))}
            if own:
                raise UserError(self.env._("A transfer that was asked does not change: cancel it and ask again."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("A transfer that was asked is not deleted: cancel it."))

    def _assignment(self):
        """The running assignment that moves, or one that starts later."""
        day = today(self.company_id)
        return (
            self
            .env["liquor.channel.assignment"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("terminal_id", "=", self.terminal_id.id),
                    ("distributor_id", "=", self.from_id.id),
                    ("category_id", "=", self.category_id.id),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", day),
                ],
                limit=1,
                order="date_start",
            )
        )

    # --- steps -----------------------------------------------------------------------------------------------

    def action_ask(self):
        """Ask the giver in his portal."""
        self.check_access("write")
        for transfer in self:
            transfer._check_day()
            transfer._take("asked", from_states=("draft",))

    def action_decide(self):
        """Transfer without the giver: by a channel manager who did not ask for it."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager decides on a transfer."))
        for transfer in self:
            if transfer.author_id == self.env.user:
                raise UserError(self.env._("Somebody else has to decide on the transfer that you asked for."))
            transfer._execute({"decided_by_id": self.env.uid}, WAITING)

    def action_cancel(self):
        """Take back what was not decided."""
        self.check_access("write")
        for transfer in self:
            transfer._take("cancelled", from_states=WAITING)

    def _consent(self, user, agreed, answer=""):
        """The giver agrees, which transfers the shop, or refuses.

        :param user: res.users of the giver
        :raises AccessError: it is not his shop
        :raises UserError: nothing waits for him
        """
        self.ensure_one()
        if user.partner_id.commercial_partner_id != self.from_id:
            raise AccessError(self.env._("Only the distributor who gives the shop answers."))
        transfer = self.sudo()
        answer = (answer or "").strip()[:200]
        if agreed:
            transfer._execute({"consented_by_id": user.id, "answer": answer}, ("asked",))
        else:
            transfer._take("refused", from_states=("asked",), decided_by_id=user.id, answer=answer)

    def _execute(self, values, from_states):
        """Move the assignment, in the transaction that decides."""
        self._check_day()
        self._take("done", from_states=from_states, **values)
        assignment = self._assignment()
        if not assignment:
            raise UserError(self.env._("The shop is not supplied by the giver any more."))
        end, start = assignment.date_end, max(self.day, assignment.date_start)
        if end and end < start:
            raise UserError(self.env._("The supply by the giver ends before that day anyway."))
        if assignment.date_start >= self.day:
            assignment.unlink()
        else:
            assignment.write({"date_end": self.day - timedelta(days=1)})
            assignment.flush_recordset()
        self.env["liquor.channel.assignment"].sudo().create({
            "company_id": self.company_id.id,
            "terminal_id": self.terminal_id.id,
            "distributor_id": self.to_id.id,
            "category_id": self.category_id.id,
            "date_start": start,
            "date_end": end,
        })

    def _check_day(self):
        if self.day < today(self.company_id):
            raise UserError(self.env._("A shop is transferred today or later: what it received stays with the giver."))

    def _take(self, state, from_states, **values):
        """Change the state once: of two who answer at the same moment one is told that it is decided."""
        self.ensure_one()
        self.flush_recordset()
        taken = self.env.execute_query(
            SQL(
                "UPDATE liquor_terminal_transfer SET write_date = now() AT TIME ZONE 'UTC'"
                " WHERE id = %s AND state IN %s RETURNING id",
                self.id,
                tuple(from_states),
            )
        )
        if not taken:
            raise UserError(self.env._("This transfer is decided already, or was not asked yet."))
        self.sudo().write({"state": state, "decided_at": fields.Datetime.now(), **values})
        self.flush_recordset()

    def _portal_domain(self, user):
        """Transfers that a distributor may see: what he gives and what he gets."""
        partner = user.partner_id.commercial_partner_id
        return ["&", ("state", "!=", "draft"), "|", ("from_id", "=", partner.id), ("to_id", "=", partner.id)]
