"""A month settled for all distributors: in the background, once, and nobody holds up the others."""

import gc
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..money_case import MoneyCase

MARCH = {"date_from": "2026-03-01", "date_to": "2026-03-31"}


@tagged("post_install", "-at_install")
class TestSettleMonth(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
        cls.rival = cls.make_partner("Rival Trading", "distributor")

    def start(self, **values):
        wizard = self.env["liquor.settle.month"].with_user(self.clerk).create({**MARCH, **values})
        return self.env["liquor.run"].browse(wizard.action_settle()["res_id"])

    def work(self, run):
        with self.enter_registry_test_mode():
            self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
        self.env.invalidate_all()
        return run

    def settlements(self):
        return self.env["liquor.settlement"].search([("date_to", "=", "2026-03-31")], order="partner_id")

    def test_all_distributors_once(self):
        self.book(self.distributor, 6000, "distributor")
        self.book(self.distributor, 100, "distributor", payable="held")
        self.book(self.rival, 250, "distributor")
        self.book(self.shop, 77)  # a shop is paid by its wallet
        self.book(self.make_partner("Held Trading", "distributor"), 9, "distributor", payable="held")
        wizard = self.env["liquor.settle.month"].with_user(self.clerk).create(MARCH)
        self.assertEqual((wizard.partner_count, wizard.amount), (2, 6250))
        run = self.work(self.start())
        self.assertEqual((run.state, run.total, run.done, run.error_count), ("done", 2, 2, 0))
        found = self.settlements()
        self.assertEqual(
            {item.partner_id: (item.amount_total, item.amount_held, item.state) for item in found},
            {self.distributor: (6000, 100, "draft"), self.rival: (250, 0, "draft")},
        )
        self.assertEqual(found.author_id, self.clerk)
        # drafts are collected again with what came later, and sent
        self.book(self.rival, 50, "distributor")
        self.work(self.start(send=True))
        self.assertEqual(self.settlements(), found)
        self.assertEqual(set(found.mapped("state")), {"sent"})
        self.assertEqual(sorted(found.mapped("amount_total")), [300, 6000])
        # whoever was sent his settlement is left alone; what came too late waits for the next month
        self.book(self.rival, 5, "distributor")
        with self.assertRaises(UserError):
            self.start(send=True)
        april = self.env["liquor.settle.month"].create({"date_from": "2026-04-01", "date_to": "2026-04-30"})
        self.assertEqual((april.partner_count, april.amount), (1, 5))

    def test_batches_go_on_behind_the_last_one(self):
        for number in range(5):
            self.book(self.make_partner(f"D{number}", "distributor"), 10 + number, "distributor")
        run = self.start()
        run.parameters = {**run.parameters, "batch": 2}
        self.work(run)
        self.assertEqual((run.state, run.done, len(self.settlements())), ("done", 5, 5))
        self.assertEqual(sorted(self.settlements().mapped("amount_total")), [10, 11, 12, 13, 14])

    def test_a_full_last_batch_is_followed_by_an_empty_one(self):
        for number in range(4):
            self.book(self.make_partner(f"D{number}", "distributor"), 10, "distributor")
        run = self.start(send=True)
        run.parameters = {**run.parameters, "batch": 2}
        self.work(run)
        self.assertEqual((run.state, run.done, run.message), ("done", 4, False))

    def test_whoever_has_expenses_only_settles_nothing(self):
        """Expenses are paid by themselves (trade.md R1): no empty settlement of them."""
        self.book(self.rival, 250, "distributor", origin_model="liquor.expense", origin_id=1)
        with self.assertRaises(UserError):
            self.start()
        self.book(self.rival, 40, "distributor")
        wizard = self.env["liquor.settle.month"].create(MARCH)
        self.assertEqual((wizard.partner_count, wizard.amount), (1, 40))
        self.assertEqual(self.work(self.start()).done, 1)
        self.assertEqual(self.settlements().amount_total, 40)

    def test_paid_by_notes_all_at_once(self):
        """Of two distributors each gets his own note, set off against what was accrued for him."""
        self.book(self.distributor, 6000, "distributor")
        self.book(self.rival, 250, "distributor")
        self.work(self.start(send=True, payment_method="credit_note"))
        found = self.settlements()
        found.sudo()._confirm()
        found.with_user(self.finance).action_approve()
        found.with_user(self.second_finance).action_post()
        self.assertEqual(sorted(found.mapped("move_ids.amount_untaxed")), [250, 6000])
        self.assertEqual(set(found.mapped("state")), {"posted"})
        for partner in (self.distributor, self.rival):
            self.assertEqual(self.balance("rebate_accrued", partner), 0)
        runs = self.env["liquor.accrual.line"].search([("partner_id", "in", (self.distributor | self.rival).ids)])
        self.assertTrue(all(runs.move_line_id.mapped("reconciled")))

    def test_two_starts_are_one_run(self):
        self.book(self.rival, 250, "distributor")
        self.assertEqual(self.start(), self.start())

    def test_one_refusal_does_not_hold_up_the_others(self):
        self.book(self.distributor, 6000, "distributor")
        self.book(self.rival, 250, "distributor")
        draft = self.env["liquor.settlement"].create({**MARCH, "partner_id": self.distributor.id})
        draft.action_prepare()
        self.env["liquor.dispute"].sudo().create({
            "settlement_line_id": draft.line_ids.id, "text": "Too little", "raised_by_id": self.env.uid
        })  # fmt: skip
        run = self.work(self.start(send=True))
        self.assertEqual((run.state, run.done, run.error_count), ("done", 2, 1))
        self.assertIn(self.distributor.name, str(run.error_ids.item))
        self.assertEqual({item.partner_id: item.state for item in self.settlements()}[self.rival], "sent")

    def test_draft_of_another_period_keeps_its_lines(self):
        self.book(self.rival, 250, "distributor")
        other = self.env["liquor.settlement"].create({
            "partner_id": self.rival.id, "date_from": "2026-01-01", "date_to": "2026-03-31"
        })  # fmt: skip
        other.action_prepare()
        with self.assertRaises(UserError):
            self.start()
        self.assertEqual(other.amount_total, 250)

    def test_search_for_many_is_one_query(self):
        for number in range(20):
            self.book(self.make_partner(f"D{number}", "distributor"), 10, "distributor")
        self.env.flush_all()
        days = [self.env["liquor.settlement"]._fields["date_to"].to_date(day) for day in MARCH.values()]
        with self.assertQueryCount(1):
            self.assertEqual(len(self.env["liquor.settlement"]._unsettled(self.company, *days)), 20)

    @contextmanager
    def no_environment_left(self):
        """Let none of the environments of before answer from what it knows, and none go away meanwhile.

        An environment reads its user's time zone once and keeps it as long as it lives, which the collector of
        garbage decides: two queries more or less, at any time.
        """
        gc.collect()
        gc.disable()
        try:
            yield
        finally:
            gc.enable()

    def test_as_many_queries_for_one_as_for_many(self):
        def cost(size):
            partners = self.env["res.partner"]
            for number in range(size):
                partners += self.make_partner(f"D{size} {number}", "distributor")
                self.book(partners[-1], 10 + number, "distributor")
            self.env.flush_all()
            self.env.invalidate_all()
            with self.no_environment_left():
                before = self.cr.sql_log_count
                made = self.env["liquor.settlement"].with_user(self.clerk)._settle(self.company, partners, terms)
                self.env.flush_all()
                queries = self.cr.sql_log_count - before
            self.assertEqual(sorted(made.mapped("amount_total")), [10.0 + number for number in range(size)])
            return queries

        terms = {**MARCH, "payment_method": "rebate_account"}
        cost(21)  # the companies of up to twenty records are read with them, those of more are counted
        self.assertEqual(cost(25), cost(60))

    def test_made_at_once_as_one_by_one(self):
        # what create gives: name of the sequence, author, currency, follower; the unique period; the rights
        self.book(self.distributor, 6000, "distributor")
        self.book(self.rival, 250, "distributor")
        terms = {**MARCH, "payment_method": "credit_note"}
        settlements = self.env["liquor.settlement"].with_user(self.clerk)
        settlements = settlements.with_context(tracking_disable=False, mail_create_nosubscribe=False)
        made = settlements._settle(self.company, self.rival, terms)
        created = settlements.create({**terms, "partner_id": self.distributor.id})
        created.action_prepare()
        self.env.flush_all()
        self.env.invalidate_all()
        for name in ("company_id", "currency_id", "author_id", "create_uid", "state", "payment_method", "date_to"):
            self.assertEqual(made[name], created[name], name)
        self.assertEqual(made.message_partner_ids, self.clerk.partner_id)
        self.assertEqual(created.message_partner_ids, self.clerk.partner_id)
        numbers = [int(item.name.rpartition("-")[2]) for item in (made, created)]
        self.assertEqual((made.name[:3], numbers[1] - numbers[0]), (created.name[:3], 1))
        self.assertEqual((made.line_ids.live, created.line_ids.label), (True, made.line_ids.label))
        with self.assertRaises(AccessError):
            self.env["liquor.settlement"].with_user(self.outsider)._settle(self.company, self.shop, terms)

    def test_first_of_two_takes_an_earning_both_show_what_is_held(self):
        self.book(self.rival, 250, "distributor")
        self.book(self.rival, 9, "distributor", payable="held")
        both = self.env["liquor.settlement"].create([
            {"partner_id": self.rival.id, "date_from": f"2026-0{month}-01", "date_to": "2026-03-31"} for month in (1, 3)
        ])  # fmt: skip
        both.action_prepare()
        self.assertEqual(both.mapped("amount_total"), [250, 0])
        self.assertEqual(both.mapped("amount_held"), [9, 9])
        # prepared again, what was taken stays where it is
        both[::-1].action_prepare()
        self.assertEqual(sum(both.mapped("amount_total")), 250)

    def test_managers_see_all_runs_others_their_own(self):
        self.book(self.rival, 250, "distributor")
        run = self.start()
        runs = self.env["liquor.run"]
        self.assertIn(run, runs.with_user(self.clerk).search([]))
        self.assertNotIn(run, runs.with_user(self.finance).search([]))
        manager = self.env["res.users"].browse(self.finance.id).copy({"login": "channel_boss", "group_ids": [
            (6, 0, self.env.ref("liquor_channel.group_channel_manager").ids)
        ]})  # fmt: skip
        self.assertIn(run, runs.with_user(manager).search([]))
        for user in (self.clerk, self.finance):
            menu = self.env.ref("liquor_channel.liquor_run_menu")
            self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
