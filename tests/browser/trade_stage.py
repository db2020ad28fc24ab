"""Who the clerk's policies and contracts are for: two distributors, a shop, its guide, two wines with codes and prices.

Wine A (云泉 窖藏20) costs 50.00 a bottle, six to a case; the shop holds three of its cases and two of wine B.
"""

PARTY = """
import json
from datetime import timedelta
from odoo import Command, fields
from odoo.tests import new_test_user

env = env(context={"tracking_disable": True, "no_reset_password": True, "lang": "zh_CN"})
company = env.ref("base.main_company")
today = fields.Date.context_today(env["liquor.policy"].with_context(tz="Asia/Shanghai"))
since = today.replace(year=today.year - 2, month=1, day=1)
county = env["liquor.territory"].load_divisions([("95", "试用县")])


def party(name, kind, ref, login="", parent=None):
    person = kind == "guide"
    partner = env["res.partner"].create({"name": name, "is_company": not person, "ref": ref, "lang": "zh_CN"})
    env["liquor.channel.role"].create({
        "partner_id": partner.id, "company_id": company.id, "kind": kind, "date_start": since, "state": "formal",
        "territory_id": county.id,
        "terminal_kind_id": env.ref("liquor_channel.terminal_kind_tobacco_liquor").id if kind == "terminal" else False,
    })
    if login:
        values = {"partner_id": partner.id} if person else {}
        user = new_test_user(env, login, groups="base.group_portal", password=login, lang="zh_CN", **values)
        if not person:
            user.partner_id.write({"parent_id": partner.id, "lang": "zh_CN"})
    return partner
"""

TRADE = (
    PARTY
    + """
distributor = party("瑞丰酒业有限公司", "distributor", "D911", "tour_ruifeng")
second = party("和顺商贸有限公司", "distributor", "D912")
shop = party("同心烟酒", "terminal", "T911", "tour_tongxin")
guide = party("李晓梅", "guide", "G911", "tour_guide")
env["liquor.employment"].create({
    "person_id": guide.id, "employer_id": shop.id, "company_id": company.id, "kind": "guide", "date_start": since,
})._consent_on_paper(since, "consent.pdf", b"%PDF-1.7 signed")
env["liquor.channel.assignment"].create({
    "terminal_id": shop.id, "distributor_id": second.id, "company_id": company.id, "date_start": since,
})
quarter_end = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
warehouse = env["res.users"].search([("login", "=", "tour_warehouse")])
seller = env["res.users"].search([("login", "=", "tour_tongxin")])
codes = {}
for letter, name, lot_name in (("A", "云泉 窖藏20", "2604A"), ("B", "云泉 新酿", "2604B")):
    product = env["product.product"].create({
        "name": name, "company_id": company.id, "is_storable": True, "tracking": "lot", "list_price": 300.0,
        "liquor_bottles_per_case": 6,
    })
    env["liquor.price.ladder"].create({"product_id": product.id, "price_factory": 50, "date_start": since})
    lot = env["stock.lot"].create({"name": lot_name, "product_id": product.id, "company_id": company.id})
    order = env["liquor.print.order"].create({
        "company_id": company.id, "supplier_id": env["res.partner"].create({"name": "华印包装"}).id,
        "product_id": product.id, "lot_id": lot.id, "quantity": 360, "over_issue": 0,
        "scheme_id": env.ref("liquor_scan.scheme_cap_case").id,
    })
    order.action_issue()
    batch = order.batch_ids
    env["liquor.code.range"]._book(batch, "active", 0, 359)
    cases = [batch._code("case_outer", number) for number in range(4)]
    at = fields.Datetime.now() - timedelta(hours=3)
    shipped = [{"id": f"ship-{letter}-{number}", "type": "ship", "code": code, "to": "D912", "at": f"{at.isoformat()}Z"}
               for number, code in enumerate(cases)]
    answers = env["liquor.scan.request"]._take(warehouse, shipped)
    assert all(answer["status"] == "accepted" for answer in answers), answers
    codes[letter] = {
        "product": product.id, "cases": cases, "inner": [batch._code("case_inner", number) for number in range(4)],
        "caps": [batch._code("cap_inner", number) for number in range(24)],
        "outer": [batch._code("cap_outer", number) for number in range(24)],
    }
env.cr.commit()
print("TRADE " + json.dumps({
    "distributor": distributor.id, "second": second.id, "shop": shop.id, "guide": guide.id, "codes": codes,
    "quarter": f"{quarter_end.year}-Q{(quarter_end.month + 2) // 3}", "quarter_day": f"{quarter_end}T04:00:00",
    "year": today.year, "today": today.isoformat(), "first": today.replace(month=1, day=1).isoformat(),
}))
"""
)

# Two months of a distributor: 30,000.00 and 60,000.00 paid in at 2 % = 600.00 and 1,200.00, and 300.00 a month; a shop
# that can withdraw 88.50.
MONTH = (
    PARTY
    + """
distributor = party("启明商贸有限公司", "distributor", "D921", "tour_qiming")
shop = party("金桥烟酒", "terminal", "T921", "tour_jinqiao")
last = today.replace(day=1) - timedelta(days=1)
before = last.replace(day=1) - timedelta(days=1)
bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
versions = env["liquor.policy.version"]
for name, kind, values in (
    ("打款返利", "tiered", {"rate_kind": "percent", "tier_ids": [Command.create({"from_value": 0, "rate": 2})]}),
    ("月度配送补贴", "fixed", {"rate": 300}),
):
    policy = env["liquor.policy"].create({
        "name": name, "company_id": company.id, "kind": kind, "beneficiary_kind": "distributor", "nature": "rebate",
    })
    versions |= env["liquor.policy.version"].create({
        "policy_id": policy.id, "date_start": since, "basis": "paid_in", "measure": "amount", "period": "month",
        "payable": "available", "partner_ids": [Command.link(distributor.id)], **values,
    })
versions.action_activate()
for day, amount in ((before, 30000), (last, 60000)):
    env["account.payment"].create({
        "payment_type": "inbound", "partner_type": "customer", "partner_id": distributor.id, "amount": amount,
        "date": day, "journal_id": bank.id,
    }).action_post()
    versions._bring_up_to_date(day)
for number, amount in enumerate((60, 28.5)):
    env["liquor.earning"]._book([{
        "company_id": company.id, "partner_id": shop.id, "beneficiary_kind": "terminal", "amount": amount,
        "currency_id": company.currency_id.id, "payable": "available", "component": "base",
        "event_time": fields.Datetime.to_datetime(last), "fact_key": f"tour/shop/{number}",
    }])
period = env["liquor.period"]._for_day(company, last)
env.cr.commit()
print("MONTH " + json.dumps({
    "before": before.isoformat()[:7], "last": last.isoformat()[:7], "period": period.id,
    "before_days": [before.replace(day=1).isoformat(), before.isoformat()], "end": last.isoformat(),
    "distributor": distributor.id, "shop": shop.id,
}))
"""
)
