"""One shop, one policy: values of a policy that are different for one party (C17)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .eligibility import NOTHING, Rule
from .owed import Terms

KINDS = ("rate", "strength", "cap", "products", "excluded")


@dataclass(frozen=True, slots=True)
class Overlay:
    """One value for one party: ``rate`` and ``cap`` replace, ``strength`` is percent on top, ``products`` replaces what
    counts, ``excluded`` takes the party out. At most one of a kind holds on a day."""

    key: int
    kind: str
    value: Decimal = Decimal(0)
    first: date | None = None
    last: date | None = None
    products: frozenset[int] = NOTHING

    def holds(self, day: date) -> bool:
        """Tell whether it is in force on ``day``."""
        return (not self.first or self.first <= day) and (not self.last or day <= self.last)


def rule_of(rule: Rule, overlays: Iterable[Overlay]) -> Rule | None:
    """The rule of a per-unit policy for one party; None when it is taken out.

    >>> rule = Rule(1, 1, "received", "terminal", date(2026, 1, 1), None, rate=Decimal(15))
    >>> rule_of(rule, [Overlay(1, "rate", Decimal(18)), Overlay(2, "cap", Decimal(900))]).rate
    Decimal('18')
    """
    for overlay in overlays:
        if overlay.kind == "excluded":
            return None
        if overlay.kind == "products":
            rule = replace(rule, products=overlay.products, categories=NOTHING)
        elif overlay.kind in ("rate", "cap"):
            rule = replace(rule, **{overlay.kind: overlay.value})
    return rule


def terms_of(terms: Terms, overlays: Iterable[Overlay]) -> Terms | None:
    """The terms of a cumulative policy for one party; None when it is taken out."""
    for overlay in overlays:
        if overlay.kind == "excluded":
            return None
        if overlay.kind == "strength":
            terms = replace(terms, uplift=terms.uplift + overlay.value)
        elif overlay.kind in ("rate", "cap"):
            terms = replace(terms, **{overlay.kind: overlay.value})
    return terms


def strength_of(overlays: Iterable[Overlay]) -> Decimal:
    """Percent on top that a shop of its own has."""
    return sum((overlay.value for overlay in overlays if overlay.kind == "strength"), Decimal(0))
