"""What the ledger must say, by plain arithmetic over what was planted, and what it says, by SQL of our own."""

from collections import defaultdict
from decimal import Decimal
from functools import cache

from .facts import YEAR_BEFORE, net_of, size_of
from .policies import BOTTLE, WITH_GOODS, expected
from .world import LAST_DAY, MONTH, World

VAT = Decimal("1.13")
#: what the planted faults give to shops, by number
PLANTED = {8: 15, 9: 15, 10: 15, 12: 16, 24: 600}


@cache
def by_party() -> dict[tuple[str, int], Decimal]:
    """What the twelve policies owe each distributor ("D", number) and shop ("T", number)."""
    owed: dict = defaultdict(Decimal)
    for parties in expected().values():
        for party, amount in parties.items():
            owed[party] += amount
    return dict(owed)


def money(number: int) -> Decimal:
    """What a distributor is owed in money: what he earned as goods stays goods."""
    return by_party()["D", number] - (BOTTLE if number < WITH_GOODS else 0)


def accrued(world: World) -> dict[str, dict[int, Decimal]]:
    """Balances that the month leaves on rebates, rewards and goods, by partner: credits are negative."""
    owed = by_party()
    rewards = {shop: -owed["T", number] for number, shop in enumerate(world.shops)}
    for number, amount in PLANTED.items():
        rewards[world.shops[number]] -= amount
    rebates = {partner: -money(number) for number, partner in enumerate(world.distributors)}
    goods = {partner: -Decimal(BOTTLE) for partner in world.distributors[:WITH_GOODS]}
    return {"rebate_accrued": rebates, "reward_accrued": rewards, "goods_owed": goods}


def balances(world: World, role: str, last=LAST_DAY) -> dict[int, Decimal]:
    """What the general ledger says up to a day."""
    world.env.flush_all()
    account = world.env["liquor.account.mapping"]._accounts(world.company)[role]
    world.env.cr.execute(
        "SELECT partner_id, SUM(balance)::text FROM account_move_line"
        " WHERE account_id = %s AND parent_state = 'posted' AND date <= %s GROUP BY 1 HAVING SUM(balance) <> 0",
        [account.id, last],
    )
    return {partner: Decimal(amount) for partner, amount in world.env.cr.fetchall()}


def statement_lines(world: World) -> dict[tuple[int, str], tuple]:
    """What the distributors' statements say: ``{(partner, account): (opening, in, out, closing)}``."""
    world.env.flush_all()
    world.env.cr.execute(
        """SELECT s.partner_id, l.account, l.opening::text, l.incoming::text, l.outgoing::text, l.closing::text
             FROM liquor_account_statement_line l JOIN liquor_account_statement s ON s.id = l.statement_id
            WHERE s.date_from = %s""",
        [MONTH],
    )
    return {(partner, account): tuple(map(Decimal, figures)) for partner, account, *figures in world.env.cr.fetchall()}


def hand_statement(number: int) -> dict[str, tuple]:
    """The four accounts of money and the goods in kind of the distributor with that number, by hand.

    One bottle of six is owed in kind: 0.17 of a case. Distributor 12 carries 180.00 of a shop's reward.
    """
    opening = YEAR_BEFORE.get(size_of(number), 0) * VAT
    bought, earned = net_of(number) * VAT, money(number)
    in_kind = Decimal("0.17") if number < WITH_GOODS else 0
    share = 180 if number == 12 else 0
    return {
        "goods": (opening, bought, 0, opening + bought),
        "rebate": (0, earned, 0, earned),
        "expense": (0, 0, share, -share),
        "deposit": (0, 0, 0, 0),
        "in_kind": (0, in_kind, 0, in_kind),
    }


def ledger_movement(world: World) -> dict[tuple[int, str], tuple]:
    """Opening and closing of the four accounts of money by our own sums over journal items."""
    accounts = world.env["liquor.account.mapping"]._accounts(world.company)
    signs = {accounts[role].id: (name, -1) for role, name in ROLES.items()}
    receivable = world.env["account.account"].search([("account_type", "=", "asset_receivable")])
    signs |= {account.id: ("goods", 1) for account in receivable}
    world.env.cr.execute(
        """SELECT partner_id, account_id, COALESCE(SUM(balance) FILTER (WHERE date < %s), 0)::text, SUM(balance)::text
             FROM account_move_line
            WHERE account_id = ANY(%s) AND parent_state = 'posted' AND date <= %s AND partner_id = ANY(%s)
            GROUP BY 1, 2""",
        [MONTH, list(signs), LAST_DAY, world.distributors],
    )
    found: dict = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for partner, account, *figures in world.env.cr.fetchall():
        name, sign = signs[account]
        for place, figure in enumerate(figures):
            found[partner, name][place] += sign * Decimal(figure)
    return {key: tuple(figures) for key, figures in found.items()}


ROLES = {
    "rebate_accrued": "rebate",
    "expense_owed": "expense",
    "cofunding_due": "expense",
    "deposit": "deposit",
}
