import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.book_turn import take_book_turn

PAYEES_NAMED = 3
#: model/method -> (payees of some records, amount of one record): what the question names and the answer is held to
STAKES = {
    "liquor.settlement/action_approve": (lambda records: records.partner_id, lambda record: record.amount_total),
    "liquor.settlement/action_post": (lambda records: records.partner_id, lambda record: record.amount_total),
    "liquor.settlement/action_offset": (lambda records: records.partner_id, lambda record: record.amount_total),
    "liquor.settlement/action_reverse": (lambda records: records.partner_id, lambda record: -record.amount_total),
    "liquor.settlement/action_pay_again": (
        lambda records: records.partner_id,
        lambda record: float(record._money_totals()[record]),
    ),
    "liquor.shop.delivery/action_approve": (lambda records: records.partner_id, lambda record: record.amount),
    "liquor.provider.bill/action_approve": (lambda records: records.partner_id, lambda record: record.amount_allowed),
    "liquor.provider.bill/action_reverse": (lambda records: records.partner_id, lambda record: -record.amount_allowed),
    "liquor.payout/action_cancel": (lambda records: records.partner_id, lambda record: record.amount),
    "liquor.payout.batch/action_approve": (
        lambda records: records.payout_ids.partner_id,
        lambda record: record.amount_total,
    ),
    "liquor.payout.batch/action_send": (
        lambda records: records.payout_ids.partner_id,
        lambda record: record.amount_total,
    ),
    "liquor.accrual.run/action_run": (
        lambda records: records.waiting_partner_ids,
        lambda record: record.waiting_amount,
    ),
    "liquor.expense/action_approve": (
        lambda records: records.distributor_id,
        lambda record: record.grant_amount or record.amount,
    ),
    "liquor.expense/action_pay": (lambda records: records._payees(), lambda record: record.allowed_amount),
    "liquor.expense.clawback/action_approve": (lambda records: records.partner_id, lambda record: -record.amount),
    "liquor.charge/action_post": (lambda records: records.distributor_id, lambda record: record.amount),
    "liquor.charge/action_reverse": (lambda records: records.distributor_id, lambda record: -record.amount),
    "liquor.fund.transfer/action_approve": (lambda records: records.fund_to_id, lambda record: record.amount),
    "liquor.agreement.payment/action_approve": (
        lambda records: records.party_id,
        lambda record: float(record._allowed()) if record.verdict else 0.0,
    ),
    "liquor.channel.role/action_move_balance": (
        lambda records: records.merged_into_id.partner_id,
        lambda record: record._balance_to_move(),
    ),
    "liquor.bulk.edit/action_apply": (
        lambda records: records.env["res.partner"],  # the sentence counts the rows, which are all below
        lambda record: record.moved,
    ),
    "sale.order/action_liquor_use_rebate": (
        lambda records: records.partner_id.commercial_partner_id,
        lambda record: record.liquor_rebate_usable,
    ),
}
#: model -> what one record pays: (row, payee, where to, amount) of each; others pay their amount to their payees
PARTS = {
    "liquor.payout.batch": lambda batch: [
        (payout.id, payout.partner_id.id, payout.payee_id.id, payout.amount) for payout in batch.payout_ids
    ],
    "liquor.bulk.edit": lambda edit: [
        (line.line, line.outcome, line.difference or "", line.moved) for line in edit.line_ids
    ],
    "liquor.accrual.run": lambda run: [(row.id, row.partner_id, 0, str(row.amount)) for row in run._waiting().parts],
}
#: task -> a sentence about one record that belongs to the question
NOTES = {
    "sale.order/action_liquor_use_rebate": lambda order: order._liquor_rebate_question(),
    "liquor.bulk.edit/action_apply": lambda edit: edit.summary or "",
}


