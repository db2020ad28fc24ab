from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import models

from ...engine.common.money import ZERO, decimal, split
from ...engine.earnings.periods import period_of
from ...engine.policies.per_unit import within_caps
from ...engine.simulation.compare import Outcome, Share, Side, compare, top_rate
from ..policies.policy_version import PAYING
from ..policies.version_terms import CUMULATIVE
from .policy_forecast_per_unit import DISTRIBUTORS


@dataclass(slots=True)
class Ledger:
    """What is booked for a party, and who carried how much of it."""

    amount: object = ZERO
    carried: object = ZERO
    agreement: int | None = None


@dataclass(slots=True)
class Forecast:
    """Outcomes of a draft against what is in force, from ``first`` to ``last``; nothing of it is stored."""

    first: date
    last: date
    outcomes: list[Outcome] = field(default_factory=list)
    booked: dict = field(default_factory=dict)  # partner -> Ledger
    shares: dict = field(default_factory=dict)  # partner -> Share


class LiquorPolicyVersion(models.Model):
    """What a version would have given beside what the versions in force give: reads only, writes nothing."""

    _inherit = "liquor.policy.version"

    def _forecast(self, company, first, last):
        """Compare this version with those in force, as if it had been the policy's only one.

        The number of queries depends on the number of versions and periods, not on that of parties or facts.

        :param first: business day; what is compared begins with the period that contains it
        :param last: business day; what is booked behind it in the same period counts too
        :return: Forecast
        """
        self.ensure_one()
        own = self.sudo()
        first = own._first_compared(first, last)
        living = own._in_force_between(first, last)
        forecast = Forecast(first, last)
        if own.kind in CUMULATIVE:
            old, new = own._both_worlds(company, living, forecast)
            own._note_booked(forecast, old)
            sides = [own._sides_of(company, claims) for claims in (old, new)]
            suppliers = own._suppliers_of(old + new)
        else:
            *sides, suppliers = own._both_per_unit(company, living, forecast)
        forecast.outcomes = compare(*sides)
        forecast.shares = own._forecast_shares(company, forecast, suppliers)
        return forecast

    def _first_compared(self, first, last):
        """First day of the period that contains ``first``, not before the policy's first version."""
        if self.kind not in CUMULATIVE:
            return first
        started = min(self._in_force_between(first, last).mapped("date_start"), default=None)
        if self.period == "whole":
            return started or first
        begin = period_of(first, self.period).start
        return max(begin, started) if started else begin

    def _in_force_between(self, first, last):
        return self.policy_id.version_ids.filtered(
            lambda v: v.state in PAYING and v.date_start <= last and (not v.date_end or v.date_end >= first)
        )

    def _periods_between(self, first, last, start, end=None):
        """Periods of this version that overlap two days, cut to ``start`` and ``end``."""
        found, day = [], max(first, start)
        while day <= min(last, end or last):
            period = period_of(day, self.period, start, end)
            found.append(period)
            if period.end >= last:
                break
            day = period.end + timedelta(days=1)
        return found

    # --- policies that are computed on a period ----------------------------------------------------------------

    def _both_worlds(self, company, living, forecast):
        """Claims under what is in force and under this version, of an exclusive group those of the others too."""
        old = [claim for one in living for claim in one._claims_between(company, forecast)]
        forecast.last = max([forecast.last, *(claim.until for claim in old)])
        others = self._excluded_ones(forecast.last) - self.policy_id.version_ids
        around = [claim for one in others for claim in one._claims_between(company, forecast)]
        new = self._claims_between(company, forecast, start=forecast.first)
        return self._after_all(old + around), self._after_all(new + around)

    def _after_all(self, claims):
        return self._shared_out(self._without_excluded(claims))

    def _claims_between(self, company, forecast, start=None):
        """Claims of this version in each of its periods.

        :param start: count as if the version were in force from this day on and had no end
        """
        end = self.date_end if start is None or self.state in PAYING else None
        claims = []
        for period in self._periods_between(forecast.first, forecast.last, start or self.date_start, end or None):
            claims += self._claims(company, period, min(forecast.last, period.end), None)
        return claims

    def _note_booked(self, forecast, claims):
        for claim in claims:
            ledger = forecast.booked.setdefault(claim.partner, Ledger())
            ledger.amount += claim.before.amount
            ledger.carried += claim.before.carried
            ledger.agreement = claim.before.agreement or ledger.agreement

    def _sides_of(self, company, claims):
        """Side of each party: {partner id: Side}; goods are worth the price of the day."""
        prices = self._goods_prices(company, [claim for claim in claims if claim.in_goods])
        sides = {}
        for claim in claims:
            result = claim.result
            side = Side(
                claim.version._worth_of(claim, prices),
                claim.base.measure,
                top_rate(result),
                result.why_nothing,
                result.capped,
                claim.note,
            )
            sides[claim.partner] = sides[claim.partner].plus(side) if claim.partner in sides else side
        return sides

    def _worth_of(self, claim, prices):
        if not claim.in_goods:
            return claim.owed
        product = self.goods_product_id
        per_case = product.liquor_bottles_per_case or 1 if self.measure == "cases" else 1
        return self._rounded(claim.owed * per_case * prices[product.id, claim.until])

    def _rounded(self, amount):
        return decimal(self.currency_id.round(float(amount)))

    def _suppliers_of(self, claims):
        """Who supplied each party most: {partner id: distributor id}."""
        sums = {}
        for claim in claims:
            own = sums.setdefault(claim.partner, {})
            for supplier, quantity in claim.base.suppliers.items():
                own[supplier] = own.get(supplier, ZERO) + quantity
        return {partner: max(sorted(own), key=own.get) for partner, own in sums.items() if own}

    # --- who carries it ----------------------------------------------------------------------------------------

    def _forecast_shares(self, company, forecast, suppliers):
        """What distributors would carry of each difference; caps of agreements are read, not taken from."""
        if self.beneficiary_kind in DISTRIBUTORS:
            return {}
        changed = {one.partner: one.difference for one in forecast.outcomes if one.difference}
        # bottles, where a share is per unit
        more = {one.partner: one.new.measure - one.old.measure for one in forecast.outcomes}
        wanted = {
            partner: (suppliers[partner], self.policy_id.id, 0, forecast.last)
            for partner, difference in changed.items()
            if difference > 0 and partner in suppliers
        }
        lines = self.env["liquor.agreement.line"]._in_force(company, set(wanted.values()))
        found = {partner: lines[request] for partner, request in wanted.items() if request in lines}
        shares = self._forecast_given_back(forecast, changed)
        granted = within_caps(
            [
                ((line._cap_key(),), line._carried_of(changed[partner], max(more[partner], ZERO)))
                for partner, line in found.items()
            ],
            self._left_of_agreements(found.values()),
        )
        for (partner, line), amount in zip(found.items(), granted, strict=True):
            shares[partner] = Share(line.agreement_id.distributor_id.id, amount)
        return shares

    def _forecast_given_back(self, forecast, changed):
        """What goes back is shared as what was booked."""
        shares = {}
        for partner, difference in changed.items():
            ledger = forecast.booked.get(partner)
            if difference < 0 and ledger and ledger.carried and ledger.amount > 0:
                agreement = self.env["liquor.agreement"].browse(ledger.agreement)
                share = min(ledger.carried / ledger.amount * 100, decimal(100))
                shares[partner] = Share(agreement.distributor_id.id, _part(difference, share))
        return shares

    def _left_of_agreements(self, lines):
        caps = {line._cap_key(): decimal(line.cap_amount) for line in lines if line.cap_amount}
        counters = self.env["liquor.cap.counter"].sudo().search([("key", "in", list(caps))])
        taken = {counter.key: decimal(counter.taken) for counter in counters}
        return {key: cap - taken.get(key, ZERO) for key, cap in caps.items()}


def _part(amount, share):
    """The share (percent) of an amount, by largest remainder; the brand takes the cent."""
    return split(amount, [100 - share, share])[1]
