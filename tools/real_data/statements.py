"""A statement for each store: its base, what it earned and what it was paid, drawn from the ledger."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from odoo.addons.liquor_channel.tools.tables import write_xlsx

EARNED = ("Quarter", "Year", "Base of the year so far", "Owed for the year so far", "Booked before", "Earned now")
PAID = ("Payout", "Requested", "Amount", "State")
SOLD = ("Day", "Product", "Bottles", "Amount", "Kind", "Document")


def write(env, company, stores: dict, folder: Path) -> int:
    """Write one workbook for each store that has rows; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    earned, paid, sold = _earned(env, company), _paid(env, company), _sold(env, company)
    count = 0
    for number, partner in stores.items():
        lines = sold.get(partner.id)
        if lines:
            book = {
                "Statement": [EARNED, *earned.get(partner.id, [])],
                "Payouts": [PAID, *paid.get(partner.id, [])],
                "Lines": [SOLD, *lines],
            }
            (folder / f"statement_{number}.xlsx").write_bytes(write_xlsx(book))
            count += 1
    return count


def _earned(env, company) -> dict:
    rows = defaultdict(list)
    for earning in env["liquor.earning"].search([("company_id", "=", company.id)], order="id"):
        trace = json.loads(earning.trace or "{}")
        figures = [Decimal(trace[name]) for name in ("base", "owed", "booked")]
        rows[earning.partner_id.id].append([trace["until"], trace["period"], *figures, Decimal(str(earning.amount))])
    return rows


def _paid(env, company) -> dict:
    rows = defaultdict(list)
    for payout in env["liquor.payout"].search([("company_id", "=", company.id)], order="id"):
        day = payout.requested_at.date().isoformat()
        rows[payout.partner_id.id].append([payout.name, day, Decimal(str(payout.amount)), payout.state])
    return rows


def _sold(env, company) -> dict:
    rows = defaultdict(list)
    lines = env["liquor.flow.report.line"].search_read(
        [("company_id", "=", company.id), ("live", "=", True)],
        ["buyer_id", "business_day", "product_id", "bottles", "amount", "kind", "reference"],
        order="business_day, id",
        load=None,
    )
    products = env["product.product"].browse({line["product_id"] for line in lines})
    codes = {product.id: product.default_code for product in products}
    for line in lines:
        rows[line["buyer_id"]].append([
            line["business_day"].isoformat(),
            codes[line["product_id"]],
            line["bottles"],
            Decimal(str(line["amount"])),
            line["kind"],
            line["reference"],
        ])
    return rows
