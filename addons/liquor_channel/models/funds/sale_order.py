from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.common.money import ZERO, decimal
from ...engine.funds.sources import per_case_part


class SaleOrder(models.Model):
    _inherit = "sale.order"

    liquor_share_proposed = fields.Monetary(
        "Share with this Order", compute="_compute_liquor_share_proposed", compute_sudo=True,
        help="So much a case as his agreement says, at most what is due; a line he approves with the order.",
    )  # fmt: skip

    def _compute_liquor_share_proposed(self):
        for order in self:
            order.liquor_share_proposed = float(order._liquor_share_part()[0])

    def _liquor_share_part(self):
        """Return (amount, agreement) of what this order would carry; (0, empty) where nothing is due or agreed."""
        nothing = ZERO, self.env["liquor.agreement"]
        partner = self.partner_id.commercial_partner_id
        if self.state not in ("draft", "sent") or self.liquor_kind != "normal" or not partner:
            return nothing
        agreement = self.env["liquor.agreement"]._charging(self.company_id, partner)
        source = agreement._source("order")
        has_line = any(line.liquor_share_agreement_id for line in self.order_line)
        if not source or has_line or self.currency_id != self.company_id.currency_id:
            return nothing
        due = self.env["liquor.charge"].sudo()._due(self.company_id, partner).get(partner.id, ZERO)
        part = per_case_part(self._liquor_cases(), decimal(source.per_case), due, self.currency_id.decimal_places)
        return part, agreement

    def _liquor_cases(self):
        goods = self.order_line.filtered(lambda line: line.product_id.liquor_bottles_per_case and line.price_unit > 0)
        return sum((decimal(line.product_uom_qty) / line.product_id.liquor_bottles_per_case for line in goods), ZERO)

    def action_liquor_add_share(self):
        """Put his share on the order as a line that he sees and approves (随单计提)."""
        for order in self:
            order.check_access("write")
            part, agreement = order.sudo()._liquor_share_part()
            if not part:
                raise UserError(self.env._("Nothing is due that this order could carry."))
            order.sudo().write({"order_line": [fields.Command.create(order._prepare_liquor_share(part, agreement))]})

    def _prepare_liquor_share(self, part, agreement):
        return {
            "product_id": self.company_id._liquor_rebate_product().id,
            "name": self.env._("My share of campaigns by %(agreement)s", agreement=agreement.name),
            "product_uom_qty": 1.0,
            "price_unit": float(part),
            "tax_ids": [fields.Command.clear()],
            "liquor_share_agreement_id": agreement.id,
            "sequence": 9997,
        }

    def _action_confirm(self):
        """Refuse to carry more than is due: another order or charge may have carried it meanwhile."""
        for order in self:
            part = sum(decimal(line.price_subtotal) for line in order.order_line if line.liquor_share_agreement_id)
            if part:
                order._liquor_check_share(part)
        return super()._action_confirm()

    def _liquor_check_share(self, part):
        partner = self.partner_id.commercial_partner_id
        self.env["liquor.rebate.account"]._of(self.company_id, partner)._take_turn()
        # an order that is being confirmed counts as one that carries its part already
        own = part if self.state == "sale" else ZERO
        balances = self.env["liquor.charge"].sudo()._balances(self.company_id, partner)
        due = balances.get(partner.id, ZERO) + own
        if part > due:
            raise UserError(
                self.env._(
                    "%(order)s carries %(part)s of shares, and %(due)s are due. Remove the line and add it again.",
                    order=self.name,
                    part=self.currency_id.format(float(part)),
                    due=self.currency_id.format(float(due)),
                )
            )
