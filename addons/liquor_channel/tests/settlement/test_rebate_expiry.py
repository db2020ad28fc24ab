"""Expiry of rebate (R2): the rule of the day it is credited, announced, taken out once, back to revenue, restored.

Six months and thirty days of notice. 20,000 of 31 March can be used until 30 September, 5,000 of 30 April until
30 October. 12,000 are used in May, so that 8,000 of March expire on 1 October.
"""

from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..money_case import MoneyCase


class ExpiryCase(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.liquor_rebate_months = 6
        cls.company.liquor_rebate_notice_days = 30

    def credit(self, amount, month, last):
        """Settle ``amount`` into the rebate account on the last day of a month of 2026."""
        with freeze_time(f"2026-{month:02}-{last} 04:00:00"):
            self.book(self.distributor, amount, "distributor", day=f"2026-{month:02}-10 04:00:00")
            return self.settle_and_post(first=f"2026-{month:02}-01", upto=f"2026-{month:02}-{last}")

    def order(self, amount):
        return self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [
                Command.create({
                    "product_id": self.product.id,
                    "product_uom_qty": amount / 100,
                    "price_unit": 100,
                    "tax_ids": [Command.clear()],
                })
            ],
        })

    def use(self, amount, day):
        """Use a fifth of ``amount`` on an order of it."""
        with freeze_time(f"{day} 04:00:00"):
            order = self.order(amount)
            order.action_liquor_use_rebate()
            order.action_confirm()
            return order

    def account(self):
        return self.env["liquor.rebate.account"]._of(self.company, self.distributor)

    def expire(self, day):
        with freeze_time(f"{day} 04:00:00"):
            return self.account()._expire()

    def open_lots(self, day="2026-05-20"):
        with freeze_time(f"{day} 04:00:00"):
            return [(lot["amount"], lot["expires_on"]) for lot in self.account()._portal_lots()]

    def march_and_april(self):
        self.credit(20000, 3, 31)
        self.credit(5000, 4, 30)
        return self.use(60000, "2026-05-15")


