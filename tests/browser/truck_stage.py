"""A truck: orders of distributors that wait in the warehouse, the codes of their goods, and wine nobody ordered."""

TRUCK = """
import json
from odoo import Command
from odoo.tests import new_test_user

env = env(context={"tracking_disable": True, "no_reset_password": True, "lang": "zh_CN"})
company = env.ref("base.main_company")
login = f"truck_{MARK}"
new_test_user(env, login, groups="liquor_scan.group_warehouse", password=login, company_id=company.id, lang="zh_CN")
depot = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
printer = env["res.partner"].create({"name": "华印包装"})


def wine(name, bottles):
    product = env["product.product"].create({
        "name": name, "company_id": company.id, "is_storable": True, "tracking": "lot", "list_price": 300.0,
        "liquor_bottles_per_case": 6,
    })
    lot = env["stock.lot"].create({"name": f"{MARK}-1", "product_id": product.id, "company_id": company.id})
    order = env["liquor.print.order"].create({
        "company_id": company.id, "supplier_id": printer.id, "product_id": product.id, "lot_id": lot.id,
        "quantity": bottles, "over_issue": 0, "scheme_id": env.ref("liquor_scan.scheme_cap_case").id,
    })
    order.action_issue()
    env["liquor.code.range"]._book(order.batch_ids, "active", 0, bottles - 1)
    env["stock.quant"]._update_available_quantity(product, depot.lot_stock_id, bottles, lot_id=lot)
    return product, order.batch_ids


ordered, codes = wine(f"云泉 窖藏20 {MARK}", ORDERS * CASES * 6)
_other, foreign = wine(f"青瓷 {MARK}", 360)
pickings = []
for number in range(ORDERS):
    buyer = env["res.partner"].create({"name": f"{MARK}号商贸{number + 1}", "is_company": True})
    env["liquor.channel.role"].create({
        "partner_id": buyer.id, "company_id": company.id, "kind": "distributor", "date_start": "2026-01-01",
        "state": "formal",
    })
    sale = env["sale.order"].create({
        "partner_id": buyer.id, "company_id": company.id, "liquor_kind": KINDS[number % len(KINDS)],
        "order_line": [Command.create({"product_id": ordered.id, "product_uom_qty": CASES * 6})],
    })
    sale.action_confirm()
    pickings.append(sale.picking_ids.id)
env.cr.commit()
print("TRUCK " + json.dumps({
    "login": login, "pickings": pickings, "product": ordered.id, "batch": codes.id,
    "cases": [codes._code("case_outer", n) for n in range(ORDERS * CASES)],
    "foreign": [foreign._code("case_outer", n) for n in range(60)],
}))
"""
