from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal
from ...engine.settlement.goods import goods_debt, price_variance


class LiquorSettlement(models.Model):
    """货补 (trade.md R4): the settlement is owed in bottles, which leave on an order in kind beside a paid order."""

    _inherit = "liquor.settlement"

    payment_method = fields.Selection(selection_add=[("goods", "Goods")], ondelete={"goods": "cascade"})
    goods_product_id = fields.Many2one(
        "product.product",
        string="Goods",
        check_company=True,
        domain="[('type', '=', 'consu')]",
        ondelete="restrict",
        help="What is delivered where the settlement is paid in goods.",
    )
    goods_price = fields.Monetary(readonly=True, copy=False, string="Price of the Decision")
    goods_bottles = fields.Float(readonly=True, copy=False, digits=(16, 2), string="Bottles Owed")
    goods_value = fields.Monetary(readonly=True, copy=False, string="Owed in Goods")
    goods_ladder_id = fields.Many2one("liquor.price.ladder", readonly=True, copy=False, ondelete="restrict")
    goods_line_ids = fields.One2many("sale.order.line", "liquor_settlement_id", readonly=True)
    goods_variance = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the bottles are worth more on the day of the order than on the day of the decision.",
    )

    def write(self, vals):
        """Keep the goods that were approved."""
        if "goods_product_id" in vals and self.filtered(
            lambda item: item.state not in ("draft", "sent", "disputed", "confirmed")
        ):
            raise UserError(self.env._("The way of payment was approved with the settlement."))
        return super().write(vals)

    def _goods_price(self, product=None):
        """Return (factory price of today, ladder) at the distributor's place."""
        territory = self.partner_id._liquor_role("distributor", self.company_id).territory_id
        return self.env["liquor.price.ladder"]._price(
            self.company_id, product or self.goods_product_id, territory, today(self.company_id), "factory"
        )

    def _post_in_goods(self):
        """Owe bottles instead of money: Dr 2241.R / Cr 2204.G; what is no bottle goes to the rebate account."""
        money = self._money_totals()
        entries = {settlement: settlement._owe_in_goods(money[settlement]) for settlement in self}
        owing = self.filtered(lambda item: entries[item])
        owing._reconcile_accrued([entries[settlement] for settlement in owing])

    def _owe_in_goods(self, money):
        """Decide the bottles of one settlement and make its order in kind; returns its entry, empty without bottle."""
        entry = self.env["account.move"]
        if self.currency_id.is_zero(money) and self.goods_line_ids:
            return entry
        if not self.goods_product_id or money <= 0:
            raise UserError(self.env._("%(name)s needs goods, and an amount above zero.", name=self.name))
        price, ladder = self._goods_price()
        if not price:
            raise UserError(
                self.env._("There is no factory price of %(product)s.", product=self.goods_product_id.display_name)
            )
        owed = goods_debt(decimal(money), decimal(price), self.currency_id.decimal_places)
        self.write({
            "goods_price": price,
            "goods_ladder_id": ladder.id,
            "goods_bottles": owed.bottles,
            "goods_value": float(owed.value),
        })
        if owed.bottles:
            entry = self._post_goods_entry(owed.value)
            self._make_goods_order([(self.goods_product_id, owed.bottles, price, float(owed.value))])
        if owed.rest:
            account = self.env["liquor.rebate.account"]._of(self.company_id, self.partner_id)
            account._move(float(owed.rest), "settlement", f"settlement/{self.id}", self, self.name)
        if not owed.bottles:
            self._finish()
        return entry

    def _post_goods_entry(self, value):
        label = self.env._("Goods owed by %(name)s", name=self.name)
        lines = [
            EntryLine("rebate_accrued", self.partner_id.id, value, weights=self._weights()),
            EntryLine("goods_owed", self.partner_id.id, -value, weights=self._weights()),
        ]
        return self.env["liquor.entry.lines"]._post_entry(
            self.company_id, lines, label, {"liquor_settlement_id": self.id}
        )

    def _make_goods_order(self, parts):
        """Make an order in kind: quantity and equal discount; the codes carry the purpose goods rebate.

        :param parts: [(product, bottles, price, value)]
        """
        return self.env["sale.order"].create({
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            # what is owed is the company's money, whatever currency he buys in
            "pricelist_id": False,
            "liquor_kind": "goods_rebate",
            "origin": self.name,
            "order_line": [fields.Command.create(line) for part in parts for line in self._prepare_goods_lines(*part)],
        })

    def _prepare_goods_lines(self, product, bottles, price, value):
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)
        return [
            {
                "product_id": product.id,
                "product_uom_qty": bottles,
                "price_unit": price,
                "tax_ids": [fields.Command.set(taxes.ids)],
            },
            {
                "product_id": self.company_id._liquor_rebate_product().id,
                "name": self.env._("Discount for goods owed by %(name)s", name=self.name),
                "product_uom_qty": 1.0,
                "price_unit": -value,
                "tax_ids": [fields.Command.set(taxes.ids)],
                "liquor_settlement_id": self.id,
                "sequence": 9999,
            },
        ]

    # ------------------------------------------------------------------ delivery
    def _note_variance(self):
        """Note what the prices did between decision and order, for the three-way match."""
        for settlement in self:
            orders = settlement.goods_line_ids.order_id.filtered(lambda order: order.state == "sale")
            lines = orders.order_line.filtered(lambda line: not line.liquor_settlement_id)
            settlement.goods_variance = float(sum(settlement._variance_of(line) for line in lines))

    def _variance_of(self, line):
        price, _ladder = self._goods_price(line.product_id)
        if not price:
            return decimal(0)
        return price_variance(decimal(line.product_uom_qty), decimal(line.price_unit), decimal(price))

    def _goods_invoiced(self):
        """Set off what is owed in goods once its invoice is posted."""
        for settlement in self.filtered(lambda item: item.state == "posted"):
            account = self.env["liquor.account.mapping"]._accounts(settlement.company_id)["goods_owed"]
            invoiced = settlement.goods_line_ids.invoice_lines
            owed = settlement.move_ids.line_ids | settlement._accrued_goods_items()
            lines = (owed | invoiced).filtered(
                lambda line, account=account: (
                    line.account_id == account and line.parent_state == "posted" and not line.reconciled
                )
            )
            if invoiced and len(lines) > 1:
                lines.reconcile()
            if settlement.goods_line_ids.filtered(lambda line: line.order_id.state != "cancel")._liquor_is_whole():
                settlement._finish()

    def _take_goods_back(self, mirror, money):
        """Reverse: an order in kind that nobody confirmed is cancelled; what was delivered comes back by its return."""
        orders = self.goods_line_ids.order_id
        if orders.filtered(lambda order: order.state == "sale"):
            raise UserError(
                self.env._("The goods of %(name)s are on their way: cancel their order first.", name=self.name)
            )
        orders._action_cancel()
        rest = money - self.goods_value
        if self.payment_method == "goods" and not self.currency_id.is_zero(rest):
            account = self.env["liquor.rebate.account"]._of(self.company_id, self.partner_id)
            account._move(-rest, "reversal", f"settlement/{self.id}/reversed", mirror, mirror.name)
