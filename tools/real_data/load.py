"""The whole run, in an Odoo shell on a database of its own."""

import os
import sys
from pathlib import Path

from . import barcodes, catalog, checks, company, reports, settle, sources, statements


class Clock:
    """Prints each step with its seconds."""

    def __init__(self, out) -> None:
        self.out, self.last = out, os.times().elapsed

    def lap(self, text: str) -> None:
        """Print one finished step."""
        now = os.times().elapsed
        self.out.write(f"[{now - self.last:7.1f} s] {text}\n")
        self.out.flush()
        self.last = now


def run(env, folder: Path, target: Path, out=sys.stdout) -> bool:
    """Load the data of ``folder``, settle it, check it; write reports into ``target``.

    :return: whether every total ties
    """
    target.mkdir(parents=True, exist_ok=True)
    env = env(context={**env.context, "tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True})
    clock, ties = Clock(out), checks.Ties(out)
    env, owner = company.make_company(env)
    users = company.make_users(env, owner)
    clock.lap("company in USD with its accounts")
    distributor, stores = company.make_partners(env, owner, sources.stores(folder))
    clock.lap(f"{len(stores)} stores, supplied by the state")
    products = _products(env, owner, folder, target, clock, ties)
    ties.tie("products loaded", len(products), 6482)
    sales = _reports(env, owner, distributor, folder, clock, ties)
    version = _settle(env, owner, users, stores, sales, clock)
    checks.check_bases(ties, env, owner, version, stores, sales)
    checks.check_earnings(ties, env, owner, stores, sales)
    checks.check_ledger(ties, env, owner)
    clock.lap("totals checked")
    count = statements.write(env, owner, stores, target / "statements")
    ties.tie("statements written", count, len({sale.store for sale in sales}))
    clock.lap(f"{count} statements in {target / 'statements'}")
    env.cr.commit()
    return not ties.failed


def _products(env, owner, folder, target, clock, ties) -> dict:
    items = sources.products(folder)
    judged = barcodes.judge(items)
    found = catalog.make_products(env, owner, items, judged)
    barcodes.write(target / "barcodes.csv", judged.findings)
    clock.lap(f"{len(found)} products; {len(judged.findings)} findings about bar codes in {target / 'barcodes.csv'}")
    for name, finding in (("scc", barcodes.WRONG_DIGIT), ("scc", barcodes.SHORT), ("scc", barcodes.NO_CODE)):
        clock.out.write(f"            case codes, {finding}: {judged.count(name, finding)}\n")
    checks.check_codes(ties, items, judged)
    return found


def _reports(env, owner, distributor, folder, clock, ties) -> list:
    lines = sources.sales(folder, sources.LINES)
    returns = sources.sales(folder, sources.RETURNS)
    town = reports.load(env, owner, distributor, "mason_city.csv", lines)
    clock.lap(f"{town.good_count} order lines of Mason City as a flow report")
    back = reports.load(env, owner, distributor, "returns.csv", returns)
    clock.lap(f"{back.good_count} returns; {back.bad_count} were in the first file already")
    others = sources.without_known(returns, lines)
    ties.tie("rows of the town refused", town.bad_count, 0)
    ties.tie("returns known already", back.bad_count, len(returns) - len(others))
    return lines + others


def _settle(env, owner, users, stores, sales, clock):
    owner.write({"liquor_withdraw_day_cap": 1_000_000})
    version = settle.make_policy(env, owner, users)
    payees: dict = {}
    for day in settle.QUARTERS:
        done = settle.settle_quarter(env, owner, version, users, payees, day)
        clock.lap(f"up to {day}: earned {done['earned']:>12}, {done['payouts']} payouts of {done['paid']}")
    return version
