import base64
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import ZERO, decimal
from ...engine.settlement import payout_bill
from ...engine.settlement.payout_file import ResultRow, SentPayment
from ...tools import tables
from ...tools.book_turn import take_book_turn

LINE_COLUMNS = [
    "bill_id", "company_id", "currency_id", "channel", "line", "serial", "reference", "kind", "day", "amount", "fee",
    "payout_id", "reason",
]  # fmt: skip
CENT = decimal("0.01")


class LiquorPayoutBill(models.Model):
    """A bill of WeChat or the bank: matched to payouts once, its fees and refunds booked (trade.md R8)."""

    _name = "liquor.payout.bill"
    _description = "Payout Bill"
    _inherit = ["liquor.numbered.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _typed_while = dict.fromkeys(("company_id", "channel", "journal_id", "file", "filename"), ("draft",))

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    channel = fields.Selection([("wechat", "WeChat"), ("bank", "Bank")], required=True, default="wechat")
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        domain="[('type', '=', 'bank'), ('company_id', 'parent_of', company_id)]",
        check_company=True,
        help="Empty: the bank journal of the account mapping.",
    )
    file = fields.Binary(attachment=True, copy=False)
    filename = fields.Char(copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Booked")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("liquor.payout.bill.line", "bill_id", readonly=True)
    repeated_count = fields.Integer("Loaded Before", readonly=True, copy=False)
    bad_count = fields.Integer("Not Readable", readonly=True, copy=False)
    matched_count = fields.Integer("Matched", compute="_compute_figures")
    left_count = fields.Integer("Left Over", compute="_compute_figures")
    amount_paid = fields.Monetary("Paid", compute="_compute_figures")
    amount_refund = fields.Monetary("Came Back", compute="_compute_figures")
    amount_fee = fields.Monetary("Fees", compute="_compute_figures")
    move_id = fields.Many2one("account.move", "Entry of the Fees", readonly=True, copy=False, ondelete="restrict")

    @api.depends("line_ids")
    def _compute_figures(self):
        for bill in self:
            lines = bill.line_ids
            bill.matched_count = len(lines.filtered("payout_id"))
            bill.left_count = len(lines.filtered("reason"))
            bill.amount_paid = sum(lines.filtered(lambda line: line.kind == "payment").mapped("amount"))
            bill.amount_refund = sum(lines.filtered(lambda line: line.kind == "refund").mapped("amount"))
            bill.amount_fee = float(bill._fees())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(bill.state == "done" for bill in self):
            raise UserError(self.env._("A bill that was booked stays."))

    # ------------------------------------------------------------------ load and book
    def action_load(self):
        """Read the file, match it and book what it says; rows that were loaded before change nothing."""
        self.ensure_one()
        self._check_finance()
        take_book_turn(self.env, self.sudo().company_id)
        if self.state != "draft" or not self.file:
            raise UserError(self.env._("Choose the file of a new bill."))
        try:
            table = tables.read_table(base64.b64decode(self.file), self.filename or "")
            rows, bad = payout_bill.read_bill(table)
        except tables.TableError:
            raise UserError(self.env._("This is no CSV or XLSX file that can be read.")) from None
        except ValueError:
            raise UserError(self.env._("The file needs a header with the payout reference and the amount.")) from None
        self.sudo().with_company(self.company_id)._book(rows, len(bad))

    def _check_finance(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance loads bills."))

    def _book(self, rows, bad_count):
        self.lock_for_update()
        fresh = self._fresh(rows)
        payouts = self._payouts_of(fresh)
        payouts.lock_for_update()
        matches = payout_bill.match_bill(self._payments(payouts), self._billed(payouts), fresh)
        self._store(matches, payouts)
        self._apply(matches, payouts)
        values = {"state": "done", "repeated_count": len(rows) - len(fresh), "bad_count": bad_count}
        self.write({**values, "move_id": self._post_fees().id})

    def _fresh(self, rows):
        """Leave out rows of bills before, and rows that the file says twice."""
        known = self.env["liquor.payout.bill.line"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("channel", "=", self.channel),
                ("serial", "in", [row.serial for row in rows]),
            ],
            ["serial"],
        )  # fmt: skip
        seen, fresh = {serial for (serial,) in known}, []
        for row in rows:
            if row.serial not in seen:
                seen.add(row.serial)
                fresh.append(row)
        return fresh

    def _payouts_of(self, rows):
        return self.env["liquor.payout"].search([
            ("company_id", "=", self.company_id.id),
            ("name", "in", [row.reference for row in rows if row.reference]),
            ("batch_id.state", "in", ("sent", "done")),
        ])  # fmt: skip

    def _payments(self, payouts):
        return {
            payout.name: SentPayment(payout.name, decimal(payout.amount_sent).quantize(CENT), payout.state)
            for payout in payouts
        }

    def _billed(self, payouts):
        lines = self.env["liquor.payout.bill.line"].search([("payout_id", "in", payouts.ids)])
        return {(line.payout_id.name, line.kind) for line in lines}

    def _store(self, matches, payouts):
        by_name = {payout.name: payout.id for payout in payouts}
        head = (self.id, self.company_id.id, self.company_id.currency_id.id, self.channel)
        rows = [
            (
                *head, match.row.line, match.row.serial[:200], match.row.reference[:200], match.row.kind,
                match.row.day[:40], float(match.row.amount), float(match.row.fee),
                by_name[match.row.reference] if match.matched else None, match.reason or None,
            )
            for match in matches
        ]  # fmt: skip
        lines = self.env["liquor.payout.bill.line"]
        if rows:
            with loser_retries(self.env, lines._serial_unique.full_name(lines), lines._payout_once.full_name(lines)):
                lines._bulk_insert(LINE_COLUMNS, rows)
        self.invalidate_recordset(["line_ids"])

    def _apply(self, matches, payouts):
        """Let the batches follow: what left has arrived, what came back returns to the balance."""
        changes = defaultdict(dict)
        batches = {payout.name: payout.batch_id for payout in payouts}
        for match in matches:
            if match.change:
                row, batch = match.row, batches[match.row.reference]
                if match.change == "returned" and row.reference in changes[batch]:
                    batch._apply_changes({row.reference: changes[batch].pop(row.reference)})
                changes[batch][row.reference] = ResultRow(row.line, row.reference, match.change, row.amount, self.name)
        for batch, found in changes.items():
            batch._apply_changes(found)

    def _fees(self):
        lines = self.line_ids
        charged = sum((decimal(line.fee) for line in lines), ZERO)
        return charged + sum((decimal(line.amount) for line in lines if line.kind == "fee"), ZERO)

    def _post_fees(self):
        """Book the fees of the whole bill: Dr 6603.F / Cr bank."""
        fees = self._fees()
        if not fees:
            return self.env["account.move"]
        journal = self.journal_id or self.env["liquor.account.mapping"]._journals(self.company_id)["bank"]
        if not journal.default_account_id:
            raise UserError(self.env._("The journal %(journal)s has no account.", journal=journal.display_name))
        label = self.env._("Fees of %(name)s", name=self.name)
        lines = [EntryLine("payout_fee", None, fees), EntryLine("bank", None, -fees)]
        return self.env["liquor.entry.lines"]._post_entry(
            self.company_id, lines, label, {}, journal=journal, accounts={"bank": journal.default_account_id}
        )
