"""Portal pages of long lists: 10,000 lines against the same page with 100, one visitor, answered within 0.3 s each.

A statement, one account of a month (往来对账单), a shop's rewards, and what one figure of 10,000 orders is made of.
"""

import http.cookiejar
import re
import statistics
import time
import urllib.parse
import urllib.request
from datetime import date

from tools.environment.console import Failure

from .. import database, server
from ..database import multiply, number
from ..harness import Line, compare, size

NAME = "portal.statement_http"
LONG, SHORT = 10_000, 100
LIMIT = 0.3
VISITS = 10
UNIT = "pages/s"
FIRST, LAST, NOON = date(2026, 3, 1), date(2026, 3, 31), "2026-03-10 04:00:00"


def measure() -> list[Line]:
    """Measure the pages one after the other; the first is the statement.

    :raises Failure: a long page takes longer than 0.3 s
    """
    with database.scratch("liquor_bench_portal_statement", database.ensure_template()) as name:
        with database.environment(name) as env:
            pages = _prepare(env)
        database.analyze(name)
        with server.serve(name) as address:
            lines = [_measure(address, title, *paths) for title, paths in pages.items()]
    return lines


def _measure(address: str, title: str, long: tuple[str, str, str], short: tuple[str, str, str]) -> Line:
    ours, peer = (_Visitor(address, *words) for words in (long, short))
    line = compare(
        title, ours.rate, peer.rate, peer_name=f"the same page with {SHORT} lines", unit=UNIT, n=LONG, peer_n=SHORT
    )
    if 1 / line.ours > LIMIT:
        raise Failure(f"{title}: {1 / line.ours:.2f} s a page with {LONG:,} lines; at most {LIMIT} s.")
    return line


class _Visitor:
    """One signed-in person who opens one page; ``mark`` is what the whole page must show."""

    def __init__(self, address: str, login: str, path: str, mark: str):
        self.url, self.mark = address + path, mark
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._open(f"{address}/web/login"))[1]
        form = {"login": login, "password": login, "csrf_token": token}
        self._open(f"{address}/web/login", urllib.parse.urlencode(form).encode())
        for _worker in range(2 * server.WORKERS):
            self._visit()

    def _open(self, url: str, data: bytes | None = None) -> str:
        with self.opener.open(url, data, timeout=120) as answer:
            return answer.read().decode()

    def _visit(self) -> float:
        begun = time.perf_counter()
        text = self._open(self.url)
        taken = time.perf_counter() - begun
        if self.mark not in text:
            raise Failure(f"{self.url} does not show {self.mark!r}.")
        return taken

    def rate(self) -> float:
        """Return pages a second: the median of the visits of one run."""
        return 1 / statistics.median(self._visit() for _visit in range(size(VISITS, 4)))


def _prepare(env) -> dict[str, list[tuple[str, str, str]]]:
    """Write the world; return {figure: [(login, path, mark) of the long page, of the short one]}."""
    company = env.company
    env["liquor.account.mapping"]._ensure_accounts(company)
    version = _version(env)
    pages = {NAME: [], "portal.account_http": [], "portal.wallet_http": [], "portal.sources_http": []}
    for count in (LONG, SHORT):
        distributor = _party(env, f"经销商 {count}", "distributor")
        shop = _party(env, f"门店 {count}", "terminal")
        _orders(env, distributor, count)
        earning = version._bring_up_to_date(LAST, distributor)
        _earnings(env, distributor, "distributor", count - 1)
        _earnings(env, shop, "terminal", count)
        _entries(env, distributor, count)
        statement = env["liquor.settlement"].create({
            "partner_id": distributor.id, "date_from": FIRST, "date_to": LAST
        })  # fmt: skip
        statement.action_send()
        month = env["liquor.account.statement"]._make(company, FIRST, distributor)
        month.action_send()
        # each bottle of an order at 100.00, 2 % of it; each other earning is 1.00
        total = f"{count * 2 + (count - 1):,.2f}"
        pages[NAME].append((distributor.name, f"/my/channel/statements/{statement.id}", total))
        pages["portal.account_http"].append((
            distributor.name,
            f"/my/channel/accounts/{month.id}/movements/goods",
            f"{count * 5:,.2f}",
        ))
        pages["portal.wallet_http"].append((shop.name, "/my/terminal", f"{count:,.2f}"))
        pages["portal.sources_http"].append((
            distributor.name,
            f"/my/channel/earnings/{earning.id}",
            f"{count * 2:,.2f}",
        ))
    env.cr.commit()
    return pages


