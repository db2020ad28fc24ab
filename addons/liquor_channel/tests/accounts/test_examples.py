"""Every example of channel.md Acc-2 in the ledger: in balance by account and partner, reconciled step by step."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..money_case import MoneyCase

SUNNY, FULAI = "Sunny Trading", "Fulai Shop"


class ExampleCase(MoneyCase):
    """A company that books red (storno), with a tax of 13 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_storno = True
        country = cls.company.account_fiscal_country_id or cls.env.ref("base.cn")
        cls.company.account_fiscal_country_id = country
        group = cls.env["account.tax.group"].create({"name": "13 %", "country_id": country.id})
        cls.tax_account = cls.env["account.account"].create({
            "code": "2221.T", "name": "Output tax", "account_type": "liability_current"
        })  # fmt: skip
        share = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": cls.tax_account.id}),
        ]
        cls.tax = cls.env["account.tax"].create({
            "name": "Thirteen", "amount": 13, "type_tax_use": "sale", "tax_group_id": group.id,
            "country_id": country.id, "price_include_override": "tax_excluded",
            "invoice_repartition_line_ids": share, "refund_repartition_line_ids": share,
        })  # fmt: skip
        cls.company.account_sale_tax_id = cls.tax
        cls.policy_version = cls.make_version(name="Spring campaign", rate=15.0)

    def check(self, moves, expected):
        """The moves say exactly this, in balance, and sub-ledger and ledger agree."""
        found = self.sums(moves)
        self.assertEqual(found, {key: balance for key, balance in expected.items() if balance})
        for move in moves:
            self.assertEqual(round(sum(move.line_ids.mapped("balance")), 2), 0)
        self.assertFalse(self.env["liquor.accrual.line"]._differences(self.company))

    def sums(self, moves):
        found = super().sums(moves)
        named = {}
        for (part, partner), balance in found.items():
            key = ("tax", partner) if part == "liability_current" else (part, partner)
            named[key] = round(named.get(key, 0) + balance, 2)
        # tax items name the partner too: the tax office is one
        tax = sum(balance for (part, _partner), balance in named.items() if part == "tax")
        named = {key: balance for key, balance in named.items() if key[0] not in ("tax", "income")}
        income = sum(balance for (part, _partner), balance in found.items() if part == "income")
        named.update({key: value for key, value in {"tax": round(tax, 2), "income": round(income, 2)}.items() if value})
        return named

    def sell(self, amount, **values):
        """A posted invoice, or what comes back."""
        move = self.env["account.move"].create({
            "move_type": "out_invoice",
            "partner_id": self.distributor.id,
            "invoice_date": "2026-03-05",
            "invoice_line_ids": [
                Command.create({"name": "wine", "price_unit": amount, "tax_ids": [Command.set(self.tax.ids)]})
            ],
            **values,
        })
        move.action_post()
        return move

    def red(self, moves):
        """Lines that are red: a negative debit or credit."""
        return moves.line_ids.filtered(lambda line: line.debit < 0 or line.credit < 0)

    def scanned(self, amount, share=0.0, **values):
        """Earnings of the shop, of which the distributor carries ``share``."""
        return self.book(
            self.shop, amount, funder_id=self.distributor.id if share else False, funder_amount=share,
            policy_version_id=self.policy_version.id, territory_id=self.county.id, **values,
        )  # fmt: skip


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRebateExamples(ExampleCase):
    def test_1_to_4_and_12_rebate_credit_note_and_debit_note(self):
        first = self.sell(200000, invoice_date="2026-02-05")  # 1
        self.check(first, {("asset_receivable", SUNNY): 226000, "income": -200000, "tax": -26000})
        self.book(self.distributor, 6000, "distributor", day=datetime(2026, 2, 10))
        self.check(self.accrue().move_ids, {("rebate_contra", ""): 6000, ("rebate_accrued", SUNNY): -6000})  # 2
        second = self.sell(300000)
        self.book(self.distributor, 12000, "distributor")
        self.book(self.distributor, 2000, "distributor", type="rerate")
        self.check(self.accrue().move_ids, {("rebate_contra", ""): 14000, ("rebate_accrued", SUNNY): -14000})  # 3
        settlement = self.settle_and_post(method="credit_note")
        self.check(  # 4
            settlement.move_ids,
            {("rebate_accrued", SUNNY): 20000, "tax": 2600, ("asset_receivable", SUNNY): -22600},
        )
        self.assertEqual(self.balance("rebate_accrued", self.distributor), 0)
        settlement.action_offset()
        # set off against the oldest invoice: 226,000 - 22,600
        self.assertEqual((first.amount_residual, second.amount_residual), (203400, 339000))
        self.book(self.distributor, -6500, "distributor", type="rerate", day=datetime(2026, 4, 2))  # 12
        with freeze_time("2026-04-30 04:00:00"):
            run = self.accrue()
            back = self.settle_and_post(method="credit_note", first="2026-04-01", upto="2026-04-30")
        self.check(
            run.move_ids | back.move_ids,
            {("asset_receivable", SUNNY): 7345, ("rebate_contra", ""): -6500, "tax": -845},
        )
        self.assertTrue(self.red(run.move_ids))
        self.assertEqual(back.move_ids.debit_origin_id, settlement.move_ids)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), 0)

    def test_posting_accrues_what_was_not_accrued(self):
        self.book(self.distributor, 20000, "distributor")
        note = self.settle_and_post(method="credit_note").move_ids
        self.assertEqual(self.balance("rebate_accrued", self.distributor), 0)
        owed = note.line_ids.filtered(lambda line: line.account_id == self.accounts["rebate_accrued"])
        self.assertTrue(owed.reconciled)

    def test_14_forfeit(self):
        self.book(self.distributor, 500, "distributor")
        self.accrue()
        self.book(self.distributor, -500, "distributor", type="expire", reason="decided after appeal")
        move = self.accrue().move_ids
        self.check(move, {("rebate_accrued", SUNNY): 500, ("rebate_contra", ""): -500})
        self.assertEqual(len(self.red(move)), 2)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestRewardExamples(ExampleCase):
    def test_5_to_7_scan_approve_pay(self):
        self.scanned(600, 180)
        self.check(  # 5
            self.accrue().move_ids,
            {("reward_contra", ""): 420, ("cofunding_due", SUNNY): 180, ("reward_accrued", FULAI): -600},
        )
        self.ask(self.shop)
        approval, payment = self.batch().move_ids.sorted("id")
        self.check(approval, {("reward_accrued", FULAI): 600, ("reward_payable", FULAI): -600})  # 6
        self.check(payment, {("reward_payable", FULAI): 600, ("asset_cash", ""): -600})  # 7
        for role in ("reward_accrued", "reward_payable"):
            self.assertEqual(self.balance(role, self.shop), 0)

    def test_9_clawback_before_settlement(self):
        back = self.scanned(150, 45)
        self.scanned(450, 135)
        self.accrue()
        back._reverse("ten cases came back")
        move = self.accrue().move_ids
        self.check(move, {("reward_contra", ""): -105, ("cofunding_due", SUNNY): -45, ("reward_accrued", FULAI): 150})
        self.assertEqual(self.red(move), move.line_ids)
        self.assertEqual(self.balance("reward_accrued", self.shop), -450)
        self.assertEqual(self.balance("cofunding_due", self.distributor), 135)

    def test_10_and_11_clawback_after_payout_and_netting(self):
        back = self.scanned(150, 45)
        self.accrue()
        self.ask(self.shop)
        self.batch()
        back._reverse("ten cases came back")
        self.check(  # 10
            self.accrue().move_ids,
            {("clawback_due", FULAI): 150, ("reward_contra", ""): -105, ("cofunding_due", SUNNY): -45},
        )
        self.scanned(200)
        self.accrue()
        self.ask(self.shop)
        payment = self.batch().move_ids.sorted("id")[-1]
        self.check(  # 11
            payment, {("reward_payable", FULAI): 200, ("clawback_due", FULAI): -150, ("asset_cash", ""): -50}
        )
        for role in ("reward_accrued", "reward_payable", "clawback_due"):
            self.assertEqual(self.balance(role, self.shop), 0)

    def test_service_is_an_expense(self):
        self.policy_version.policy_id.nature = "service"
        self.scanned(300)
        self.check(self.accrue().move_ids, {("service_expense", ""): 300, ("reward_accrued", FULAI): -300})

    def test_every_line_has_region_and_program(self):
        self.scanned(600, 180)
        self.book(self.distributor, 90, "distributor")
        run = self.accrue()
        self.ask(self.shop)
        batch = self.batch()
        plans = self.env.ref("liquor_channel.analytic_plan_region") | self.env.ref(
            "liquor_channel.analytic_plan_program"
        )
        for line in (run.move_ids | batch.move_ids).line_ids:
            self.assertEqual(sum(line.analytic_distribution.values()), 100)
            for key in line.analytic_distribution:
                accounts = self.env["account.analytic.account"].browse(map(int, key.split(",")))
                self.assertEqual(accounts.plan_id, plans)
                self.assertEqual(accounts.company_id, self.company)
        # what the campaign cost the brand is what its analytic account says: both sides would sum to nothing
        program = self.env["account.analytic.account"].search([
            ("liquor_key", "=", f"program/{self.policy_version.policy_id.id}")
        ])  # fmt: skip
        lines = self.env["account.analytic.line"].search([(program.plan_id._column_name(), "=", program.id)])
        self.assertEqual(sum(lines.mapped("amount")), -420)
        self.assertEqual(lines.general_account_id, self.accounts["reward_contra"])


