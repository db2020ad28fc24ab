"""Which part of an order's rebate, claims and shares each of its invoices carries (trade.md R2, R4, R5; Acc-2).

An order that is delivered in parts is invoiced in parts, and each invoice takes of the rebate what its goods are of the
order. What stands after a bill is a function of the goods billed so far alone, rounded down to the cent; a bill carries
the difference. So the parts sum to the whole exactly, the last bill takes the rest, goods that come back give their
part back, and neither order nor size of the bills matters. Amounts are net, in the currency of the order.

- The rebate goes with the goods it may be used on (families, no quota wine).
- All discounts less his shares go with all goods; what of it the rebate does not take the other papers take, one after
  the other. As discounts come to no more than the goods, no bill comes to less than nothing, nor does a credit note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..common.money import ZERO


@dataclass(frozen=True, slots=True)
class Goods:
    """Net amount of goods: ordered in all, and billed so far (invoices less credit notes, the present bill too)."""

    ordered: Decimal
    billed: Decimal

    def part_of(self, amount: Decimal, digits: int = 2) -> Decimal:
        """Return what of an amount goes with the goods billed so far, rounded down to the cent; all with all.

        >>> str(Goods(Decimal(10000), Decimal(3333)).part_of(Decimal("2000.01")))
        '666.60'
        >>> str(Goods(Decimal(100), Decimal(120)).part_of(Decimal(7))), str(Goods(Decimal(0), ZERO).part_of(Decimal(7)))
        ('7', '0')
        """
        if self.ordered <= ZERO or self.billed <= ZERO:
            return ZERO
        if self.billed >= self.ordered:
            return amount
        whole, billed, ordered = (int(value.scaleb(digits)) for value in (amount, self.billed, self.ordered))
        return Decimal(whole * billed // ordered).scaleb(-digits)


@dataclass(frozen=True, slots=True)
class Paper:
    """A line of the order: discount decided (positive) or share of his (negative), and what other bills carry of it."""

    decided: Decimal
    taken: Decimal = ZERO
    is_rebate: bool = False

    @property
    def is_share(self) -> bool:
        """Tell whether he pays it, beside the goods."""
        return self.decided < ZERO


def standing(goods: Goods, rebate_goods: Goods, papers: Sequence[Paper], digits: int = 2) -> list[Decimal]:
    """Return what of each paper belongs to the goods billed so far.

    5,000.00 of 10,000.00 are billed, 3,000.00 of them of the 6,000.00 that rebate may be used on: of 1,200.00 of rebate
    600.00; of all 3,000.00 the half are 1,500.00, so that the claims carry 900.00 of their 1,800.00:

    >>> rebate, claim = Paper(Decimal(1200), is_rebate=True), Paper(Decimal(1000))
    >>> half, own = Goods(Decimal(10000), Decimal(5000)), Goods(Decimal(6000), Decimal(3000))
    >>> [str(part) for part in standing(half, own, [rebate, claim, Paper(Decimal(800))])]
    ['600.00', '900.00', '0.00']
    """
    parts = [
        -goods.part_of(-paper.decided, digits)
        if paper.is_share
        else rebate_goods.part_of(paper.decided, digits)
        if paper.is_rebate
        else ZERO
        for paper in papers
    ]
    left = max(ZERO, goods.part_of(sum((paper.decided for paper in papers), ZERO), digits) - sum(parts, ZERO))
    for index, paper in enumerate(papers):
        if not paper.is_share and not paper.is_rebate:
            parts[index] = min(left, paper.decided)
            left -= parts[index]
    return parts


def bill_parts(
    bill: Decimal, goods: Goods, rebate_goods: Goods, papers: Sequence[Paper], digits: int = 2
) -> list[Decimal]:
    """Return what a bill carries of each paper; a bill below zero, goods that came back, gives parts back.

    A bill never comes to less than nothing, and never gives back while it sells: what others changed by hand, or an
    order that grew, is made up for by later bills. 100 bottles at 100.00 with 2,000.00 of rebate, 30 delivered first:

    >>> def part(bill, billed, taken):
    ...     wine = Goods(Decimal(10000), Decimal(billed))
    ...     return str(bill_parts(Decimal(bill), wine, wine, [Paper(Decimal(2000), Decimal(taken), True)])[0])
    >>> part(3000, 3000, 0), part(7000, 10000, 600), part(-1000, 9000, 2000)
    ('600.00', '1400', '-200.00')

    Somebody took the whole rebate on the first bill: the second carries none.

    >>> part(7000, 10000, 2000)
    '0'
    """
    parts = []
    for paper, due in zip(papers, standing(goods, rebate_goods, papers, digits), strict=True):
        step = due - paper.taken
        forward = (step >= ZERO) is ((bill >= ZERO) is not paper.is_share)
        parts.append(step if forward else ZERO)
    room = abs(bill) + sum((abs(part) for part, paper in zip(parts, papers, strict=True) if paper.is_share), ZERO)
    first_rebate = sorted(range(len(papers)), key=lambda index: not papers[index].is_rebate)
    for index in first_rebate:
        if not papers[index].is_share:
            size = min(abs(parts[index]), room)
            parts[index] = size.copy_sign(parts[index]) if size else ZERO
            room -= size
    return parts


def excess(goods: Goods, papers: Sequence[Paper]) -> Decimal:
    """Return how much of the discounts nothing is left to carry; 0 where the goods not billed yet carry all of it.

    3,000.00 are billed with 600.00 of 2,000.00; the order is reduced to 4,000.00: 1,000.00 cannot carry 1,400.00.

    >>> str(excess(Goods(Decimal(4000), Decimal(3000)), [Paper(Decimal(2000), Decimal(600), True)]))
    '400'
    """
    left = sum((paper.decided - paper.taken for paper in papers), ZERO)
    return max(ZERO, left - max(ZERO, goods.ordered - goods.billed))
