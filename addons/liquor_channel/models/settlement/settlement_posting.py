from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import ZERO, decimal
from ...engine.settlement import red_letter
from ...tools.book_turn import take_book_turn
from ..accounts.account_move import OWN_HAND

#: way of payment -> who does it, for settlements of one company
PAYING = {
    "rebate_account": "_post_to_rebate_account",
    "credit_note": "_post_credit_note",
    "goods": "_post_in_goods",
    "cash": "_post_in_cash",
}


class LiquorSettlementPosting(models.AbstractModel):
    """How an approved settlement is paid and, if it must be, reversed."""

    _name = "liquor.settlement.posting"
    _description = "Posting of Settlements"

    def action_post(self):
        """Pay: into the rebate account (usable at once), or by a credit note that is set off."""
        self.check_access("write")
        self._check_group("liquor_channel.group_finance", self.env._("Only channel finance posts settlements."))
        take_book_turn(self.env, self.sudo().company_id)
        if self.filtered(lambda item: item.approved_by_id == self.env.user):
            raise UserError(self.env._("A settlement is posted by somebody else than the one who approved it."))
        self._move_to("posted", posted_by_id=self.env.uid, posted_at=fields.Datetime.now())
        self.sudo()._accrue_lines()
        self.sudo()._post_earned_goods()
        for (company, method), same in self.sudo().grouped(lambda item: (item.company_id, item.payment_method)).items():
            getattr(same.with_company(company), PAYING[method])()

    def _accrue_lines(self):
        """What is paid is owed in the ledger first: one run a company."""
        for company, settlements in self.grouped("company_id").items():
            earnings = settlements.line_ids.filtered("live").earning_id
            self.env["liquor.accrual.run"].with_company(company)._accrue(company, earning_ids=earnings.ids)

    def _weights(self):
        """Return what is settled by the territories and policies of its earnings."""
        weights = {}
        for line in self.line_ids.filtered("live"):
            place = (line.earning_id.territory_id.id or 0, line.earning_id.policy_version_id.policy_id.id or 0)
            weights[place] = weights.get(place, ZERO) + decimal(line.amount)
        sign = 1 if self.amount_total >= 0 else -1
        return {place: sign * amount for place, amount in weights.items()}

    def _distribution(self):
        weights = self._weights()
        return self.env["liquor.entry.lines"]._distributions(self.company_id, [weights])[0]

    def _post_to_rebate_account(self):
        """Make the amount usable. The liability stands already and leaves with the order's discount."""
        money = self._money_totals()
        for settlement in self:
            account = self.env["liquor.rebate.account"]._of(settlement.company_id, settlement.partner_id)
            account._move(
                money[settlement],
                "settlement",
                f"settlement/{settlement.id}",
                settlement,
                self.env._("Settlement %(name)s", name=settlement.name),
            )
        self._finish()

    # ------------------------------------------------------------------ credit note (Acc-2 #4 and #12)
    def _post_credit_note(self):
        """Book credit notes, or debit notes where the distributor owes (Acc-2 #12)."""
        money = self._money_totals()
        empty = self.filtered(lambda item: item.currency_id.is_zero(money[item]))
        empty._finish()
        due = self - empty
        goods = due._goods_weights()
        notes = self.env["account.move"].create([
            settlement._prepare_note_values(money[settlement], goods.get(settlement.id, {})) for settlement in due
        ])
        expected = notes.mapped("date")
        notes._post(soft=False)
        if notes.mapped("date") != expected:
            raise UserError(self.env._("The day of %(move)s was moved: nothing was posted.", move=notes[0].name))
        due._reconcile_accrued(notes)
        for note in notes.filtered(lambda move: move.move_type == "out_refund"):
            self.env["liquor.red.allocation"]._allocate(note)

    def _prepare_note_values(self, money, goods):
        credit = money > 0
        journal = self.env["liquor.account.mapping"]._journals(self.company_id)["credit_note"]
        tax = self.company_id.account_sale_tax_id
        day = self.env["liquor.period"]._open_day(self.company_id, today(self.company_id), journal, has_tax=bool(tax))
        account = self.env["liquor.account.mapping"]._accounts(self.company_id)["rebate_accrued"]
        values = {
            "move_type": "out_refund" if credit else "out_invoice",
            "partner_id": self.partner_id.id,
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": day,
            "date": day,
            "ref": self.name,
            "liquor_settlement_id": self.id,
            "invoice_line_ids": [
                fields.Command.create(self._prepare_note_line(account, tax, part, code))
                for code, part in red_letter.by_goods(decimal(abs(money)), goods if credit else {}).items()
            ],
        }
        origin = self._last_credit_note()
        if not credit and origin:
            values["debit_origin_id"] = origin.id
        return values

    def _prepare_note_line(self, account, tax, amount, code):
        return {
            "name": self.env._("Rebate %(from)s – %(to)s", **{"from": str(self.date_from), "to": str(self.date_to)}),
            "account_id": account.id,
            "quantity": 1.0,
            "price_unit": self._note_price(tax, float(amount)),
            "tax_ids": [fields.Command.set(tax.ids)],
            "analytic_distribution": self._distribution(),
            "liquor_goods_code": code or False,
        }

    def _goods_weights(self):
        """Return {settlement id: {goods code or None: what its goods earned}}: what the note's lines name (R6)."""
        papers = self.filtered("company_id.liquor_red_by_code")
        sums = self.env["liquor.settlement.part"]._read_group(
            [
                ("settlement_id", "in", papers.ids),
                ("line_id.live", "=", True),
                ("line_id.earning_id.form", "=", "money"),
            ],
            ["settlement_id", "product_id"],
            ["amount:sum"],
        )
        codes = self.env["product.product"].union(*(product for _paper, product, _amount in sums))._liquor_goods_codes()
        weights = {}
        for paper, product, amount in sums:
            goods, code = weights.setdefault(paper.id, {}), codes.get(product.id) or None
            goods[code] = goods.get(code, ZERO) + decimal(amount)
        return weights

    def _note_price(self, tax, amount):
        """Return the price whose net is ``amount``, also where the tax is included in prices."""
        if tax and any(tax.mapped("price_include")):
            return tax.with_context(force_price_include=False).compute_all(amount, self.currency_id)["total_included"]
        return amount

    def _last_credit_note(self):
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("move_type", "=", "out_refund"),
                ("liquor_settlement_id", "!=", False),
                ("state", "=", "posted"),
            ],
            order="date desc, id desc",
            limit=1,
        )

    def _reconcile_accrued(self, moves):
        """Set each settlement's entry off against what was accrued (2241.R), all at once.

        The accrual's entry owes everybody, and each reconciliation reads the whole of it.

        :param moves: one for each settlement, in the same order
        """
        account = self.env["liquor.account.mapping"]._accounts(self.company_id)["rebate_accrued"]
        earnings = self.line_ids.filtered("live").earning_id
        accrued = {
            line.earning_id: line.move_line_id
            for line in self.env["liquor.accrual.line"].search([("earning_id", "in", earnings.ids)])
        }
        plan = []
        for settlement, move in zip(self, moves, strict=True):
            live = settlement.line_ids.filtered("live").earning_id
            owed = [accrued[earning] for earning in live if earning in accrued]
            plan.append(
                move.line_ids.union(*owed).filtered(lambda line: line.account_id == account and not line.reconciled)
            )
        self._reconcile_all(plan)

    def _reconcile_all(self, plan):
        """Reconcile several sets of journal items in one step."""
        plan = [lines for lines in plan if len(lines) > 1]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    def action_offset(self):
        """Set the credit note off against the distributor's oldest open invoices."""
        self.check_access("write")
        self._check_group("liquor_channel.group_finance", self.env._("Only channel finance sets notes off."))
        take_book_turn(self.env, self.sudo().company_id)
        plan = []
        for settlement in self.filtered(lambda item: item.state == "posted").sudo():
            note = settlement.move_ids.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            opposite = self.env["account.move.line"].search(settlement._open_items_domain(note), order="date, id")
            lines = note.filtered(lambda line: not line.reconciled) | opposite
            plan += lines.grouped("account_id").values()
        self.sudo()._reconcile_all(plan)
        self._mark_paid()

    def _open_items_domain(self, note):
        return [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("account_id", "in", note.account_id.ids),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("balance", "<" if sum(note.mapped("balance")) > 0 else ">", 0),
        ]

    def _mark_paid(self):
        """Move on where nothing of the note is open any more."""
        self._finish()

    # ------------------------------------------------------------------ reversal
    def action_reverse(self):
        """Take a posted settlement back by its mirror; its earnings may be settled again once."""
        self.check_access("write")
        self._check_group("liquor_channel.group_finance", self.env._("Only channel finance reverses settlements."))
        take_book_turn(self.env, self.sudo().company_id)
        mirrors = self.browse()
        for settlement in self:
            if settlement.author_id == self.env.user and not self.env.su:
                raise UserError(self.env._("A settlement is reversed by somebody else than its author."))
            settlement._move_to("reversed")
            mirrors |= settlement.sudo().with_company(settlement.company_id)._create_mirror()
        return mirrors

    def _create_mirror(self):
        mirror = self.create({
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "payment_method": self.payment_method,
            "reverses_id": self.id,
        })
        money = self._money_totals()[self]
        mirror.write({"state": "closed", "amount_total": -self.amount_total, "posted_at": fields.Datetime.now()})
        self.line_ids.write({"live": False})
        if self.payment_method == "rebate_account":
            account = self.env["liquor.rebate.account"]._of(self.company_id, self.partner_id)
            account._move(
                -money, "reversal", f"settlement/{self.id}/reversed", mirror,
                self.env._("Settlement %(name)s reversed", name=self.name),
            )  # fmt: skip
        if self.payment_method == "goods" or self.goods_line_ids:
            self._take_goods_back(mirror, money)
        if self.payment_method == "cash":
            self._take_cash_back()
        if self.move_ids:
            self.move_ids.liquor_red_ids._take_back()
            self._reverse_notes(mirror)
        return mirror

    def _reverse_notes(self, mirror):
        journal = self.move_ids.journal_id[:1]
        day = self.env["liquor.period"]._open_day(self.company_id, today(self.company_id), journal, has_tax=True)
        self.move_ids.with_context(liquor_own_hand=OWN_HAND)._reverse_moves(
            [
                {"date": day, "invoice_date": day, "ref": mirror.name, "liquor_settlement_id": mirror.id}
                for _move in self.move_ids
            ],
            cancel=True,
        )
