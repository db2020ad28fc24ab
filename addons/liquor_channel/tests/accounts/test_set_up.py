"""Set-up for any chart, several companies and currencies, locked days (channel.md Acc-1 and Acc-6, design.md 3.8)."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestSetUp(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Southern Sales", "currency_id": cls.currency.id})

    def account(self, code, account_type, **values):
        return self.env["account.account"].with_company(self.other).create({
            "code": code, "name": code, "account_type": account_type, "company_ids": [Command.set(self.other.ids)],
            **values,
        })  # fmt: skip

    def wizard(self, company):
        user = self.finance
        user.company_ids += company
        wizards = self.env["liquor.account.setup"].with_user(user).with_company(company)
        return wizards.with_context(allowed_company_ids=company.ids).create({})

    def codes(self, setup):
        return dict(setup.line_ids.mapped(lambda line: (line.role, line.code)))

    def test_asbe(self):
        for code, kind in (("6001", "income"), ("6601", "expense"), ("2241", "liability_current")):
            self.account(code, kind)
        codes = self.codes(self.wizard(self.other))
        self.assertEqual(
            [codes[role] for role in ("rebate_contra", "service_expense", "reward_accrued", "expected_reward")],
            ["6001.R", "6601.S", "2241.A", "2241.E"],
        )

    def test_small_business_with_codes_of_six_digits(self):
        self.account("500100", "income")
        self.account("560100", "expense")
        codes = self.codes(self.wizard(self.other))
        self.assertEqual((codes["rebate_contra"], codes["service_expense"]), ("5001.R", "5601.S"))

    def test_another_chart(self):
        self.account("400000", "income")
        self.account("251000", "liability_current")
        codes = self.codes(self.wizard(self.other))
        self.assertEqual((codes["reward_contra"], codes["reward_payable"]), ("400000.T", "251000.P"))

    def test_shows_first_and_takes_what_finance_chose(self):
        mine = self.account("2999", "liability_current", reconcile=True)
        setup = self.wizard(self.other)
        self.assertFalse(self.mapping.search([("company_id", "=", self.other.id)]))
        lines = setup.line_ids.grouped("role")
        self.assertEqual(setup.make_count, len(setup.line_ids))
        lines["reward_accrued"].account_id = mine
        lines["deposit"].code = "2203.D"
        setup.action_apply()
        rows = self.mapping.search([("company_id", "=", self.other.id), ("kind", "=", "account")])
        accounts = {row.role: row.account_id for row in rows}
        self.assertEqual(accounts["reward_accrued"], mine)
        self.assertEqual(accounts["deposit"].with_company(self.other).code, "2203.D")
        again = self.wizard(self.other)
        self.assertEqual(again.make_count, 1)  # there is no bank journal yet
        count = self.env["account.account"].search_count([])
        again.action_apply()
        self.assertEqual(self.env["account.account"].search_count([]), count)

    def test_only_finance(self):
        with self.assertRaises(AccessError):
            self.env["liquor.account.setup"].with_user(self.clerk).create({})


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestCompaniesAndDays(MoneyCase):
    def test_two_companies_do_not_mix(self):
        other = self.env["res.company"].create({"name": "Southern Sales", "currency_id": self.currency.id})
        self.env["account.journal"].create({
            "name": "Bank", "code": "BNK9", "type": "bank", "company_id": other.id
        })  # fmt: skip
        self.mapping._ensure_accounts(other)
        self.book(self.shop, 600)
        self.book(self.shop, 70, company_id=other.id)
        own, foreign = self.accrue(), self.env["liquor.accrual.run"]._accrue(other)
        self.assertEqual((own.amount_total, foreign.amount_total), (600, 70))
        for run in (own, foreign):
            lines = run.move_ids.line_ids
            self.assertEqual(lines.company_id, run.company_id)
            self.assertEqual(lines.account_id.company_ids, run.company_id.root_id)
            keys = {key for line in lines for key in line.analytic_distribution}
            accounts = self.env["account.analytic.account"].browse([int(x) for key in keys for x in key.split(",")])
            self.assertEqual(accounts.company_id, run.company_id)

    def test_another_currency_than_the_companys_is_refused(self):
        foreign = self.env.ref("base.USD") if self.currency.name != "USD" else self.env.ref("base.EUR")
        foreign.active = True
        with self.assertRaises(UserError):
            self.book(self.shop, 100, currency_id=foreign.id)

    def test_company_in_another_currency(self):
        currency = self.env.ref("base.USD")
        currency.active = True
        other = self.env["res.company"].create({"name": "Overseas", "currency_id": currency.id})
        self.env["account.journal"].create({
            "name": "Bank", "code": "BNK9", "type": "bank", "company_id": other.id
        })  # fmt: skip
        self.mapping._ensure_accounts(other)
        self.book(self.shop, 12.34, company_id=other.id, currency_id=currency.id)
        move = self.env["liquor.accrual.run"]._accrue(other).move_ids
        self.assertEqual(move.currency_id, currency)
        self.assertEqual(sorted(move.line_ids.mapped("balance")), [-12.34, 12.34])

    def test_locked_month_books_on_the_first_open_day(self):
        self.book(self.shop, 600, day=datetime(2026, 2, 10))
        self.company.fiscalyear_lock_date = "2026-02-28"
        move = self.accrue().move_ids
        self.assertEqual(str(move.date), "2026-03-01")

    def test_asked_locked_day_is_refused(self):
        self.book(self.shop, 600)
        self.company.fiscalyear_lock_date = "2026-03-31"
        run = self.env["liquor.accrual.run"].create({"date_to": "2026-03-31", "accounting_date": "2026-03-15"})
        with self.assertRaises(UserError):
            run.action_run()
        self.assertEqual((run.state, run.move_ids.ids), ("draft", []))

    def test_hard_lock_and_tax_lock_of_a_credit_note(self):
        self.book(self.distributor, 100, "distributor")
        self.accrue()
        self.company.hard_lock_date = "2026-03-25"
        note = self.settle_and_post(method="credit_note").move_ids
        self.assertEqual(str(note.date), "2026-03-26")
