from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine.common.money import decimal
from ...engine.settlement import red_letter

#: state -> states that may follow
FLOW = {"waiting": ("sent", "dropped"), "sent": ("confirmed", "waiting", "dropped"), "confirmed": ("issued",)}
#: invoices of a buyer at one tax rate that can still carry a red letter, oldest first: net of this rate, less credit
#: notes and less what red letters took
BLUE = """
    SELECT invoice.id, tax.amount, invoice.amount_untaxed,
           LEAST(SUM(item.price_subtotal), invoice.amount_untaxed) - COALESCE(invoice.liquor_red_amount, 0)
           - COALESCE((SELECT SUM(back.amount_untaxed) FROM account_move back
                        WHERE back.reversed_entry_id = invoice.id AND back.state = 'posted'
                          AND NOT EXISTS (SELECT FROM liquor_red_allocation row
                                           WHERE row.note_id = back.id AND row.state <> 'dropped')), 0),
           invoice.liquor_buyer_use = 'used'
      FROM account_move invoice
      JOIN account_move_line item ON item.move_id = invoice.id AND item.display_type = 'product'
      JOIN account_move_line_account_tax_rel rel ON rel.account_move_line_id = item.id
      JOIN account_tax tax ON tax.id = rel.account_tax_id
     WHERE invoice.company_id = %(company)s AND invoice.commercial_partner_id = %(partner)s
       AND invoice.move_type = 'out_invoice' AND invoice.state = 'posted' AND tax.amount = %(rate)s
       AND invoice.currency_id = %(currency)s AND invoice.liquor_settlement_id IS NULL
  GROUP BY invoice.id, tax.amount
  ORDER BY invoice.invoice_date, invoice.id
"""


class LiquorRedAllocation(models.Model):
    """红字: one credit note against one blue invoice, until its red-letter invoice is issued (trade.md R6)."""

    _name = "liquor.red.allocation"
    _description = "Red-letter Allocation"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _order = "deadline, id"
    _check_company_auto = True
    _typed_while = {"form_number": ("waiting", "sent"), "red_number": ("waiting", "sent", "confirmed")}
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
        "(note_id, invoice_id, rate) WHERE state <> 'dropped'", "This note is written against this invoice already."
    )
    _number_unique = models.UniqueIndex(
        "(red_number) WHERE red_number IS NOT NULL", "This red-letter number is entered already."
    )
    _amounts = models.Constraint(
        """CHECK (amount > 0 AND amount <= 1000000000000 AND amount_tax BETWEEN 0 AND amount)""",
        "A red letter is more than nothing, its tax no more than that.",
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
        allocations, missing = self.browse(), decimal(0)
        for rate, net in self._rates(note).items():
            taken = sum(
                decimal(row.amount) for row in note.liquor_red_ids if row.state != "dropped" and row.rate == float(rate)
            )
            found = red_letter.allocate(net - taken, rate, self._blue(note, rate))
            missing += found.missing
            for invoice, part in found.parts:
                if not self.env["account.move"].browse(invoice)._liquor_take_red(float(part)):
                    missing += part
                    continue
                allocations += self.sudo().create(self._prepare_allocation(note, invoice, rate, part))
        return allocations, missing

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
            for rate, net in self._rates(note).items():
                if not origin._liquor_take_red(float(net)):
                    raise UserError(
                        self.env._("Other red letters are written against %(invoice)s.", invoice=origin.name)
                    )
                self.sudo().create(self._prepare_allocation(note, origin.id, rate, net))

    def _rates(self, note):
        lines = note.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return red_letter.rates_of([
            (decimal(sum(line.tax_ids.mapped("amount"))), decimal(line.price_subtotal)) for line in lines
        ])

    def _blue(self, note, rate):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                BLUE,
                company=note.company_id.id,
                partner=note.commercial_partner_id.id,
                currency=note.currency_id.id,
                rate=rate,
            )
        )
        taken = {row.invoice_id.id for row in note.liquor_red_ids if row.state != "dropped"}
        return [
            red_letter.BlueInvoice(number, decimal(rate), decimal(total), decimal(left), used)
            for number, rate, total, left, used in rows
            if number not in taken
        ]

    def _prepare_allocation(self, note, invoice, rate, part):
        return {
            "company_id": note.company_id.id,
            "currency_id": note.currency_id.id,
            "partner_id": note.commercial_partner_id.id,
            "note_id": note.id,
            "invoice_id": invoice,
            "rate": float(rate),
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
