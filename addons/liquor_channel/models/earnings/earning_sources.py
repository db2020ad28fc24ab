import json
from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models

from ...engine.earnings.periods import period_of
from ...engine.partners.roles import PURCHASES
from ...engine.policies.bases import counted, counted_of_changed
from .flow_fact_proof import to_rows


class Sources(NamedTuple):
    """A page of the facts behind an earning, with number and sums of all of them."""

    facts: list
    count: int
    bottles: float
    amount: float


class LiquorEarning(models.Model):
    """From an amount down to what it was earned by: scans, order and invoice lines, reported rows, payments, claims."""

    _inherit = "liquor.earning"

    def _sources(self, limit=None, offset=0):
        """Return the facts behind one earning, the newest first: as many queries for one as for 10,000.

        An earning per unit has the one movement that it paid for; one of a period has all that were counted up to
        its day, as far as they are still proven; one of a claim or contract has none: see ``_paper``.

        :return: Sources
        """
        self.ensure_one()
        earning = self.sudo()
        version = earning.policy_version_id
        if (earning.fact_key or "").startswith("period/") and version:
            return earning._period_sources(version, limit, offset)
        facts = earning._paid_facts() if version and earning.origin_model and earning.origin_id else []
        sums = (sum(fact[name] for fact in facts) for name in ("bottles", "amount"))
        return Sources(facts[offset:][:limit], len(facts), *sums)

    def _paid_facts(self):
        """Return the one movement that an earning per unit paid for; nothing where it was taken back since."""
        domain = [
            ("source_model", "=", self.origin_model),
            ("source_id", "=", self.origin_id),
            ("company_id", "=", self.company_id.id),
        ]
        facts = self.env["liquor.flow.fact"]._facts(domain)
        facts = [fact for fact in facts if fact["key"] == self.fact_key] or facts
        return self._parts_that_count(facts)

    def _parts_that_count(self, facts):
        """Of a shop that changed between scans and reports: the part of a purchase that its proof counts."""
        if self.beneficiary_kind != "terminal" or not {fact["kind"] for fact in facts} & PURCHASES:
            return facts
        proven = self.env["liquor.flow.fact"].sudo()._proven(self.company_id, self.partner_id.ids, more=facts)
        own = proven.get(self.partner_id.id)
        return [_as_shown(own, fact) if own and fact["key"] in own.facts else fact for fact in facts]

    def _period_sources(self, version, limit, offset):
        """Return the facts that a cumulative version counted for the partner, up to the day of this line."""
        trace = json.loads(self.trace or "{}")
        until = fields.Date.to_date(trace.get("until")) or self.business_day
        period = period_of(until, version.period, version.date_start, version.date_end or None)
        facts, partner = self.env["liquor.flow.fact"].sudo(), self.partner_id.id
        days = (version._counted_kinds(), period.start, until)
        rows = facts._sums(self.company_id, *days, partner_ids=[partner])
        products = {row.product for row in rows if row.product}
        around = version._around(self.company_id, rows, products, period.start, until)
        term = next(iter(version._terms(version._to_rules())))
        own = version._proven(self.company_id, [partner], period.start, until).get(partner)
        if own:
            return _page_of_changed(own, days, version.basis, term, around, partner, limit, offset)
        mine = [row for row, counts in zip(rows, counted(rows, term, around, partner), strict=True) if counts]
        return Sources(
            facts._page_of(self.company_id, *days, mine, limit, offset),
            sum(row.facts for row in mine),
            float(sum(Decimal(row.bottles) for row in mine)),
            float(sum(Decimal(row.amount) for row in mine)),
        )

    def _paper(self):
        """Return (model, id) of the claim or contract that an earning came by, or None: movements have none."""
        self.ensure_one()
        earning = self.sudo()
        if earning.policy_version_id or not earning.origin_model or earning.origin_model not in self.env:
            return None
        return earning.origin_model, earning.origin_id


def _page_of_changed(own, days, basis, term, around, partner, limit, offset):
    """Facts of a shop that changed between scans and reports, as far as its proof counts them."""
    rows = to_rows(own, {basis}, *days)
    counts = counted_of_changed(term, around._replace(changed={partner: list(rows.values())}), partner)
    keys = [key for key, counted_here in zip(rows, counts, strict=True) if counted_here]
    found = sorted(
        (_as_shown(own, own.facts[key]) for key in keys),
        key=lambda fact: (fact["business_day"], fact["event_time"], fact["key"]),
        reverse=True,
    )
    sums = (sum(fact[name] for fact in found) for name in ("bottles", "amount"))
    return Sources(found[offset:][:limit], len(found), *sums)


def _as_shown(own, fact):
    counted_part = own.counted(fact["key"])
    return {**fact, **{name: float(counted_part[name] or 0) for name in ("bottles", "amount")}}
