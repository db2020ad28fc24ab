from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models

from ...engine.earnings.periods import period_of
from ...engine.policies import overlay
from ...engine.policies.eligibility import NOTHING
from ...engine.policies.uplift import Situation, holding


class Attack(NamedTuple):
    """A status of a territory; the deepest one that holds decides."""

    territory: int
    depth: int
    value: str
    first: date
    last: date | None


@dataclass(slots=True)
class Circumstances:
    """What is special for parties, places and days: plain data, read once for a whole batch."""

    overlays: dict = field(default_factory=dict)  # (policy, partner) -> overlays
    uplifts: dict = field(default_factory=dict)  # version -> uplifts
    lengths: dict = field(default_factory=dict)  # uplift -> month | quarter
    attacks: list = field(default_factory=list)
    performance: dict = field(default_factory=dict)  # (basis, measure, label, partner) -> (value, snapshot)
    order_days: dict = field(default_factory=dict)  # (basis, partner) -> first days with goods, in order

    def overlays_of(self, policy, partner, day):
        """Values of its own that a party has on a day."""
        own = self.overlays.get((policy, partner))
        return tuple(one for one in own if one.holds(day)) if own else ()

    def rule_of(self, rule, partner, day):
        """The rule for one party and the overlays in it; (None, overlays) when it is taken out."""
        own = self.overlays_of(rule.policy, partner, day)
        return (overlay.rule_of(rule, own), own) if own else (rule, own)

    def uplifts_of(self, rule, partner, situation):
        """Uplifts that hold, each with the snapshot it was read from: ((uplift, snapshot id or None), …)."""
        return tuple(
            (one, snapshot)
            for one in self.uplifts.get(rule.version, ())
            for at, snapshot in (self._for(one, rule, partner, situation),)
            if holding([one], at)
        )

    def _for(self, uplift, rule, partner, situation):
        if uplift.kind == "performance":
            length = self.lengths[uplift.key]
            label = period_of(before(situation.day, length), length).label
            value, snapshot = self.performance.get((rule.basis, rule.measure, label, partner), (None, None))
            return replace(situation, performance=value), snapshot
        if uplift.kind == "under_attack":
            return replace(situation, attacked=self._is_attacked(situation)), None
        if uplift.kind == "new_market" and uplift.orders:
            return replace(situation, nth_order=self._nth_order(rule.basis, partner, situation.day)), None
        return situation, None

    def _is_attacked(self, situation):
        holds = [
            one
            for one in self.attacks
            if one.territory in situation.territories
            and one.first <= situation.day
            and (not one.last or situation.day <= one.last)
        ]
        return bool(holds) and max(holds, key=lambda one: one.depth).value == "attacked"

    def _nth_order(self, basis, partner, day):
        days = {*self.order_days.get((basis, partner), ()), day}
        return sorted(days).index(day) + 1


def before(day, length):
    """The last day of the period before."""
    return fields.Date.subtract(period_of(day, length).start, days=1)


class LiquorPolicyCircumstances(models.AbstractModel):
    """Reads uplifts, overlays and what they look at, in a constant number of queries."""

    _name = "liquor.policy.circumstances"
    _description = "Circumstances of Policies"

    @api.model
    def _circumstances(self, company, versions, first, last, partner_ids=None, facts=()):
        """What is special between two days.

        :param partner_ids: only these parties; None = all
        :param facts: fact dicts of the batch, whose days count as orders although they may not be stored yet
        """
        found = Circumstances(
            overlays=self.env["liquor.policy.overlay"]._in_force(versions.policy_id, first, last, partner_ids)
        )
        uplifts = versions.filtered("is_uplifted").uplift_ids
        if uplifts:
            found.uplifts = {version.id: rows._to_engine() for version, rows in uplifts.grouped("version_id").items()}
            found.lengths = {one.id: one.metric_period for one in uplifts}
            kinds = set(uplifts.mapped("kind"))
            if "under_attack" in kinds:
                found.attacks = self._attacks(company, first, last)
            if "performance" in kinds:
                found.performance = self._performance(company, uplifts, first, last, partner_ids)
            if any(uplifts.mapped("orders")):
                found.order_days = self._order_days(company, uplifts, partner_ids, facts)
        return found

    def _attacks(self, company, first, last):
        rows = (
            self
            .env["liquor.territory.status"]
            .sudo()
            .search([
                ("company_id", "=", company.id),
                ("kind", "=", "under_attack"),
                ("date_start", "<=", last),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", first),
            ])
        )
        return [
            Attack(
                row.territory_id.id,
                row.territory_id.parent_path.count("/"),
                row.value,
                row.date_start,
                row.date_end or None,
            )
            for row in rows
        ]

    def _performance(self, company, uplifts, first, last, partner_ids):
        labels = set()
        for length in set(uplifts.filtered(lambda one: one.kind == "performance").mapped("metric_period")):
            day = last
            while day >= first:
                label_day = before(day, length)
                labels.add(period_of(label_day, length).label)
                day = label_day
            labels.add(period_of(before(first, length), length).label)
        return self.env["liquor.performance.snapshot"]._values(company, partner_ids, labels)

    def _order_days(self, company, uplifts, partner_ids, facts):
        most = max(uplifts.mapped("orders"))
        bases = sorted(set(uplifts.filtered("orders").version_id.mapped("basis")))
        days = {}
        for basis, partner, day in self.env["liquor.flow.fact"]._first_days(company, bases, partner_ids or (), most):
            days.setdefault((basis, partner), set()).add(day)
        for fact in facts:
            if fact["kind"] in bases:
                days.setdefault((fact["kind"], fact["partner_id"]), set()).add(fact["business_day"])
        return days

    @api.model
    def _situation(self, scope, move, partner_id, kind):
        """Situation of one fact and party."""
        span = self.env["liquor.fact.scope"]._live_role(scope, partner_id, (kind,), move.day)
        return Situation(
            move.day,
            product=move.product,
            categories=move.categories or NOTHING,
            territories=move.territories or NOTHING,
            started=span.first if span else None,
        )