@tagged("post_install", "-at_install")
class TestRebateExpiry(ExpiryCase):
    def test_the_oldest_is_used_first(self):
        self.march_and_april()
        self.assertEqual(self.account().balance, 13000)
        self.assertEqual(self.open_lots(), [(8000, date(2026, 9, 30)), (5000, date(2026, 10, 30))])

    def test_what_is_over_goes_back_to_revenue(self):
        self.march_and_april()
        self.assertFalse(self.expire("2026-09-30"))
        expiry = self.expire("2026-10-01")
        self.assertFalse(self.expire("2026-10-01"))
        self.assertEqual((expiry.state, expiry.amount, expiry.expires_on), ("expired", 8000, date(2026, 9, 30)))
        self.assertEqual(self.account().balance, 5000)
        self.assertEqual(
            self.sums(expiry.move_ids), {("rebate_accrued", "Sunny Trading"): 8000, ("rebate_contra", ""): -8000}
        )
        self.assertEqual(expiry.move_ids.date, date(2026, 10, 1))
        # the order is not invoiced yet: 25,000 were accrued, 8,000 are not owed any more
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -17000)
        tied = self.env["liquor.tie.out"].search([("partner_id", "=", self.distributor.id)])
        self.assertFalse(tied.filtered("difference"))
        with self.assertRaises(UserError):
            expiry.move_ids.button_draft()

    def test_no_months_no_expiry(self):
        self.company.liquor_rebate_months = 0
        self.credit(20000, 3, 31)
        self.company.liquor_rebate_months = 6
        self.assertEqual(self.open_lots(), [])
        self.assertFalse(self.expire("2030-01-01"))

    def test_a_rule_holds_for_what_is_credited_from_then_on(self):
        self.credit(20000, 3, 31)
        self.company.liquor_rebate_months = 1
        self.credit(5000, 4, 30)
        self.assertEqual(self.open_lots(), [(5000, date(2026, 5, 30)), (20000, date(2026, 9, 30))])

    def test_what_he_signed_goes_before_the_company(self):
        contract = self.env["liquor.agreement"].create({
            "kind": "distributor",
            "distributor_id": self.distributor.id,
            "date_start": "2026-01-01",
            "rebate_expiry": "months",
            "rebate_months": 12,
            "target_ids": [Command.create({"label": "2026", "goal": 1})],
        })
        contract.action_send()
        self.assertIn('"rebate_months": 12', contract._content())
        with self.assertRaises(UserError):
            contract.rebate_months = 1
        contract._accept(self.distributor_user)
        self.credit(20000, 3, 31)
        self.assertEqual(self.open_lots(), [(20000, date(2027, 3, 31))])

    def test_expenses_do_not_expire(self):
        """What he laid out and gets back is his money, not a rebate."""
        with freeze_time("2026-03-31 04:00:00"):
            self.account()._move(700, "expense", "expense/test", self.distributor, "Paid back")
        self.assertEqual(self.open_lots(), [])

    def test_an_order_after_the_last_day_cannot_use_it(self):
        """Also before the cron ran: 5,000 of 13,000 are usable on 1 October, and the order expires the rest."""
        self.march_and_april()
        with freeze_time("2026-10-01 04:00:00"):
            order = self.order(50000)
            self.assertEqual((order.liquor_rebate_available, order.liquor_rebate_usable), (5000, 5000))
            order.action_liquor_use_rebate()
            order.action_confirm()
        self.assertEqual(self.account().balance, 0)
        expiries = self.env["liquor.rebate.expiry"].search([("partner_id", "=", self.distributor.id)])
        self.assertEqual((expiries.state, expiries.amount), ("expired", 8000))

    def test_what_a_cancelled_order_gives_back_late_has_thirty_days(self):
        order = self.march_and_april()
        self.expire("2026-10-01")
        with freeze_time("2026-10-05 04:00:00"):
            order._action_cancel()
        self.assertEqual(self.open_lots("2026-10-05"), [(5000, date(2026, 10, 30)), (12000, date(2026, 11, 4))])
        self.assertEqual(sum(self.expire("2026-11-05").mapped("amount")), 17000)
        self.assertEqual(self.account().balance, 0)

    def test_a_manager_takes_it_back_with_a_reason(self):
        self.march_and_april()
        expiry = self.expire("2026-10-01")
        with freeze_time("2026-10-10 04:00:00"):
            for user, reason, until, error in (
                (self.finance, "Late delivery", "2026-12-31", AccessError),
                (self.manager, " ", "2026-12-31", UserError),
                (self.manager, "Late delivery", "2026-10-09", UserError),
                (self.manager, "Late delivery", None, UserError),
            ):
                with self.assertRaises(error):
                    expiry.with_user(user).action_restore(reason, until)
            wizard = self.env["liquor.rebate.restore"].with_user(self.manager)
            wizard = wizard.with_context(active_ids=expiry.ids).create({
                "reason": "Late delivery", "usable_until": "2026-12-31"
            })  # fmt: skip
            wizard.action_restore()
            with self.assertRaises(UserError):
                expiry.with_user(self.manager).action_restore("Late delivery", "2026-12-31")
        self.assertEqual(expiry.restored_by_id, self.manager)
        self.assertEqual(self.account().balance, 13000)
        self.assertEqual(self.open_lots("2026-10-10"), [(5000, date(2026, 10, 30)), (8000, date(2026, 12, 31))])
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -25000)
        self.assertFalse(self.sums(expiry.move_ids))
        again = self.expire("2027-01-01")
        self.assertEqual(sorted(again.mapped("amount")), [5000, 8000])
        self.assertEqual(again.settlement_id, self.env["liquor.settlement"].search([("state", "=", "paid")]))

    def test_it_is_announced_once(self):
        self.march_and_april()
        portal = self.portal_user("expiry_portal", self.distributor)
        with freeze_time("2026-08-30 04:00:00"):
            self.assertFalse(self.account()._announce())
        with freeze_time("2026-08-31 04:00:00"):
            told = self.account()._announce()
            self.assertFalse(self.account()._announce())
        self.assertEqual((told.announced_amount, told.state), (8000, "announced"))
        notice = self.env["mail.message"].search([("model", "=", told._name), ("res_id", "=", told.id)])
        self.assertIn(portal.partner_id, notice.notified_partner_ids)
        self.assertEqual(self.expire("2026-10-01"), told)

    def test_the_cron_announces_and_expires(self):
        self.march_and_april()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_words, **_named: 60.0)
        with freeze_time("2026-10-01 04:00:00"):
            self.env["liquor.rebate.account"]._cron_expire()
        rows = self.env["liquor.rebate.expiry"].search([("partner_id", "=", self.distributor.id)], order="expires_on")
        self.assertEqual(rows.mapped("state"), ["expired", "announced"])

    def test_a_reversed_settlement_takes_its_own_money(self):
        self.credit(20000, 3, 31)
        april = self.credit(5000, 4, 30)
        with freeze_time("2026-05-02 04:00:00"):
            april.with_user(self.finance).action_reverse()
        self.assertEqual(self.open_lots(), [(20000, date(2026, 9, 30))])

    def test_nobody_types_an_expiry(self):
        self.march_and_april()
        expiry = self.expire("2026-10-01")
        for user in (self.clerk, self.finance, self.manager):
            rows = self.env["liquor.rebate.expiry"].with_user(user)
            with self.assertRaises(AccessError):
                rows.create({"rebate_account_id": self.account().id})
            with self.assertRaises(AccessError):
                rows.browse(expiry.id).state = "restored"
        with self.assertRaises(AccessError):
            self.account().with_user(self.clerk).action_expire()
        with self.assertRaises(AccessError):
            self.account().with_user(self.distributor_user).action_expire()

    def test_as_many_queries_for_one_account_as_for_four(self):
        accounts = self.account()
        for number in range(3):
            partner = self.make_partner(f"Trading {number}", "distributor")
            accounts += accounts._of(self.company, partner)
        with freeze_time("2026-03-31 04:00:00"):
            for account in accounts:
                account._move(500, "settlement", f"settlement/test/{account.id}", self.distributor, "Test")

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records._usable()
            return self.cr.sql_log_count - before

        count(accounts)
        self.assertEqual(count(accounts[0]), count(accounts))
