"""What a flow report is for each party (trade.md R10): sale of one, purchase of the other, once each."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.partners.roles import RoleSpan
from ...engine.policies.bases import PartySum, ProvenRow, Surroundings, Term, counted_of_changed, sum_bases
from ...engine.policies.eligibility import NOTHING, Rule

DISTRIBUTOR, SUB, CHAIN, SHOP = 1, 2, 11, 12
KEY_ACCOUNT, TOBACCO = 3, 4
LIVE = {
    ("distributor", DISTRIBUTOR): None,
    ("sub_distributor", SUB): None,
    ("terminal", CHAIN): KEY_ACCOUNT,
    ("terminal", SHOP): TOBACCO,
}
ALWAYS = (date(2020, 1, 1), date.max)
TELLS = RoleSpan("terminal", *ALWAYS, KEY_ACCOUNT, must_scan=False)
SCANS = RoleSpan("terminal", *ALWAYS, TOBACCO, must_scan=True)
AROUND = Surroundings({7: (6, NOTHING)}, {}, LIVE, {CHAIN: [TELLS], SHOP: [SCANS]})


def told(reporter, buyer, bottles):
    return PartySum.of_texts(reporter, buyer, None, None, 1, None, "7", str(bottles), str(100 * bottles), "", "1")


def counted(rows, beneficiary, **changes):
    rule = Rule(1, 1, "reported", beneficiary, date(2026, 1, 1), None, **changes)
    bases = sum_bases(rows, [Term(rule, None)], AROUND)
    return {partner: base.measure for (_version, partner), base in bases.items()}


def test_once_for_each_party():
    rows = [told(DISTRIBUTOR, CHAIN, 60), told(DISTRIBUTOR, SHOP, 12), told(DISTRIBUTOR, None, 6)]
    # 78 bottles are 13 cases sold; the chain bought 10 of them; the shop has to scan its 2
    assert counted(rows, "distributor") == {DISTRIBUTOR: 13}
    assert counted(rows, "terminal") == {CHAIN: 10}
    assert counted(rows, "terminal", terminal_kinds=frozenset({KEY_ACCOUNT})) == {CHAIN: 10}
    assert counted(rows, "terminal", terminal_kinds=frozenset({TOBACCO})) == {}


def test_sold_on_is_not_counted_as_bought_too():
    # the same 60 bottles from the distributor over the sub-distributor to the chain
    rows = [told(DISTRIBUTOR, SUB, 60), told(SUB, CHAIN, 60)]
    assert counted(rows, "sub_distributor") == {SUB: 10}
    assert counted(rows, "distributor") == {DISTRIBUTOR: 10}
    assert counted(rows, "terminal") == {CHAIN: 10}


def test_what_a_chain_gives_back_is_less_bought():
    rows = [told(DISTRIBUTOR, CHAIN, 60), told(DISTRIBUTOR, CHAIN, -12)]
    assert counted(rows, "terminal") == {CHAIN: 8}
    # what its own customers bring back to it is no purchase
    assert counted([*rows, told(CHAIN, None, -6)], "terminal") == {CHAIN: 8}


def test_the_supplier_is_who_reports():
    rule = Rule(1, 1, "reported", "terminal", date(2026, 1, 1), None)
    bases = sum_bases([told(DISTRIBUTOR, CHAIN, 60)], [Term(rule, None)], AROUND)
    assert bases[1, CHAIN].suppliers == {DISTRIBUTOR: Decimal(10)}


def scanned(shop, bottles, day=None):
    row = PartySum.of_texts(shop, DISTRIBUTOR, None, None, 1, None, "7", str(bottles), str(100 * bottles), "", "1")
    return row._replace(day=day)


def both(rows, around=AROUND):
    """Bottles that pay shops by scans and by reports: {(basis, shop): bottles}."""
    terms = [
        Term(Rule(version, version, basis, "terminal", date(2026, 1, 1), None, measure="bottles"), None)
        for version, basis in enumerate(("received", "reported"))
    ]
    # facts of a basis reach its own versions alone
    found = {}
    for basis, term in zip(("received", "reported"), terms, strict=True):
        bases = sum_bases([row for kind, row in rows if kind == basis], [term], around)
        found |= {(basis, shop): base.measure for (_version, shop), base in bases.items()}
    return found


def test_scanned_and_reported_goods_pay_once():
    # the chain scanned 24 of the 60 bottles that its distributor reports; so did the shop with its 12
    rows = [
        ("reported", told(DISTRIBUTOR, CHAIN, 60)),
        ("received", scanned(CHAIN, 24)),
        ("reported", told(DISTRIBUTOR, SHOP, 12)),
        ("received", scanned(SHOP, 12)),
    ]
    assert both(rows) == {("reported", CHAIN): 60, ("received", SHOP): 12}
    # what came back lowers the basis that counted it, and no other
    rows += [("reported", told(DISTRIBUTOR, CHAIN, -6)), ("received", scanned(CHAIN, -6))]
    assert both(rows) == {("reported", CHAIN): 54, ("received", SHOP): 12}


def test_a_shop_that_changed_counts_by_its_own_rows():
    """Sums of several days do not tell what counted: they are left, and the shop's own rows are taken."""
    own = told(DISTRIBUTOR, CHAIN, 12)
    nothing = own._replace(bottles=[Decimal(0)], facts=(0,))
    around = AROUND._replace(changed={CHAIN: [ProvenRow(own, TOBACCO), ProvenRow(nothing, TOBACCO, Decimal(6))]})
    sums = [told(DISTRIBUTOR, CHAIN, 60), told(DISTRIBUTOR, SHOP, 3)]
    for kinds, expected in ((NOTHING, 12), ({TOBACCO}, 12), ({KEY_ACCOUNT}, None)):
        rule = Rule(1, 1, "reported", "terminal", date(2026, 1, 1), None, "bottles", terminal_kinds=frozenset(kinds))
        bases = sum_bases(sums, [Term(rule, None)], around)
        assert {shop: (base.measure, base.left_out) for (_version, shop), base in bases.items()} == (
            {CHAIN: (expected, 6)} if expected else {}
        )
        assert counted_of_changed(Term(rule, None), around, CHAIN) == [bool(expected), False]
    # for the distributor it stays what he sold
    rule = Rule(1, 1, "reported", "distributor", date(2026, 1, 1), None, measure="bottles")
    assert sum_bases(sums, [Term(rule, None)], around)[1, DISTRIBUTOR].measure == 63


ROWS = st.lists(
    st.tuples(
        st.sampled_from([DISTRIBUTOR, SUB, CHAIN]),
        st.sampled_from([DISTRIBUTOR, SUB, CHAIN, SHOP, None]),
        st.integers(-600, 600),
    ),
    max_size=30,
)


@given(ROWS)
def test_never_twice_for_one(drawn):
    rows = [told(*row) for row in drawn]
    sold = {party: sum(row[2] for row in drawn if row[0] == party) for party in (DISTRIBUTOR, SUB)}
    bought = sum(row[2] for row in drawn if row[1] == CHAIN != row[0])
    assert counted(rows, "distributor", measure="bottles").get(DISTRIBUTOR, 0) == sold[DISTRIBUTOR]
    assert counted(rows, "sub_distributor", measure="bottles").get(SUB, 0) == sold[SUB]
    found = counted(rows, "terminal", measure="bottles")
    assert found.get(CHAIN, 0) == bought and SHOP not in found
