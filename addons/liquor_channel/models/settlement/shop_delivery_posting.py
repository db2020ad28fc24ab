from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import ZERO, decimal


class LiquorShopDelivery(models.Model):
    """What an approved paper does in the books: the rest of a bottle, the transfer, the order in kind, the set-off."""

    _inherit = "liquor.shop.delivery"

    def _let_go(self):
        """Turn what is no whole bottle into money, move what is owed to who delivers, and make the orders in kind."""
        for delivery, parts in self._parts().items():
            whole = {product: part for product, part in parts.items() if part.bottles}
            if not whole:
                raise UserError(self.env._("%(name)s holds no whole bottle.", name=delivery.name))
            delivery._rest_to_money(parts)
        self.env["liquor.accrual.run"]._accrue(self.company_id, earning_ids=self.line_ids.earning_id.ids)
        self._write_sums()
        for delivery, parts in self._parts().items():
            if delivery.way == "distributor":
                delivery._post_transfer()
            delivery._make_order({product: part for product, part in parts.items() if part.bottles})

    def _rest_to_money(self, parts):
        """What is no whole bottle leaves the goods and comes into the wallet, by two earnings of the same worth."""
        bottles = {product: ZERO for product in parts}
        for line in self.line_ids.filtered("live"):
            bottles[line.earning_id.goods_product_id] += decimal(line.earning_id.goods_bottles)
        values = []
        for product, part in parts.items():
            if part.rest:
                over = bottles[product] - part.bottles
                goods = {"form": "goods", "goods_product_id": product.id, "goods_bottles": -float(over)}
                values += [
                    self._prepare_rest(product, "goods", -part.rest, goods),
                    self._prepare_rest(product, "money", part.rest, {}),
                ]
        booked = self.env["liquor.earning"]._book(values)
        self.env["liquor.accrual.run"]._accrue(self.company_id, earning_ids=booked.ids)
        self._take([
            (self.id, self.company_id.id, self.currency_id.id, earning.id, earning.amount, True)
            for earning in booked
            if earning.form == "goods"
        ])  # fmt: skip

    def _prepare_rest(self, product, form, amount, values):
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "beneficiary_kind": "terminal",
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "type": "adjust",
            "payable": "available",
            "event_time": fields.Datetime.now(),
            "component": "rest",
            "reason": self.env._("No whole bottle: %(name)s", name=self.name),
            "origin_model": self._name,
            "origin_id": self.id,
            "idempotency_key": f"shop.delivery/{self.id}/{product.id}/{form}",
            **values,
        }

    def _post_transfer(self):
        """Dr 2204.G of the shop / Cr 2204.G of the distributor, who hands the bottles out."""
        label, worth = self.env._("Goods of %(name)s", name=self.name), decimal(self.amount)
        place = {(0, 0): worth}
        lines = [
            EntryLine("goods_owed", self.partner_id.id, worth, weights=place),
            EntryLine("goods_owed", self.distributor_id.id, -worth, weights=place),
        ]
        paper = {"liquor_shop_delivery_id": self.id}
        self.env["liquor.entry.lines"]._post_entry(self.company_id, lines, label, paper)
        self._reconcile(self.partner_id)

    def _make_order(self, parts):
        """An order in kind, quantity and equal discount, to who delivers; the codes carry the purpose goods rebate."""
        buyer = self.distributor_id if self.way == "distributor" else self.partner_id
        self.env["sale.order"].create({
            "partner_id": buyer.id,
            "company_id": self.company_id.id,
            "pricelist_id": False,
            "liquor_kind": "goods_rebate",
            "origin": self.name,
            "order_line": [
                Command.create(values) for product, part in parts.items() for values in self._order_lines(product, part)
            ],
        })

    def _order_lines(self, product, part):
        taxes = [Command.set(product.taxes_id.filtered(lambda tax: tax.company_id == self.company_id).ids)]
        return [
            {
                "product_id": product.id,
                "product_uom_qty": part.bottles,
                "price_unit": float(part.price),
                "tax_ids": taxes,
            },
            {
                "product_id": self.company_id._liquor_rebate_product().id,
                "name": self.env._("Goods of %(shop)s, %(name)s", shop=self.partner_id.name, name=self.name),
                "product_uom_qty": 1.0,
                "price_unit": -float(part.value),
                "tax_ids": taxes,
                "liquor_shop_delivery_id": self.id,
                "sequence": 9999,
            },
        ]

    def _goods_invoiced(self):
        """Bottles and money have left: set off what was owed (2204.G)."""
        for delivery in self.filtered(lambda item: item.state == "approved"):
            live = delivery.order_line_ids.filtered(lambda line: line.order_id.state != "cancel")
            if live and live._liquor_is_whole():
                by_maker = delivery.way == "maker"
                delivery._reconcile(delivery.partner_id if by_maker else delivery.distributor_id)
                delivery._move_to("delivered")

    def _reconcile(self, partner):
        """Set this paper's items off against what stands open for a partner on 2204.G."""
        account = self.env["liquor.account.mapping"]._accounts(self.company_id)["goods_owed"]
        own = self.move_ids.line_ids | self.order_line_ids.invoice_lines
        accrued = self.env["liquor.accrual.line"].search([("earning_id", "in", self.line_ids.earning_id.ids)])
        items = (own | accrued.move_line_id).filtered(
            lambda item: (
                item.account_id == account
                and item.partner_id.commercial_partner_id == partner.commercial_partner_id
                and item.parent_state == "posted"
                and not item.reconciled
            )
        )
        if len(items) > 1:
            items.reconcile()
