"""1,000 expense claims are reviewed, cut and paid; the age report shows median and oldest (trade.md R1, R15).

Claim ``i`` is of distributor ``i % 250``, of 100.00 + i, claimed on day ``i % 20`` of the month. Every fifth is cut by
30.00, the ones behind by 10.00, two of a hundred altogether. The first 900 are checked, the first 600 of them paid.
"""

import base64
import io
from collections import defaultdict
from datetime import timedelta
from statistics import median

import pytest
from PIL import Image

from odoo import Command

from odoo.addons.liquor_member.tools.business_day import today

from . import books, closing, faults, world
from .world import MONTH

pytestmark = pytest.mark.load

CLAIMS, CHECKED, PAID, DAYS = 1000, 900, 600, 20
WAYS = ("rebate_account", "goods", "discount", "payment")
KINDS = ("group", "bundle", "display")
CHECK_DAY, PAY_DAY = (MONTH + timedelta(days=days) for days in (22, 25))
BUDGET, BOTTLE = 10_000_000, 800


def asked(claim: int) -> int:
    """What is applied for, approved and claimed."""
    return 100 + claim


def cut(claim: int) -> int:
    """What is cut."""
    if claim % 50 == 2:
        return asked(claim)
    return {0: 30, 1: 10}.get(claim % 5, 0)


def allowed(claim: int) -> int:
    """What is left."""
    return asked(claim) - cut(claim)


def way(claim: int) -> str:
    """How it is paid."""
    return WAYS[claim % 4]


def kind(claim: int) -> str:
    """One in twenty is a display, which needs two photos; all else needs one."""
    return "display" if claim % 20 == 7 else KINDS[claim % 2]


def bottles(claim: int) -> int:
    """Whole bottles that a claim paid in goods buys."""
    return allowed(claim) // BOTTLE if way(claim) == "goods" else 0


def test_claims(scratch, watch):
    scale = world.build(scratch)
    scale.planted = {}
    with watch.step("1,000 applications"):
        fund, expenses = apply(scale)
    with watch.step("approve 1,000"):
        with closing.on(MONTH):
            expenses.with_user(scale.users["manager"]).action_approve()
    fund.invalidate_recordset()
    assert (fund.free, fund.reserved) == (BUDGET - sum(map(asked, range(CLAIMS))), sum(map(asked, range(CLAIMS))))
    with watch.step("photos, claims on twenty days"):
        claim(scale, expenses)
    with watch.step("cut with reasons"):
        cut_claims(scale, expenses)
    scratch.cr.commit()
    check_checked(scale, watch, fund, expenses)
    check_paid(scale, watch, fund, expenses)
    check_ages(scale, watch, expenses)


def apply(scale):
    """The clerk applies for all of them, from one budget."""
    fund = scale.env["liquor.fund"].create({"name": "Claims", "date_start": MONTH, "company_id": scale.company.id})
    faults.allocate(scale, fund, BUDGET)
    kinds = {name: scale.env.ref(f"liquor_channel.expense_kind_{name}").id for name in KINDS}
    with closing.on(MONTH):
        expenses = scale.user("clerk", "liquor.expense").create([
            {
                "title": f"Claim {number}",
                "kind_id": kinds[kind(number)],
                "distributor_id": scale.distributors[number % 250],
                "date_start": MONTH,
                "date_end": MONTH + timedelta(days=DAYS),
                "amount": asked(number),
                "claim_amount": asked(number),
                "fund_id": fund.id,
                "payment_method": way(number),
                "goods_product_id": scale.products["A"].id if way(number) == "goods" else False,
            }
            for number in range(CLAIMS)
        ])
        expenses.action_apply()
    return fund, expenses


