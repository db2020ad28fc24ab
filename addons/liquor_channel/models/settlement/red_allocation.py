from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.common.money import decimal
from ...engine.settlement import red_letter

#: state -> states that may follow
FLOW = {"waiting": ("sent", "dropped"), "sent": ("confirmed", "waiting", "dropped"), "confirmed": ("issued",)}


class LiquorRedAllocation(models.Model):
    """红字: one credit note against one blue invoice, until its red-letter invoice is issued (trade.md R6)."""

    _name = "liquor.red.allocation"
    _description = "Red-letter Allocation"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _order = "deadline, id"
    _check_company_auto = True
    _typed_while = {
        "goods_code": ("waiting",), "form_number": ("waiting", "sent"), "red_number": ("waiting", "sent", "confirmed"),
    }  # fmt: skip
    _rec_name = "note_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", "Distributor", required=True, readonly=True, index=True, ondelete="restrict"
    )
    note_id = fields.Many2one(
        "account.move", "Credit Note", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    invoice_id = fields.Many2one(
        "account.move", "Blue Invoice", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    rate = fields.Float("Tax Rate (%)", required=True, readonly=True, aggregator="avg")
    goods_code = fields.Char(
        "Goods Code (Tax)", copy=False, tracking=True, help="19 digits, as the blue invoice states them."
    )
    asked_code = fields.Char("Goods Code of the Note", readonly=True, help="Empty where the note names no goods.")
    code_known = fields.Boolean("Code Noted When Invoiced", readonly=True)
    code_hint = fields.Char("What to Do", compute="_compute_code_hint")
    amount = fields.Monetary("Net Amount", required=True, readonly=True, aggregator="sum")
    amount_tax = fields.Monetary("Tax", required=True, readonly=True, aggregator="sum")
    state = fields.Selection(
        [
            ("waiting", "Waiting for a Form"),
            ("sent", "Waiting for the Buyer"),
            ("confirmed", "Confirmed"),
            ("issued", "Issued"),
            ("dropped", "Dropped"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    form_number = fields.Char("Confirmation Form", copy=False, tracking=True)
    sent_at = fields.Datetime(readonly=True)
    deadline = fields.Datetime("Confirm Before", readonly=True)
    lapse_count = fields.Integer("Lapsed", readonly=True, aggregator="sum")
    red_number = fields.Char("Red-letter Invoice Number", copy=False, tracking=True, help="20 digits.")

    _live_pair = models.UniqueIndex(
        "(note_id, invoice_id, rate, COALESCE(goods_code, '')) WHERE state <> 'dropped'",
        "This note is written against this invoice already.",
    )
    _number_unique = models.UniqueIndex(
        "(red_number) WHERE red_number IS NOT NULL", "This red-letter number is entered already."
    )
    _amounts = models.Constraint(
        """CHECK (amount > 0 AND amount <= 1000000000000 AND amount_tax BETWEEN 0 AND amount)""",
        "A red letter is more than nothing, its tax no more than that.",
    )
    _goods_code_form = models.Constraint(
        "CHECK (goods_code IS NULL OR goods_code ~ '^[0-9]{19}$')", "A goods code has 19 digits."
    )
    _issued_number = models.Constraint(
        "CHECK (state <> 'issued' OR red_number ~ '^[0-9]{20}$')", "An issued red letter has a number of 20 digits."
    )

    # ------------------------------------------------------------------ allocate
    @api.model
    def _allocate(self, note):
        """Spread a posted credit note over the buyer's invoices; returns (allocations, net amount nobody carries).

        What was allocated before stays; asked again, only what is missing is looked for.
        """
        allocations, missing = self.browse(), {}
        for (rate, code), net in self._open_goods(note).items():
            found = red_letter.allocate(net, rate, self._blue(note, rate), code)
            for invoice, part, sold in found.parts:
                if not self.env["account.move"].browse(invoice)._liquor_take_red(float(part)):
                    found.missing += part
                    continue
                allocations += self.sudo().create(self._prepare_allocation(note, invoice, rate, part, sold, code))
            if found.missing:
                missing[rate, code] = found.missing
        self._tell_missing(note, missing)
        return allocations, sum(missing.values(), decimal(0))

    @api.model
    def _allocate_reversal(self, notes):
        """Queue the credit notes that take whole invoices back: each against the very one, where it was invoiced.

        An invoice was, where it has its 20-digit number or the buyer confirmed its use.

        :raises UserError: other red letters are written against the invoice already
        """
        for note in notes:
            origin = note.reversed_entry_id
            if not origin.liquor_fapiao_number and origin.liquor_buyer_use != "used":
                continue
            for (rate, code), net in self._goods_of(note).items():
                if not origin._liquor_take_red(float(net)):
                    raise UserError(
                        self.env._("Other red letters are written against %(invoice)s.", invoice=origin.name)
                    )
                self.sudo().create(self._prepare_allocation(note, origin.id, rate, net, code, code))

    def _prepare_allocation(self, note, invoice, rate, part, sold, asked):
        """Return a row: ``sold`` is the code that the invoice states, ``asked`` that of the note."""
        return {
            "company_id": note.company_id.id,
            "currency_id": note.currency_id.id,
            "partner_id": note.commercial_partner_id.id,
            "note_id": note.id,
            "invoice_id": invoice,
            "rate": float(rate),
            "goods_code": sold or False,
            "code_known": bool(sold),
            "asked_code": asked or False,
            "amount": float(part),
            "amount_tax": note.currency_id.round(float(part * rate / 100)),
        }

    # ------------------------------------------------------------------ queue
    def _move_to(self, state, **values):
        self._check_finance()
        self.lock_for_update()
        if self.filtered(lambda item: state not in FLOW.get(item.state, ())):
            raise UserError(self.env._("%(name)s has moved on already.", name=self[:1].note_id.name))
        self.sudo().write({"state": state, **values})

    def _check_finance(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance works on red letters."))

    def action_send(self):
        """Note that the form was filed: the buyer has 72 hours to confirm it; an unused invoice needs no form."""
        self._check_finance()
        self._check_codes()
        for row in self:
            if row.invoice_id.liquor_buyer_use != "used":
                row._move_to("sent", sent_at=fields.Datetime.now())
                row._move_to("confirmed")
                continue
            if not row.form_number:
                raise UserError(self.env._("Enter the number of the confirmation form."))
            now = fields.Datetime.now()
            row._move_to("sent", sent_at=now, deadline=red_letter.deadline(now))

    def action_confirm(self):
        """Note that the buyer confirmed in time."""
        late = self.filtered(
            lambda item: item.state == "sent" and item.deadline and item.deadline < fields.Datetime.now()
        )
        if late:
            raise UserError(self.env._("The form of %(name)s has lapsed: file a new one.", name=late[0].note_id.name))
        self._move_to("confirmed", deadline=False)

    def action_issue(self):
        """Note that the red-letter invoice was issued, with its number."""
        self._check_finance()
        for row in self:
            try:
                number = red_letter.check_number(row.red_number)
            except ValueError:
                raise UserError(self.env._("A digital invoice has a number of 20 digits.")) from None
            row._move_to("issued", red_number=number)

    def action_drop(self):
        """Take an allocation back: the invoice can carry another note."""
        self._move_to("dropped", deadline=False)
        for row in self.sudo():
            row.invoice_id._liquor_take_red(-row.amount)

    def _take_back(self):
        """Drop what is not issued yet, because its note is reversed; an issued red letter needs a blue one again."""
        if self.filtered(lambda item: item.state in ("confirmed", "issued")):
            raise UserError(self.env._("A red-letter invoice was issued for this note: it is not reversed any more."))
        self.filtered(lambda item: item.state != "dropped").action_drop()

    @api.model
    def _cron_lapse(self):
        """Look for lapsed forms every hour."""
        self.env["ir.cron"]._commit_progress(self._lapse())

    @api.model
    def _lapse(self):
        """Return forms that nobody confirmed within 72 hours to the queue; tells how many."""
        late = self.sudo().search([("state", "=", "sent"), ("deadline", "<", fields.Datetime.now())])
        for row in late.try_lock_for_update():
            row.write({
                "state": "waiting", "form_number": False, "sent_at": False, "deadline": False,
                "lapse_count": row.lapse_count + 1,
            })  # fmt: skip
        return len(late)

    def _portal_domain(self, user):
        """Return the forms a portal user has to confirm: his own company's."""
        return [("partner_id", "=", user.partner_id.commercial_partner_id.id), ("state", "=", "sent")]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Red-letter allocations stay; drop what is not needed."))
