"""What each invoice of an order carries of its rebate, claims and shares."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.settlement.order_parts import Goods, Paper, bill_parts, excess, standing

ZERO = Decimal(0)


def cents(number):
    return Decimal(number) / 100


@st.composite
def orders(draw):
    """(bills of goods with rebate and without, in cents; papers): discounts come to no more than the goods."""
    with_rebate = draw(st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
    without = draw(st.lists(st.integers(0, 10**6), min_size=len(with_rebate), max_size=len(with_rebate)))
    total = sum(with_rebate) + sum(without)
    rebate = draw(st.integers(0, sum(with_rebate)))
    shares = draw(st.lists(st.integers(1, 10**6), max_size=2))
    room, claims = total + sum(shares) - rebate, []
    for _number in range(draw(st.integers(0, 3))):
        claims.append(draw(st.integers(0, room)))
        room -= claims[-1]
    papers = [("rebate", rebate), *(("share", -share) for share in shares), *(("claim", claim) for claim in claims)]
    return list(zip(with_rebate, without, strict=True)), papers


class Order:
    """Bills an order as the models do: each bill carries the difference to what other bills carry."""

    def __init__(self, bills, papers):
        self.ordered = [cents(sum(part)) for part in zip(*bills, strict=True)]
        self.billed = [ZERO, ZERO]
        self.decided = [(cents(amount), kind == "rebate") for kind, amount in papers]
        self.taken = [ZERO] * len(papers)

    @property
    def goods(self):
        return Goods(sum(self.ordered), sum(self.billed))

    @property
    def papers(self):
        return [Paper(amount, taken, flag) for (amount, flag), taken in zip(self.decided, self.taken, strict=True)]

    def bill(self, with_rebate, without):
        """Return what is to pay of a bill; negative for a credit note."""
        self.billed = [self.billed[0] + with_rebate, self.billed[1] + without]
        own = Goods(self.ordered[0], self.billed[0])
        parts = bill_parts(with_rebate + without, self.goods, own, self.papers)
        self.taken = [taken + part for taken, part in zip(self.taken, parts, strict=True)]
        return with_rebate + without - sum(parts)


@given(orders(), st.randoms(use_true_random=False))
def test_parts_sum_to_the_whole_and_no_bill_is_negative(order, random):
    """Whatever comes first: all is taken when all is billed, and what stands never exceeds what was decided."""
    bills, papers = order
    random.shuffle(bills)
    one = Order(bills, papers)
    for with_rebate, without in bills:
        before = list(one.taken)
        assert one.bill(cents(with_rebate), cents(without)) >= 0
        assert all(abs(old) <= abs(new) for old, new in zip(before, one.taken, strict=True))
    if one.goods.ordered:
        assert one.taken == [amount for amount, _flag in one.decided]
        assert excess(one.goods, one.papers) == 0


@given(orders(), st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12))
def test_goods_that_come_back_give_their_part_back(order, steps):
    """After any deliveries and returns there stands what belongs to the goods that are billed, as if by one bill."""
    bills, papers = order
    one, out = Order(bills, papers), set()
    for number, back in steps:
        bill = number % len(bills)
        if back is (bill in out):
            sign = -1 if back else 1
            left = one.bill(*(sign * cents(part) for part in bills[bill]))
            assert left * sign >= 0
            out ^= {bill}
    own = Goods(one.ordered[0], one.billed[0])
    assert one.taken == standing(one.goods, own, one.papers)
    if not out:
        assert not any(one.taken)


@given(orders(), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(-(10**6), 10**6))
def test_whatever_was_done_by_hand_no_bill_is_negative(order, billed, taken, bill):
    """Papers that others changed: a bill carries no more than its goods and nothing beyond what was decided."""
    bills, papers = order
    one = Order(bills, papers)
    one.taken = [min(cents(taken), max(amount, ZERO)) for amount, _flag in one.decided]
    one.billed = [cents(billed), ZERO]
    left = one.bill(cents(bill), ZERO)
    assert left >= 0 if bill >= 0 else left <= 0
    assert all(
        min(ZERO, amount) <= part <= max(ZERO, amount)
        for (amount, _flag), part in zip(one.decided, one.taken, strict=True)
    )


def test_claims_and_shares_beside_the_rebate():
    """10,000.00 of goods, 2,000.00 rebate, 500.00 and 1,000.00 of claims, a share of 300.00; 30 and 70 of 100 bottles.

    All discounts less the share are 3,200.00, 960.00 of it with 3,000.00; the share brings 90.00: 1,050.00, of which
    the rebate takes 600.00 and the first claim 450.00.
    """
    papers = [("rebate", 200000), ("claim", 50000), ("claim", 100000), ("share", -30000)]
    one = Order([(300000, 0), (700000, 0)], papers)
    assert one.bill(Decimal(3000), ZERO) == 2040
    assert one.taken == [600, 450, 0, -90]
    assert one.bill(Decimal(7000), ZERO) == 4760
    assert one.taken == [2000, 500, 1000, -300]


def test_quota_wine_carries_claims_and_no_rebate():
    """6,000.00 take 1,200.00 of rebate, 4,000.00 of quota wine none; a claim of 2,800.00 goes with both."""
    one = Order([(0, 400000), (600000, 0)], [("rebate", 120000), ("claim", 280000)])
    assert one.bill(ZERO, Decimal(4000)) == 2400  # 40 % of all 4,000.00 by the claim alone
    assert one.taken == [0, 1600]
    assert one.bill(Decimal(6000), ZERO) == 3600
    assert one.taken == [1200, 2800]


def test_an_order_that_grew_gives_no_rebate_back():
    """600.00 were taken with 3,000.00 of 10,000.00; 5,000.00 are added: with 2,000.00 come 66.66, at last the rest."""
    wine = [Goods(Decimal(15000), Decimal(billed)) for billed in (3100, 5000, 15000)]
    first = bill_parts(Decimal(100), wine[0], wine[0], [Paper(Decimal(2000), Decimal(600), True)])
    second = bill_parts(Decimal(2000), wine[1], wine[1], [Paper(Decimal(2000), Decimal(600), True)])
    third = bill_parts(Decimal(10000), wine[2], wine[2], [Paper(Decimal(2000), Decimal("666.66"), True)])
    assert [*first, *second, *third] == [0, Decimal("66.66"), Decimal("1333.34")]
