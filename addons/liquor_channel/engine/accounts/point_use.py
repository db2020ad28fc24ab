"""What points are owed when a part of them will never be used (IFRS 15 B44 to B47, CAS 14 article 39).

Points are in the books at their full worth until they are used, taken back or expired. Of those given, finance expects
a part to be used. What is owed is that part's worth, less what was used of it; the rest is revenue as the others are
used. A new estimate changes how much of what was allocated is still to come, not what was allocated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..common.money import ZERO, quantize

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Points given in one month, at their worth: ``given`` less what was taken back, and what became of them.

    ``first``: percent expected to be used when they were given.
    """

    given: Decimal
    used: Decimal
    expired: Decimal
    first: Decimal

    @property
    def open(self) -> Decimal:
        """What stands in the books before anything is expected."""
        return self.given - self.used - self.expired


def owed(cohort: Cohort, expected: Decimal) -> Decimal:
    """What is owed of a cohort when ``expected`` percent of it will be used in all; between nothing and what is open.

    1,000 points worth 10.00, 80 % expected: 8.00; after 3.00 were used 5.00; 90 % expected now: 8 x (1 - 3/9):

    >>> fresh = Cohort(Decimal(10), ZERO, ZERO, Decimal(80))
    >>> part = Cohort(Decimal(10), Decimal(3), ZERO, Decimal(80))
    >>> [str(round(owed(*one), 2)) for one in ((fresh, Decimal(80)), (part, Decimal(80)), (part, Decimal(90)))]
    ['8.00', '5.00', '5.33']
    """
    in_all = cohort.given * expected / HUNDRED
    if in_all <= 0:
        return ZERO
    left = cohort.given * cohort.first / HUNDRED * (1 - cohort.used / in_all)
    return max(ZERO, min(left, cohort.open))


def never_used(cohorts: Iterable[Cohort], expected: Decimal, digits: int = 2) -> tuple[Decimal, Decimal]:
    """Return (what stands at full worth, what of it nobody is expected to use), the second rounded to the currency.

    >>> never_used([Cohort(Decimal(10), Decimal(3), ZERO, Decimal(80))], Decimal(90))
    (Decimal('7'), Decimal('1.67'))
    """
    cohorts = list(cohorts)
    full = sum((cohort.open for cohort in cohorts), ZERO)
    return full, quantize(full - sum((owed(cohort, expected) for cohort in cohorts), ZERO), digits)