class LiquorConfirmation(models.TransientModel):
    """Asks before money moves: how much, and to whom. The method that follows checks rights and states itself."""

    _name = "liquor.confirmation"
    _description = "Confirm a Payment"

    task = fields.Selection(
        [
            ("liquor.settlement/action_approve", "The settlement may be paid by somebody else."),
            ("liquor.settlement/action_post", "The amount goes to the distributor the way that is set."),
            ("liquor.settlement/action_offset", "The note is set off against the oldest open invoices."),
            ("liquor.settlement/action_reverse", "The settlement is taken back; its lines may be settled again."),
            ("liquor.settlement/action_pay_again", "The payout that did not arrive is asked for once more."),
            (
                "liquor.shop.delivery/action_approve",
                "An order in kind is made; what is no whole bottle comes into the shop's wallet.",
            ),
            (
                "liquor.provider.bill/action_approve",
                "What agrees becomes a vendor bill of this provider; what differs is not paid.",
            ),
            (
                "liquor.provider.bill/action_reverse",
                "The vendor bill is taken back in full; its uses may be billed again.",
            ),
            ("liquor.payout/action_cancel", "The amount goes back to the balance."),
            ("liquor.payout.batch/action_approve", "Every payout of this batch becomes payable."),
            ("liquor.payout.batch/action_send", "The payment is booked and the file may be downloaded."),
            ("liquor.accrual.run/action_run", "What was earned is booked as owed."),
            ("liquor.expense/action_approve", "The fund reserves the amount."),
            ("liquor.expense/action_pay", "The allowed amount is paid in its own way."),
            ("liquor.expense.clawback/action_approve", "The amount is taken back in the next statement or wallet."),
            ("liquor.charge/action_post", "The share is taken from the distributor by the sources of the agreement."),
            ("liquor.charge/action_reverse", "The share is due again; its sources hold what they gave."),
            ("liquor.fund.transfer/action_approve", "The money moves at once."),
            ("liquor.agreement.payment/action_approve", "The shop gets what was allowed."),
            ("liquor.channel.role/action_move_balance", "What can be withdrawn goes to the shop that goes on."),
            ("liquor.bulk.edit/action_apply", "Rows that are new or differ are written; refused rows are left out."),
            ("sale.order/action_liquor_use_rebate", "The order is paid with rebate, up to what it may use."),
        ],
        required=True,
        readonly=True,
    )
    res_ids = fields.Char(required=True, readonly=True)
    amount = fields.Char(readonly=True)
    payees = fields.Char("Other Party", readonly=True)
    note = fields.Char("In Detail", readonly=True)
    fingerprint = fields.Char(readonly=True, help="Of every payee and amount, also those that are not named.")

    @api.model
    def default_get(self, fields):
        """Say what is at stake for the records the button was pressed on."""
        values = super().default_get(fields)
        values["res_ids"] = json.dumps(self.env.context.get("active_ids") or [])
        if values.get("task") in STAKES:
            values.update(self._stakes(values["task"], values["res_ids"]))
        return values

    @api.model
    def _records(self, task, res_ids):
        """Return the records as the user may read them.

        :raises UserError: there are none
        """
        numbers = json.loads(res_ids)
        known = isinstance(numbers, list) and all(type(number) is int and 0 < number < 2**31 for number in numbers)
        records = self.env[task.partition("/")[0]].browse(numbers if known else []).exists()
        if not records:
            raise UserError(self.env._("Select at least one record."))
        records.check_access("read")
        return records

    @api.model
    def _stakes(self, task, res_ids):
        """Return what is asked: the total by currency, names of the payees (from the fourth on their number), where
        it comes from, and a fingerprint of every payee and amount.
        """
        payees_of, amount_of = STAKES[task]
        records = self._records(task, res_ids)
        totals = {}
        for record in records:
            currency = record.company_id.currency_id
            totals[currency] = totals.get(currency, 0.0) + amount_of(record)
        payees = payees_of(records)
        names = "、".join(payees[:PAYEES_NAMED].mapped("display_name"))
        if len(payees) > PAYEES_NAMED:
            names = self.env._("%(names)s … (%(count)s payees)", names=names, count=len(payees))
        return {
            "amount": " + ".join(currency.format(total) for currency, total in totals.items()),
            "payees": names,
            "note": " ".join(NOTES[task](record) for record in records) if task in NOTES else "",
            "fingerprint": self._fingerprint(records, payees_of, amount_of),
        }

    @api.model
    def _fingerprint(self, records, payees_of, amount_of):
        """Fingerprint who gets how much by which record: one payee for another is another question."""
        parts_of = PARTS.get(records._name, lambda record: [(sorted(payees_of(record).ids), amount_of(record))])
        parts = [(record.id, sorted(map(list, parts_of(record)), key=str)) for record in records.sorted("id")]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def action_confirm(self):
        """Do it, if it still is what the user was shown.

        :raises UserError: amount or payees changed meanwhile
        """
        self.ensure_one()
        records = self._records(self.task, self.res_ids)
        if "company_id" in records._fields:
            # what is compared here and what is done then are read at the same moment
            take_book_turn(self.env, records.sudo().company_id)
        shown = {name: self[name] or "" for name in ("amount", "payees", "note", "fingerprint")}
        if self._stakes(self.task, self.res_ids) != shown:
            raise UserError(self.env._("Amount or payees changed meanwhile: close this window and look again."))
        result = getattr(records, self.task.partition("/")[2])()
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}
