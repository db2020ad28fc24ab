from datetime import timedelta

from odoo import models

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.columns import columns

from ...engine.common.money import ZERO, decimal
from ...engine.earnings.periods import Period, period_of
from ...engine.partners.roles import PURCHASES
from ...engine.policies import conditions
from ...engine.policies.bases import Base, Surroundings, Term, sum_bases
from ...engine.policies.eligibility import Rule, in_measure
from ...engine.policies.uplift import add_months
from .flow_fact_proof import to_rows

NO_RETURNS = ("invoiced", "opened", "paid_in")
PART_OF = {"year": "quarter", "quarter": "month"}


class LiquorPolicyVersion(models.Model):
    """What parties have done in a period: every reading is one set-based sum, whatever the number of parties."""

    _inherit = "liquor.policy.version"

    def _bases(self, company, first, last, partners, by_day=False, live_until=None, rules=None):
        """Cumulative base of each version and beneficiary from ``first`` to ``last``: {(version id, partner id): Base}.

        :param by_day: keep sums by day, for the first order
        :param rules: rules of the engine by version where they are known already
        :param live_until: roles count that are in force until this day (a baseline counts for who is a party now)
        """
        rules = rules or self._to_rules()
        only = partners.ids if partners is not None else self._only_partners(rules)
        kinds = self[:1]._counted_kinds()
        rows = self.env["liquor.flow.fact"]._party_sums(company, kinds, first, last, only, by_day)
        products = {product for products in {row.products for row in rows} for product in products if product}
        changed = self._changed(company, only, kinds, first, last, bool(live_until))
        own = [one.row for rows_of_shop in changed.values() for one in rows_of_shop]
        products |= {product for row in own for product in row.products if product}
        around = self._around(company, [*rows, *own], products, first, live_until or last)
        around = around._replace(changed=_as_now(changed, around.live) if live_until else changed)
        return sum_bases(rows, self._terms(rules), around, set(only) if only is not None else None)

    def _changed(self, company, only, kinds, first, last, is_baseline):
        """What of the purchases of shops that changed between scans and reports counts: {shop id: ProvenRows}.

        A baseline is what a shop bought, whichever proof counted it then.
        """
        bases = PURCHASES if is_baseline else {self[:1].basis}
        proven = self._proven(company, only, first, last)
        return {shop: list(to_rows(own, bases, kinds, first, last).values()) for shop, own in proven.items()}

    def _proven(self, company, only, first, last):
        """Purchases of shops that changed between scans and reports, where one of these versions pays for such."""
        if self[:1].basis not in PURCHASES or "terminal" not in self.policy_id.mapped("beneficiary_kind"):
            return {}
        return self.env["liquor.flow.fact"]._proven(company, only, last, since=first)

    def _around(self, company, rows, products, first, last):
        """Return what rules ask about the parties and things of sums of facts: a constant number of queries.

        :param rows: FactSum or PartySum
        :param products: ids of their products
        """
        scope = self.env["liquor.fact.scope"]._scope(
            company,
            products,
            {row.territory for row in rows if row.territory},
            {partner for row in rows for partner in (row.partner, row.counterparty) if partner},
            first,
            last,
        )
        live = {(span.kind, partner): span.terminal_kind for partner, own in scope.roles.items() for span in own}
        shops = {partner: [span for span in own if span.kind == "terminal"] for partner, own in scope.roles.items()}
        return Surroundings(scope.products, scope.territories, live, shops)

    def _counted_kinds(self):
        """Return the kinds of facts that these terms add up."""
        returns = self.count_returns and self.basis not in NO_RETURNS
        return [self.basis, "returned"] if returns else [self.basis]

    def _only_partners(self, rules):
        """Ids of those whom these versions name; None where one of them is for everybody."""
        named = [rules[key].partners for key in self._ids]
        return list(frozenset().union(*named)) if all(named) else None

    def _terms(self, rules):
        """Terms of the engine. A rule that counts bottles or cases does not ask for the currency of a fact."""
        conditions = self.env["liquor.policy.condition"]
        for key, (currency, own) in zip(self._ids, columns(self, "currency_id", "condition_ids"), strict=True):
            rule = rules[key]
            in_money = rule.measure == "amount" or rule.rate_kind == "percent"
            yield Term(rule, currency if in_money else None, conditions.browse(own)._to_lists() if own else ())

    def _done(self, company, period, until, partners, bases, keys):
        """What the engine judges, for every (version id, partner id) of ``keys``.

        :param bases: what was counted so far
        :return: {(version id, partner id): engine Base}
        """
        last_year = self._baselines(company, period, until, partners)
        parts = self._parts(company, period, until, partners)
        first = self._first_orders(company, period, until, partners)
        targets = self._targets(company, period, {partner for _version, partner in keys})
        checks = self._checks(company, period, partners)
        ended = until >= period.end and period.end < today(company)
        by_id = {version.id: version for version in self}
        return {
            key: by_id[key[0]]._done_of(
                bases.get(key, Base()),
                last_year.get(key),
                target=targets.get(key),
                first=first[key].first() if key in first else None,
                parts=[part[key].measure if key in part else ZERO for part in parts],
                checks=checks.get((key[1], period.label), frozenset()),
                ended=ended,
            )
            for key in keys
        }

    def _done_of(self, base, last_year, **more):
        baseline, baseline_paid_on = None, None
        if self.kind == "growth":
            baseline, baseline_paid_on = self._baseline(last_year or Base())
        return conditions.Base(
            base.measure,
            base.paid_on,
            baseline=baseline,
            baseline_paid_on=baseline_paid_on,
            lists=base.lists,
            **more,
        )

    def _baseline(self, last_year):
        """Baseline and what was paid on then; a lowest baseline in cases has no amount of its own."""
        minimum = decimal(self.baseline_minimum)
        if last_year.measure >= minimum:
            return last_year.measure, last_year.paid_on
        return minimum, minimum if (self.measure == "amount") == (self.rate_kind == "percent") else last_year.paid_on

    def _baselines(self, company, period, until, partners):
        """The same time of the year before, for growth."""
        growing = self._of_kind("growth")
        if not growing or period.label == "whole":
            return {}
        first, last = add_months(period.start, -12), add_months(until, -12)
        if until == period_of(until, self[:1].period).end:
            # the whole of it: also when one February has a day more than the other
            last = period_of(last, self[:1].period).end
        return growing._bases(company, first, last, partners, live_until=until)

    def _parts(self, company, period, until, partners):
        """Bases of each part of the period, for conditions on parts, once the period is over."""
        parted = self._with_condition("each_part")
        length = PART_OF.get(self[:1].period)
        if not parted or not length or until < period.end:
            return []
        return [parted._bases(company, part.start, part.end, partners) for part in parts_of(period, length)]

    def _first_orders(self, company, period, until, partners):
        asked = self._with_condition("first_order")
        return asked._bases(company, period.start, until, partners, by_day=True) if asked else {}

    def _targets(self, company, period, partner_ids):
        """Targets of accepted agreements: {(version id, partner id): Decimal in the version's measure}."""
        asked = self._of_kind("target") | self._with_condition("target_rate")
        asked |= self.condition_ids.filtered("of_target").version_id
        return asked._agreed_targets(company, period, partner_ids) if asked else {}

    def _agreed_targets(self, company, period, partner_ids):
        """Targets as agreements say them: the room of the contracts gives them."""
        return {}

    def _of_kind(self, kind):
        """Those of these versions whose policy is of this kind."""
        return self.browse(key for key, own in zip(self._ids, self._kinds(), strict=True) if own == kind)

    def _with_condition(self, kind):
        """Those of these versions that have a condition of this kind."""
        return self.condition_ids.filtered(lambda condition: condition.kind == kind).version_id

    def _checks(self, company, period, partners):
        asked = self._with_condition("check")
        if not asked:
            return {}
        only = partners.ids if partners is not None else None
        return self.env["liquor.policy.check"]._passed(company, [period.label], only)

    def _measure_by_partner(self, company, basis, measure, period):
        """What each party did in a period, unscoped: {partner id: Decimal}."""
        rows = self.env["liquor.flow.fact"]._sums(company, [basis], period.start, period.end)
        products = self.env["liquor.fact.scope"]._products({row.product for row in rows if row.product})
        rule = Rule(0, 0, basis, "", period.start, None, measure=measure)
        done = {}
        for row in rows:
            per_case = products.get(row.product, (1,))[0]
            quantity = in_measure(rule, decimal(row.bottles), decimal(row.amount), per_case)
            for partner in {row.partner, row.counterparty} - {None}:
                done[partner] = done.get(partner, ZERO) + quantity
        return done


def parts_of(period: Period, length: str) -> list[Period]:
    """Parts of a period, cut to it: the quarters of a year."""
    found, day = [], period.start
    while day <= period.end:
        part = period_of(day, length, period.start, period.end)
        found.append(part)
        day = part.end + timedelta(days=1)
    return found


def _as_now(changed, live):
    """A baseline is of the party as it is now: the kind of shop that it was then keeps nothing out."""
    return {
        shop: [one._replace(shop_kind=live.get(("terminal", shop))) for one in rows] for shop, rows in changed.items()
    }
