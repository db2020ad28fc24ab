"""Distributors with invoices, and tiered terms of each: by SQL from one of each made through the ORM."""

from dataclasses import dataclass
from datetime import date

from tests.bench.peers import agreement_rebate

from ..database import multiply, number

PRODUCTS, BILLS = 20, 10
DAY_FROM, DAY, DAY_TO = date(2026, 7, 1), date(2026, 8, 12), date(2026, 9, 30)
# Lower and upper bound in CNY and percent; a distributor's quarter reaches the third.
TIERS = [(0, 100_000, 1), (100_000, 300_000, 2), (300_000, 10_000_000, 3)]


@dataclass(frozen=True, slots=True)
class World:
    """What a fixture holds: partners, policy versions and agreements, in the same order."""

    partners: list[int]
    versions: list[int]
    agreements: list[int]
    by_product: list[int]


def build(env, agreements: int, products: int = PRODUCTS, bills: int = BILLS) -> World:
    """Write ``agreements`` distributors with so many posted bills of so many lines, our terms and the peer's two kinds.

    What was written is committed.
    """
    cursor = env.cr
    first = env["res.partner"].create({"name": "经销商", "is_company": True})
    role = env["liquor.channel.role"].create({
        "partner_id": first.id, "kind": "distributor", "state": "formal", "date_start": "2026-01-01"
    })  # fmt: skip
    bill = _bill(env, first, products)
    version = _version(env, first)
    agreement = agreement_rebate.agreement(env, first, TIERS)
    by_product = agreement_rebate.agreement_by_product(env, first, bill.invoice_line_ids.product_id, TIERS[-1][2])
    env.flush_all()
    partners = [first.id, *multiply(cursor, "res_partner", first.id, agreements - 1, name="'经销商 ' || i")]
    cursor.execute(
        "UPDATE res_partner SET commercial_partner_id = id, complete_name = name WHERE id = ANY(%s)", [partners]
    )
    number(cursor, "bench_partner", partners[1:])
    partner = "(SELECT id FROM bench_partner WHERE n = i)"
    multiply(cursor, "liquor_channel_role", role.id, agreements - 1, partner_id=partner)
    _bills(cursor, bill, partners, bills)
    world = World(
        partners,
        [version.id, *_versions(cursor, version, agreements - 1)],
        [agreement.id, *_agreements(cursor, agreement.rebate_section_ids, agreements - 1, partner)],
        [by_product.id, *_agreements(cursor, by_product.rebate_line_ids, agreements - 1, partner)],
    )
    cursor.commit()
    return world


def _bill(env, partner, products: int):
    wines = env["product.product"].create([
        {"name": f"酒 {number}", "type": "consu", "is_storable": True, "list_price": 50 * number}
        for number in range(1, products + 1)
    ])
    bill = env["account.move"].create({
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": DAY,
        "invoice_line_ids": [(0, 0, {"product_id": wine.id, "quantity": 6}) for wine in wines],
    })
    bill.action_post()
    return bill


def _bills(cursor, bill, partners: list[int], bills: int) -> None:
    """Give every partner so many posted invoices like ``bill``."""
    wanted = len(partners) * bills - 1
    number(cursor, "bench_payer", [partner for partner in partners for _bill in range(bills)][1:])
    payer = "(SELECT id FROM bench_payer WHERE n = i)"
    moves = multiply(
        cursor,
        "account_move",
        bill.id,
        wanted,
        name="'BENCH/' || i",
        partner_id=payer,
        commercial_partner_id=payer,
        partner_shipping_id=payer,
    )
    number(cursor, "bench_move", moves)
    for item in bill.line_ids:
        move = "(SELECT id FROM bench_move WHERE n = i)"
        multiply(
            cursor, "account_move_line", item.id, wanted, move_id=move, partner_id=payer, move_name="'BENCH/' || i"
        )


def _version(env, partner):
    policy = env["liquor.policy"].create({
        "name": "季度返利", "kind": "tiered", "beneficiary_kind": "distributor", "nature": "rebate"
    })  # fmt: skip
    version = env["liquor.policy.version"].create({
        "policy_id": policy.id,
        "date_start": "2026-01-01",
        "basis": "invoiced",
        "measure": "amount",
        "rate_kind": "percent",
        "method": "progressive",
        "period": "quarter",
        "payable": "available",
        "partner_ids": [(6, 0, partner.ids)],
        "tier_ids": [
            (0, 0, {"from_value": low, "to_value": high if high < TIERS[-1][1] else 0, "rate": rate})
            for low, high, rate in TIERS
        ],
    })
    version.action_activate()
    return version


def _versions(cursor, version, count: int) -> list[int]:
    """Give every other partner terms of his own, like ``version``."""
    number(cursor, "bench_policy", multiply(cursor, "liquor_policy", version.policy_id.id, count))
    policy = "(SELECT id FROM bench_policy WHERE n = i)"
    versions = multiply(cursor, "liquor_policy_version", version.id, count, policy_id=policy)
    number(cursor, "bench_version", versions)
    for tier in version.tier_ids:
        multiply(cursor, "liquor_policy_tier", tier.id, count, version_id="(SELECT id FROM bench_version WHERE n = i)")
    field = version._fields["partner_ids"]
    cursor.execute(
        f"INSERT INTO {field.relation} ({field.column1}, {field.column2})"
        " SELECT version.id, partner.id FROM bench_version version JOIN bench_partner partner USING (n)"
    )
    return versions


def _agreements(cursor, terms, count: int, partner: str) -> list[int]:
    """Give every other partner an agreement of the peer with such sections or lines; return their ids."""
    agreement = terms.agreement_id
    code = f"'{agreement.code} ' || i"
    agreements = multiply(cursor, "agreement", agreement.id, count, code=code, partner_id=partner)
    owners = f"bench_{terms._table}"
    number(cursor, owners, agreements)
    for one in terms:
        owner = f"(SELECT id FROM {owners} WHERE n = i)"
        multiply(cursor, one._table, one.id, count, agreement_id=owner)
    return agreements
