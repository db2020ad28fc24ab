"""Points as a form of payment (C11): 5 points a case, of a club, to a guide who is a member of it."""

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import ChannelCase


@tagged("post_install", "-at_install")
class TestPoints(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club = cls.env["liquor.member.program"].create({
            "name": "Cellar Club", "company_id": cls.company.id, "mode": "national"
        })  # fmt: skip
        cls.env["liquor.employment"].create({
            "person_id": cls.guide.id,
            "employer_id": cls.shop.id,
            "kind": "guide",
            "date_start": "2026-01-01",
        })._consent_on_paper(date(2026, 1, 1), "consent.pdf", b"%PDF-1.7 signed")
        cls.version = cls.points_version()

    @classmethod
    def points_version(cls, activate=True, **values):
        return cls.make_version(
            activate=activate,
            **{
                "rate": 5.0,
                "rate_kind": "points",
                "points_program_id": cls.club.id,
                "beneficiary_kind": "guide",
                "payable": "available",
                **values,
            },
        )

    def join(self, partner=None):
        """The guide joins by phone; the contact that the club made is his own."""
        member = self.env["liquor.member"]._join(self.club, "13900139001", "desk", "1")
        member.sudo().partner_id = partner or self.guide
        return member

    def earn(self, number=1, **values):
        fact = self.make_fact(number, **{"bottles": 12, "guide_id": self.guide.id, **values})
        return self.env["liquor.policy"]._earn([fact])[fact["key"]]

    def test_a_member_gets_points_once(self):
        """12 bottles are 2 cases: 10 points, and no money."""
        member = self.join()
        earning = self.earn()
        self.assertEqual((earning.form, earning.points, earning.amount), ("points", 10, 0.0))
        self.assertEqual(earning.member_points_ids.mapped("points"), [10])
        self.assertEqual(earning.member_points_ids.member_id, member)
        self.earn()
        self.assertEqual(member.points, 10)
        self.assertEqual(self.env["liquor.earning"]._wallet(self.guide, self.company)["available"], 0.0)
        self.assertFalse(self.env["liquor.accrual.run"]._collect(self.company, earning_ids=earning.ids))
        self.assertIn("10", earning.why)
        self.assertNotIn("¥", earning.why)

    def test_points_are_whole(self):
        """9 bottles are 1.5 cases: 7.5 points, rounded down to 7."""
        member = self.join()
        self.earn(bottles=9)
        self.assertEqual(member.points, 7)

    def test_without_membership_they_wait_and_nobody_is_made_a_member(self):
        earning = self.earn()
        self.assertEqual(earning.state, "held")
        self.assertIn("Cellar Club", earning.state_ids[0].reason)
        self.assertFalse(self.env["liquor.member"].search([("program_id", "=", self.club.id)]))
        words = self.env["liquor.earning.state"]
        words._set(earning, "released", "Asked")
        self.assertEqual(earning.state, "held")
        member = self.join()
        words._set(earning, "released", "He joined")
        self.assertEqual((earning.state, member.points), ("available", 10))

    def test_pending_points_are_handed_out_when_they_are_proven(self):
        self.version.policy_id.active = False
        self.points_version(name="Pending", payable="pending")
        member = self.join()
        earning = self.earn()
        self.assertEqual((earning.state, member.points), ("pending", 0))
        self.env["liquor.earning.state"]._set(earning, "available", "Proven")
        self.assertEqual(member.points, 10)

    def test_a_clawback_takes_them_back_once(self):
        member = self.join()
        earning = self.earn()
        for _time in range(2):
            back = self.env["liquor.earning"]._claw_back([earning.fact_key], "Returned")
        self.assertEqual((back.points, back.form), (-10, "points"))
        self.assertEqual(member.points, 0)

    def test_a_cap_counts_points(self):
        self.version.policy_id.active = False
        self.points_version(name="Capped", cap_amount=15)
        member = self.join()
        first, second = self.earn(1), self.earn(2)
        self.assertEqual((first.points, second.points, member.points), (10, 5, 15))
        self.env["liquor.earning"]._claw_back([first.fact_key], "Returned")
        self.assertEqual(self.earn(3).points, 10)

    def test_a_distributor_carries_no_part(self):
        self.make_agreement()
        self.join()
        self.assertFalse(self.earn().funder_id)

    def test_a_club_without_points_is_refused_when_the_terms_come_into_force(self):
        self.club.use_points = False
        with self.assertRaisesRegex(UserError, "Cellar Club"):
            self.points_version(name="No points")

    def test_points_of_a_club_that_gave_them_up_wait(self):
        self.join()
        self.club.use_points = False
        self.assertEqual(self.earn().state, "held")

    def test_what_points_are_not_for(self):
        for values in (
            {"beneficiary_kind": "distributor"}, {"measure": "amount"}, {"points_program_id": False},
        ):  # fmt: skip
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.points_version(activate=False, name="Wrong", **values)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_version([(0, 0, 3)], activate=False, rate_kind="points", points_program_id=self.club.id)

    def test_a_club_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        club = self.env["liquor.member.program"].create({
            "name": "Other Club", "company_id": other.id, "mode": "national"
        })  # fmt: skip
        with self.assertRaises(UserError):
            self.points_version(activate=False, name="Other", points_program_id=club.id)

    def test_points_are_not_re_rated(self):
        self.earn()
        draft = self.version.copy({"date_start": "2026-01-01", "rate": 9})
        self.assertTrue(draft.can_rerate)
        with self.assertRaisesRegex(UserError, "re-rated"):
            draft.action_rerate()

    def test_the_sentence_names_points(self):
        self.assertIn("5", self.version.sentence)
        self.assertNotIn("¥", self.version.sentence)

    def test_terms_of_one_shop_may_differ(self):
        self.env["liquor.policy.overlay"].create({
            "policy_id": self.version.policy_id.id, "partner_id": self.guide.id, "value": 8, "reason": "Star",
            "date_start": "2026-01-01",
        }).action_approve()  # fmt: skip
        member = self.join()
        self.earn()
        self.assertEqual(member.points, 16)
