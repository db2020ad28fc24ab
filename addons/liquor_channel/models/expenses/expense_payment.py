from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal
from ...engine.expenses import claims

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
        for expense in self:
            if self.env.user in (expense.approved_by_id, expense.checked_by_id):
                raise UserError(self.env._("Somebody else than who approved or checked pays."))
            expense._move_to("paying", paid_by_id=self.env.uid, paying_at=fields.Datetime.now())
            paying = expense.sudo().with_company(expense.company_id)
            self.env["liquor.accrual.run"].sudo()._accrue(expense.company_id, earning_ids=paying.earning_id.ids)
            paying._move_fund("accrued", "settled", paying.allowed_amount, "pay")
            getattr(paying, f"_pay_by_{paying.payment_method}")()

    def _payees(self):
        """Return who is paid: the shop where the maker pays directly, else the distributor."""
        direct = self.filtered(lambda expense: expense.paid_by == "maker")
        return direct.beneficiary_id | (self - direct).distributor_id

    def _mark_paid(self):
        """The distributor has his money: the fund says so too."""
        for expense in self:
            expense._move_to("paid", paid_at=fields.Datetime.now())
            expense._move_fund("settled", "paid", expense.allowed_amount, f"paid/{expense._round()}")

    def _wait_again(self):
        """The order that carried it was cancelled: it waits for another one."""
        for expense in self:
            if expense.clawed_amount:
                raise UserError(
                    self.env._("A part of %(name)s was taken back: it is not paid again.", name=expense.name)
                )
            expense._move_to("paying", paid_at=False)
            expense._move_fund("paid", "settled", expense.allowed_amount, f"wait/{expense._round()}")

    def _round(self):
        """How often the fund moved for this expense: an order may carry it, be cancelled and carry it again."""
        return self.env["liquor.fund.entry"].sudo().search_count([
            ("origin_model", "=", self._name), ("origin_id", "=", self.id)
        ])  # fmt: skip

    def action_claw_back(self):
        """Ask for what is left of a paid expense; somebody else decides."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Back"),
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
        self._post_payment([("rebate_accrued", self.allowed_amount)])
        self._into_rebate_account(self.allowed_amount)
        self._mark_paid()

    def _into_rebate_account(self, amount):
        account = self.env["liquor.rebate.account"]._of(self.company_id, self.distributor_id)
        account._move(amount, "expense", f"expense/{self.id}", self, self.display_name)

    def _pay_by_payment(self):
        """The bank pays; the entry stands for the transfer."""
        self._post_payment([("bank", self.allowed_amount)])
        self._mark_paid()

    def _pay_by_wallet(self):
        """The earning stands in the shop's wallet, from which it is withdrawn."""
        self._mark_paid()

    def _pay_by_discount(self):
        """Waits for the next order of the distributor, on whose invoice it is a discount (票折)."""

    def _pay_by_goods(self):
        """Owed in bottles at the price of today: an order in kind is made; no whole bottle goes to the account (R4)."""
        price, _ladder = self.env["liquor.price.ladder"]._price(
            self.company_id, self.goods_product_id, self.territory_id, today(self.company_id), "factory"
        )
        if not price:
            raise UserError(
                self.env._("There is no factory price of %(product)s.", product=self.goods_product_id.display_name)
            )
        owed = claims.in_goods(decimal(self.allowed_amount), decimal(price))
        parts = [("goods_owed", float(owed.value)), ("rebate_accrued", float(owed.rest))]
        self._post_payment([(role, amount) for role, amount in parts if amount])
        if owed.rest:
            self._into_rebate_account(float(owed.rest))
        if owed.bottles:
            self.env["sale.order"].create(self._prepare_goods_order(owed, price))
        else:
            self._mark_paid()

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

    def _goods_taxes(self):
        return self.goods_product_id.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)

    # ------------------------------------------------------------------ entries
    def _post_payment(self, credits):
        """Book what is owed by this claim against where it goes: Dr 2241.X / Cr each part.

        :param credits: [(role or "bank", amount)], summing to what is allowed
        """
        accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
        journals = self.env["liquor.account.mapping"]._journals(self.company_id)
        journal = journals["bank" if credits[0][0] == "bank" else "adjustment"]
        if credits[0][0] == "bank":
            if not journal.default_account_id:
                raise UserError(self.env._("The journal %(journal)s has no account.", journal=journal.display_name))
            accounts = {**accounts, "bank": journal.default_account_id}
        lines = [("expense_owed", sum(amount for _role, amount in credits))]
        lines += [(role, -amount) for role, amount in credits]
        place = {(self.territory_id.id or 0, 0): ONE}
        move = self.env["account.move"].create({
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
        })
        move._post(soft=False)
        self._reconcile_owed(move, accounts["expense_owed"])
        return move

    def _reconcile_owed(self, move, account):
        owed = self.env["liquor.accrual.line"].search([("earning_id", "=", self.earning_id.id)]).move_line_id
        lines = (owed | move.line_ids).filtered(lambda line: line.account_id == account and not line.reconciled)
        if len(lines) > 1:
            lines.reconcile()
