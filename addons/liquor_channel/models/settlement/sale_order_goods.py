from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """货补 leaves beside a paid order and is invoiced with it, quantity and equal discount (trade.md R4)."""

    _inherit = "sale.order"

    liquor_paid_order_id = fields.Many2one(
        "sale.order",
        string="Beside the Paid Order",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', partner_id), ('liquor_kind', '=', 'normal'), ('state', '=', 'sale'),"
        " ('invoice_status', '!=', 'invoiced')]",
        help="Goods owed are delivered and invoiced together with an order that is paid for.",
    )
    liquor_goods_order_ids = fields.One2many("sale.order", "liquor_paid_order_id", string="Goods in Kind")

    @api.constrains("liquor_paid_order_id", "partner_id", "liquor_kind")
    def _check_liquor_paid_order(self):
        for order in self.filtered("liquor_paid_order_id"):
            paid = order.liquor_paid_order_id
            if (
                order.liquor_kind != "goods_rebate"
                or paid.liquor_kind != "normal"
                or paid.partner_id.commercial_partner_id != order.partner_id.commercial_partner_id
            ):
                raise UserError(self.env._("Goods in kind go beside a normal order of the same distributor."))
            if order.currency_id != paid.currency_id:
                raise UserError(
                    self.env._(
                        "%(order)s is in %(own)s and %(paid)s in %(currency)s: both come on one invoice.",
                        order=order.name,
                        own=order.currency_id.name,
                        paid=paid.name,
                        currency=paid.currency_id.name,
                    )
                )

    def _action_confirm(self):
        """Deliver goods that are owed beside a paid order only; note what the price did since the decision."""
        owed = self.order_line.sudo().liquor_settlement_id
        for order in self.order_line.sudo()._liquor_beside().order_id & self:
            if order.liquor_paid_order_id.state != "sale":
                raise UserError(
                    self.env._("%(order)s goes beside a confirmed order that is paid for: choose it.", order=order.name)
                )
        if owed.filtered(lambda item: item.state != "posted"):
            raise UserError(self.env._("%(name)s was paid or taken back already.", name=owed[0].name))
        result = super()._action_confirm()
        owed._note_variance()
        return result

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Invoice goods in kind on the invoice of the paid order, and never by themselves (else a deemed sale)."""
        beside = self.liquor_goods_order_ids.filtered(
            lambda order: order.state == "sale" and order.invoice_status == "to invoice"
        )
        orders = self | beside
        in_kind = orders & orders.order_line.sudo()._liquor_beside().order_id
        alone = in_kind.filtered(lambda order: order.liquor_paid_order_id not in orders)
        if alone:
            raise UserError(self.env._("%(order)s is invoiced together with its paid order.", order=alone[0].name))
        return super(SaleOrder, orders)._create_invoices(grouped=grouped and not beside, final=final, date=date)
