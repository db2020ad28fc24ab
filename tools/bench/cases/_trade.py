"""A distributor, the shops it supplies, and what the benches of scans let them earn."""

from datetime import timedelta

from odoo import fields

BOTTLES_A_CASE, CASES_A_PALLET = 6, 60
BOTTLES_A_PALLET = BOTTLES_A_CASE * CASES_A_PALLET
SINCE = "2026-01-01"


def party(env, name: str, kind: str) -> int:
    """Return a partner who is a party of the trade since the beginning of the year."""
    partner = env["res.partner"].create({"name": name, "is_company": True})
    values = {"partner_id": partner.id, "kind": kind, "date_start": SINCE, "state": "formal"}
    if kind == "terminal":
        values["terminal_kind_id"] = env.ref("liquor_channel.terminal_kind_tobacco_liquor").id
    env["liquor.channel.role"].create(values)
    return partner.id


def supplied_shops(env, count: int) -> tuple[int, list[int]]:
    """Return a distributor and the shops it supplies."""
    distributor = party(env, "河南经销", "distributor")
    shops = [party(env, f"福来烟酒 {number}", "terminal") for number in range(count)]
    env["liquor.channel.assignment"].create([
        {"terminal_id": shop, "distributor_id": distributor, "date_start": SINCE} for shop in shops
    ])
    return distributor, shops


def pay_per_bottle(env, basis: str, terms) -> None:
    """Put policies in force that pay for each bottle of a fact.

    :param terms: (name, kind of party that is paid, rate)
    """
    for name, beneficiary, rate in terms:
        policy = env["liquor.policy"].create({"name": name, "kind": "per_unit", "beneficiary_kind": beneficiary})
        version = {"date_start": SINCE, "basis": basis, "measure": "bottles", "rate": rate}
        env["liquor.policy.version"].create({"policy_id": policy.id, **version}).action_activate()


def event_values(env, batch, **changes) -> dict:
    """Return the values of an accepted event of yesterday that moves a unit of ``batch``."""
    now = fields.Datetime.now()
    yesterday = now - timedelta(days=1)
    return {
        "company_id": batch.company_id.id,
        "status": "accepted",
        "batch_id": batch.id,
        "product_id": batch.product_id.id,
        "custody_state": "held",
        "user_id": env.uid,
        "event_time": yesterday,
        "received_time": now,
        "business_day": yesterday.date(),
        "place_source": "none",
        **changes,
    }


def ship_pallets(env, batch, distributor: int) -> None:
    """All pallets were shipped to the distributor yesterday."""
    env["liquor.scan.event"]._record([
        event_values(
            env,
            batch,
            kind="ship",
            level=BOTTLES_A_PALLET,
            unit_index=pallet,
            code_kind="pallet",
            bottles=BOTTLES_A_PALLET,
            party_id=env.company.partner_id.id,
            party_kind="maker",
            holder_id=distributor,
            holder_kind="distributor",
            source="warehouse",
            purpose="normal",
        )
        for pallet in range(-(-batch.bottles // BOTTLES_A_PALLET))
    ])
