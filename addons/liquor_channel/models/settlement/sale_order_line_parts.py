from odoo import api, models

from ...engine.common.money import ZERO, decimal
from ...engine.settlement.order_parts import Goods, Paper

LIVE, POSTED = ("draft", "posted"), ("posted",)


def net(item):
    """Net amount of an item of an invoice; below zero on a credit note."""
    return decimal(item.price_subtotal) * -item.move_id.direction_sign


class SaleOrderLine(models.Model):
    """Goods, and what stands for a paper of ours, in net amounts on invoices less credit notes.

    A line of ours has the quantity 1 on every invoice that carries a part of it: what is invoiced of it is told by
    amounts, and it is never by itself a reason to make an invoice.
    """

    _inherit = "sale.order.line"

    def _liquor_billed(self, states=LIVE, without=None):
        """Net amount of these lines on invoices less credit notes, those of the move ``without`` left out."""
        items = self.invoice_lines.filtered(lambda item: item.parent_state in states and item.move_id != without)
        return sum((net(item) for item in items), ZERO)

    def _liquor_weight(self, states):
        """These goods for the engine: ordered, and billed by papers of these states."""
        ordered = sum((decimal(line.price_subtotal) for line in self), ZERO)
        return Goods(ordered, self._liquor_billed(states))

    def _liquor_taken(self, states, without=None):
        """These lines of ours for the engine: decided, and carried by papers other than the move ``without``."""
        return [
            Paper(-decimal(line.price_subtotal), -line._liquor_billed(states, without), line.liquor_is_rebate)
            for line in self
        ]

    def _liquor_standing(self):
        """Discount of these lines on posted invoices less posted credit notes; negative for what he pays."""
        return -self._liquor_billed(POSTED)

    def _liquor_given_and_back(self):
        """Return (discount that posted papers gave, discount that they took back), whatever kind of paper did."""
        items = self.invoice_lines.filtered(lambda item: item.parent_state in POSTED)
        parts = [-net(item) for item in items]
        return sum((part for part in parts if part > 0), ZERO), -sum((part for part in parts if part < 0), ZERO)

    def _liquor_is_whole(self):
        """Tell whether posted papers carry all of each of these lines."""
        return all(line._liquor_standing() == -decimal(line.price_subtotal) for line in self)

    # --- what Odoo counts ------------------------------------------------------------------------------------

    @api.depends("invoice_lines.price_subtotal", "price_subtotal")
    def _compute_qty_invoiced(self):
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        """Count what stands for a paper of ours by its amount."""
        quantities = super()._prepare_qty_invoiced()
        for line in self.filtered(lambda line: line._liquor_released_role()):
            quantities[line] = line._liquor_quantity(line._liquor_billed())
        return quantities

    @api.depends("invoice_lines.price_subtotal", "price_subtotal")
    def _compute_qty_invoiced_posted(self):
        result = super()._compute_qty_invoiced_posted()
        for line in self.filtered(lambda line: line._liquor_released_role()):
            line.qty_invoiced_posted = line._liquor_quantity(line._liquor_billed(POSTED))
        return result

    def _liquor_quantity(self, billed):
        """Part of the quantity that an amount stands for; the whole only where nothing is missing to the cent."""
        worth = decimal(self.price_subtotal)
        if not worth or billed == worth:
            return self.product_uom_qty if billed else 0.0
        share = self.product_uom_qty * float(billed / worth)
        almost = self.product_uom_qty - self.product_uom_id.rounding
        return min(share, almost) if billed / worth < 1 else share

    def _compute_qty_to_invoice(self):
        """Ours go with the goods of an invoice, and never alone."""
        result = super()._compute_qty_to_invoice()
        self.filtered(lambda line: line._liquor_released_role()).qty_to_invoice = 0.0
        return result

    def _prepare_liquor_part(self, part):
        """Values of the invoice line that carries a part of this line; what comes back has a quantity below zero."""
        gives = (part > 0) is (self.price_subtotal < 0)
        size, sign = abs(float(part)), -1.0 if self.price_subtotal < 0 else 1.0
        return {"quantity": 1.0 if gives else -1.0, "price_unit": sign * self._liquor_price_of(size)}

    def _liquor_price_of(self, amount):
        """Unit price that makes a net amount on an invoice, where taxes are part of prices too."""
        included = self.tax_ids.filtered("price_include")
        if not included:
            return amount
        return included.compute_all(amount, self.currency_id, 1.0, handle_price_include=False)["total_included"]
