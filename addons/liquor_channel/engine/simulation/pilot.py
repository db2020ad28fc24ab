"""Pilot and control groups of a policy (C22): who is drawn, and what the policy changed.

The draw is systematic sampling from a list ordered by stratum (Cochran, Sampling Techniques, ch. 8): every stratum
gives its share to within one shop, the whole exactly, and the seed alone decides, so that anybody can draw the same
groups again. The effect is the difference in differences: what shops of the pilot changed on average, less what shops
of the control group changed, with Welch's standard error and Student's band of 95 %.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

#: quantile of the normal distribution at 97.5 %
NORMAL = 1.959963984540054


class Shop(NamedTuple):
    """A shop that may be drawn; ``stratum`` is whatever shall be alike in both groups."""

    partner: int
    stratum: tuple[str, ...]


class Change(NamedTuple):
    """What one shop did before and during the pilot, in the same number of days."""

    before: float
    after: float

    @property
    def difference(self) -> float:
        """What changed."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Group:
    """Shops of one group: how many, what they changed on average, and the standard error of that (None: one shop)."""

    count: int
    mean: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What the policy changed a shop. ``low`` and ``high`` bound it at 95 %; None where too few shops say nothing."""

    pilot: Group
    control: Group
    effect: float
    error: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def verdict(self) -> str:
        """``more`` or ``less`` where the band lies on one side of nothing, ``unclear``, or ``unknown`` without a band.

        >>> [Effect(Group(9, 0, 1), Group(9, 0, 1), 2, 1, *band).verdict for band in ((1, 3), (-1, 3), (-3, -1))]
        ['more', 'unclear', 'less']
        """
        if self.low is None or self.high is None:
            return "unknown"
        return "more" if self.low > 0 else "less" if self.high < 0 else "unclear"


def draw_control(shops: Iterable[Shop], percent: int, seed: int) -> set[int]:
    """Draw the control group: ``percent`` of all shops, rounded down or up once, and so of each stratum.

    :param percent: 1 to 99
    :return: partners of the control group; all others are the pilot

    Of ten shops of one kind and ten of another, a fifth each:

    >>> shops = [Shop(number, ("tobacco" if number < 10 else "restaurant", "A")) for number in range(20)]
    >>> control = draw_control(shops, 20, seed=7)
    >>> len(control), len([one for one in control if one < 10]), control == draw_control(shops[::-1], 20, seed=7)
    (4, 2, True)
    """
    ordered = sorted(shops, key=lambda shop: (shop.stratum, _lot(seed, shop.partner)))
    share = Fraction(percent, 100)
    start = Fraction(int(_lot(seed, 0)[:8], 16), 16**8)
    steps = [math.floor(place * share + start) for place in range(len(ordered) + 1)]
    return {shop.partner for place, shop in enumerate(ordered) if steps[place + 1] > steps[place]}


def _lot(seed: int, partner: int) -> str:
    return hashlib.sha256(f"{seed}/{partner}".encode()).hexdigest()


def compare(pilot: Sequence[Change], control: Sequence[Change]) -> Effect | None:
    """Return the difference in differences of two groups; None where one of them is empty.

    Pilot shops changed by +4, +6 and +8 bottles, control shops by 0 and +2: 6 - 1 = 5 bottles a shop. The variances
    are 4 and 2, so the standard error is the root of 4/3 + 2/2, which is 1.53.

    >>> found = compare([Change(10, 14), Change(10, 16), Change(10, 18)], [Change(9, 9), Change(9, 11)])
    >>> found.effect, round(found.error, 2)
    (5.0, 1.53)
    """
    if not pilot or not control:
        return None
    return contrast(_group(pilot), _group(control))


def _group(changes: Sequence[Change]) -> Group:
    count = len(changes)
    mean = math.fsum(change.difference for change in changes) / count
    if count < 2:
        return Group(count, mean, None)
    variance = math.fsum((change.difference - mean) ** 2 for change in changes) / (count - 1)
    return Group(count, mean, math.sqrt(variance / count))


def contrast(pilot: Group, control: Group) -> Effect:
    """Put two groups against each other (Welch 1947; degrees of freedom by Satterthwaite)."""
    effect = pilot.mean - control.mean
    if pilot.error is None or control.error is None:
        return Effect(pilot, control, effect)
    first, second = pilot.error**2, control.error**2
    error = math.sqrt(first + second)
    if not error:
        return Effect(pilot, control, effect, 0.0, effect, effect)
    freedom = (first + second) ** 2 / (first**2 / (pilot.count - 1) + second**2 / (control.count - 1))
    reach = student(freedom) * error
    return Effect(pilot, control, effect, error, effect - reach, effect + reach)


def student(freedom: float) -> float:
    """Quantile of Student's t at 97.5 %, by the expansion of Abramowitz and Stegun 26.7.5 (from 3 degrees on).

    Below 3 the next table value is taken, which is the wider one.

    >>> [round(student(freedom), 2) for freedom in (1, 2, 5, 30, 120)]
    [12.71, 4.3, 2.57, 2.04, 1.98]
    """
    for table, quantile in ((2, 12.706), (3, 4.303)):
        if freedom < table:
            return quantile
    x, n = NORMAL, freedom
    return (
        x
        + (x**3 + x) / (4 * n)
        + (5 * x**5 + 16 * x**3 + 3 * x) / (96 * n**2)
        + (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / (384 * n**3)
        + (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / (92160 * n**4)
    )
