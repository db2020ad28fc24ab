from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.settlement.statement import order_discount


class SaleOrder(models.Model):
    _inherit = "sale.order"

    liquor_rebate_available = fields.Monetary(
        compute="_compute_liquor_rebate", string="Rebate Account", compute_sudo=True
    )
    liquor_rebate_usable = fields.Monetary(
        compute="_compute_liquor_rebate",
        string="Usable on this order",
        compute_sudo=True,
        help="What the rebate account holds, at most the part of an order the company allows.",
    )
    liquor_rebate_used = fields.Monetary(
        compute="_compute_liquor_rebate_used",
        string="Paid by rebate",
        compute_sudo=True,
        help="What is left of it on invoices where the order was cancelled.",
    )
    liquor_rebate_invoiced = fields.Monetary(
        compute="_compute_liquor_rebate_used",
        string="Of it invoiced",
        compute_sudo=True,
        help="Each invoice carries of the rebate what its goods are of the order.",
    )

    @api.depends("state", "order_line.price_subtotal", "order_line.liquor_is_rebate", "order_line.qty_invoiced_posted")
    def _compute_liquor_rebate_used(self):
        for order in self:
            rebate = order.order_line.filtered("liquor_is_rebate")
            order.liquor_rebate_invoiced = float(sum((line._liquor_standing() for line in rebate), Decimal(0)))
            decided = -sum(rebate.mapped("price_subtotal"))
            order.liquor_rebate_used = order.liquor_rebate_invoiced if order.state == "cancel" else decided

    @api.depends("partner_id", "company_id", "liquor_kind", "state", "order_line.price_subtotal")
    def _compute_liquor_rebate(self):
        """Propose what may be used: one query for all orders."""
        accounts = self.env["liquor.rebate.account"].search([
            ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
            ("company_id", "in", self.company_id.ids),
        ])
        usable = accounts._usable()
        balances = {(row.company_id, row.partner_id, row.currency_id): usable[row.id] for row in accounts}
        for order in self:
            key = (order.company_id, order.partner_id.commercial_partner_id, order.currency_id)
            available = balances.get(key, 0.0) if order.liquor_kind == "normal" else 0.0
            order.liquor_rebate_available = available
            order.liquor_rebate_usable = order._liquor_rebate_cap(available) if order._liquor_may_propose() else 0.0

    def _liquor_may_propose(self):
        return self.state in ("draft", "sent") and self.liquor_kind == "normal"

    def _liquor_rebate_cap(self, available):
        """Return what of ``available`` this order may use (engine: never above the company's percentage)."""
        base = sum((Decimal(str(line.price_subtotal)) for line in self._liquor_rebate_goods()), Decimal(0))
        percent = Decimal(str(self.company_id.liquor_order_rebate_percent))
        return float(order_discount(Decimal(str(available)), base, percent, self.currency_id.decimal_places))

    def _liquor_rebate_goods(self):
        """Lines whose amount the share is counted on; the contracts leave out families and quota wine."""
        return self.order_line.filtered(lambda line: not line.liquor_is_rebate and not line.display_type)

    def _liquor_rebate_question(self):
        """What is asked before rebate is used: which account, what it holds, and what is left of it."""
        self.ensure_one()
        available, usable = self.liquor_rebate_available, self.liquor_rebate_usable
        return self.env._(
            "From the rebate account of %(partner)s, which holds %(held)s: %(left)s are left.",
            partner=self.partner_id.commercial_partner_id.display_name,
            held=self.currency_id.format(available),
            left=self.currency_id.format(available - usable),
        )

    # ------------------------------------------------------------------ use
    def action_liquor_use_rebate(self):
        """Put the usable rebate on the order as a discount line, or bring that line up to date."""
        for order in self:
            order.check_access("write")
            if order.state not in ("draft", "sent"):
                raise UserError(self.env._("Rebate is used before the order is confirmed."))
            order._liquor_check_own_money()
            usable = order.liquor_rebate_usable
            line = order.order_line.filtered("liquor_is_rebate")
            if line:
                line.with_context(liquor_rebate_line=line.ids).write({
                    "price_unit": -usable
                }) if usable else line.unlink()
            elif usable:
                order.write({"order_line": [fields.Command.create(order._prepare_liquor_rebate_line(usable))]})
            else:
                raise UserError(self.env._("There is no rebate this order could use."))

    def _liquor_check_own_money(self):
        """Refuse an order in another currency: the rebate account is the company's money."""
        own = self.company_id.currency_id
        if self.currency_id != own:
            raise UserError(
                self.env._(
                    "%(order)s is in %(currency)s: the rebate account is in %(own)s and is used on orders in it only.",
                    order=self.name,
                    currency=self.currency_id.name,
                    own=own.name,
                )
            )

    def _prepare_liquor_rebate_line(self, amount):
        return {
            "product_id": self.company_id._liquor_rebate_product().id,
            "name": self.env._("Discount from the rebate account"),
            "product_uom_qty": 1.0,
            "price_unit": -amount,
            "liquor_is_rebate": True,
            "sequence": 9999,
        }

    def _action_confirm(self):
        """Take the rebate out of the account in the transaction that confirms the order."""
        for order in self:
            order._liquor_take_rebate()
        return super()._action_confirm()

    def _liquor_take_rebate(self):
        line = self.order_line.filtered("liquor_is_rebate")
        amount = -sum(line.mapped("price_subtotal"))
        if not line or self.currency_id.is_zero(amount):
            return
        account = self.env["liquor.rebate.account"]._of(self.company_id, self.partner_id)
        if self.liquor_kind != "normal" or amount < 0 or account.currency_id != self.currency_id:
            raise UserError(self.env._("Only a normal order in the company's currency uses the rebate account."))
        entries = self.sudo()._liquor_rebate_entries()
        # an order that was confirmed before has what its invoices carry
        out = -sum(entries.mapped("amount"))
        cap = self._liquor_rebate_cap(account._usable()[account.id] + out)
        if self.currency_id.compare_amounts(amount, cap) > 0:
            raise UserError(
                self.env._(
                    "%(order)s may use at most %(usable)s of rebate. Press “Use rebate” again.",
                    order=self.name,
                    usable=self.currency_id.format(cap),
                )
            )
        key = f"order/{self.id}/{len(entries)}"
        account._move(out - amount, "order", key, self, self.env._("Used on order %(name)s", name=self.name))
