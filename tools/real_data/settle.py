"""The tiered policy of the stores, settled quarter by quarter: cumulative, net of what was paid before."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.fields import Command

from .company import FIRST_DAY, KNOWN_SINCE
from .sources import Sale

QUARTERS = tuple(
    date(year, month, 1) - timedelta(days=1)
    for year, month in ((2021, 4), (2021, 7), (2021, 10), (2022, 1), (2022, 4), (2022, 7), (2022, 10), (2023, 1))
)
# From, below, percent: the attained tier counts for the whole year's base.
TIERS = ((0, 50_000, 1.0), (50_000, 250_000, 1.5), (250_000, 1_000_000, 2.25), (1_000_000, 0, 3.0))
CENT = Decimal("0.01")


def make_policy(env, company, users):
    """Write the policy and have somebody else put it in force."""
    author, approver = (env(user=users[name], su=False) for name in ("author", "approver"))
    policy = author["liquor.policy"].create({
        "name": "Growth rebate of the stores",
        "company_id": company.id,
        "kind": "tiered",
        "beneficiary_kind": "terminal",
        "nature": "rebate",
    })
    version = author["liquor.policy.version"].create({
        "policy_id": policy.id,
        "currency_id": company.currency_id.id,
        "date_start": FIRST_DAY,
        "basis": "reported",
        "measure": "amount",
        "rate_kind": "percent",
        "method": "retrospective",
        "period": "year",
        "payable": "available",
        "tier_ids": [Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in TIERS],
    })
    approver["liquor.policy.version"].browse(version.id).action_activate()
    return version.with_env(env)


def register_payees(env, company, partners) -> dict:
    """Give every store an account that payouts go to."""
    payees = env["liquor.payee"]
    return {
        partner.id: payees._store_account(
            company, partner, "bank", partner.name, f"7{partner.id:011d}", "Bank of nowhere"
        )
        for partner in partners
    }


def settle_quarter(env, company, version, users, payees, day: date) -> dict:
    """Bring the policy up to ``day``, accrue it, pay it out.

    :return: {"earned", "paid", "payouts"}
    """
    earnings = version._bring_up_to_date(day)
    env["liquor.accrual.run"]._accrue(company)
    payouts = env["liquor.payout"]
    wallets = env["liquor.earning"]._wallets(earnings.partner_id, company)
    for partner in earnings.partner_id:
        if wallets[partner.id]["available"] >= company.liquor_withdraw_minimum:
            payee = payees.get(partner.id) or payees.setdefault(
                partner.id, register_payees(env, company, partner)[partner.id]
            )
            payouts._request(company, partner, payee, None, f"{partner.id}/{day}", users["author"])
    batch = _pay(env, company, users)
    paid = sum(Decimal(str(amount)) for amount in batch.payout_ids.mapped("amount")) if batch else Decimal(0)
    return {"earned": money(earnings.mapped("amount")), "paid": paid, "payouts": len(batch.payout_ids) if batch else 0}


def _pay(env, company, users):
    """Collect, approve by somebody else, send, and take the bank's word that all arrived."""
    author, approver = (env(user=users[name], su=False) for name in ("author", "approver"))
    batch = author["liquor.payout.batch"].create({"company_id": company.id, "fresh_payees_checked": True})
    batch.action_collect()
    if not batch.payout_ids:
        batch.unlink()
        return None
    approver["liquor.payout.batch"].browse(batch.id).action_approve()
    batch.action_send()
    header = ["reference", "status", "amount"]
    batch._apply_results([header, *([payout.name, "ok", f"{payout.amount:.2f}"] for payout in batch.payout_ids)])
    return batch


def money(amounts) -> Decimal:
    """Return the exact sum of amounts in cents."""
    return sum((Decimal(str(amount)).quantize(CENT) for amount in amounts), Decimal(0))


def bases(sales: list[Sale], until: date | None = None) -> dict[tuple[str, int], Decimal]:
    """Return the base of each store and year, straight from the file."""
    found: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for sale in sales:
        if until is None or sale.day <= until:
            found[sale.store, sale.day.year] += sale.dollars
    return dict(found)


def owed(base: Decimal) -> Decimal:
    """Return what a year's base is worth, computed a second time without the suite.

    >>> owed(Decimal("50000")), owed(Decimal("49999.99")), owed(Decimal("-5"))
    (Decimal('750.00'), Decimal('500.00'), Decimal('0.00'))
    """
    rate = next(rate for low, high, rate in TIERS if base < (high or base + 1) or not high)
    return (max(base, Decimal(0)) * Decimal(str(rate)) / 100).quantize(CENT, ROUND_HALF_UP)


__all__ = ["KNOWN_SINCE", "QUARTERS", "bases", "make_policy", "money", "owed", "register_payees", "settle_quarter"]