def photo(number: int) -> bytes:
    """A small picture that no other claim has."""
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), (number % 256, number // 256, 90)).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def claim(scale, expenses) -> None:
    """Each is proven by photos that the other clerk accepts; a twentieth is claimed on each day."""
    proofs = scale.user("clerk", "liquor.expense.proof").create([
        {"expense_id": expense.id, "image": photo(number * 2 + place), "taken_on": MONTH}
        for number, expense in enumerate(expenses)
        for place in range(2 if kind(number) == "display" else 1)
    ])
    proofs.with_user(scale.users["second_clerk"]).action_judge("accepted")
    for day in range(DAYS):
        with closing.on(MONTH + timedelta(days=day)):
            expenses.filtered(lambda one, day=day: expenses.ids.index(one.id) % DAYS == day).action_claim()


def cut_claims(scale, expenses) -> None:
    """Three reasons."""
    reasons = {
        name: scale.env["liquor.expense.reason"].search([("code", "=", name)]).id
        for name in ("standard", "invoice", "price")
    }
    scale.user("second_clerk", "liquor.expense.cut").create([
        {
            "expense_id": expenses[number].id,
            "amount": cut(number),
            "reason_id": reasons["price" if number % 50 == 2 else "standard" if number % 5 == 0 else "invoice"],
        }
        for number in range(CHECKED)
        if cut(number)
    ])


def check_checked(scale, watch, fund, expenses) -> None:
    """900 are checked at once: allowed by hand, one earning each, the fund's stages in step."""
    before = scale.env.cr.sql_log_count
    with watch.step("check 900"), closing.on(CHECK_DAY):
        expenses[:CHECKED].with_user(scale.users["second_clerk"]).action_check()
        scale.env.flush_all()
    assert scale.env.cr.sql_log_count - before < CHECKED / 3
    assert expenses.mapped("allowed_amount") == [allowed(n) if n < CHECKED else 0 for n in range(CLAIMS)]
    earned = defaultdict(int)
    for number in range(CHECKED):
        if allowed(number):
            earned[scale.distributors[number % 250]] += allowed(number)
    scale.env.cr.execute(
        "SELECT partner_id, SUM(amount) FROM liquor_earning WHERE origin_model = 'liquor.expense' GROUP BY 1"
    )
    assert dict(scale.env.cr.fetchall()) == earned
    fund.invalidate_recordset()
    assert fund.accrued == sum(map(allowed, range(CHECKED)))
    assert fund.reserved == sum(map(asked, range(CHECKED, CLAIMS)))


def check_paid(scale, watch, fund, expenses) -> None:
    """600 are paid in one press, three ways and as discounts: fund, rebate accounts and ledger by hand."""
    rest = expenses[:PAID].filtered(lambda one: one.state == "checked").with_user(scale.users["finance"])
    assert len(rest) == sum(allowed(number) > 0 for number in range(PAID))
    before = scale.env.cr.sql_log_count
    with watch.step(f"pay {len(rest)}"), closing.on(PAY_DAY):
        rest.action_pay()
        scale.env.flush_all()
    watch.steps.append((f"{(scale.env.cr.sql_log_count - before) / len(rest):.1f} queries a payment", 0))
    sums = defaultdict(int)
    for number in range(PAID):
        sums[way(number)] += allowed(number)
        sums["bottles"] += BOTTLE * bottles(number)
        sums["waiting"] += allowed(number) if bottles(number) else 0
    goods_rest = sums["goods"] - sums["bottles"]
    fund.invalidate_recordset()
    waiting = sums["discount"] + sums["waiting"]
    assert (fund.settled, fund.paid) == (waiting, sum(map(allowed, range(PAID))) - waiting)
    assert fund.accrued == sum(map(allowed, range(PAID, CHECKED)))
    scale.env.cr.execute("SELECT SUM(balance) FROM liquor_rebate_account")
    assert scale.env.cr.fetchone()[0] == sums["rebate_account"] + goods_rest
    totals = {role: sum(books.balances(scale, role).values()) for role in ("rebate_accrued", "goods_owed")}
    assert totals == {"rebate_accrued": -(sums["rebate_account"] + goods_rest), "goods_owed": -sums["bottles"]}
    assert sum(books.balances(scale, "expense_owed").values()) == -sums["discount"]
    journal = scale.env["liquor.account.mapping"]._journals(scale.company)["bank"]
    scale.env.cr.execute(
        "SELECT SUM(balance) FROM account_move_line WHERE account_id = %s AND parent_state = 'posted'",
        [journal.default_account_id.id],
    )
    assert scale.env.cr.fetchone()[0] == -sums["payment"]
    costs = [sum(books.balances(scale, role).values()) for role in ("rebate_contra", "service_expense")]
    display = sum(allowed(number) for number in range(PAID) if kind(number) == "display")
    assert costs == [sum(map(allowed, range(PAID))) - display, display]
    scale.env.cr.execute("SELECT COUNT(*) FROM (SELECT 1 FROM account_move_line GROUP BY move_id"
                         " HAVING SUM(balance) <> 0) unbalanced")  # fmt: skip
    assert scale.env.cr.fetchone()[0] == 0
    orders = expenses[:PAID].order_line_ids.order_id
    assert len(orders) == sum(bottles(number) > 0 for number in range(PAID))
    check_discount(scale, expenses)


def discounted() -> list[int]:
    """Claims of the first distributor who has one that is paid as a discount."""
    first = next(one for one in range(PAID) if way(one) == "discount" and allowed(one)) % 250
    return [one for one in range(PAID) if one % 250 == first and way(one) == "discount" and allowed(one)]


def check_discount(scale, expenses) -> None:
    """The next order of a distributor carries his claims as discounts of the same invoice, today."""
    own = discounted()
    order = scale.env["sale.order"].create({
        "partner_id": scale.distributors[own[0] % 250],
        "company_id": scale.company.id,
        "order_line": [
            Command.create({"product_id": scale.products["A"].id, "product_uom_qty": 6, "price_unit": 1000})
        ],
    })
    order.action_liquor_use_expenses()
    order.action_confirm()
    assert order.amount_untaxed == 6000 - sum(map(allowed, own))
    assert {expenses[one].state for one in own} == {"paid"}


def check_ages(scale, watch, expenses) -> None:
    """Median and oldest by kind and state, right to the day: for the clerk, and for the distributor."""
    day = today(scale.company)
    wanted = defaultdict(list)
    ordered = discounted()
    for number, expense in enumerate(expenses):
        paid = CHECK_DAY if not allowed(number) else day if number in ordered else PAY_DAY
        end = paid if expense.state == "paid" else day
        wanted[kind(number), expense.state].append((end - MONTH - timedelta(days=number % DAYS)).days)
    scale.env.flush_all()
    with watch.step("age report"):
        rows = scale.user("finance", "liquor.expense.age").search([("company_id", "=", scale.company.id)])
        found = {(row.kind_id.code, row.state): (row.claim_count, row.median_days, row.oldest_days) for row in rows}
    assert found == {key: (len(ages), median(ages), max(ages)) for key, ages in wanted.items()}
    assert {state for _kind, state in found} == {"claimed", "checked", "paying", "paid"}
    partner = scale.distributors[0]
    own = [n for n, one in enumerate(expenses) if n % 250 == 0 and one.state in ("claimed", "checked", "paying")]
    ages = [(day - MONTH - timedelta(days=number % DAYS)).days for number in own]
    said = scale.env["liquor.expense"]._waiting_of(scale.company, scale.env["res.partner"].browse(partner))
    assert (said["count"], said["median"], said["oldest"]) == (len(own), median(ages), max(ages))
