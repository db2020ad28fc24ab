from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

MAX_CASH = 10_000_000


class LiquorCashEntry(models.Model):
    """Cash-back of members without points (M45): earned by a grant, leaves by a withdrawal."""

    _name = "liquor.cash.entry"
    _description = "Cash-back Entry"
    _inherit = ["liquor.ledger.mixin", "liquor.labelled.mixin"]
    _order = "event_time desc, id desc"
    _rec_name = "kind"
    _rec_names_search = ("reason", "business_day")

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(
        [
            ("earn", "Cash-back"),
            ("withdraw", "Withdrawn"),
            ("returned", "Withdrawal returned"),
            ("claw_back", "Taken back"),
        ],
        required=True,
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", "Given For", readonly=True, ondelete="restrict", help="The goods that were opened."
    )

    _bounds = models.Constraint(
        f"CHECK (amount BETWEEN -{MAX_CASH} AND {MAX_CASH} AND amount <> 0)", "The amount is out of bounds."
    )
    _sign = models.Constraint(
        "CHECK ((amount > 0) = (kind IN ('earn', 'returned')) OR reverses_id IS NOT NULL)",
        "Cash-back comes in, withdrawals go out.",
    )

    @api.depends("kind", "event_time")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for entry in self:
            entry.display_name = f"{entry.display_name} · {entry.business_day or ''}"
        return result

    @api.model
    def _balances(self, members):
        """Return member id -> cash-back in the currency of the company."""
        rows = self._read_group([("member_id", "in", members.ids)], ["member_id"], ["amount:sum"])
        return {member.id: amount for member, amount in rows}

    @api.model
    def _earn(self, values_list):
        """Post cash-back.

        :param list values_list: dicts ``{"member", "amount", "key"}`` and optionally ``origin``, ``product``,
            ``reason``, ``rule_version``, ``event_time``
        :return: entries in order; for a known key the stored one
        :raises UserError: the amount is not between 0.01 and 10 million in whole cents
        """
        return self.sudo()._post([self._prepare_cash_values(values, "earn", 1) for values in values_list])

    def _post(self, values_list, known=None):
        """Post, and let the members' balances be read anew."""
        entries = super()._post(values_list, known)
        entries.sudo().member_id.invalidate_recordset(["cash_balance"], flush=False)
        return entries

    def _check_amount(self, amount, currency):
        number = isinstance(amount, (int, float)) and not isinstance(amount, bool)
        if not number or not 0 < amount <= MAX_CASH or currency.round(amount) != amount:
            raise UserError(self.env._("An amount between 0.01 and %(limit)s is needed.", limit=f"{MAX_CASH:,}"))

    def _prepare_cash_values(self, values, kind, sign):
        member, origin = values["member"], values.get("origin")
        currency = member.company_id.currency_id
        self._check_amount(values["amount"], currency)
        return {
            "company_id": member.company_id.id,
            "program_id": member.program_id.id,
            "member_id": member.id,
            "kind": kind,
            "currency_id": currency.id,
            "amount": sign * values["amount"],
            "product_id": values["product"].id if values.get("product") else None,
            "reason": values.get("reason"),
            "rule_version": values.get("rule_version"),
            "origin_model": origin._name if origin else None,
            "origin_id": origin.id if origin else None,
            "event_time": values.get("event_time") or fields.Datetime.now(),
            "idempotency_key": values["key"],
        }

    @api.model
    def _withdraw(self, member, amount, key):
        """Take cash-back out for payment and hand it to the payout (hook ``_post_withdrawal``).

        :param float amount: in the currency of the member's company
        :param str key: made by the caller, so that a repeated tap withdraws once
        :return: the entry
        :raises UserError: more than there is, or no amount
        """
        member = member.sudo()
        ledger = self.sudo()
        values = ledger._prepare_cash_values({"member": member, "amount": amount, "key": key}, "withdraw", -1)
        known = ledger._ledger_known({key})
        if known:
            return ledger.browse(known[key])
        ledger._lock_member(member)
        balance = ledger._balances(member).get(member.id, 0)
        if float_compare(amount, balance, precision_rounding=member.currency_id.rounding) > 0:
            raise UserError(self.env._("Only %(amount)s can be withdrawn.", amount=member.currency_id.format(balance)))
        entry = ledger._post([values], known)
        entry._post_withdrawal()
        return entry

    def _lock_member(self, member):
        """Raise the member's counter: of two withdrawals at once one is run again on the new balance."""
        self.env.cr.execute(SQL("UPDATE liquor_member SET cash_revision = cash_revision + 1 WHERE id = %s", member.id))
        member.invalidate_recordset(["cash_revision"], flush=False)

    def _return_withdrawal(self, reason):
        """Put withdrawals back that could not be paid; once each."""
        return self.sudo()._post([
            self._prepare_cash_values(
                {
                    "member": entry.member_id,
                    "amount": -entry.amount,
                    "key": f"returned/{entry.id}",
                    "origin": entry,
                    "reason": reason,
                },
                "returned",
                1,
            )
            for entry in self.sudo()
            if entry.kind == "withdraw"
        ])

    def _post_withdrawal(self):
        """Hook: the payout of a sibling takes it from here. Alone, finance pays from the list of withdrawals."""
