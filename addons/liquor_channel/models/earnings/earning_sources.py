import json

from odoo import fields, models

from ...engine.earnings.periods import period_of
from ...engine.policies.bases import FactSum, counted

#: most facts of a period that are read for one figure; the newest of them
MOST_FACTS = 5_000


class LiquorEarning(models.Model):
    """From an amount down to what it was earned by: scans, order and invoice lines, reported rows, payments, claims."""

    _inherit = "liquor.earning"

    def _sources(self):
        """Return the facts behind one earning, the newest first, in a constant number of queries.

        An earning per unit has the one movement that it paid for; one of a period has all that were counted up to
        its day, as far as they are still proven; one of a claim or contract has none: see ``_paper``.

        :return: list of fact dicts (see architecture, "A fact")
        """
        self.ensure_one()
        earning = self.sudo()
        version = earning.policy_version_id
        if (earning.fact_key or "").startswith("period/") and version:
            return earning._period_facts(version)
        if not version or not earning.origin_model or not earning.origin_id:
            return []
        domain = [
            ("source_model", "=", earning.origin_model),
            ("source_id", "=", earning.origin_id),
            ("company_id", "=", earning.company_id.id),
        ]
        facts = self.env["liquor.flow.fact"]._facts(domain)
        return [fact for fact in facts if fact["key"] == earning.fact_key] or facts

    def _period_facts(self, version):
        """Return the facts that a cumulative version counted for the partner, up to the day of this line."""
        trace = json.loads(self.trace or "{}")
        until = fields.Date.to_date(trace.get("until")) or self.business_day
        period = period_of(until, version.period, version.date_start, version.date_end or None)
        partner = self.partner_id.id
        facts = (
            self
            .env["liquor.flow.fact"]
            .sudo()
            .search_read(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind", "in", version._counted_kinds()),
                    ("business_day", ">=", period.start),
                    ("business_day", "<=", until),
                    "|",
                    ("partner_id", "=", partner),
                    ("counterparty_id", "=", partner),
                ],
                limit=MOST_FACTS,
                load=None,
            )
        )
        rows = [_sum_of(fact) for fact in facts]
        around = version._around(self.company_id, rows, period.start, until)
        term = next(iter(version._terms()))
        return [fact for fact, mine in zip(facts, counted(rows, term, around, partner), strict=True) if mine]

    def _paper(self):
        """Return (model, id) of the claim or contract that an earning came by, or None: movements have none."""
        self.ensure_one()
        earning = self.sudo()
        if earning.policy_version_id or not earning.origin_model or earning.origin_model not in self.env:
            return None
        return earning.origin_model, earning.origin_id


def _sum_of(fact):
    return FactSum(
        partner=fact["partner_id"] or None,
        counterparty=fact["counterparty_id"] or None,
        product=fact["product_id"] or None,
        territory=fact["territory_id"] or None,
        purpose=fact["purpose"] or None,
        currency=fact["currency_id"] or None,
        bottles=str(fact["bottles"]),
        amount=str(fact["amount"]),
        facts=1,
    )
