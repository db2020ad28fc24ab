import json

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.earnings.periods import period_of
from ...engine.policies import tiers

IN_STATEMENT = ("sent", "disputed", "confirmed")
APPROVED = ("approved", "posted")
PAID = ("paid", "closed")


class LiquorSettlementFigures(models.AbstractModel):
    """Figures of a distributor's page, and the workbook of a statement."""

    _name = "liquor.settlement.figures"
    _description = "Figures of Settlements"

    @api.model
    def _distributor_amounts(self, company, partner):
        """Return what a distributor is owed by stage, and what he carries: three queries.

        :return: accrued (not in a statement), in_statement, approved, paid, charged, rebate (usable), oldest_days
        """
        for name in ("liquor.earning", "liquor.settlement", "liquor.settlement.line", "liquor.rebate.account"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(s.state, 'open'), SUM(e.amount), MIN(e.business_day) FILTER (WHERE e.amount > 0)
                     FROM liquor_earning e
                LEFT JOIN liquor_settlement_line l ON l.earning_id = e.id AND l.live
                LEFT JOIN liquor_settlement s ON s.id = l.settlement_id AND s.state <> 'draft'
                    WHERE e.company_id = %s AND e.partner_id = %s
                      AND e.beneficiary_kind IN ('distributor', 'sub_distributor')
                      AND e.origin_model IS DISTINCT FROM 'liquor.expense' GROUP BY 1""",
                company.id,
                partner.id,
            )
        )
        charged, rebate = self._charged_and_rebate(company, partner)
        unpaid = [day for state, _amount, day in rows if state not in PAID and day]
        return {
            "accrued": sum(amount for state, amount, _day in rows if state == "open"),
            "in_statement": sum(amount for state, amount, _day in rows if state in IN_STATEMENT),
            "approved": sum(amount for state, amount, _day in rows if state in APPROVED),
            "paid": sum(amount for state, amount, _day in rows if state in PAID),
            "charged": charged,
            "rebate": rebate,
            "oldest_days": (today(company) - min(unpaid)).days if unpaid else 0,
        }

    def _charged_and_rebate(self, company, partner):
        return self.env.execute_query(
            SQL(
                """SELECT COALESCE((SELECT SUM(funder_amount) FROM liquor_earning
                                     WHERE company_id = %(company)s AND funder_id = %(partner)s), 0),
                          COALESCE((SELECT SUM(balance) FROM liquor_rebate_account
                                     WHERE company_id = %(company)s AND partner_id = %(partner)s), 0)""",
                company=company.id,
                partner=partner.id,
            )
        )[0]

    @api.model
    def _next_tiers(self, company, partner):
        """Return how far a distributor is from the next tier of each policy of this period, and what it is worth.

        Read from the trace of the latest line of each version: what he sees is what was computed.

        :return: list of {"policy", "missing", "rate", "gain" (None where it depends on what he will buy)}
        """
        day = today(company)
        found = []
        for earning in self._latest_tiered(company, partner):
            version, trace = earning.policy_version_id, json.loads(earning.trace or "{}")
            if trace.get("kind") == "tiered" and earning.component == period_of(day, version.period).label:
                step = self._next_tier(version, decimal(trace["base"]))
                found += [step] if step else []
        return found

    def _latest_tiered(self, company, partner):
        domain = [
            ("company_id", "=", company.id),
            ("partner_id", "=", partner.id),
            ("type", "in", ("earn", "rerate")),
            ("policy_version_id.policy_id.kind", "=", "tiered"),
        ]
        groups = self.env["liquor.earning"]._read_group(domain, ["policy_version_id"], ["id:max"])
        return self.env["liquor.earning"].browse([number for _version, number in groups])

    def _next_tier(self, version, base):
        table = version.tier_ids._to_engine()
        missing = tiers.missing_to_next(table, base)
        if not missing:
            return None
        gap, tier = missing
        gain = None
        if version.measure == "amount" or version.rate_kind != "percent":
            values = [tiers.evaluate(table, version.method, version.rate_kind, at).amount for at in (base, tier.lower)]
            gain = values[1] - values[0]
        return {
            "policy": version.policy_id.name,
            "missing": version._say_base(gap),
            "rate": version._say_rate(tier.rate),
            "gain": gain,
        }

    @api.model
    def _account_labels(self):
        """Return the names of the four accounts in the reader's language."""
        return {
            "goods": self.env._("Goods Account"),
            "rebate": self.env._("Rebates"),
            "expense": self.env._("Expenses"),
            "deposit": self.env._("Deposit"),
        }
