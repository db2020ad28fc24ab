"""Budgets: who may move them, what is refused, and that their ledger explains every balance (C54, C55)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..money_case import MoneyCase


class FundCase(MoneyCase):
    """A budget of 1,000.00 for the channel and one of 500.00 for member operations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_manager, cls.second_member_manager = cls.new_users(
            dict.fromkeys(("funds_member_manager", "funds_member_manager_two"), "liquor_member.group_member_manager")
        )
        funds = cls.env["liquor.fund"]
        cls.fund = funds.create({"name": "East", "date_start": "2026-01-01"})
        cls.operations = funds.create({
            "name": "Members", "kind": "member_operations", "date_start": "2026-01-01",
        })  # fmt: skip
        cls.allocate(cls.fund, 1000)
        cls.allocate(cls.operations, 500)

    @classmethod
    def transfer(cls, amount, fund_from=None, fund_to=None, user=None):
        """Ask for a movement, as finance unless said otherwise."""
        return cls.env["liquor.fund.transfer"].with_user(user or cls.finance).create({
            "fund_from_id": fund_from.id if fund_from else False,
            "fund_to_id": fund_to.id if fund_to else False,
            "amount": amount,
            "reason": "Decision",
        })  # fmt: skip

    @classmethod
    def allocate(cls, fund, amount):
        """Give a fund budget, approved by who decides about it."""
        user = cls.second_finance if fund.kind == "channel" else cls.second_member_manager
        transfer = cls.transfer(amount, fund_to=fund)
        transfer.with_user(user).action_approve()
        return transfer

    def move(self, stage_from, stage_to, amount, key=None, fund=None, origin=None):
        """Move money for a movement's sake."""
        return self.env["liquor.fund"]._move([
            {
                "fund_id": fund or self.fund,
                "stage_from": stage_from,
                "stage_to": stage_to,
                "amount": amount,
                "key": key or f"test/{next(self.numbers)}",
                "origin": origin or self.env["liquor.fund.transfer"].search([], limit=1),
                "reason": "Test",
            }
        ])

    def stages(self, fund):
        """Balances that are not zero."""
        names = ("allocated", "free", "reserved", "accrued", "settled", "paid", "uncovered")
        return {name: fund[name] for name in names if fund[name]}


@tagged("post_install", "-at_install")
class TestFund(FundCase):
    def test_allocation_is_approved_by_somebody_else(self):
        transfer = self.transfer(50, fund_to=self.fund)
        with self.assertRaises(UserError):
            transfer.with_user(self.finance).action_approve()
        transfer.with_user(self.second_finance).action_approve()
        self.assertEqual(self.stages(self.fund), {"allocated": 1050, "free": 1050})
        with self.assertRaises(UserError):
            transfer.with_user(self.second_finance).action_approve()
        with self.assertRaises(UserError):
            transfer.with_user(self.finance).write({"amount": 5000})
        self.assertEqual(transfer.approved_by_id, self.second_finance)

    def test_refused_moves_nothing(self):
        transfer = self.transfer(50, fund_to=self.fund)
        transfer.with_user(self.second_finance).action_refuse()
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 1000})

    def test_hard_stop_refuses_and_changes_nothing(self):
        self.move("free", "reserved", 999.99)
        with self.assertRaises(UserError):
            self.move("free", "reserved", 0.02)
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 0.01, "reserved": 999.99})
        self.move("free", "reserved", 0.01)
        self.assertEqual(self.fund.free, 0)

    def test_warning_lets_pass_and_tells(self):
        self.fund.stop = "warning"
        self.move("free", "reserved", 1200)
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": -200, "reserved": 1200})
        with self.assertRaises(UserError):
            self.fund.stop = "hard"

    def test_the_same_key_moves_once(self):
        first = self.move("free", "reserved", 100, key="same")
        again = self.move("free", "reserved", 100, key="same")
        self.assertEqual(first, again)
        self.assertEqual(self.fund.reserved, 100)

    def test_all_or_nothing(self):
        row = {
            "fund_id": self.fund, "stage_from": "free", "stage_to": "reserved",
            "origin": self.transfer(1, fund_to=self.fund), "reason": "Test",
        }  # fmt: skip
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["liquor.fund"]._move([{**row, "amount": 600, "key": "a"}, {**row, "amount": 401, "key": "b"}])
        self.fund.invalidate_recordset()
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 1000})

    def test_the_ledger_says_what_the_balances_say(self):
        self.move("free", "reserved", 400)
        self.move("reserved", "accrued", 350)
        self.move("reserved", "free", 50)
        self.move("accrued", "settled", 350)
        sums = {}
        for entry in self.fund.entry_ids:
            sums[entry.stage_to] = sums.get(entry.stage_to, 0) + entry.amount
            sums[entry.stage_from] = sums.get(entry.stage_from, 0) - entry.amount
        self.assertEqual({name: total for name, total in sums.items() if total}, {
            "allocated": -1000, "free": 650, "settled": 350,
        })  # fmt: skip
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 650, "settled": 350})
        with self.assertRaises(UserError):
            self.fund.entry_ids[:1]._reverse("No")

    def test_same_number_of_queries_for_one_and_for_many(self):
        origin = self.transfer(1, fund_to=self.fund)

        def rows(count, prefix):
            return [
                {
                    "fund_id": self.fund, "stage_from": "free", "stage_to": "reserved", "amount": 1,
                    "key": f"{prefix}/{number}", "origin": origin, "reason": "Test",
                }
                for number in range(count)
            ]  # fmt: skip

        self.env["liquor.fund"]._move(rows(1, "warm"))
        counts = []
        for count in (1, 50):
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["liquor.fund"]._move(rows(count, f"n{count}"))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_fund_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        fund = self.env["liquor.fund"].create({"name": "Other", "company_id": other.id})
        with self.assertRaises(UserError):
            self.move("allocated", "free", 100, fund=fund)


