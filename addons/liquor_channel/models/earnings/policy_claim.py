from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ...engine.common.money import ZERO
from ...engine.earnings.periods import Period
from ...engine.policies import conditions
from ...engine.policies.bases import Base
from ...engine.policies.eligibility import Rule
from ...engine.policies.owed import Owed, Terms
from ...engine.policies.tiers import delta


@dataclass(frozen=True, slots=True)
class Booked:
    """What the ledger says already; ``units`` are bottles of goods, ``last`` is the id of the last line."""

    amount: Decimal = ZERO
    carried: Decimal = ZERO
    units: Decimal = ZERO
    lines: int = 0
    last_day: date | None = None
    agreement: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """What holds for this party only: uplifts with the snapshot they were read from, and overlays."""

    uplifts: tuple = ()
    overlays: tuple = ()


NOTHING_SPECIAL = Special()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one party is owed for a period under one version, beside what is booked."""

    version: object  # liquor.policy.version
    rule: Rule
    terms: Terms  # before overlays and uplifts
    partner: int
    period: Period
    until: date
    base: Base
    before: Booked
    result: Owed
    done: conditions.Base  # what the result was computed from
    special: Special = NOTHING_SPECIAL
    cut: Decimal | None = None  # what exclusion and common caps leave
    note: str | None = None  # excluded | shared_cap

    @property
    def owed(self) -> Decimal:
        """What is owed after all, in money or in units of goods."""
        return self.result.amount if self.cut is None else self.cut

    @property
    def in_goods(self) -> bool:
        """Tell whether the version owes goods: then ``owed`` counts units."""
        return self.rule.rate_kind == "goods"

    @property
    def before_count(self) -> Decimal:
        """Units of goods that are booked, in the measure of the version."""
        if self.rule.measure != "cases":
            return self.before.units
        return self.before.units / (self.version.goods_product_id.liquor_bottles_per_case or 1)

    @property
    def change(self) -> Decimal:
        """What is still to be booked, in money or in units of goods."""
        return delta(self.owed, self.before_count if self.in_goods else self.before.amount)

    def with_owed(self, owed: Decimal, note: str) -> "Claim":
        """Cut to what exclusion or a common cap leaves."""
        return self if owed == self.owed else replace(self, cut=owed, note=note)
