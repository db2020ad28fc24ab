from odoo import api, fields, models
from odoo.exceptions import AccessError

STAMPS = {"liquor_territory_id", "liquor_grade"}

ORDER_KINDS = [
    ("normal", "Normal"),
    ("goods_rebate", "Goods Rebate"),
    ("tasting", "Tasting"),
    ("gift", "Gift"),
    ("banquet", "Banquet"),
    ("internal", "Internal Purchase"),
    ("online", "Online"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    liquor_kind = fields.Selection(
        ORDER_KINDS,
        string="Order Kind",
        required=True,
        default="normal",
        tracking=True,
        index=True,
        help="Becomes the purpose of the codes that are shipped; goods rebates and tastings count to no target.",
    )
    liquor_territory_id = fields.Many2one(
        "liquor.territory",
        string="Territory",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The distributor's territory when the order was confirmed.",
    )
    liquor_grade = fields.Char(readonly=True, copy=False, groups="liquor_channel.group_clerk")

    @api.model_create_multi
    def create(self, vals_list):
        """Territory and grade are those of the day of confirmation, whatever a client sends."""
        if not self.env.su:
            forged = {f"default_{name}" for name in STAMPS}
            context = {key: value for key, value in self.env.context.items() if key not in forged}
            self = self.with_context(context)  # pylint: disable=context-overridden
            vals_list = [{name: value for name, value in vals.items() if name not in STAMPS} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a hand on what facts were counted by.

        :raises AccessError: territory or grade, or the kind of a confirmed order
        """
        if not self.env.su:
            other = vals.get("liquor_kind")
            late = other and self.filtered(lambda order: order.state == "sale" and order.liquor_kind != other)
            if STAMPS & vals.keys() or late:
                raise AccessError(self.env._("Territory, grade and kind of a confirmed order are not typed."))
        return super().write(vals)

    def _action_confirm(self):
        self._liquor_stamp_role()
        return super()._action_confirm()

    def _liquor_stamp_role(self):
        """Store territory and grade as they are now: a later move of the distributor must not change old facts."""
        for company, orders in self.grouped("company_id").items():
            kinds = [("kind", "in", ("distributor", "sub_distributor", "terminal"))]
            by_partner = self.env["liquor.channel.role"]._running(
                company, orders.partner_id.commercial_partner_id, kinds
            )
            for order in orders:
                role = by_partner.get(order.partner_id.commercial_partner_id)
                if role:
                    order.sudo().write({"liquor_territory_id": role.territory_id.id, "liquor_grade": role.grade})
