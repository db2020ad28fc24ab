"""The claim of a returning member on a known device, with all it sets off, against a bare route with one INSERT.

A claim writes the claim, the opening event with its custody, points with their lot and the card, an opening credit
and three earnings (two of the shop, one of its distributor).
"""

import hashlib
import hmac
import secrets

from tools.environment.console import Failure

from .. import database, pages
from ..harness import Line
from ..load import Request
from ._fixtures import active_batch, codes_of
from ._trade import BOTTLES_A_CASE, event_values, pay_per_bottle, supplied_shops

NAME = "scan.single_http"
FASTEST = 300
MEMBERS, SHOPS = 400, 10
EARNINGS = 3


def measure() -> list[Line]:
    """POST /b/<code>/claim, each code once, members in turn."""
    return pages.measure(NAME, database.ensure_template(), _prepare, peer_name="bare route, auth='public', one INSERT")


def _prepare(env) -> tuple:
    count = pages.prepared(FASTEST)
    batch = active_batch(env, count)
    _terms(env)
    _receive(env, batch, supplied_shops(env, SHOPS)[1])
    devices = _devices(env)
    codes = codes_of(batch, count, "cap_inner")
    _check(env, codes[-1])
    env.cr.commit()
    secret = env["liquor.code.key"]._secret("claim form")
    requests = [
        _request(secret, batch, code, place, *devices[place % MEMBERS]) for place, code in enumerate(codes[:-1])
    ]
    return (
        requests,
        [Request("/bench/claim", "POST", f"code={code}") for code in codes],
        "SELECT count(*) FROM liquor_code_claim WHERE state = 'granted'",
        "SELECT count(*) FROM bench_claim",
    )


def _request(secret: bytes, batch, code: str, index: int, visit: str, token: str) -> Request:
    """The form that the member's page would send."""
    text = f"{visit}/{batch.number}/cap_inner/{index}"
    nonce = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return Request(f"/b/{code}/claim", "POST", f"nonce={nonce}", f"liquor_visit={visit}; liquor_device={token}")


def _terms(env) -> None:
    """A club with points, and three policies that pay for an opened bottle."""
    club = env["liquor.member.program"].create({"name": "梦想荟", "company_id": env.company.id, "mode": "national"})
    env["liquor.claim.rule"].create({
        "name": "开瓶积分", "program_id": club.id, "reward": "points", "points": 50, "date_start": "2026-01-01"
    })  # fmt: skip
    terms = (("开瓶", "terminal", 2), ("明星产品", "terminal", 1), ("动销", "distributor", 0.5))
    pay_per_bottle(env, "opened", terms)


def _receive(env, batch, shops: list[int]) -> None:
    """Every case was received by one of the shops yesterday."""
    env["liquor.scan.event"]._record([
        event_values(
            env,
            batch,
            kind="receive",
            level=BOTTLES_A_CASE,
            unit_index=case,
            code_kind="case_outer",
            bottles=BOTTLES_A_CASE,
            party_id=shops[case % SHOPS],
            party_kind="terminal",
            holder_id=shops[case % SHOPS],
            holder_kind="terminal",
            source="portal",
            fact_kind="received",
        )
        for case in range(batch.bottles // BOTTLES_A_CASE)
    ])


def _devices(env) -> list[tuple[str, str]]:
    """Return (visit, token) of members who joined earlier: one by the suite's service, the others by SQL."""
    club = env["liquor.member.program"].search([("company_id", "=", env.company.id)], limit=1)
    first = env["liquor.member"]._join(club, "13800138000", "cap", "1")
    pairs = [(secrets.token_hex(16), env["liquor.device"]._issue(first))]
    pairs += [(secrets.token_hex(16), secrets.token_urlsafe(32)) for _member in range(MEMBERS - 1)]
    env.flush_all()
    _members(env, first, [token for _visit, token in pairs[1:]])
    return pairs


def _members(env, first, tokens: list[str]) -> None:
    cursor, count = env.cr, len(tokens)
    database.number(cursor, "bench_partner", database.multiply(cursor, "res_partner", first.partner_id.id, count))
    cursor.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id IN (SELECT id FROM bench_partner)")
    partner = "(SELECT id FROM bench_partner WHERE n = i)"
    members = database.multiply(
        cursor,
        "liquor_member",
        first.id,
        count,
        number="'BENCH' || i",
        partner_id=partner,
        phone_index="'bench' || i",
        card_id="NULL::integer",
    )
    database.number(cursor, "bench_member", members)
    member = "(SELECT id FROM bench_member WHERE n = i)"
    given = {"liquor_member_id": member, "partner_id": partner, "code": "'bench' || i"}
    database.multiply(cursor, "loyalty_card", first.card_id.id, count, **given)
    cursor.execute("UPDATE liquor_member m SET card_id = c.id FROM loyalty_card c WHERE c.liquor_member_id = m.id")
    hashes = [env["liquor.device"]._token_hash(token) for token in tokens]
    database.number(cursor, "bench_token", hashes, "varchar")
    given = {"member_id": member, "token_index": "(SELECT id FROM bench_token WHERE n = i)"}
    database.multiply(cursor, "liquor_device", first.device_ids.id, count, **given)
    env.invalidate_all()


def _check(env, code: str) -> None:
    """One claim does what it is measured for.

    :raises Failure: when it does less
    """
    unit = env["liquor.code.batch"]._locate([code])[code]
    member = env["liquor.member"].search([], order="id desc", limit=1)
    claim = env["liquor.code.claim"]._claim(unit, member)
    done = {
        "state": claim.state,
        "earnings": env["liquor.earning"].search_count([]),
        "points": env["liquor.point.entry"].search_count([("member_id", "=", member.id)]),
        "credits": env["liquor.qualifying.event"].search_count([("member_id", "=", member.id)]),
    }
    if done != {"state": "granted", "earnings": EARNINGS, "points": 1, "credits": 1}:
        raise Failure(f"A claim does not do what is measured: {done}")
