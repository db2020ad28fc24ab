from odoo import models

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import ZERO, decimal
from ...engine.settlement.goods import earned_goods


class LiquorSettlement(models.Model):
    """What was earned as goods (10 + 1) stays goods whatever the way of payment: it is owed on 2204.G since it was
    accrued (Acc-2 #13) and leaves on an order in kind; what is no whole bottle is paid with the money.
    """

    _inherit = "liquor.settlement"

    def _goods_lines_earned(self):
        """Live lines of earnings of goods, in one query."""
        return self.env["liquor.settlement.line"].sudo().search([
            ("settlement_id", "in", self.ids), ("live", "=", True), ("earning_id.form", "=", "goods")
        ])  # fmt: skip

    def _earned_goods(self):
        """Return {settlement id: {product: engine's EarnedGoods}} of those that have goods; as many queries for all."""
        sums = {}
        for line in self._goods_lines_earned():
            key, earning = (line.settlement_id, line.earning_id.goods_product_id), line.earning_id
            bottles, worth = sums.get(key, (ZERO, ZERO))
            sums[key] = bottles + decimal(earning.goods_bottles), worth + decimal(earning.amount)
        found = {}
        for (settlement, product), (bottles, worth) in sums.items():
            part = earned_goods(bottles, worth, settlement.currency_id.decimal_places)
            found.setdefault(settlement.id, {})[product] = part
        return found

    def _money_totals(self):
        """Return {settlement: what is paid in money or converted}: its total less the bottles that were earned."""
        earned = self._earned_goods()
        totals = {}
        for settlement in self:
            delivered = sum((part.value for part in earned.get(settlement.id, {}).values()), ZERO)
            totals[settlement] = settlement.currency_id.round(float(decimal(settlement.amount_total) - delivered))
        return totals

    def _post_earned_goods(self):
        """Make the order in kind of what was earned as goods; what is no bottle becomes money: 2204.G to 2241.R."""
        for number, parts in self._earned_goods().items():
            settlement = self.browse(number)
            settlement.with_company(settlement.company_id)._post_goods_parts(parts)

    def _post_goods_parts(self, parts):
        rest = sum((part.rest for part in parts.values()), ZERO)
        if rest:
            self._post_rest(rest)
        whole = [
            (product, part.bottles, float(part.price), float(part.value))
            for product, part in parts.items()
            if part.bottles
        ]
        if whole:
            self._make_goods_order(whole)

    def _post_rest(self, rest):
        label = self.env._("Goods of %(name)s that are no whole bottle", name=self.name)
        weights = {place: abs(amount) for place, amount in self._weights().items()}
        lines = [
            EntryLine("goods_owed", self.partner_id.id, rest, weights=weights),
            EntryLine("rebate_accrued", self.partner_id.id, -rest, weights=weights),
        ]
        paper = {"liquor_settlement_id": self.id}
        move = self.env["liquor.entry.lines"]._post_entry(self.company_id, lines, label, paper)
        account = self.env["liquor.account.mapping"]._accounts(self.company_id)["goods_owed"]
        items = (self._accrued_goods_items() | move.line_ids).filtered(
            lambda line: line.account_id == account and not line.reconciled
        )
        if len(items) > 1:
            items.reconcile()

    def _accrued_goods_items(self):
        """Journal items that owe the goods of the live lines."""
        goods = self._goods_lines_earned().earning_id
        return self.env["liquor.accrual.line"].search([("earning_id", "in", goods.ids)]).move_line_id

    # ------------------------------------------------------------------ paid
    def _finish(self):
        """Move on where the money is paid and the goods are invoiced."""
        posted = self.filtered(lambda item: item.state == "posted")
        money = posted._money_totals()
        done = posted.filtered(lambda item: item._is_money_paid(money[item]) and item._are_goods_invoiced())
        if done:
            done._move_to("paid")

    def _is_money_paid(self, money):
        settlement = self.sudo()
        if settlement.payment_method == "cash" and money > 0:
            return any(payout.state == "ok" for payout in settlement.payout_ids)
        notes = settlement.move_ids.filtered(lambda move: move.is_invoice())
        return all(note.currency_id.is_zero(note.amount_residual) for note in notes)

    def _are_goods_invoiced(self):
        lines = self.sudo().goods_line_ids.filtered(lambda line: line.order_id.state != "cancel")
        return all("posted" in line.invoice_lines.mapped("parent_state") for line in lines)