class ExpectedCase(ExampleCase):
    """Goods that leave, and what finance expects of them."""

    def ship(self, cases):
        """Deliver cases of six to the distributor."""
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [
                Command.create({"product_id": self.product.id, "product_uom_qty": 6 * cases, "price_unit": 100})
            ],
        })
        order.action_confirm()
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def expect(self, percent=60.0, **values):
        """Finance's estimate: 15.00 a case, 30 % by the distributor; approved by a colleague."""
        expectation = (
            self
            .env["liquor.reward.expectation"]
            .with_user(self.finance)
            .create({
                "policy_id": self.policy_version.policy_id.id,
                "date_start": "2026-03-01",
                "date_end": "2026-03-31",
                "amount_per_case": 15.0,
                "share_percent": 30.0,
                "expected_percent": percent,
                "rate_source": "openings of last autumn",
                **values,
            })
        )
        expectation.with_user(self.second_finance).action_open()
        return expectation

    def accrue(self):
        """Accrue up to the day of the test."""
        return self.env["liquor.accrual.run"]._accrue(self.company)

    def left(self):
        lines = self.env["account.move.line"].search([
            ("account_id", "=", self.accounts["expected_reward"].id), ("parent_state", "=", "posted")
        ])  # fmt: skip
        return -round(sum(lines.mapped("balance")), 2)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestExpectedRewards(ExpectedCase):
    def test_15_to_17_expected_earned_and_ended(self):
        expectation = self.expect()
        self.ship(100)
        self.check(self.accrue().move_ids, {("reward_contra", ""): 630, ("expected_reward", ""): -630})  # 15
        self.assertFalse(self.accrue())
        self.scanned(600, 180)
        self.check(  # 16, instead of 5
            self.accrue().move_ids,
            {("expected_reward", ""): 420, ("cofunding_due", SUNNY): 180, ("reward_accrued", FULAI): -600},
        )
        self.assertEqual((expectation.cases_shipped, expectation.amount_left, self.left()), (100, 210, 210))
        before = self.env["account.move"].search([])
        expectation.with_user(self.finance).action_close()
        closing = self.env["account.move"].search([]) - before
        self.check(closing, {("expected_reward", ""): 210, ("reward_contra", ""): -210})  # 17
        self.assertEqual(self.red(closing), closing.line_ids)
        self.assertEqual((expectation.state, self.left()), ("closed", 0))
        entries = expectation.entry_ids.sorted("id")
        self.assertEqual(entries.mapped("amount"), [630, -210])
        self.assertEqual(set(entries.mapped("rate_source")), {"openings of last autumn"})

    def test_clawback_goes_back_to_what_is_expected_while_the_campaign_is_open(self):
        expectation = self.expect()
        self.ship(100)
        back = self.scanned(150, 45)
        second = self.scanned(450, 135)
        self.accrue()
        back._reverse("ten cases came back")
        move = self.accrue().move_ids
        self.check(move, {("expected_reward", ""): -105, ("cofunding_due", SUNNY): -45, ("reward_accrued", FULAI): 150})
        self.assertEqual(self.left(), 315)  # 630 - 315 of 30 cases
        expectation.with_user(self.finance).action_close()
        second._reverse("came back later")
        self.check(
            self.accrue().move_ids,
            {("reward_contra", ""): -315, ("cofunding_due", SUNNY): -135, ("reward_accrued", FULAI): 450},
        )
        self.assertEqual(self.left(), 0)

    def test_another_estimate_trues_up_and_more_than_expected_follows(self):
        expectation = self.expect()
        self.ship(100)
        self.accrue()
        with self.assertRaises(UserError):
            expectation.write({"expected_percent": 80.0})
        expectation.write({"expected_percent": 80.0, "rate_source": "scans of three weeks"})
        # 100 x 15 x 70 % x 80 % = 840
        self.check(self.accrue().move_ids, {("reward_contra", ""): 210, ("expected_reward", ""): -210})
        self.scanned(1400, 420)  # the brand's part 980, more than the 840
        self.accrue()
        self.assertEqual((self.left(), expectation.amount_accrued, expectation.amount_used), (0, 980, 980))

    def test_goods_that_came_back_lower_what_is_expected(self):
        self.expect()
        picking = self.ship(100)
        self.accrue()
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        ).create({})  # fmt: skip
        wizard.product_return_moves.quantity = 60
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.quantity = 60
        back.move_ids.picked = True
        back.button_validate()
        # ten cases of 15.00 x 70 % x 60 %
        self.check(self.accrue().move_ids, {("reward_contra", ""): -63, ("expected_reward", ""): 63})

    def test_estimate_is_approved_by_a_colleague(self):
        expectation = self.expect()
        again = expectation.copy({"date_start": "2026-04-01", "date_end": "2026-04-30"})
        with self.assertRaises(UserError):
            again.with_user(self.finance).action_open()
        self.assertEqual(again.state, "draft")

    def test_many_campaigns_cost_as_many_queries_as_one(self):
        def cost(count):
            for _number in range(count):
                policy = self.make_version(name=f"Campaign {next(self.numbers)}", rate=1.0).policy_id
                self.expect(policy_id=policy.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["liquor.accrual.run"]._expectations(self.company, self.env.cr.now().date(), [])
            return self.cr.sql_log_count - before

        self.ship(1)
        cost(1)
        self.assertEqual(cost(1), cost(10))
