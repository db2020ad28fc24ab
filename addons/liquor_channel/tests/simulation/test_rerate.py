"""Re-rating: deltas in the open period, nothing that was booked or sent changes, a second run gives nothing."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .test_simulation import LAST, SimulationCase

FOUR = [(0, 0, 4)]


@tagged("post_install", "-at_install")
class TestRerate(SimulationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-31 04:00:00"))

    def rerate(self, draft):
        """Simulate and approve as the manager: the new earnings."""
        simulation = self.simulate(draft)
        draft.with_user(self.manager).action_rerate()
        return simulation, self.env["liquor.earning"].search([("policy_version_id", "=", draft.id)])

    def setUp(self):
        super().setUp()
        self.version = self.rebate()
        self.second = self.make_partner("Moon Trading", "distributor")
        self.make_order(500000)
        self.make_order(123456.78, self.second)

    def test_deltas_sum_to_the_simulation(self):
        # 500,000: 20,000 at 4 % both ways; 123,456.78: 3,703.70 at 3 %, 4,938.27 at 4 %: 1,234.57 more
        self.version._bring_up_to_date(LAST)
        simulation, deltas = self.rerate(self.draft_of(self.version, FOUR))
        self.assertEqual([(row.partner_id, row.amount, row.type) for row in deltas], [(self.second, 1234.57, "rerate")])
        self.assertEqual(simulation.difference, 1234.57)
        self.assertEqual(self.version.state, "replaced")

    def test_what_the_old_terms_still_owed_is_booked_first(self):
        simulation, deltas = self.rerate(self.draft_of(self.version, FOUR))
        before = self.env["liquor.earning"].search([("policy_version_id", "=", self.version.id)])
        self.assertEqual(sorted(before.mapped("amount")), [3703.70, 20000.0])
        self.assertEqual(set(before.mapped("type")), {"earn"})
        self.assertEqual((sum(deltas.mapped("amount")), simulation.difference), (1234.57, 1234.57))

    def test_losers_give_back_and_the_cap_holds(self):
        # 5 % is 25,000, capped at 5,500; 5 % of 123,456.78 is 6,172.84, capped too
        self.version._bring_up_to_date(LAST)
        draft = self.draft_of(self.version, [(0, 0, 5)], cap_amount=5500.0)
        simulation, deltas = self.rerate(draft)
        self.assertEqual(
            {row.partner_id: row.amount for row in deltas}, {self.distributor: -14500.0, self.second: 1796.30}
        )
        self.assertEqual(round(sum(deltas.mapped("amount")), 2), simulation.difference)
        self.assertEqual(set(simulation.line_ids.mapped("reason")), {"capped"})

    def test_twice_gives_nothing_new(self):
        self.version._bring_up_to_date(LAST)
        draft = self.draft_of(self.version, FOUR)
        _simulation, deltas = self.rerate(draft)
        with self.assertRaises(UserError):
            draft.with_user(self.manager).action_rerate()
        self.assertFalse(draft._bring_up_to_date(LAST))
        self.assertFalse(self.version._bring_up_to_date(LAST))
        self.assertFalse(draft.sudo()._book_rerate())
        self.assertEqual(self.env["liquor.earning"].search([("policy_version_id", "=", draft.id)]), deltas)

    def test_later_facts_are_earned_under_the_new_terms(self):
        self.version._bring_up_to_date(LAST)
        draft = self.draft_of(self.version, FOUR)
        self.rerate(draft)
        self.make_order(100000, self.second, day=date(2026, 3, 20))
        later = draft._bring_up_to_date(LAST)
        # 4 % of 100,000
        self.assertEqual((later.amount, later.type), (4000.0, "earn"))

    def test_a_closed_period_stays_and_a_sent_statement_too(self):
        self.env["liquor.account.mapping"]._ensure_accounts(self.company)
        month = self.rebate([(0, 0, 3)], period="month", name="Monthly")
        month._bring_up_to_date(date(2026, 2, 28))
        settlement = self.env["liquor.settlement"].with_user(self.clerk).create({
            "partner_id": self.distributor.id, "date_from": "2026-02-01", "date_to": "2026-02-28"
        })  # fmt: skip
        settlement.action_prepare()
        settlement.action_send()
        sent = (settlement.snapshot_hash, settlement.line_ids.mapped("amount"))
        self.company.sudo().fiscalyear_lock_date = date(2026, 2, 28)
        _simulation, deltas = self.rerate(self.draft_of(month, [(0, 0, 4)]))
        february = deltas.filtered(lambda row: row.partner_id == self.distributor)
        # 1 % of 500,000
        self.assertEqual((february.amount, february.component), (5000.0, "2026-02"))
        self.assertEqual((february.booked_day, february.origin_period), (date(2026, 3, 1), "2026-02"))
        self.assertEqual((settlement.snapshot_hash, settlement.line_ids.mapped("amount")), sent)

    def test_from_a_later_period_on_the_earlier_ones_stay(self):
        month = self.rebate([(0, 0, 3)], period="month", name="Monthly")
        self.make_order(1000, day=date(2026, 1, 10))
        for day in (date(2026, 1, 31), date(2026, 2, 28)):
            month._bring_up_to_date(day)
        draft = self.draft_of(month, [(0, 0, 4)], start="2026-02-01")
        _simulation, deltas = self.rerate(draft)
        self.assertEqual(set(deltas.mapped("component")), {"2026-02"})
        self.assertEqual((month.date_end, month.state), (date(2026, 1, 31), "frozen"))
        self.assertFalse(month._bring_up_to_date(LAST))

    def test_re_rated_again_it_counts_both_before(self):
        self.version._bring_up_to_date(LAST)
        first = self.draft_of(self.version, FOUR)
        self.rerate(first)
        again = self.draft_of(first, [(0, 0, 5)])
        _simulation, deltas = self.rerate(again)
        # 5 % of 123,456.78 is 6,172.84, less 4,938.27; 5 % of 500,000 less 20,000
        self.assertEqual(
            {row.partner_id: row.amount for row in deltas}, {self.second: 1234.57, self.distributor: 5000.0}
        )
        self.assertEqual(again.rerated_ids, self.version | first)

    def test_who_may_and_what_is_refused(self):
        self.version._bring_up_to_date(LAST)
        draft = self.draft_of(self.version, FOUR)
        with self.assertRaises(AccessError):
            draft.with_user(self.clerk).action_rerate()
        with self.assertRaises(RedirectWarning):
            draft.with_user(self.manager).action_rerate()
        with self.assertRaises(AccessError):
            draft.with_user(self.manager).write({"rerated_ids": [(4, self.version.id)]})
        own = self.draft_of(self.version, FOUR, user=self.manager)
        with self.assertRaises(UserError):
            own.with_user(self.manager).action_rerate()
        inside = self.draft_of(self.version, FOUR, start="2026-02-10")
        self.simulate(inside)
        with self.assertRaises(UserError):
            inside.with_user(self.manager).action_rerate()
        forged = draft.with_user(self.manager).with_context(liquor_rerating=True)
        with self.assertRaises(UserError):
            self.version.with_env(forged.env).date_end = "2026-01-31"
