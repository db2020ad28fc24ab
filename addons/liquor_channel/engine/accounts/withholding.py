"""Individual income tax on rewards (trade.md R20; channel.md Acc-2 #7b and Acc-5.3). Rates are the adviser's settings.

A reward's treatment: ``discount`` (a price discount: no tax), ``withheld`` (偶然所得, taken off the payment), ``borne``
(the brand pays the tax on top), ``invoice`` (a service the payee invoices: no tax of ours).
"""

from dataclasses import dataclass
from decimal import Decimal

from ..common.money import quantize
from .grouping import ZERO

HUNDRED = Decimal(100)
TREATMENTS = ("discount", "withheld", "borne", "invoice")


@dataclass(frozen=True, slots=True)
class Tax:
    """Tax of one payment: taxable ``base``, ``withheld`` from the payee, ``borne`` by the brand on top."""

    base: Decimal = ZERO
    withheld: Decimal = ZERO
    borne: Decimal = ZERO

    @property
    def tax(self) -> Decimal:
        """What goes to the tax office."""
        return self.withheld + self.borne


def tax_of(treatment: str, amount: Decimal, percent: Decimal) -> Tax:
    """Return the tax of a reward that an individual is paid.

    600 with 20 % withheld gives 480 to the payee and 120 to the tax office (#7b); borne, the payee gets 600, which is
    80 % of 750:

    >>> tax = tax_of("withheld", Decimal(600), Decimal(20))
    >>> str(tax.withheld), str(tax.base)
    ('120.00', '600')
    >>> tax = tax_of("borne", Decimal(600), Decimal(20))
    >>> str(tax.borne), str(tax.base)
    ('150.00', '750.00')

    :raises ValueError: unknown treatment, or a rate outside 0 to 99 %
    """
    if treatment not in TREATMENTS or not ZERO <= percent < HUNDRED:
        raise ValueError(f"no tax is defined for {treatment!r} at {percent} %")
    if amount <= 0 or treatment not in ("withheld", "borne"):
        return Tax()
    if treatment == "withheld":
        return Tax(base=amount, withheld=quantize(amount * percent / HUNDRED))
    base = quantize(amount * HUNDRED / (HUNDRED - percent))
    return Tax(base=base, borne=base - quantize(amount))