@tagged("post_install", "-at_install")
class TestMemberOperations(FundCase):
    def test_no_sales_policy_takes_from_it(self):
        version = self.make_version(rate=1, basis="received")
        with self.assertRaises(ValidationError):
            version.policy_id.fund_id = self.operations
        version.policy_id.fund_id = self.fund

    def test_its_money_serves_no_accrual_of_the_channel(self):
        run = self.env["liquor.accrual.run"].create({"company_id": self.company.id})
        with self.assertRaises(UserError):
            self.env["liquor.fund"]._spend([
                {"fund_id": self.operations, "amount": 10, "key": "x", "origin": run, "reason": "Test"}
            ])

    def test_it_does_not_become_a_budget_of_sales(self):
        with self.assertRaises(ValidationError):
            self.transfer(100, fund_from=self.operations, fund_to=self.fund)
        with self.assertRaises(UserError):
            self.operations.kind = "channel"

    def test_nobody_of_sales_approves_from_it(self):
        """Also not who is of both: a channel manager who manages members too (C54, C55)."""
        transfer = self.transfer(100, fund_to=self.operations)
        both = new_test_user(
            self.env, login="funds_both", company_id=self.company.id,
            groups="liquor_channel.group_channel_manager,liquor_member.group_member_manager",
        )  # fmt: skip
        for user in (self.manager, both, self.second_finance):
            with self.assertRaises(AccessError):
                transfer.with_user(user).action_approve()
        with self.assertRaises(AccessError):
            self.clerk.env["liquor.fund.transfer"].with_user(self.clerk).browse(transfer.id).action_approve()
        transfer.with_user(self.member_manager).action_approve()
        self.assertEqual(self.operations.allocated, 600)

    def test_sales_have_no_hand_on_it(self):
        with self.assertRaises(AccessError):
            self.operations.with_user(self.manager).write({"stop": "warning"})
        with self.assertRaises(AccessError):
            self.env["liquor.fund"].with_user(self.manager).create({"name": "Mine", "kind": "member_operations"})
        with self.assertRaises(AccessError):
            self.transfer(100, fund_to=self.operations, user=self.manager)

    def test_balances_are_not_typed(self):
        with self.assertRaises(AccessError):
            self.fund.with_user(self.finance).write({"free": 10**6})
        fund = self.env["liquor.fund"].with_user(self.finance).with_context(default_free=99).create({
            "name": "Mine", "free": 99, "allocated": 99,
        })  # fmt: skip
        self.assertEqual(self.stages(fund), {})


@tagged("post_install", "-at_install")
class TestFundOfPolicies(FundCase):
    def test_accrual_takes_the_brands_part(self):
        """40 cases x 15.00 = 600.00, of which the distributor carries 30 %: the fund carries 420.00 (Acc-2 #5)."""
        self.make_agreement()
        version = self.make_version(rate=15, basis="received", measure="cases")
        version.policy_id.fund_id = self.fund
        self.env["liquor.policy"]._earn([self.make_fact(1, bottles=240, amount=24000)])
        self.accrue()
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 580, "accrued": 420})
        self.accrue()
        self.assertEqual(self.fund.accrued, 420)

    def test_what_is_owed_beyond_the_fund_is_shown_and_covered_later(self):
        """80 cases x 15.00 = 1,200.00 of 1,000.00: 200.00 without cover, until 300.00 more are allocated."""
        version = self.make_version(rate=15, basis="received", measure="cases")
        version.policy_id.fund_id = self.fund
        self.env["liquor.policy"]._earn([self.make_fact(1, bottles=480, amount=48000)])
        self.accrue()
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "accrued": 1200, "uncovered": 200})
        self.allocate(self.fund, 300)
        self.assertEqual(self.stages(self.fund), {"allocated": 1300, "free": 100, "accrued": 1200})

    def test_a_clawback_gives_back(self):
        version = self.make_version(rate=15, basis="received", measure="cases")
        version.policy_id.fund_id = self.fund
        self.env["liquor.policy"]._earn([self.make_fact(1, bottles=240, amount=24000)])
        self.accrue()
        self.env["liquor.earning"]._claw_back(["test/1"], "Returned")
        self.accrue()
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 1000})
