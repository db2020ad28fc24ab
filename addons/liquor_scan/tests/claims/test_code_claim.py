from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ClaimCase


@tagged("post_install", "-at_install")
class TestCodeClaim(ClaimCase):
    def claim(self, unit, member):
        return self.env["liquor.code.claim"]._claim(unit, member)

    def test_one_claim_has_all_its_effects(self):
        """50 points, one opening credit, one event, custody gone, 2.00 for the shop."""
        self.receive()
        version = self.policy(2.0)
        member = self.join()
        claim = self.claim(self.unit(3), member)
        self.assertEqual((claim.state, claim.points, claim.shop_id), ("granted", 50, self.shop))
        points = self.env["liquor.point.entry"].search([("member_id", "=", member.id)])
        self.assertEqual((sum(points.mapped("points")), points.origin_id), (50, claim.id))
        credit = self.env["liquor.qualifying.event"].search([("member_id", "=", member.id)])
        self.assertEqual((credit.credit, credit.bottles, credit.source), ("opening", 1, "scan"))
        event = self.env["liquor.scan.event"].search([("origin_model", "=", claim._name), ("origin_id", "=", claim.id)])
        self.assertEqual((event.kind, event.status, event.fact_kind), ("open", "accepted", "opened"))
        custody = self.env["liquor.custody"].search([("batch_id", "=", self.code_batch.id), ("level", "=", 1)])
        self.assertEqual((custody.unit_index, custody.state, custody.holder_kind), (3, "gone", "consumer"))
        earning = self.env["liquor.earning"].search([("fact_key", "=", f"liquor.scan.event/{event.id}")])
        self.assertEqual((earning.partner_id, earning.amount), (self.shop, 2.0))
        self.assertEqual(earning.policy_version_id, version)

    def test_an_opening_proves_the_receipt_of_its_case(self):
        """R9 (a): 5.00 of a receipt wait until a bottle of that case is opened; those of the next go on waiting."""
        for case in range(2):
            (number,) = self.receive(case)
            self.env["liquor.earning"]._book([
                {
                    "company_id": self.company.id,
                    "partner_id": self.shop.id,
                    "beneficiary_kind": "terminal",
                    "currency_id": self.company.currency_id.id,
                    "amount": 5.0,
                    "component": "base",
                    "fact_key": f"liquor.scan.event/{number}",
                    "payable": "pending",
                    "event_time": fields.Datetime.now(),
                }
            ])
        self.claim(self.unit(3), self.join())
        wallet = self.env["liquor.earning"]._wallet(self.shop, self.company)
        self.assertEqual((wallet["available"], wallet["pending"]), (5.0, 5.0))

    def test_the_opening_is_a_fact_of_the_shop(self):
        self.receive(purpose="tasting")
        self.claim(self.unit(3), self.join())
        self.env.flush_all()
        fact = self.env["liquor.flow.fact"].search([("kind", "=", "opened"), ("company_id", "=", self.company.id)])
        self.assertEqual((fact.partner_id, fact.bottles, fact.product_id), (self.shop, 1, self.product))
        self.assertEqual(fact.purpose, "tasting", "the purpose it was shipped for")

    def test_tasting_wine_that_is_opened_earns_nothing_where_the_terms_leave_it_out(self):
        self.policy(2.0, count_samples=False)
        for case, purpose, earned in ((0, "tasting", 0.0), (1, "normal", 2.0)):
            self.receive(case, purpose=purpose)
            before = self.env["liquor.earning"]._wallet(self.shop, self.company)["pending"]
            self.claim(self.unit(case * 6), self.join())
            after = self.env["liquor.earning"]._wallet(self.shop, self.company)["pending"]
            self.assertEqual(after - before, earned, purpose)

    def test_a_member_of_another_club_opens_and_is_not_rewarded(self):
        """The rule rewards one club; a member of its sister takes the bottle, the opening counts for him."""
        self.receive()
        sister = self.env["liquor.member.program"].create({
            "name": "姊妹荟",
            "company_id": self.company.id,
            "mode": "national",
        })
        member = self.join(club=sister)
        claim = self.claim(self.unit(3), member)
        self.assertEqual((claim.state, claim.reward, claim.points, claim.rule_id.id), ("granted", False, 0, False))
        self.assertFalse(self.env["liquor.point.entry"].search([("member_id", "=", member.id)]))
        self.assertEqual(self.env["liquor.qualifying.event"].search([("member_id", "=", member.id)]).credit, "opening")

    def test_the_second_claim_gets_the_first_one(self):
        self.receive()
        one, two = self.join(), self.join("13800138001")
        first = self.claim(self.unit(3), one)
        again = self.claim(self.unit(3), two)
        self.assertEqual((again, again.member_id), (first, one))
        self.assertEqual(self.env["liquor.point.entry"].search_count([("member_id", "=", two.id)]), 0)
        self.assertEqual(self.env["liquor.scan.event"].search_count([("kind", "=", "open")]), 1)

    def test_the_database_is_the_judge(self):
        self.receive()
        claim = self.claim(self.unit(3), self.join())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            claim.sudo().copy()

    def test_outer_codes_and_codes_inside_the_case_pay_no_consumer(self):
        """Attack A3."""
        self.receive()
        member = self.join()
        for kind in ("cap_outer", "case_inner", "case_outer", "pallet"):
            with self.assertRaises(UserError):
                self.claim(self.unit(0, kind), member)
        self.assertFalse(self.env["liquor.code.claim"].search([("batch_id", "=", self.code_batch.id)]))

    def test_not_active_is_not_claimable(self):
        self.receive()
        self.env["liquor.code.range"]._book(self.code_batch, "void", 3, 3, reason="torn")
        with self.assertRaises(UserError):
            self.claim(self.unit(3), self.join())

    def test_before_shipping_the_reward_waits_and_comes_by_itself(self):
        member = self.join()
        claim = self.claim(self.unit(3), member)
        self.assertEqual(claim.state, "waiting")
        self.assertFalse(self.env["liquor.point.entry"].search([("member_id", "=", member.id)]))
        late = fields.Datetime.now() - timedelta(hours=24)
        claim._settle(late)
        self.assertEqual(claim.state, "waiting")
        self.receive(ago=timedelta(0))
        claim._settle(late)
        self.assertEqual(claim.state, "granted")
        entries = self.env["liquor.point.entry"].search([("member_id", "=", member.id)])
        self.assertEqual(sum(entries.mapped("points")), 50)
        claim._settle(late)
        self.assertEqual(len(self.env["liquor.point.entry"].search([("member_id", "=", member.id)])), 1)

    def test_after_24_hours_without_shipping_it_is_refused(self):
        claim = self.claim(self.unit(3), self.join())
        claim._settle(fields.Datetime.now() + timedelta(seconds=1))
        self.assertEqual((claim.state, bool(claim.refusal)), ("refused", True))

    def test_cash_back_at_the_cap_in_a_regional_club(self):
        club = self.env["liquor.member.program"].create({
            "name": "乡情社",
            "company_id": self.company.id,
            "mode": "regional",
        })
        self.rule.write({"program_id": club.id, "reward": "cash_back", "amount": 5.0, "points": 0})
        self.receive()
        member = self.join(club=club)
        claim = self.claim(self.unit(3), member)
        self.assertEqual((claim.reward, claim.amount), ("cash_back", 5.0))
        self.assertEqual(member.cash_balance, 5.0)
        self.assertIn("#", claim.rule_version)

    def test_the_nearest_rule_in_force_counts(self):
        rules = self.env["liquor.claim.rule"]
        other = self.env["product.product"].create({"name": "other", "company_id": self.company.id})
        special = self.rule.copy({"product_id": other.id, "points": 9, "sequence": 1})
        self.rule.copy({"points": 7, "sequence": 2, "date_start": "2020-01-01", "date_end": "2020-12-31"})
        day = fields.Date.to_date("2026-06-01")
        self.assertEqual(special.product_id, other)
        self.assertEqual(rules._rule_for(self.company, self.product, day), self.rule)
        self.assertEqual(rules._rule_for(self.company, other, day), special)
        self.assertFalse(rules._rule_for(self.company, self.product, fields.Date.to_date("2019-01-01")))

    def test_a_rule_must_give_something(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.rule.points = 0
            self.rule.flush_recordset()
        with self.assertRaises(ValidationError):
            self.rule.program_id = self.env["liquor.member.program"].create({
                "name": "x",
                "company_id": self.company.id,
                "mode": "regional",
            })

    def test_terms_of_a_rule_are_numbered(self):
        self.rule.points = 60
        self.assertEqual(self.rule.version, 2)
        self.rule.name = "New name"
        self.assertEqual(self.rule.version, 2)

    def test_claims_are_proof(self):
        self.receive()
        claim = self.claim(self.unit(3), self.join())
        manager = self.user("claims_manager", "group_scan_manager")
        for call in (
            lambda: claim.with_user(manager).write({"points": 500}),
            lambda: claim.with_user(manager).unlink(),
            lambda: self.env["liquor.code.claim"].with_user(manager).create({}),
        ):
            with self.assertRaises(UserError):  # an AccessError is one
                call()
        with self.assertRaises(UserError):
            claim.write({"member_id": 1})
        with self.assertRaises(AccessError):
            self.env["liquor.code.claim"].with_user(self.user("claims_nobody")).search_count([])

    def test_a_member_of_another_company_cannot_claim_here(self):
        self.receive()
        other = self.env["res.company"].create({"name": "别家", "country_id": self.env.ref("base.cn").id})
        self.env.user.company_ids |= other
        club = (
            self
            .env["liquor.member.program"]
            .with_company(other)
            .create({
                "name": "别家会",
                "company_id": other.id,
                "mode": "national",
            })
        )
        with self.assertRaises(UserError):
            self.claim(self.unit(3), self.join(club=club))
