from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, mute_logger

from ..common import MemberCase


class TestPointEntry(MemberCase):
    def open_lots(self, member):
        """Return what is left of the member's lots, oldest first."""
        wallet = self.env["liquor.point.entry"]._wallets(member)[member.id]
        return [wallet.lots[entry].left for entry in sorted(wallet.lots) if wallet.lots[entry].left]

    def spend(self, member, points, key, cause="test,1"):
        """Spend points for a cause."""
        return self.env["liquor.point.entry"]._move([
            {"member": member, "kind": "spend", "points": points, "key": key, "cause": cause}
        ])

    def test_grant_is_exactly_once(self):
        member = self.join()
        first, again = self.earn(member, 100, "k1"), self.earn(member, 100, "k1")
        self.assertEqual(first, again)
        self.assertEqual(member.card_id.points, 100)
        self.assertTrue(first.expires_on)

    def test_card_shows_lots_less_debt(self):
        member = self.join()
        first = self.earn(member, 100, "a", expires_on=fields.Date.to_date("2030-06-30"))
        self.earn(member, 30, "b", expires_on=fields.Date.to_date("2030-12-31"))
        self.spend(member, 90, "s")
        self.assertEqual((member.card_id.points, self.open_lots(member)), (40, [10, 30]))
        first._take_back("order returned")  # 100 back: 10 + 30 from lots, 60 debt
        self.assertEqual((member.card_id.points, member.points_debt), (0, 60))
        self.earn(member, 80, "c")  # pays 60
        self.assertEqual((member.card_id.points, member.points_debt), (20, 0))
        self.assertEqual(sum(member.point_entry_ids.mapped("points")), 20)
        self.assertEqual(first._take_back("again"), first._take_back("and again"), "taken back once")
        self.assertEqual(member.card_id.points, 20)

    def test_hold_and_expiry(self):
        with self.at("2026-03-01 02:00:00"):
            member = self.join()
            self.earn(
                member,
                50,
                "held",
                available_on=fields.Date.to_date("2026-03-16"),
                expires_on=fields.Date.to_date("2026-06-30"),
            )
            self.assertEqual((member.card_id.points, member.points_pending), (0, 50))
            with self.assertRaises(UserError):
                self.spend(member, 1, "too early")
        cron = self.env["liquor.point.entry"]
        with self.at("2026-03-15 16:00:00"):  # 16 March in Shanghai
            self.assertEqual(cron._due_members(), member)
            cron._refresh(cron._due_members())
            self.assertEqual((member.card_id.points, member.points_pending), (50, 0))
            self.assertEqual((member.points_expiring, str(member.points_expiry_day)), (50, "2026-06-30"))
        with self.at("2026-06-30 15:59:59"):
            cron._refresh(cron._due_members())
            self.assertEqual(member.card_id.points, 50)
        with self.at("2026-06-30 16:00:00"):
            cron._refresh(cron._due_members())
            self.assertEqual(member.card_id.points, 0)
            cron._refresh(member)
        self.assertEqual(member.point_entry_ids.mapped("points"), [-50, 50])

    def test_cancelled_spending_goes_back_to_its_lots(self):
        member = self.join()
        self.earn(member, 40, "a", expires_on=fields.Date.to_date("2030-06-30"))
        self.earn(member, 60, "b", expires_on=fields.Date.to_date("2030-12-31"))
        self.spend(member, 70, "s")
        self.assertEqual(self.open_lots(member), [30])
        back = {"member": member, "kind": "give_back", "points": 70, "key": "back", "cause": "test,1"}
        self.env["liquor.point.entry"]._move([back])
        self.assertEqual((self.open_lots(member), member.card_id.points), ([40, 60], 100))
        for cause in ("test,1", "test,2"):
            with self.assertRaises(UserError):
                self.env["liquor.point.entry"]._move([{**back, "points": 1, "key": f"more {cause}", "cause": cause}])

    def test_amounts_are_refused(self):
        member = self.join()
        for points in (0, -1, 1.5, float("nan"), float("inf"), 10**9 + 1, 2**31, 10**30, "7", True, [1], None):
            with self.subTest(points=points), self.assertRaises(UserError):
                self.earn(member, points, f"odd {points}")
        self.assertEqual(member.card_id.points, 0)

    def test_nobody_holds_more_than_fits(self):
        member = self.join()
        self.earn(member, 10**9, "a")
        with self.assertRaises(UserError):
            self.earn(member, 1, "b")

    def test_points_are_not_typed(self):
        member = self.join()
        self.earn(member, 100, "a")
        card = member.card_id
        sales = self.user("sales", "sales_team.group_sale_manager", "group_member_manager")
        forged = [
            {},
            {"liquor_points": True},
            {"liquor_points": "liquor.point.entry,0"},
            {"loyalty_no_mail": True},
            {"liquor_points": {"model": "sale.order", "record_id": 1}},
            {"tracking_disable": True},
        ]
        for context in forged:
            for user in (self.env.user, sales):
                mine = card.with_user(user).with_context(**context)
                with self.subTest(context=context, user=user.login):
                    with self.assertRaises(UserError):
                        mine.write({"points": 1_000_000})
                    with self.assertRaises(UserError):
                        mine.points += 1
                    with self.assertRaises(UserError):
                        mine.write({"active": False})
                    with self.assertRaises(UserError):
                        mine.write({"liquor_member_id": False})
        self.assertEqual(card.points, 100)

    def test_native_wizards_are_refused(self):
        member = self.join()
        card = member.card_id
        with self.assertRaises(UserError):
            card.action_loyalty_update_balance()
        wizard = self.env["loyalty.card.update.balance"].create({
            "card_id": card.id,
            "new_balance": 500,
            "description": "gift",
        })
        with self.assertRaises(UserError):
            wizard.action_update_card_point()
        with self.assertRaises(UserError):
            self.env["loyalty.card"].create({"program_id": self.club.loyalty_program_id.id, "points": 5})
        with self.assertRaises(UserError):
            self.env["loyalty.card"].with_context(active_id=self.club.loyalty_program_id.id).create({"points": 5})
        with self.assertRaises(UserError):
            card.unlink()
        loaded = self.env["loyalty.card"].load([".id", "points"], [[str(card.id), "99"]])
        self.assertFalse(loaded["ids"])
        self.assertEqual(card.points, 0)

    def test_other_cards_stay_native(self):
        program = self.env["loyalty.program"].create({"name": "Coupons", "program_type": "coupons"})
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 5})
        card.points = 7
        with self.assertRaises(UserError):
            card.liquor_member_id = self.join()

    def test_the_loyalty_program_never_earns(self):
        loyalty = self.club.loyalty_program_id
        self.assertFalse(loyalty.rule_ids)
        with self.assertRaises(ValidationError):
            self.env["loyalty.rule"].create({"program_id": loyalty.id})
        with self.assertRaises(ValidationError):
            loyalty.applies_on = "current"

    def test_ledger_is_closed_in_orm_and_database(self):
        entry = self.earn(self.join(), 10, "a")
        with self.assertRaises(UserError):
            entry.sudo().write({"points": 20})
        with self.assertRaises(UserError):
            entry.sudo().unlink()
        for table in ("liquor_point_entry", "liquor_point_allocation", "liquor_cash_entry", "liquor_member_level_log"):
            self.assertTrue(
                self.env.execute_query(
                    SQL(
                        "SELECT 1 FROM pg_trigger WHERE tgname = 'liquor_append_only' AND tgrelid = %s::regclass", table
                    )
                ),
                table,
            )
        with self.assertRaises(errors.RestrictViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE liquor_point_entry SET points = 1000 WHERE id = %s", [entry.id])

    def test_a_club_without_points_gives_none(self):
        with self.assertRaises(UserError):
            self.earn(self.join(club=self.regional), 10, "a")

    def test_adjustment_needs_two_people(self):
        member = self.join()
        clerk = self.user("clerk", "group_service")
        first, second = self.user("first", "group_member_manager"), self.user("second", "group_member_manager")
        forged = {"state": "approved", "approved_by_id": second.id, "requested_by_id": clerk.id}
        request = (
            self
            .env["liquor.point.adjustment"]
            .with_user(first)
            .create({"name": "complaint 7", "member_id": member.id, "points": 100, **forged})
        )
        self.assertEqual((request.state, request.approved_by_id.id), ("draft", False))
        with self.assertRaises(AccessError):
            request.write({"state": "approved"})
        request.action_request()
        with self.assertRaises(AccessError):
            request.write({"points": 1_000_000})
        with self.assertRaises(UserError):
            request.action_approve()
        with self.assertRaises(AccessError):
            request.with_user(clerk).action_approve()
        request.with_user(second).action_approve()
        self.assertEqual(member.card_id.points, 100)
        with self.assertRaises(UserError):
            request.with_user(second).action_approve()

    def test_batch_costs_no_more_queries(self):
        members = [self.join(number) for number in range(30)]

        def grants(size, mark):
            return [
                {"kind": "points", "member": members[n], "points": 5, "key": f"{mark}/{n}", "reason": "x"}
                for n in range(size)
            ]

        reward = self.env["liquor.reward"]
        reward._grant(grants(30, "warm"))
        counts = []
        for size in (1, 21, 30):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reward._grant(grants(size, f"run{size}"))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # the company of a few members is read with them, that of many is counted by one query more
        self.assertEqual(counts, [counts[0], counts[0] + 1, counts[0] + 1])
        self.assertEqual(members[0].card_id.points, 20)
