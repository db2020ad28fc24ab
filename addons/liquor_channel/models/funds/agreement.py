import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import ZERO, decimal
from ...engine.funds import sources

#: months a forecast looks back
PAST_MONTHS = 3


class LiquorAgreement(models.Model):
    _inherit = "liquor.agreement"

    source_ids = fields.One2many("liquor.agreement.source", "agreement_id", "Sources", copy=True)
    charge_mode = fields.Selection(
        [("contra", "Set off, no tax (pass-through)"), ("service", "Debit note for a service, with tax")],
        required=True,
        default="contra",
        tracking=True,
        help="How what is charged through his account is booked; an adviser signs off (channel.md Acc-5 4).",
    )
    charge_tax_id = fields.Many2one(
        "account.tax",
        "Tax of the Service",
        ondelete="restrict",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
    )
    forecast_mean = fields.Monetary("Expected a Month", compute="_compute_forecast", compute_sudo=True)
    forecast_most = fields.Monetary("At Most a Month", compute="_compute_forecast", compute_sudo=True)

    _service_has_tax = models.Constraint(
        "CHECK (charge_mode <> 'service' OR charge_tax_id IS NOT NULL)", "A service is charged with its tax."
    )

    @api.constrains("charge_tax_id")
    def _check_charge_tax(self):
        """A tax without an account would be booked on the share's own account."""
        for agreement in self:
            parts = agreement.charge_tax_id.invoice_repartition_line_ids
            if parts.filtered(lambda part: part.repartition_type == "tax" and not part.account_id):
                raise ValidationError(self.env._("The tax of the service needs an account."))

    def _compute_forecast(self):
        """Next month's share as the last three months say: what he would have carried under these lines (R5)."""
        for agreement in self:
            mean, most = agreement._forecast()
            agreement.forecast_mean, agreement.forecast_most = float(mean), float(most)

    def _forecast(self):
        """Return (mean, highest) share of the last months, as Decimal; (0, 0) where his shops earned nothing."""
        caps = [decimal(line.cap_amount) for line in self.line_ids]
        cap = sum(caps, ZERO) if caps and all(caps) else None
        return sources.forecast(self._past_months(), cap)

    def _past_months(self):
        """What his shops earned under each line in each past month: one query for the earnings, one for the path."""
        if not self.line_ids or not self.distributor_id:
            return []
        first = today(self.company_id).replace(day=1) - relativedelta(months=PAST_MONTHS)
        sums = {}
        for month, policy, category_path, amount, bottles in self._earned_by_shops(first):
            line = self._line_for(policy, category_path)
            earned, carried = sums.get(month, (ZERO, ZERO))
            part = line._carried_of(decimal(amount), decimal(bottles)) if line else ZERO
            sums[month] = (earned + decimal(amount), carried + part)
        months = [sums.get(first + relativedelta(months=number), (ZERO, ZERO)) for number in range(PAST_MONTHS)]
        return [sources.Month(earned, max(carried, ZERO)) for earned, carried in months]

    def _earned_by_shops(self, first):
        """Rows (first day of the month, policy id, category path, amount, bottles) of the shops that he supplies."""
        self.env["liquor.earning"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT date_trunc('month', earning.business_day)::date, version.policy_id, category.parent_path,
                          SUM(earning.amount), SUM(COALESCE(earning.bottles, 0))
                     FROM liquor_earning earning
                     JOIN liquor_policy_version version ON version.id = earning.policy_version_id
                     LEFT JOIN product_product product ON product.id = earning.product_id
                     LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                     LEFT JOIN product_category category ON category.id = template.categ_id
                    WHERE earning.company_id = %(company)s AND earning.currency_id = %(currency)s
                      AND earning.business_day >= %(first)s AND earning.business_day < %(last)s
                      AND earning.beneficiary_kind IN ('terminal', 'guide', 'waiter')
                      AND EXISTS (SELECT FROM liquor_channel_assignment supply
                                   WHERE supply.terminal_id = earning.partner_id
                                     AND supply.distributor_id = %(distributor)s AND supply.company_id = %(company)s
                                     AND supply.date_start <= earning.business_day
                                     AND COALESCE(supply.date_end, 'infinity') >= earning.business_day)
                 GROUP BY 1, 2, 3""",
                company=self.company_id.id,
                currency=self.currency_id.id,
                distributor=self.distributor_id.id,
                first=first,
                last=first + relativedelta(months=PAST_MONTHS),
            )
        )

    def _line_for(self, policy, category_path):
        """The line that would hold, chosen as for real earnings; None without one."""
        lines = self.line_ids.filtered(lambda line: line.subject == "rewards")
        own = lines.filtered(lambda line: line.policy_id.id == policy)
        if own:
            return own[0]
        path = [*reversed([int(step) for step in (category_path or "").split("/") if step]), False]
        general = {line.category_id.id: line for line in lines if not line.policy_id}
        return next((general[category] for category in path if category in general), None)

    def _content(self):
        """What the party reads and accepts names the sources, the way of charging and what each share is of."""
        content = json.loads(super()._content())
        content["charge"] = (
            self.charge_mode if not self.charge_tax_id else f"{self.charge_mode} {self.charge_tax_id.name}"
        )
        content["sources"] = [
            {"kind": source.kind, "per_case": f"{source.per_case:.2f}"}
            for source in self.source_ids.sorted(lambda source: (source.sequence, source.id))
        ]
        content["subjects"] = [line.subject for line in self.line_ids]
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    def _charging(self, company, distributor):
        """The accepted agreement by which a distributor's share is charged now: the newest that names sources."""
        day = today(company)
        found = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "co_funding"),
                ("distributor_id", "=", distributor.id),
                ("state", "in", ("accepted", "ended")),
                ("source_ids", "!=", False),
                ("date_start", "<=", day),
            ],
            order="accepted_at desc, id desc",
            limit=1,
        )
        return found

    def _source(self, kind):
        return self.source_ids.filtered(lambda source: source.kind == kind)[:1]
