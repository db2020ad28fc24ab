"""Orders that are cancelled while their invoices are posted, over HTTP: their rebate is used or given back, once."""

import pytest

from .browser import told
from .cast import prepared

N = 20
LOGINS = "orderrace_"
# 2,000.00 of rebate; ten orders of 1,000.00 carry 200.00 each and have a draft invoice
PREPARE = """
env["liquor.account.mapping"]._ensure_accounts(company)
user("orderrace_sales", "sales_team.group_sale_salesman_all_leads", "account.group_account_invoice")
user("orderrace_books", "account.group_account_invoice")
distributor = party("赛跑开票商贸", "distributor")
product = env["product.product"].create({"name": "赛跑开票酒", "type": "consu", "list_price": 100,
    "invoice_policy": "order", "taxes_id": [Command.clear()]})
account = env["liquor.rebate.account"]._of(company, distributor)
account._move(2000, "settlement", "orderrace/1", account, "Race")
orders = env["sale.order"]
for _number in range(%(n)s // 2):
    orders |= env["sale.order"].create({"partner_id": distributor.id, "company_id": company.id,
        "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 10, "price_unit": 100})]})
for order in orders:
    order.action_liquor_use_rebate()
    order.action_confirm()
pairs = [(order.id, order._create_invoices().id) for order in orders]
env.cr.commit()
print("PREPARED " + json.dumps({"pairs": pairs, "account": account.id}))
"""


@pytest.fixture(scope="module")
def world(site):
    """Ten confirmed orders, each with a draft invoice that uses its rebate."""
    return prepared(site, PREPARE, n=N)


def test_an_order_is_cancelled_or_invoiced(site, race, world, people):
    """Each order ends cancelled with its 200.00 back in the account, or invoiced and 200.00 used; never both."""
    sales, books = people("sales"), people("books")
    jobs = [(sales, "sale.order", "action_cancel", order) for order, _invoice in world["pairs"]]
    jobs += [(books, "account.move", "action_post", invoice) for _order, invoice in world["pairs"]]
    answers = race(lambda person, model, step, number: person.call(model, step, [number]), jobs)
    told(answers, "SerializationFailure")
    orders = ", ".join(str(order) for order, _invoice in world["pairs"])
    posted = (
        "SELECT 1 FROM sale_order_line l JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id"
        " JOIN account_move_line i ON i.id = r.invoice_line_id WHERE l.order_id = o.id AND i.parent_state = 'posted'"
    )
    both = f"SELECT count(*) FROM sale_order o WHERE o.id IN ({orders}) AND"
    assert site.query(f"{both} state = 'cancel' AND EXISTS ({posted})") == "0"
    kept = int(site.query(f"{both} state = 'sale'"))
    balance = f"SELECT balance::float FROM liquor_rebate_account WHERE id = {world['account']}"
    assert float(site.query(balance)) == 2000 - 200 * kept
    entries = f"SELECT sum(amount)::float FROM liquor_rebate_entry WHERE rebate_account_id = {world['account']}"
    assert float(site.query(entries)) == 2000 - 200 * kept
