from odoo import fields, models

from odoo.addons.liquor_member.tools.business_day import business_day

from ...engine.common.money import ZERO, decimal
from ...engine.funds.provider_bill import use_number


class LiquorBenefitClaim(models.Model):
    _inherit = "liquor.benefit.claim"

    provider_line_ids = fields.One2many(
        "liquor.provider.bill.line",
        "claim_id",
        "Rows of Bills",
        readonly=True,
        groups="liquor_channel.group_finance",
    )
    provider_use_number = fields.Char("Use Number", compute="_compute_provider_use_number")

    def _compute_provider_use_number(self):
        for claim in self:
            claim.provider_use_number = use_number(claim.id) if claim.benefit_id.sudo().provider_id else False

    def _post_funding(self):
        """Split the cost of what was handed over: the brand's part and the distributor's, who agreed to it (C52).

        One row is written and no fund is touched here: shops hand out gifts at the same moment; the accrual run
        takes the day's sum from the fund.
        """
        result = super()._post_funding()
        rows = [claim._prepare_funding() for claim in self.sudo() if claim.cost]
        if rows:
            self.env["liquor.benefit.funding"].sudo()._post(rows)
        return result

    def _prepare_funding(self):
        day = business_day(self.company_id, self.redeemed_at)
        distributor = self._supplier(day)
        line = self.env["liquor.agreement.line"]
        if distributor:
            line = line._for_benefit(self.company_id, distributor, self.benefit_id.product_id, day)
        carried = self._carried(line)
        return {
            "company_id": self.company_id.id,
            "claim_id": self.id,
            "program_id": self.member_id.program_id.id,
            "fund_id": self.member_id.program_id.fund_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.cost,
            "funder_id": distributor.id if carried else None,
            "funder_amount": float(carried),
            "agreement_id": line.agreement_id.id if carried else None,
            "event_time": self.redeemed_at,
            "origin_model": self._name,
            "origin_id": self.id,
            "reason": self.benefit_id.name,
            "idempotency_key": f"benefit/{self.id}",
        }

    def _supplier(self, day):
        """Who supplies the shop that handed it over, for the goods of the benefit or for everything."""
        product = self.benefit_id.product_id
        wanted = (self.shop_id.id, product.id, day)
        assignments = self.env["liquor.channel.assignment"].sudo()
        if product:
            return assignments._distributors([wanted], self.company_id).get(wanted, self.env["res.partner"])
        lines = assignments._between([self.shop_id.id], day, day, self.company_id)
        found = lines._nearest([False], day)
        return found.distributor_id if found else self.env["res.partner"]

    def _carried(self, line):
        """His share of the cost, within the cap of his line."""
        if not line:
            return ZERO
        carried = line._carried_of(decimal(self.cost), decimal(1), self.currency_id.decimal_places)
        caps = {line._cap_key(): decimal(line.cap_amount)} if line.cap_amount else {}
        counters = self.env["liquor.cap.counter"].sudo()
        return counters._grant(self.company_id, [(line._cap_key(), carried)], caps)[0]