def _party(env, name: str, kind: str):
    partner = env["res.partner"].create({"name": name, "is_company": True})
    values = {"partner_id": partner.id, "kind": kind, "state": "formal", "date_start": "2026-01-01"}
    if kind == "terminal":
        values["terminal_kind_id"] = env.ref("liquor_channel.terminal_kind_tobacco_liquor").id
    env["liquor.channel.role"].create(values)
    person = env["res.partner"].create({"name": name, "parent_id": partner.id})
    env["res.users"].with_context(no_reset_password=True).create({
        "login": name,
        "password": name,
        "partner_id": person.id,
        "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    })
    return partner


def _version(env):
    """2 % of what a distributor orders in a month."""
    policy = env["liquor.policy"].create({
        "name": "月度返利", "kind": "tiered", "beneficiary_kind": "distributor"
    })  # fmt: skip
    version = env["liquor.policy.version"].create({
        "policy_id": policy.id,
        "date_start": "2026-01-01",
        "basis": "ordered",
        "measure": "amount",
        "rate_kind": "percent",
        "period": "month",
        "payable": "available",
        "tier_ids": [(0, 0, {"from_value": 0, "to_value": 0, "rate": 2})],
    })
    version.action_activate()
    return version


def _orders(env, partner, count: int) -> None:
    """Confirmed order lines of one bottle at 100.00 each."""
    product = env["product.product"].create({
        "name": "酒", "type": "consu", "is_storable": True, "list_price": 100, "taxes_id": [(5,)]
    })  # fmt: skip
    order = env["sale.order"].create({
        "partner_id": partner.id,
        "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1, "price_unit": 100})],
    })
    order.write({"state": "sale", "date_order": NOON})
    env.flush_all()
    multiply(env.cr, "sale_order_line", order.order_line.id, count - 1)
    env.invalidate_all()


def _earnings(env, partner, kind: str, count: int) -> None:
    """Earnings of 1.00 each."""
    key = f"bench/{partner.id}"
    earning = env["liquor.earning"]._book([
        {
            "company_id": env.company.id,
            "partner_id": partner.id,
            "beneficiary_kind": kind,
            "currency_id": env.company.currency_id.id,
            "amount": 1,
            "event_time": NOON,
            "payable": "available",
            "fact_key": key,
            "reason": "收货奖励",
        }
    ])
    env.flush_all()
    multiply(
        env.cr, "liquor_earning", earning.id, count - 1, fact_key=f"'{key}/' || i", idempotency_key=f"'{key}/' || i"
    )
    env.invalidate_all()


def _entries(env, partner, count: int) -> None:
    """Posted entries of 5.00 each on the partner's receivable."""
    cash = env["account.account"].search(
        [("company_ids", "in", env.company.ids), ("account_type", "=", "asset_cash")], limit=1
    )
    due = partner.property_account_receivable_id
    entry = env["account.move"].create({
        "date": "2026-03-12",
        "ref": "往来",
        "line_ids": [
            (0, 0, {"account_id": due.id, "partner_id": partner.id, "balance": 5}),
            (0, 0, {"account_id": cash.id, "balance": -5}),
        ],
    })
    entry.action_post()
    env.flush_all()
    table = f"bench_entry_{partner.id}"
    moves = multiply(env.cr, "account_move", entry.id, count - 1, name=f"'BENCH/{partner.id}/' || i")
    number(env.cr, table, moves)
    for line in entry.line_ids:
        multiply(env.cr, "account_move_line", line.id, count - 1, move_id=f"(SELECT id FROM {table} WHERE n = i)")
    env.invalidate_all()
