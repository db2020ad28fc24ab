"""What the people of a month do: expect, accrue, settle, pay, state, match, close."""

from decimal import Decimal

from freezegun import freeze_time

from . import faults
from .facts import CASES_A, CASES_B
from .world import DISTRIBUTORS, LAST_DAY, MONTH, World, at

#: the first so many distributors are paid by credit note, the others by rebate account; shops that withdraw
BY_NOTE, WITHDRAWING = 30, range(200, 300)
#: of the credit notes so many red letters are issued, so many wait for the buyer; the rest waits for a form
ISSUED, SENT = 10, 10
PER_REWARDED_CASE, EXPECTED_PERCENT = 20, 80


def expect(world: World):
    """Note what the campaign will cost: 20.00 for 80 % of the cases shipped, approved by somebody else (R7)."""
    expectation = world.user("finance", "liquor.reward.expectation").create({
        "policy_id": world.versions["receipt"].policy_id.id,
        "company_id": world.company.id,
        "date_start": MONTH,
        "date_end": LAST_DAY,
        "product_ids": [(6, 0, [world.products[name].id for name in "AB"])],
        "amount_per_case": PER_REWARDED_CASE,
        "expected_percent": EXPECTED_PERCENT,
        "rate_source": "receipts of the spring campaign",
    })
    expectation.with_user(world.users["second_finance"]).action_open()
    return expectation


def accrue(world: World):
    """What the cron does on the last day of the month."""
    return world.env["liquor.accrual.run"]._accrue(world.company)


def expected_reward() -> Decimal:
    """By hand: 3,000 cases of A and B at 20.00, 80 % of it."""
    cases = sum(CASES_A[number % 3] + CASES_B for number in range(DISTRIBUTORS))
    return Decimal(cases * PER_REWARDED_CASE * EXPECTED_PERCENT) / 100


def work_off(world: World, run):
    """Do what the cron does, batch after batch."""
    run = run.sudo()
    run.env.cr.commit()  # a batch that fails is rolled back
    while run.state in ("queued", "running"):
        run._process_batch()
    assert run.state == "done", run.message
    assert not run.error_count
    return run


def settle(world: World):
    """The clerk settles the month for all distributors and sends it."""
    wizard = world.user("clerk", "liquor.settle.month").create({
        "company_id": world.company.id, "date_from": MONTH, "date_to": LAST_DAY, "send": True,
    })  # fmt: skip
    work_off(world, world.env["liquor.run"].browse(wizard.action_settle()["res_id"]))
    return settlements(world)


def settlements(world: World):
    """The month's settlements by the number of their distributor."""
    found = world.env["liquor.settlement"].search([("date_from", "=", MONTH), ("reverses_id", "=", False)])
    return found.sorted(lambda one: world.distributors.index(one.partner_id.id))


def pay(world: World, found) -> None:
    """The first distributors are paid by credit note; confirmed, approved and posted by three people."""
    found[:BY_NOTE].with_user(world.users["clerk"]).payment_method = "credit_note"
    found.with_user(world.users["clerk"]).action_confirm()
    found.with_user(world.users["finance"]).action_approve()
    found.with_user(world.users["second_finance"]).action_post()
    found[:BY_NOTE].with_user(world.users["second_finance"]).action_offset()


def red_letters(world: World, notes) -> None:
    """Some red letters are issued, some wait for the buyer, some for a form (R6)."""
    rows = notes.liquor_red_ids.sorted("id").with_user(world.users["finance"])
    for place, row in enumerate(rows[: ISSUED + SENT]):
        row.write({"form_number": f"3201{place:08d}", "red_number": f"2632{place:016d}"})
    rows[: ISSUED + SENT].action_send()
    rows[:ISSUED].action_confirm()
    rows[:ISSUED].action_issue()


def withdraw(world: World):
    """A hundred shops withdraw; the bank answers for all but one."""
    payouts = world.env["liquor.payout"]
    for place in WITHDRAWING:
        partner = world.env["res.partner"].browse(world.shops[place])
        payee = world.env["liquor.payee"]._store_account(
            world.company, partner, "bank", partner.name, f"62220200{place:011d}", "ICBC"
        )
        payee.holder_kind = "company"
        payee.created_at = MONTH
        payouts |= payouts._request(world.company, partner, payee, None, f"scale/{place}", world.env.user)
    batch = world.user("finance", "liquor.payout.batch").create({})
    batch.action_collect()
    batch.with_user(world.users["second_finance"]).action_approve()
    batch.action_send()
    batch.sudo()._apply_results([
        ["reference", "status", "amount", "message"],
        *([one.name, "成功", f"{one.amount:.2f}", ""] for one in payouts[:-1]),
    ])
    return payouts


def state_accounts(world: World):
    """往来对账单 of all distributors: made, sent, confirmed on paper."""
    wizard = world.user("clerk", "liquor.account.statement.month").create({
        "company_id": world.company.id, "month": MONTH, "send": True,
    })  # fmt: skip
    work_off(world, world.env["liquor.run"].browse(wizard.action_make()["res_id"]))
    found = world.env["liquor.account.statement"].search([("date_from", "=", MONTH)])
    found.with_user(world.users["finance"]).action_confirm_on_paper()
    return found


def period(world: World, user: str = "finance"):
    """The month, as that user sees it."""
    own = world.env["liquor.period"]._for_day(world.company, MONTH)
    return world.user(user, "liquor.period", own.ids)


def on(day):
    """Let it be noon of that day."""
    return freeze_time(at(day))


def left(world: World) -> dict[str, tuple[str, int]]:
    """The checklist: ``{step: (state, what is left)}``."""
    own = period(world)
    own.env.invalidate_all()
    return {step.kind: (step.state, step.left_count) for step in own.step_ids}


def do(world: World, kind: str, user: str = "finance"):
    """Press a step's button."""
    own = period(world, user)
    own.step_ids.filtered(lambda step: step.kind == kind).action_do()
    world.env.invalidate_all()


def mend(world: World, payouts) -> set[str]:
    """Take away what can be mended; returns the classes whose causes are gone."""
    env, planted = world.env, world.planted
    planted["again"]._reverse("paid twice")
    planted["undone"]._reverse("recalled")
    planted["wrong"]._reverse("booked wrong")
    env.cr.execute(
        "UPDATE liquor_settlement SET amount_total = amount_total - 1 WHERE id = %s", [planted["settlement"].id]
    )
    planted["typed"]._reverse_moves([{"date": LAST_DAY}], cancel=True)
    payouts.batch_id._apply_results([
        ["reference", "status", "amount", "message"],
        [payouts[-1].name, "成功", f"{payouts[-1].amount:.2f}", ""],
    ])
    env.cr.execute("UPDATE liquor_policy_version SET date_end = NULL WHERE id = %s", [planted["ended"].id])
    faults.allocate(world, planted["fund"], faults.OVERDRAWN)
    env.invalidate_all()
    return {"v05", "v06", "v08", "v09", "v10", "v11", "v14", "v15"}
