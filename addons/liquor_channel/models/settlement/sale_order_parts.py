from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.common.money import ZERO, decimal
from ...engine.settlement.order_parts import bill_parts, excess
from .sale_order_line_parts import LIVE, POSTED


class SaleOrder(models.Model):
    """An order that is invoiced in parts: each invoice carries of the rebate what its goods are of the order."""

    _inherit = "sale.order"

    def _get_invoiceable_lines(self, final=False):
        """Put what stands for papers of ours beside goods, and on no invoice without goods."""
        found = super()._get_invoiceable_lines(final)
        carried = self._liquor_carried()
        if not carried:
            return found
        own = found - carried
        if all(line.display_type or line.is_downpayment for line in own):
            return own
        paid_before = own.filtered("is_downpayment")
        return (own - paid_before) + carried + paid_before

    def _create_account_invoices(self, invoice_vals_list, final):
        moves = super()._create_account_invoices(invoice_vals_list, final)
        for move in moves.sudo():
            for order in move.invoice_line_ids.sale_line_ids.order_id:
                order._liquor_share_out(move)
        return moves

    def _liquor_share_out(self, move):
        """Write on a new draft what it carries of rebate and papers; a line that carries nothing is left out."""
        parts = self._liquor_parts_on(move)
        items = move.invoice_line_ids.filtered(lambda item: item.sale_line_ids & self.order_line)
        commands = []
        for line, part in parts.items():
            for item in items.filtered(lambda item, line=line: item.sale_line_ids == line):
                commands.append(
                    fields.Command.update(item.id, line._prepare_liquor_part(part))
                    if part
                    else fields.Command.delete(item.id)
                )
        if commands:
            move.write({"invoice_line_ids": commands})

    def _liquor_parts_on(self, move, states=LIVE):
        """What a move carries of each line of ours, by its goods and all papers of these states: {line: part}."""
        order = self.sudo()
        goods, rebate_goods = order._liquor_weighed()
        carried = order._liquor_carried()
        parts = bill_parts(
            goods._liquor_billed(states) - goods._liquor_billed(states, without=move),
            goods._liquor_weight(states),
            rebate_goods._liquor_weight(states),
            carried._liquor_taken(states, without=move),
            order.currency_id.decimal_places,
        )
        return dict(zip(carried, parts, strict=True))

    def _liquor_weighed(self):
        """Return (lines of goods, those of them that rebate may be used on)."""
        goods = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and not line._liquor_released_role()
        )
        return goods, goods & self._liquor_rebate_goods()

    def _liquor_check_invoice(self, move):
        """Refuse an invoice that somebody changed so that it carries more rebate than its goods allow, or is negative.

        :raises UserError: naming how much it may carry
        """
        goods, _rebate_goods = self._liquor_weighed()
        lines = self.order_line
        on_move = {line: line._liquor_billed(LIVE) - line._liquor_billed(LIVE, without=move) for line in lines}
        rebate = -sum(amount for line, amount in on_move.items() if line.liquor_is_rebate)
        carried = -sum(on_move[line] for line in self._liquor_carried())
        allowed = max(self._liquor_rebate_on(move, states) for states in (LIVE, POSTED)) if rebate > 0 else rebate
        over = max(rebate - allowed, carried - max(sum(on_move[line] for line in goods), ZERO))
        if over > 0:
            raise UserError(
                self.env._(
                    "The invoice carries %(over)s too much of rebate and claims of %(order)s for the goods on it. "
                    "Lower the discount, or delete the draft and invoice the order again; the rest follows on later "
                    "invoices.",
                    over=self.currency_id.format(float(over)),
                    order=self.name,
                )
            )

    def _liquor_rebate_on(self, move, states):
        """Rebate that a move may carry by its goods and all papers of these states."""
        parts = self._liquor_parts_on(move, states)
        return sum((part for line, part in parts.items() if line.liquor_is_rebate), ZERO)

    def _liquor_left_over(self):
        """How much of the discounts the goods that are not invoiced yet could not carry."""
        goods, _rebate_goods = self._liquor_weighed()
        return float(excess(goods._liquor_weight(LIVE), self._liquor_carried()._liquor_taken(LIVE)))

    def _liquor_bound(self, carried):
        """Of these lines, those that a cancelled order could not leave on its invoices.

        The rebate that stands beside the goods it belongs to may stay, where there is something left to give up.
        """
        goods, rebate_goods = (lines._liquor_weight(POSTED) for lines in self._liquor_weighed())
        cent = decimal(self.currency_id.rounding)
        bound = carried.filtered(lambda line: not line.liquor_is_rebate and line._liquor_standing())
        for line in (carried - bound).filtered(lambda line: line.liquor_is_rebate and line._liquor_standing()):
            due = rebate_goods.part_of(-decimal(line.price_subtotal), self.currency_id.decimal_places)
            # each invoice is rounded by itself: one posted before another may stand a cent higher
            too_much = line._liquor_standing() > due + cent * len(line.invoice_lines)
            if too_much or (line._liquor_is_whole() and goods.billed >= goods.ordered):
                bound |= line
        return bound
