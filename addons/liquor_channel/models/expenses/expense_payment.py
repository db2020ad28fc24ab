from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal
from ...engine.expenses import claims
from ...tools.book_turn import take_book_turn

ONE = decimal(1)


class LiquorExpense(models.Model):
    """兑付: an allowed claim is paid into the rebate account, in goods, as a discount, by the bank or by the wallet."""

    _inherit = "liquor.expense"

    paid_by_id = fields.Many2one("res.users", "Paid By User", readonly=True, copy=False, ondelete="restrict")
    paying_at = fields.Datetime("Payment Begun", readonly=True, copy=False)
    paid_at = fields.Datetime("Paid On", readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "liquor_expense_id", "Journal Entries", readonly=True)
    order_line_ids = fields.One2many("sale.order.line", "liquor_expense_id", "Order Lines", readonly=True)
    clawback_ids = fields.One2many("liquor.expense.clawback", "expense_id", "Clawbacks")
    clawed_amount = fields.Monetary("Taken Back", readonly=True, copy=False, tracking=True, aggregator="sum")

    _clawed_bounds = models.Constraint(
        "CHECK (COALESCE(clawed_amount, 0) BETWEEN 0 AND COALESCE(allowed_amount, 0))",
        "No more is taken back than was paid.",
    )

    def action_pay(self):
        """Pay allowed claims: finance, and neither who approved nor who checked."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance pays expenses."))
        take_book_turn(self.env, self.sudo().company_id)
        if self.filtered(lambda expense: self.env.user in (expense.approved_by_id, expense.checked_by_id)):
            raise UserError(self.env._("Somebody else than who approved or checked pays."))
        self._move_to("paying", paid_by_id=self.env.uid, paying_at=fields.Datetime.now())
        paying = self.sudo()
        for company, own in paying.grouped("company_id").items():
            self.env["liquor.accrual.run"].sudo()._accrue(company, earning_ids=own.earning_id.ids)
        paying._move_funds("accrued", "settled", {expense: expense.allowed_amount for expense in paying}, "pay")
        for (company, method), same in paying.grouped(lambda one: (one.company_id, one.payment_method)).items():
            getattr(same.with_company(company), f"_pay_by_{method}")()

    def _payees(self):
        """Return who is paid: the shop where the maker pays directly, else the distributor."""
        direct = self.filtered(lambda expense: expense.paid_by == "maker")
        return direct.beneficiary_id | (self - direct).distributor_id

    def _mark_paid(self):
        """The distributor has his money: the fund says so too."""
        self._move_to("paid", paid_at=fields.Datetime.now())
        self._move_funds("settled", "paid", {one: one.allowed_amount for one in self}, self._rounds("paid"))

    def _wait_again(self):
        """The order that carried it was cancelled: it waits for another one."""
        taken = self.filtered("clawed_amount")
        if taken:
            raise UserError(self.env._("A part of %(name)s was taken back: it is not paid again.", name=taken[0].name))
        self._move_to("paying", paid_at=False)
        self._move_funds("paid", "settled", {one: one.allowed_amount for one in self}, self._rounds("wait"))

    def _rounds(self, step):
        """Name the step by how often the fund moved: an order may carry a claim, be cancelled and carry it again."""
        groups = (
            self
            .env["liquor.fund.entry"]
            .sudo()
            ._read_group([("origin_model", "=", self._name), ("origin_id", "in", self.ids)], ["origin_id"], ["__count"])
        )
        counts = dict(groups)
        return {expense: f"{step}/{counts.get(expense.id, 0)}" for expense in self}

    def action_claw_back(self):
        """Ask for what is left of a paid expense; somebody else decides."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Money Back"),
            "res_model": "liquor.expense.clawback",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_expense_id": self.id,
                "default_amount": self.allowed_amount - self.clawed_amount,
            },
        }

    # ------------------------------------------------------------------ the ways
    def _pay_by_rebate_account(self):
        """Usable on his next orders at once: what is owed becomes rebate."""
        self._post_payments({expense: [("rebate_accrued", expense.allowed_amount)] for expense in self})
        for expense in self:
            expense._into_rebate_account(expense.allowed_amount)
        self._mark_paid()

    def _into_rebate_account(self, amount):
        account = self.env["liquor.rebate.account"]._of(self.company_id, self.distributor_id)
        account._move(amount, "expense", f"expense/{self.id}", self, self.display_name)

    def _pay_by_payment(self):
        """The bank pays; the entry stands for the transfer."""
        self._post_payments({expense: [("bank", expense.allowed_amount)] for expense in self})
        self._mark_paid()

    def _pay_by_wallet(self):
        """The earning stands in the shop's wallet, from which it is withdrawn."""
        self._mark_paid()

    def _pay_by_discount(self):
        """Waits for the next order of the distributor, on whose invoice it is a discount (票折)."""

    def _pay_by_goods(self):
        """Owed in bottles at the price of today: an order in kind is made; no whole bottle goes to the account (R4)."""
        prices = {expense: expense._goods_price() for expense in self}
        owed = {one: claims.in_goods(decimal(one.allowed_amount), decimal(price)) for one, price in prices.items()}
        parts = {one: [("goods_owed", float(it.value)), ("rebate_accrued", float(it.rest))] for one, it in owed.items()}
        self._post_payments({one: [pair for pair in pairs if pair[1]] for one, pairs in parts.items()})
        for expense in self.filtered(lambda one: owed[one].rest):
            expense._into_rebate_account(float(owed[expense].rest))
        whole = self.filtered(lambda one: owed[one].bottles)
        self.env["sale.order"].create([one._prepare_goods_order(owed[one], prices[one]) for one in whole])
        (self - whole)._mark_paid()

    def _goods_price(self):
        """Factory price of today of a bottle of the goods."""
        price, _ladder = self.env["liquor.price.ladder"]._price(
            self.company_id, self.goods_product_id, self.territory_id, today(self.company_id), "factory"
        )
        if not price:
            raise UserError(
                self.env._("There is no factory price of %(product)s.", product=self.goods_product_id.display_name)
            )
        return price

    def _prepare_goods_order(self, owed, price):
        """Quantity and equal discount on the same invoice; the codes carry the purpose goods rebate."""
        return {
            "partner_id": self.distributor_id.id,
            "company_id": self.company_id.id,
            "pricelist_id": False,
            "liquor_kind": "goods_rebate",
            "origin": self.name,
            "order_line": [
                fields.Command.create({
                    "product_id": self.goods_product_id.id,
                    "product_uom_qty": owed.bottles,
                    "price_unit": price,
                }),
                fields.Command.create({
                    "product_id": self.company_id._liquor_rebate_product().id,
                    "name": self.display_name,
                    "product_uom_qty": 1.0,
                    "price_unit": -float(owed.value),
                    "tax_ids": [fields.Command.set(self._goods_taxes().ids)],
                    "liquor_expense_id": self.id,
                    "sequence": 9999,
                }),
            ],
        }

    def _goods_invoiced(self):
        """Set off what was owed in goods (2204.G) against the discount of its invoice."""
        plan = []
        for expense in self:
            account = self.env["liquor.account.mapping"]._accounts(expense.company_id)["goods_owed"]
            items = (expense.move_ids.line_ids | expense.order_line_ids.invoice_lines).filtered(
                lambda item, account=account: (
                    item.account_id == account and item.parent_state == "posted" and not item.reconciled
                )
            )
            plan.append(items)
        plan = [items for items in plan if len(items) > 1]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    def _goods_taxes(self):
        return self.goods_product_id.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)

    # ------------------------------------------------------------------ entries
    def _post_payments(self, credits):
        """Book what is owed by each claim against where it goes: Dr 2241.X / Cr each part.

        :param credits: {expense: [(role or "bank", amount)]}, summing to what is allowed
        """
        company = self.company_id
        journals = self.env["liquor.account.mapping"]._journals(company)
        accounts = self.env["liquor.account.mapping"]._accounts(company)
        if any(parts[0][0] == "bank" for parts in credits.values()):
            accounts = {**accounts, "bank": self._bank_account(journals["bank"])}
        moves = self.env["account.move"].create([
            expense._prepare_payment(parts, journals, accounts) for expense, parts in credits.items()
        ])
        moves._post(soft=False)
        self.union(*credits)._reconcile_owed(moves, accounts["expense_owed"])
        return moves

    def _bank_account(self, journal):
        if not journal.default_account_id:
            raise UserError(self.env._("The journal %(journal)s has no account.", journal=journal.display_name))
        return journal.default_account_id

    def _prepare_payment(self, parts, journals, accounts):
        """Return the entry of one claim; what an entry names is its paper, so each has its own."""
        journal = journals["bank" if parts[0][0] == "bank" else "adjustment"]
        lines = [("expense_owed", sum(amount for _role, amount in parts))]
        lines += [(role, -amount) for role, amount in parts]
        place = {(self.territory_id.id or 0, 0): ONE}
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": self.env["liquor.period"]._open_day(self.company_id, today(self.company_id), journal),
            "ref": self.display_name,
            "liquor_expense_id": self.id,
            "line_ids": self.env["liquor.entry.lines"]._commands(
                self.company_id,
                [
                    EntryLine(role, self.distributor_id.id, decimal(self.currency_id.round(balance)), weights=place)
                    for role, balance in lines
                ],
                accounts,
                self.display_name,
            ),
        }

    def _reconcile_owed(self, moves, account):
        """Set each entry off against what the claim is owed, all at once; the accrual's item may owe several."""
        accrued = self.env["liquor.accrual.line"].search([("earning_id", "in", self.earning_id.ids)])
        owed = {line.earning_id: line.move_line_id for line in accrued}
        plan = []
        for expense, move in zip(self, moves, strict=True):
            lines = move.line_ids.union(owed.get(expense.earning_id, move.line_ids.browse()))
            plan.append(lines.filtered(lambda line: line.account_id == account and not line.reconciled))
        plan = [lines for lines in plan if len(lines) > 1]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
