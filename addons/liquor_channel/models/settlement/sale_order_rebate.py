from odoo import models
from odoo.exceptions import UserError

from ...engine.common.money import decimal
from ...engine.settlement.order_rebate import OrderRebate


class SaleOrder(models.Model):
    """What an order holds of the rebate account follows its invoices and credit notes."""

    _inherit = "sale.order"

    def _action_cancel(self):
        """Give back what the order took and no posted invoice carries.

        :raises UserError: nothing of the rebate is left, or another paper of ours stands on a posted invoice: it would
            be the customer's twice
        """
        for order in self:
            order._liquor_check_invoiced()
        self._liquor_cancel_drafts()
        result = super()._action_cancel()
        for order in self:
            entry = order._liquor_follow_invoices(self.env._("Given back by order %(name)s", name=order.name))
            if entry:
                order._liquor_say_given_back(entry)
        return result

    def _liquor_cancel_drafts(self):
        """Cancel drafts of these orders alone: whoever may make them of an order may take them back with it."""
        self.check_access("write")
        drafts = self.sudo().invoice_ids.filtered(lambda move: move.state == "draft" and not move.posted_before)
        drafts.filtered(lambda move: move.invoice_line_ids.sale_line_ids.order_id <= self).button_cancel()

    def _liquor_say_given_back(self, entry):
        """Note on the order what went back, beside what stays on its invoices."""
        self.message_post(
            body=self.env._(
                "%(amount)s of rebate went back to the account of %(partner)s; %(kept)s stay on posted invoices.",
                amount=entry.currency_id.format(entry.amount),
                partner=entry.partner_id.name,
                kept=entry.currency_id.format(self.liquor_rebate_invoiced),
            )
        )

    def action_draft(self):
        """Refuse to take up an order again that is invoiced in part: what was given up of it is in the account.

        :raises UserError: naming the order
        """
        for order in self:
            if any(line._liquor_standing() for line in order.sudo()._liquor_carried()):
                raise UserError(
                    self.env._(
                        "%(order)s is invoiced in part and what was left of its rebate went back. Make a new order.",
                        order=order.name,
                    )
                )
        return super().action_draft()

    def _get_copiable_order_lines(self):
        """Leave out what was decided for this order: copied, its discount would be given a second time."""
        return super()._get_copiable_order_lines().filtered(lambda line: not line._liquor_released_role())

    def _liquor_carried(self):
        """Lines that stand for rebate or another paper of ours."""
        return self.order_line.filtered(lambda line: line._liquor_released_role())

    def _liquor_check_invoiced(self):
        carried = self.sudo()._liquor_carried()
        if not carried:
            return
        self._liquor_turn()
        bound = self.sudo()._liquor_bound(carried)
        if bound:
            raise UserError(
                self.env._(
                    "%(order)s is invoiced with “%(line)s”. Make a credit note for the invoice first, then cancel.",
                    order=self.name,
                    line=bound[0].name,
                )
            )

    def _liquor_check_reduced(self):
        """Refuse to reduce a confirmed order below what it carries: the share of rebate is of what is bought.

        :raises UserError: naming how much rebate or discount is too much
        """
        order = self.sudo()
        rebate = -sum(order.order_line.filtered("liquor_is_rebate").mapped("price_subtotal"))
        excess = max(rebate - order._liquor_rebate_cap(rebate), 0.0)
        if order._liquor_carried():
            excess = max(excess, -order.amount_untaxed, order._liquor_left_over())
        if order.currency_id.compare_amounts(excess, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(order)s would carry %(excess)s too much of rebate and claims for what is left on it. "
                    "Cancel the order and make a smaller one: what is invoiced stays, the rest of the rebate goes "
                    "back.",
                    order=order.name,
                    excess=order.currency_id.format(excess),
                )
            )

    def _liquor_turn(self):
        """Let one transaction at a time decide about what the customer's orders carry; return his account.

        It is the account that gave to this order, whoever the order names by now.
        """
        gave = self.sudo()._liquor_rebate_entries().rebate_account_id
        account = gave or self.env["liquor.rebate.account"]._of(self.company_id, self.partner_id)
        account._take_turn()
        return account

    def _liquor_check_payer(self, move):
        """Refuse an invoice that charges somebody else than whose money the order carries.

        :raises UserError: naming both
        """
        order = self.sudo()
        if not order._liquor_carried():
            return
        owner = order._liquor_turn().partner_id
        if move.commercial_partner_id != owner:
            raise UserError(
                self.env._(
                    "%(order)s carries money of %(owner)s; %(move)s is for %(payer)s. Invoice %(owner)s.",
                    order=order.name,
                    owner=owner.name,
                    move=move.display_name,
                    payer=move.commercial_partner_id.name,
                )
            )

    def _liquor_rebate_figures(self):
        """The rebate of this order for the engine."""
        lines = self.order_line.filtered("liquor_is_rebate")
        return OrderRebate(decimal(-sum(lines.mapped("price_subtotal"))), *lines._liquor_given_and_back())

    def _liquor_follow_invoices(self, reason):
        """Bring what the rebate account gave to this order to what its invoices and credit notes say; again is nothing.

        Returns the entry of the account, or nothing.
        It takes its turn for any paper, so that nobody cancels the order while it is invoiced.

        :raises UserError: invoices give more than the order, or the account has not what a new invoice takes
        """
        self.ensure_one()
        order = self.sudo()
        if not order._liquor_carried():
            return self.env["liquor.rebate.entry"]
        account = order._liquor_turn()
        figures = order._liquor_rebate_figures()
        if not figures.is_in_bounds:
            raise UserError(
                self.env._(
                    "%(order)s uses %(decided)s of rebate, its invoices and credit notes come to %(standing)s. "
                    "Bring the rebate line of the invoice back to the order's amount.",
                    order=order.name,
                    decided=order.currency_id.format(float(figures.decided)),
                    standing=order.currency_id.format(float(figures.standing)),
                )
            )
        entries = order._liquor_rebate_entries()
        due = decimal(-sum(entries.mapped("amount"))) - figures.held(confirmed=order.state == "sale")
        kind = "release" if due > 0 else "order"
        return account._move(float(due), kind, f"order/{order.id}/{kind}/{len(entries)}", order, reason)

    def _liquor_rebate_entries(self):
        """What the rebate account gave to this order and got back."""
        return self.env["liquor.rebate.entry"].search([
            ("origin_model", "=", self._name), ("origin_id", "=", self.id), ("kind", "in", ("order", "release"))
        ])  # fmt: skip
