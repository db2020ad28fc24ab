from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.accounts import payouts as entries
from ...engine.accounts.payouts import PartSums
from ...engine.common.money import ZERO, decimal
from ...engine.settlement import payout_file

CENT = Decimal("0.01")
#: kind of a payout that pays no single earnings -> where it stood before it was approved
OTHER_KINDS = {"cash_back": "member_cash", "rebate": "rebate_accrued"}
#: earnings of payouts: payee, whether they were to be claimed back, and are payable since an earlier payout
PART_ROWS = """
    SELECT p.partner_id, i.account_id = %s, l.amount,
           EXISTS (SELECT 1 FROM liquor_payout_line o
                    WHERE o.earning_id = l.earning_id AND o.approved AND o.payout_id <> p.id),
           COALESCE(e.territory_id, 0), COALESCE(v.policy_id, 0)
      FROM liquor_payout p
      JOIN liquor_payout_line l ON l.payout_id = p.id
      JOIN liquor_earning e ON e.id = l.earning_id
 LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
      JOIN liquor_accrual_line a ON a.earning_id = l.earning_id
      JOIN account_move_line i ON i.id = a.move_line_id
     WHERE p.id = ANY(%s)
"""


class LiquorPayoutPosting(models.AbstractModel):
    """Journal entries and files of payout batches (channel.md Acc-2 #6, #7, #11)."""

    _name = "liquor.payout.posting"
    _description = "Posting of Payouts"

    # ------------------------------------------------------------------ collect
    def _parts(self, payouts):
        """Return ``(parts to approve, parts to pay)``: sums per payee by the account of the accrual."""
        self.env.flush_all()
        accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
        rows = self.env.execute_query(SQL(PART_ROWS, accounts["clawback_due"].id, payouts.ids))
        approve, pay = defaultdict(PartSums), defaultdict(PartSums)
        for partner_id, clawed, amount, before, *place in rows:
            amount = decimal(amount)
            pay[partner_id].add(amount, tuple(place), clawed)
            if not clawed and not before:
                approve[partner_id].add(amount, tuple(place))
        cash_parts = [
            entries.PayoutPart(
                payout.partner_id.id,
                decimal(payout.amount),
                role=OTHER_KINDS[payout.kind],
                weights=payout.settlement_id._weights() if payout.settlement_id else {},
            )
            for payout in payouts
            if payout.kind in OTHER_KINDS
        ]
        taxes = [
            entries.PayoutPart(
                payout.partner_id.id, ZERO, withheld=decimal(payout.tax_withheld), borne=decimal(payout.tax_borne)
            )
            for payout in payouts
            if payout.tax_withheld or payout.tax_borne
        ]
        return (
            [sums.part(partner) for partner, sums in approve.items() if sums.accrued] + cash_parts,
            [sums.part(partner) for partner, sums in pay.items()] + cash_parts + taxes,
        )

    # ------------------------------------------------------------------ entries
    def _post_approval(self):
        """Book #6: accrued rewards become payable, once for each earning."""
        self.payout_ids._decide_taxes()
        earnings = self.payout_ids.line_ids.earning_id
        self.env["liquor.accrual.run"]._accrue(self.company_id, earning_ids=earnings.ids)
        parts, _pay = self._parts(self.payout_ids)
        self.payout_ids.line_ids.write({"approved": True})
        move = self._post_lines(
            entries.approval_lines(parts), "adjustment", self.env._("Approved %(name)s", name=self.name)
        )
        if move:
            self._reconcile("reward_accrued", move)
            self._reconcile("rebate_accrued", move)
            self._reconcile("member_cash", move)

    def _post_payment(self):
        """Book #7: the money leaves, netted with what was to be claimed back (#11)."""
        _approve, parts = self._parts(self.payout_ids)
        move = self._post_lines(entries.payment_lines(parts), "bank", self.env._("Paid %(name)s", name=self.name))
        self.env["liquor.withholding.line"]._list(self.payout_ids)
        if move:
            self._reconcile("reward_payable", move)
            self._reconcile("clawback_due", move)

    def _post_return(self, payouts):
        """Book what did not arrive: step 7 backwards and nothing else, so that it can be paid again.

        Cash-back is back in the member's wallet, from which a new withdrawal is approved anew: step 6 goes back too.
        """
        _approve, parts = self._parts(payouts)
        cash = [part for part in parts if part.role in OTHER_KINDS.values()]
        lines = entries.payment_lines(parts) + entries.approval_lines(cash)
        for line in lines:
            line.balance, line.storno = -line.balance, True
        self._post_lines(lines, "bank", self.env._("Did not arrive: %(name)s", name=self.name))
        self.env["liquor.withholding.line"]._list(payouts, is_return=True)

    def _post_lines(self, lines, journal_role, label):
        if not lines:
            return self.env["account.move"]
        journals = self.env["liquor.account.mapping"]._journals(self.company_id)
        journal = (self.journal_id or journals["bank"]) if journal_role == "bank" else journals[journal_role]
        accounts = self._accounts_with_bank(journal)
        return self.env["liquor.entry.lines"]._post_entry(
            self.company_id, lines, label, {"liquor_payout_batch_id": self.id}, journal=journal, accounts=accounts
        )

    def _accounts_with_bank(self, journal):
        accounts = dict(self.env["liquor.account.mapping"]._accounts(self.company_id))
        if journal.type == "bank":
            if not journal.default_account_id:
                raise UserError(self.env._("The journal %(journal)s has no account.", journal=journal.display_name))
            accounts["bank"] = journal.default_account_id
        return accounts

    def _reconcile(self, role, move):
        """Set off what this entry settles: one plan for all partners."""
        account = self.env["liquor.account.mapping"]._accounts(self.company_id)[role]
        own = move.line_ids.filtered(lambda line: line.account_id == account)
        others = self.env["account.move.line"].search([
            ("company_id", "=", self.company_id.id),
            ("account_id", "=", account.id),
            ("partner_id", "in", own.partner_id.ids),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ])
        groups = (own | others).grouped("partner_id").values()
        self.env["account.move.line"]._reconcile_plan([lines for lines in groups if len(lines) > 1])

    # ------------------------------------------------------------------ files
    def _file_rows(self):
        """Return the payout file's rows, header first; account numbers in clear, so for finance only."""
        self.ensure_one()
        self._check_finance()
        self.message_post(body=self.env._("The payout file was downloaded."))
        payouts = self.sudo().payout_ids.filtered(lambda item: item.state != "cancelled").sorted("name")
        rows = [
            payout_file.PayoutRow(
                reference=payout.name,
                payee=payout.payee_id.holder,
                channel=payout.payee_id.channel,
                account=payout.payee_id._account(),
                bank=payout.payee_id.bank_name or "",
                amount=decimal(payout.amount_sent).quantize(CENT),
                currency=payout.currency_id.name,
                note=self.name,
            ).cells()
            for payout in payouts
        ]
        return [list(payout_file.PAYOUT_COLUMNS), *rows]

    def _apply_results(self, table):
        """Apply a result file's rows (header first); the same file again changes nothing.

        :return: the engine's ``Matched``: changes, repetitions and rows that could not be used
        """
        self.ensure_one()
        self._check_finance()
        rows, bad = payout_file.parse_results(table)
        batch = self.sudo().with_company(self.company_id)
        batch.payout_ids.lock_for_update()
        payments = {
            payout.name: payout_file.SentPayment(payout.name, decimal(payout.amount_sent).quantize(CENT), payout.state)
            for payout in batch.payout_ids
        }
        matched = payout_file.match_results(payments, rows)
        matched.bad[:0] = bad
        batch._apply_changes(matched.changes)
        return matched

    def _apply_changes(self, changes):
        """Write new states, one write for each answer there is; what did not arrive goes back in one entry."""
        groups = defaultdict(lambda: self.env["liquor.payout"])
        for payout in self.payout_ids.filtered(lambda item: item.name in changes):
            row = changes[payout.name]
            groups[row.status, row.message] |= payout
        back = self.env["liquor.payout"].union(*(found for (status, _text), found in groups.items() if status != "ok"))
        if back:
            self._post_return(back)
        for (status, message), payouts in groups.items():
            if status == "ok":
                payouts.write({"state": "ok", "result_at": fields.Datetime.now(), "result_message": message})
                payouts.settlement_id._finish()
            else:
                payouts._give_back(status, message)
        if self.state == "sent" and not self.payout_ids.filtered(lambda item: item.state in ("batched", "sent")):
            self._move_to("done")
