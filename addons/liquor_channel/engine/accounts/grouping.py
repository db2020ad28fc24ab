"""From earnings to balanced journal entries: grouped by account and partner, red where the money goes back.

Amounts are Decimal in the company's currency, positive = owed to the beneficiary. A balance is debit minus credit,
as in Odoo. Nothing here knows a chart of accounts: an account is named by its *role* (see ``ROLES``), the add-on
maps roles to accounts per company (channel.md, Acc-1). Every line says how much of it belongs to which place and
programme (``Weights``); the add-on makes the analytic distribution of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
#: (territory id or 0, policy id or 0) -> amount
Weights = dict[tuple[int, int], Decimal]

#: role -> what stands there; the codes are those of channel.md Acc-1
ROLES = {
    "rebate_contra": "6001.R",
    "reward_contra": "6001.T",
    "service_expense": "6601",
    "rebate_accrued": "2241.R",
    "reward_accrued": "2241.A",
    "reward_payable": "2241.P",
    "cofunding_due": "1221.F",
    "clawback_due": "1221.C",
    "deposit": "2241.D",
    "goods_owed": "2204.G",
    "expense_owed": "2241.X",
    "expense_unclaimed": "2241.N",
    "expected_reward": "2241.E",
    "withheld_tax": "2221.PIT",
    "payout_fee": "6603.F",
    "member_cash": "2241.M",
    "member_points": "2204.J",
}
#: kind of an entry -> (where the cost lies, what is owed)
KIND_ROLES = {
    "rebate": ("rebate_contra", "rebate_accrued"),
    "reward": ("reward_contra", "reward_accrued"),
    "expense": ("service_expense", "expense_owed"),
}
BENEFICIARY_KINDS = {
    "distributor": "rebate",
    "sub_distributor": "rebate",
    "terminal": "reward",
    "guide": "reward",
    "waiter": "reward",
}


@dataclass(frozen=True, slots=True)
class EarningInput:
    """One line of the sub-ledger that is not accrued yet.

    ``entry_kind`` and ``cost_role``, where given, go before those of the beneficiary (allowed expense claims).
    ``paid_out``: the earning takes back what was already approved for payout, so the beneficiary owes it (Acc-2 #10).
    ``expectation_id``: the brand's part was expected before and stands on 2241.E (Acc-2 #16).
    ``form``: money, or goods, which are owed on 2204.G from the start (Acc-2 #13).
    """

    id: int
    partner_id: int
    beneficiary_kind: str
    amount: Decimal
    day: date
    funder_id: int | None = None
    funder_amount: Decimal = ZERO
    paid_out: bool = False
    territory_id: int | None = None
    policy_id: int | None = None
    nature: str = ""
    expectation_id: int | None = None
    entry_kind: str = ""
    cost_role: str = ""
    form: str = "money"


@dataclass(slots=True)
class EntryLine:
    """One journal item: role of its account, partner, balance (debit - credit) and whether it is red (storno)."""

    role: str
    partner_id: int | None
    balance: Decimal
    storno: bool = False
    weights: Weights = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One batch entry: kind, month (its first day), lines that sum to zero, which line owes each earning.

    ``covered`` names the expectation of each earning whose cost was expected; ``expectation_id`` is the one that an
    entry of kind ``expected`` accrues. ``rewards`` are the members' movements that it books.
    """

    kind: str
    month: date
    lines: list[EntryLine] = field(default_factory=list)
    owed_line: dict[int, int] = field(default_factory=dict)
    covered: dict[int, int] = field(default_factory=dict)
    expectation_id: int | None = None
    cases: Decimal = ZERO
    rewards: list = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What the beneficiaries of this entry get, after what is taken back."""
        return -sum((line.balance for line in self.lines if line.role in OWED_ROLES), ZERO)


OWED_ROLES = (
    "rebate_accrued", "reward_accrued", "expense_owed", "clawback_due", "goods_owed", "member_cash", "member_points",
)  # fmt: skip


def kind_of(beneficiary_kind: str) -> str:
    """Return the kind of entry a beneficiary's earnings go into.

    >>> kind_of("terminal"), kind_of("distributor")
    ('reward', 'rebate')

    :raises ValueError: for a beneficiary nobody defined an entry for
    """
    try:
        return BENEFICIARY_KINDS[beneficiary_kind]
    except KeyError:
        raise ValueError(f"no entry is defined for beneficiary kind {beneficiary_kind!r}") from None


def _entry_kind(earning: EarningInput) -> str:
    return earning.entry_kind or kind_of(earning.beneficiary_kind)


def cost_role_of(earning: EarningInput) -> str:
    """Return where the brand's part stands: expected before, a distinct service, or less revenue (CAS 14).

    >>> cost_role_of(EarningInput(1, 7, "terminal", Decimal(15), date(2026, 3, 9), nature="service"))
    'service_expense'
    """
    if earning.cost_role:
        return earning.cost_role
    if earning.expectation_id:
        return "expected_reward"
    if earning.nature == "service":
        return "service_expense"
    return KIND_ROLES[_entry_kind(earning)][0]


def _postings(earning: EarningInput) -> list[tuple[str, int | None, Decimal, bool]]:
    """Return (role, partner, balance, red) of one earning; the last one is what the beneficiary is owed."""
    _cost, owed_role = KIND_ROLES[_entry_kind(earning)]
    if earning.form == "goods":
        owed_role = "goods_owed"
    cost_role = cost_role_of(earning)
    red = earning.amount < 0
    own_cost = earning.amount - earning.funder_amount
    postings = []
    if own_cost:
        postings.append((cost_role, None, own_cost, red))
    if earning.funder_amount:
        postings.append(("cofunding_due", earning.funder_id, earning.funder_amount, red))
    if red and earning.paid_out:
        # what was paid can only be claimed back: a black debit on its own account, not a red liability
        postings.append(("clawback_due", earning.partner_id, -earning.amount, False))
    else:
        postings.append((owed_role, earning.partner_id, -earning.amount, red))
    return postings


def group_earnings(earnings: Iterable[EarningInput]) -> list[Entry]:
    """Group earnings into one balanced entry per kind and month, one line per account, partner, colour, place, policy.

    Forty cases at 15.00, of which the distributor (partner 9) bears 30 % (channel.md Acc-2 #5):

    >>> forty = EarningInput(1, 7, "terminal", Decimal("600"), date(2026, 3, 9), 9, Decimal("180"))
    >>> [entry] = group_earnings([forty])
    >>> [(line.role, line.partner_id, str(line.balance)) for line in entry.lines]
    [('cofunding_due', 9, '180'), ('reward_accrued', 7, '-600'), ('reward_contra', None, '420')]

    Twenty bottles worth 1,000 that a distributor earned as goods (#13):

    >>> goods = EarningInput(2, 9, "distributor", Decimal(1000), date(2026, 3, 9), form="goods")
    >>> [(line.role, str(line.balance)) for line in group_earnings([goods])[0].lines]
    [('goods_owed', '-1000'), ('rebate_contra', '1000')]

    :raises ValueError: for an unknown beneficiary kind, or a share without a funder
    """
    sums: dict[tuple[str, date], dict[tuple, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    owed: dict[tuple[str, date], dict[int, tuple]] = defaultdict(dict)
    covered: dict[tuple[str, date], dict[int, int]] = defaultdict(dict)
    for earning in earnings:
        if earning.funder_amount and not earning.funder_id:
            raise ValueError(f"earning {earning.id} has a share and nobody who bears it")
        key = (_entry_kind(earning), earning.day.replace(day=1))
        for role, partner_id, balance, red in _postings(earning):
            line_key = (role, partner_id or 0, red, (earning.territory_id or 0, earning.policy_id or 0))
            sums[key][line_key] += balance
        owed[key][earning.id] = line_key
        if earning.expectation_id:
            covered[key][earning.id] = earning.expectation_id
    entries = [_entry(key, sums[key], owed[key]) for key in sorted(sums)]
    for entry in entries:
        entry.covered = covered[entry.kind, entry.month]
    return entries


def _entry(key: tuple[str, date], sums: Mapping[tuple, Decimal], owed: Mapping[int, tuple]) -> Entry:
    entry = Entry(kind=key[0], month=key[1])
    position = {}
    for line_key in sorted(sums):
        role, partner_id, red, place = line_key
        position[line_key] = len(entry.lines)
        entry.lines.append(EntryLine(role, partner_id or None, sums[line_key], red, {place: abs(sums[line_key])}))
    entry.owed_line = {earning_id: position[line_key] for earning_id, line_key in owed.items()}
    assert sum((line.balance for line in entry.lines), ZERO) == ZERO
    return entry
