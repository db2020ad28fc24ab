from odoo import api, fields, models
from odoo.exceptions import UserError

#: what names the paper that a line stands for: the part of our accounts that its discount releases; rooms add theirs
PAPERS = {"liquor_settlement_id": "goods_owed"}
#: what makes a line worth what it is
MONEY = {"price_unit", "product_uom_qty", "product_id", "discount", "tax_ids", "liquor_is_rebate"}


class SaleOrderLine(models.Model):
    """A line that stands for a paper of ours comes onto the order by a step of ours, and keeps its amount."""

    _inherit = "sale.order.line"

    liquor_is_rebate = fields.Boolean(string="Rebate Line", readonly=True, copy=False)
    liquor_settlement_id = fields.Many2one(
        "liquor.settlement",
        string="Settlement in Goods",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, **dict.fromkeys(PAPERS, False)} for vals in vals_list]
        return super().create(vals_list)

    def _liquor_paper(self):
        """Name of the field whose paper this line stands for, or nothing."""
        return next((name for name in PAPERS if self[name]), None)

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Leave the amount of a rebate or a paper alone: no pricelist knows it."""
        fixed = self.filtered(lambda line: line.liquor_is_rebate or line._liquor_paper())
        prices = {line: line.price_unit for line in fixed}
        result = super()._compute_price_unit()
        for line, price in prices.items():
            line.price_unit = price
        return result

    def write(self, vals):
        """Refuse to change what a paper is worth, and the rebate of a confirmed order: it left the account with it."""
        if MONEY & vals.keys() and self.filtered(lambda line: line.liquor_is_rebate and line.state == "sale"):
            raise UserError(self.env._("The rebate of a confirmed order is not changed: cancel the order instead."))
        if not self.env.su:
            self._liquor_check_papers(vals)
        orders = (
            self.order_id.filtered(lambda order: order.state == "sale") if MONEY & vals.keys() else self.order_id[:0]
        )
        before = {order: order.amount_untaxed for order in orders}
        result = super().write(vals)
        for order, amount in before.items():
            if order.amount_untaxed < amount:
                order._liquor_check_reduced()
        return result

    def _liquor_check_papers(self, vals):
        """Refuse a hand on the amount of a paper.

        :raises UserError: the values name a paper, or change a line that stands for one or goods that are owed
        """
        changed = (MONEY | {"order_id"}) & vals.keys()
        if changed and self._liquor_is_in_kind():
            raise UserError(self.env._("Goods that are owed are not changed."))
        if PAPERS.keys() & vals.keys() or (changed and any(line._liquor_paper() for line in self)):
            raise UserError(self.env._("The amount of this line was decided: remove the line instead of changing it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken_rebate(self):
        if not self.env.su and self._liquor_is_in_kind():
            raise UserError(self.env._("Goods that are owed are not changed."))
        if self.filtered(lambda line: line.liquor_is_rebate and line.state == "sale"):
            raise UserError(self.env._("The rebate of a confirmed order is not changed: cancel the order instead."))

    def _prepare_invoice_line(self, **optional_values):
        """Let the discount release what was accrued (2241.R), in the amount column of the same invoice.

        How much of it this invoice carries follows from the goods on it (``_liquor_share_out``).
        """
        values = super()._prepare_invoice_line(**optional_values)
        role = self._liquor_released_role()
        if role:
            accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
            values.update({"account_id": accounts[role].id, "quantity": 1.0, "price_unit": 0.0, "discount": 0.0})
        if self.liquor_settlement_id:
            values["analytic_distribution"] = self.liquor_settlement_id.sudo()._distribution()
        if self.order_id.liquor_kind == "goods_rebate":
            values["liquor_free_goods"] = not self.sudo()._liquor_goods_owed()
        return values

    def _liquor_released_role(self):
        """Part of our accounts that the discount of this line releases, or nothing."""
        paper = self._liquor_paper()
        return PAPERS[paper] if paper else "rebate_accrued" if self.liquor_is_rebate else None

    def _liquor_is_in_kind(self):
        """Lie they on an order that delivers goods that are owed? Then quantity and price are those of the decision."""
        return bool(self.order_id.order_line.sudo()._liquor_goods_owed())

    def _liquor_beside(self):
        """Of these, lines whose goods leave beside a paid order only, on its invoice (trade.md R4)."""
        return self._liquor_goods_owed()

    def _liquor_goods_owed(self):
        """Lines whose discount stands for goods that are owed; what else owes goods overrides and adds its own."""
        return self.filtered("liquor_settlement_id")
