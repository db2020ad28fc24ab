from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.liquor_member.tools.business_day import business_day, today

from .sale_order import bottles_of

DECIDED = {"liquor_quota_right_id", "liquor_quota_bottles", "liquor_ladder_id"}
ORDERED = {"product_id", "product_uom_qty", "product_uom_id"}
#: role of the customer -> the rung of the price ladder that he buys at
RUNG_OF = {"distributor": "factory", "sub_distributor": "terminal", "terminal": "terminal"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_ladder_id = fields.Many2one(
        "liquor.price.ladder",
        readonly=True,
        copy=False,
        ondelete="restrict",
        string="Price Ladder",
        help="In force for this customer when the order was confirmed.",
    )
    liquor_quota_right_id = fields.Many2one(
        "liquor.agreement.right", readonly=True, copy=False, ondelete="restrict", string="Quota"
    )
    liquor_quota_bottles = fields.Float(digits=(16, 2), readonly=True, copy=False, string="Taken From the Quota")

    @api.model_create_multi
    def create(self, vals_list):
        """Lines added to a confirmed order are checked as those that it was confirmed with."""
        lines = super().create([
            {name: value for name, value in vals.items() if name not in DECIDED} for vals in vals_list
        ])
        lines._liquor_recheck()
        return lines

    def write(self, vals):
        if not self.env.su and DECIDED & vals.keys():
            raise AccessError(self.env._("Quota and ladder of a line follow from its order."))
        result = super().write(vals)
        if ORDERED & vals.keys():
            self._liquor_recheck()
        return result

    def _liquor_recheck(self):
        orders = self.order_id.filtered(lambda order: order.state == "sale")
        if orders:
            orders._liquor_check_contract()
            orders._liquor_sync_quota()

    @api.ondelete(at_uninstall=False)
    def _unlink_give_back_quota(self):
        taken = self.filtered("liquor_quota_bottles")
        for company, lines in taken.grouped("company_id").items():
            sums = {}
            for line in lines:
                key = line.liquor_quota_right_id._quota_key()
                sums[key] = sums.get(key, 0) + Decimal(str(line.liquor_quota_bottles)) - line._liquor_quota_kept()
            self.env["liquor.cap.counter"].sudo()._give_back(company, sums)

    def _liquor_quota_changes(self, rights):
        """What these lines take from quotas and give back, against what they took before; they note the new state.

        :param rights: {line: right}; a line that is missing takes nothing
        :return: ([(right, bottles)], {counter key: bottles given back})
        """
        wanted, back = [], {}
        for line in self:
            right, bottles = line._liquor_quota_wanted(rights)
            before, taken = line.liquor_quota_right_id, Decimal(str(line.liquor_quota_bottles))
            if (right, bottles) == (before, taken):
                continue
            if before == right and bottles > taken:
                wanted.append((right, bottles - taken))
            else:
                if taken:
                    left = bottles if before == right else Decimal(0)
                    back[before._quota_key()] = back.get(before._quota_key(), Decimal(0)) + taken - left
                if before != right and bottles:
                    wanted.append((right, bottles))
            line.sudo().write({"liquor_quota_right_id": right.id, "liquor_quota_bottles": float(bottles)})
        return wanted, back

    def _liquor_quota_wanted(self, rights):
        """Return (right, bottles) of the quota that this line takes: a cancelled order keeps what was delivered."""
        kept = self._liquor_quota_kept()
        if kept:
            return self.liquor_quota_right_id, kept
        right = rights.get(self)
        if not right or not right.quota_bottles:
            return self.env["liquor.agreement.right"], Decimal(0)
        return right, bottles_of(self, self.product_uom_qty)

    def _liquor_quota_kept(self):
        """Bottles of its quota that a cancelled order has delivered; 0 for every other."""
        if self.order_id.state != "cancel":
            return Decimal(0)
        delivered = max(bottles_of(self, self.qty_delivered), Decimal(0))
        return min(delivered, Decimal(str(self.liquor_quota_bottles)))

    # --- price -----------------------------------------------------------------------------------------------

    @api.depends("product_id", "product_uom_id", "product_uom_qty")
    def _compute_price_unit(self):
        """Price by the ladder of the day, the customer's territory and his rung; typed prices stay."""
        priced = self._liquor_ladder_prices()
        result = super()._compute_price_unit()
        for line, (price, _ladder) in priced.items():
            line.update({"price_unit": price, "technical_price_unit": price})
        return result

    def _liquor_ladder_prices(self):
        """{line: (price of its unit, ladder)} of lines whose price is not typed."""
        forced = self.env.context.get("force_price_recomputation")
        lines = self.filtered(
            lambda line: (
                line.order_id.partner_id
                and line.product_id.type == "consu"
                and not line.liquor_is_rebate
                and not line.is_downpayment
                and not line.qty_invoiced
                and (forced or not line.currency_id.compare_amounts(line.technical_price_unit, line.price_unit))
            )
        )
        return lines._liquor_ladders()

    def _liquor_ladders(self):
        """{line: (price of its unit, ladder)} by the ladders in force, in three queries a company and day."""
        found = {}
        for (company, day), own in self.grouped(lambda line: line._liquor_price_day()).items():
            found.update(own._liquor_prices_on(company, day))
        return found

    def _liquor_price_day(self):
        company = self.order_id.company_id
        moment = self.order_id.date_order
        return company, business_day(company, moment) if moment else today(company)

    def _liquor_prices_on(self, company, day):
        partners = self.order_id.partner_id.commercial_partner_id
        roles = self.env["liquor.channel.role"].sudo()._live(partners, list(RUNG_OF), day, company)
        by_partner = {role.partner_id: role for role in roles.sorted("id", reverse=True)}
        ladders = self.env["liquor.price.ladder"].sudo()._ladders(company, self.product_id, roles.territory_id, day)
        found = {}
        for line in self:
            role = by_partner.get(line.order_id.partner_id.commercial_partner_id)
            if not role:
                continue
            ladder = ladders.get((line.product_id.id, role.territory_id.id))
            price = ladder._rung(RUNG_OF[role.kind]) if ladder else 0.0
            if price:
                price = ladder.currency_id._convert(price, line.currency_id, company, day, round=False)
                price = line.product_id.uom_id._compute_price(price, line.product_uom_id or line.product_id.uom_id)
                found[line] = (price, ladder)
        return found
