from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.contracts.targets import COUNTING_KINDS

DISTRIBUTORS = ("distributor", "sub_distributor")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        """Refuse what no contract covers, and take what is ordered from its quota."""
        self._liquor_check_contract()
        result = super()._action_confirm()
        self._liquor_sync_quota()
        for line, (_price, ladder) in self._liquor_goods()._liquor_ladders().items():
            line.sudo().liquor_ladder_id = ladder
        return result

    def _action_cancel(self):
        """Give back the quota."""
        result = super()._action_cancel()
        self._liquor_sync_quota()
        return result

    def _liquor_goods(self):
        """Lines of goods: no rebate, no section, no service."""
        return self.order_line.filtered(
            lambda line: line.product_id.type == "consu" and not line.display_type and not line.liquor_is_rebate
        )

    # --- rights ----------------------------------------------------------------------------------------------

    def _liquor_check_contract(self):
        """Refuse products that the distributor may not order for his territory (trade.md: order kinds).

        :raises UserError: naming the products, the territory and what to do
        """
        covered = self._liquor_rights()
        for order in self:
            lines = [line for line in order._liquor_goods() if line in covered and not covered[line]]
            if lines:
                raise UserError(order._explain_uncovered(lines))

    def _explain_uncovered(self, lines):
        role = self._liquor_distributor_roles().get((self.company_id, self.partner_id.commercial_partner_id))
        return self.env._(
            "%(partner)s has no contract for %(products)s in %(territory)s.\n"
            "Take these lines off the order, or have the products and the territory signed in a contract.",
            partner=self.partner_id.commercial_partner_id.name,
            products=", ".join(dict.fromkeys(line.product_id.display_name for line in lines)),
            territory=role.territory_id.display_name or self.env._("any territory") if role else "",
        )

    def _liquor_rights(self):
        """The right that covers each line of goods of a distributor: {line: right or empty record}.

        Lines that need none are left out. A constant number of queries for any number of orders of one company.
        """
        roles = self._liquor_distributor_roles()
        found = {}
        for company, orders in self.grouped("company_id").items():
            coverage = self.env["liquor.agreement.right"]._coverage(
                company, orders.partner_id.commercial_partner_id, today(company)
            )
            for order in orders:
                partner = order.partner_id.commercial_partner_id
                role = roles.get((company, partner))
                for line in order._liquor_goods() if role else ():
                    if coverage.needs_right(partner, line.product_id):
                        found[line] = coverage.right_of(partner, line.product_id, role.territory_id)
        return found

    def _liquor_distributor_roles(self):
        """{(company, partner): live role of a distributor}, one query."""
        roles = self.env["liquor.channel.role"].sudo().search([
            ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
            ("company_id", "in", self.company_id.ids),
            ("kind", "in", DISTRIBUTORS),
            ("state", "not in", ("candidate", "ended")),
        ])  # fmt: skip
        return {(role.company_id, role.partner_id): role for role in roles}

    # --- quota -----------------------------------------------------------------------------------------------

    def _liquor_sync_quota(self):
        """Let the counters of quotas say what confirmed lines order; kinds that do not count take nothing.

        The counter row is locked, so two orders at once cannot take the same bottles.

        :raises UserError: the quota does not hold that much
        """
        lines = self._liquor_goods()
        confirmed = self.filtered(lambda order: order.state == "sale" and order.liquor_kind in COUNTING_KINDS)
        rights = confirmed._liquor_rights()
        for company, own in lines.grouped("company_id").items():
            wanted, back = own._liquor_quota_changes(rights)
            counters = self.env["liquor.cap.counter"].sudo()
            if back:
                counters._give_back(company, back)
            if wanted:
                caps = {right._quota_key(): Decimal(right.quota_bottles) for right, _bottles in wanted}
                granted = counters._grant(company, [(right._quota_key(), bottles) for right, bottles in wanted], caps)
                self._check_granted(wanted, granted)

    def _check_granted(self, wanted, granted):
        for (right, bottles), given in zip(wanted, granted, strict=True):
            if given < bottles:
                raise UserError(
                    self.env._(
                        "The quota of %(right)s holds %(left)s more bottles, %(wanted)s were ordered. "
                        "Order less, or have a higher quota signed.",
                        right=right.display_name,
                        left=f"{given:g}",
                        wanted=f"{bottles:g}",
                    )
                )

    # --- rebate (R2) -----------------------------------------------------------------------------------------

    def _liquor_rebate_goods(self):
        """Lines on which rebate may be used: of the families that the company names, and no quota wine."""
        lines = super()._liquor_rebate_goods()
        takes = self._liquor_rebate_products(self.company_id, lines.product_id)
        return lines.filtered(lambda line: line.product_id in takes)

    @api.model
    def _liquor_rebate_products(self, company, products):
        """Return those of the products on which a company lets rebate be used."""
        families = set(company.liquor_rebate_category_ids.ids)
        path_of = self.env["liquor.channel.assignment"]._category_path
        return products.filtered(
            lambda product: not product.liquor_is_quota and (not families or families & set(path_of(product.categ_id)))
        )


def bottles_of(line, quantity):
    """Bottles of a quantity in the unit of a line, in the product's own unit."""
    return decimal(line.product_uom_id._compute_quantity(quantity, line.product_id.uom_id, round=False))
