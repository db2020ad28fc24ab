"""How much of a rebate account an order keeps, from its confirmation to invoices and credit notes (trade.md R2, R6)."""

from dataclasses import dataclass
from decimal import Decimal

from ..common.money import ZERO


@dataclass(frozen=True, slots=True)
class OrderRebate:
    """The rebate of one order, all positive, in the currency of the account.

    :param decided: discount of the order
    :param invoiced: discount on its posted invoices
    :param refunded: discount that posted credit notes took back
    """

    decided: Decimal
    invoiced: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def standing(self) -> Decimal:
        """Discount that stands on posted papers: what left the accrued rebates in the ledger."""
        return self.invoiced - self.refunded

    @property
    def is_in_bounds(self) -> bool:
        """Tell whether invoices give no more than was decided, and credit notes take back no more than was given."""
        return ZERO <= self.standing <= self.decided

    def held(self, *, confirmed: bool) -> Decimal:
        """Return what is out of the account for this order.

        A confirmed order keeps its rebate for the invoices to come. What a credit note takes back is in the account at
        once, and a new invoice takes it anew. 2,000.00 decided and invoiced, 500.00 of it taken back:

        >>> str(OrderRebate(Decimal(2000), Decimal(2000), Decimal(500)).held(confirmed=True))
        '1500'
        >>> str(OrderRebate(Decimal(2000)).held(confirmed=True)), str(OrderRebate(Decimal(2000)).held(confirmed=False))
        ('2000', '0')

        Of 600.00 on the first of two invoices 200.00 come back; 1,400.00 stay for the second. Then the order is
        cancelled:

        >>> first = OrderRebate(Decimal(2000), Decimal(600), Decimal(200))
        >>> str(first.held(confirmed=True)), str(first.held(confirmed=False))
        ('1800', '400')
        """
        return max(self.standing, self.decided - self.refunded) if confirmed else self.standing
