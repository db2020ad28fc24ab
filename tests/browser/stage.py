"""The small world the tours play in, made through the suite's own services: one order from maker to drinker.

A shop earns 2.50 a bottle it receives (15.00 a case of six); the distributor is owed 6,000.00 of last month.
"""

STAGE = """
import json
from datetime import timedelta
from odoo import Command, fields
from odoo.tests import new_test_user

env = env(context={"tracking_disable": True, "no_reset_password": True, "lang": "zh_CN"})
company = env.ref("base.main_company")
company.write({"name": "云泉酒业有限公司", "phone": "400 800 1234"})
today = fields.Date.context_today(env["liquor.policy"].with_context(tz="Asia/Shanghai"))
last_month = today.replace(day=1) - timedelta(days=1)
since = (last_month.replace(day=1) - timedelta(days=40)).isoformat()
env["ir.config_parameter"].sudo().set_param("liquor.outbound.on_screen", "1")
env["liquor.account.mapping"]._ensure_accounts(company)

PEOPLE = {
    "clerk": "liquor_channel.group_clerk",
    "warehouse": "liquor_scan.group_warehouse,stock.group_stock_user",
    "finance": "liquor_channel.group_finance",
    "cashier": "liquor_channel.group_finance",
    "manager": "liquor_channel.group_channel_manager",
}
for name, groups in PEOPLE.items():
    new_test_user(env, "tour_" + name, groups=groups, password="tour_" + name, company_id=company.id, lang="zh_CN")

county = env["liquor.territory"].load_divisions([("94", "巡演县")])


def party(name, kind, ref):
    partner = env["res.partner"].create({"name": name, "is_company": True, "ref": ref, "lang": "zh_CN"})
    values = {"partner_id": partner.id, "company_id": company.id, "kind": kind, "date_start": since, "state": "formal"}
    if kind == "terminal":
        values["terminal_kind_id"] = env.ref("liquor_channel.terminal_kind_tobacco_liquor").id
    env["liquor.channel.role"].create({**values, "territory_id": county.id})
    user = new_test_user(env, "tour_" + kind, groups="base.group_portal", password="tour_" + kind, lang="zh_CN")
    user.partner_id.write({"parent_id": partner.id, "lang": "zh_CN"})
    return partner


distributor = party("晨光商贸有限公司", "distributor", "D901")
shop = party("福来烟酒", "terminal", "T901")
env["liquor.channel.assignment"].create({
    "terminal_id": shop.id, "distributor_id": distributor.id, "company_id": company.id, "date_start": since,
})

policy = env["liquor.policy"].create({
    "name": "收货扫码奖励", "company_id": company.id, "kind": "per_unit", "beneficiary_kind": "terminal",
})
env["liquor.policy.version"].create({
    "policy_id": policy.id, "date_start": since, "basis": "received", "measure": "bottles", "rate": 2.5,
    "partner_ids": shop.ids,
    "payable": "available",
}).action_activate()

club = env["liquor.member.program"].create({"name": "云泉会", "company_id": company.id, "mode": "national"})
env["liquor.claim.rule"].create({
    "name": "开瓶积分", "company_id": company.id, "program_id": club.id, "reward": "points", "points": 50,
    "date_start": since,
})
product = env["product.product"].create({
    "name": "云泉 窖藏10", "company_id": company.id, "barcode": "6901234567892", "is_storable": True,
    "tracking": "lot", "list_price": 300.0, "liquor_bottles_per_case": 6, "liquor_label_facts": "53%vol 500ml 浓香",
})
lot = env["stock.lot"].create({"name": "2603A", "product_id": product.id, "company_id": company.id})
order = env["liquor.print.order"].create({
    "company_id": company.id, "supplier_id": env["res.partner"].create({"name": "华印包装"}).id,
    "product_id": product.id, "lot_id": lot.id, "quantity": 360, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id,
})
order.action_issue()
batch = order.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, 359)

warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 360, lot_id=lot)
sale = env["sale.order"].create({
    "partner_id": distributor.id, "company_id": company.id,
    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 12})],
})
sale.action_confirm()

env["liquor.earning"]._book([{
    "company_id": company.id, "partner_id": distributor.id, "beneficiary_kind": "distributor",
    "currency_id": company.currency_id.id, "amount": 6000, "payable": "available", "component": "base",
    "event_time": fields.Datetime.to_datetime(last_month) - timedelta(days=3), "fact_key": "tour/rebate",
    "idempotency_key": "tour/rebate",
}])
env.cr.commit()
print("STAGE " + json.dumps({
    "picking": sale.picking_ids.id, "month": last_month.isoformat()[:7],
    "cases": [batch._code("case_outer", n) for n in range(4)],
    "caps": [batch._code("cap_inner", n) for n in range(4)],
}))
"""
