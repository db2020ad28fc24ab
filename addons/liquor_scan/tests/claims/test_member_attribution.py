from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ClaimCase


@tagged("post_install", "-at_install")
class TestMemberAttribution(ClaimCase):
    """Shop, guide and distributor are credited with openings and joining (M119, C56, C58, C59)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "no_reset_password": True})
        cls.distributor = cls.party("晨光商贸", "distributor")
        cls.env["liquor.channel.assignment"].create({
            "terminal_id": cls.shop.id,
            "distributor_id": cls.distributor.id,
            "company_id": cls.company.id,
            "date_start": "2020-01-01",
        })
        cls.guide_user = new_test_user(
            cls.env,
            "attribution_guide",
            "base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.guide = cls.guide_user.partner_id
        cls.env["liquor.channel.role"].create({
            "partner_id": cls.guide.id,
            "kind": "guide",
            "company_id": cls.company.id,
            "date_start": "2020-01-01",
            "state": "formal",
        })
        cls.job = cls.env["liquor.employment"].create({
            "person_id": cls.guide.id,
            "employer_id": cls.shop.id,
            "company_id": cls.company.id,
            "date_start": "2020-01-01",
        })
        cls.job._consent_on_paper(date(2020, 1, 1), "consent.pdf", b"%PDF-1.7 signed")
        cls.receive()

    def sell(self, index):
        """The guide scans a bottle out to a consumer."""
        at = fields.Datetime.now() - timedelta(hours=1)
        event = {
            "id": f"sell-{index}",
            "type": "sell",
            "code": self.code_batch._code("cap_outer", index),
            "at": f"{at.isoformat()}Z",
        }
        [answer] = self.env["liquor.scan.request"]._take(self.guide_user, [event], source="portal")
        self.assertEqual(answer["status"], "accepted", answer)

    def claim(self, index, member):
        return self.env["liquor.code.claim"]._claim(self.unit(index), member)

    def attributions(self, member):
        rows = self.env["liquor.member.attribution"].search([("member_id", "=", member.id)], order="id")
        return [(row.credit, row.shop_id, row.guide_id, row.distributor_id) for row in rows]

    def earned(self):
        rows = self.env["liquor.earning"].search([("company_id", "=", self.company.id)])
        return sorted(
            (row.policy_version_id.basis, row.beneficiary_kind, row.partner_id.id, row.amount) for row in rows
        )

    def test_a_bottle_that_no_shop_held_credits_nobody(self):
        """Case 1 is still with the distributor: claimed beside one of the shop's, it is nobody's credit."""
        one, two = self.join(), self.join("13800138001")
        self.receive(1, partner=self.distributor, kind="distributor")
        claims = self.env["liquor.code.claim"]._claim_many([(self.unit(3), one), (self.unit(8), two)])
        self.assertEqual(claims.mapped("state"), ["granted", "granted"])
        self.assertEqual([bool(claim.shop_id) for claim in claims], [True, False])
        self.assertEqual(len(self.attributions(one)), 2)
        self.assertFalse(self.attributions(two))

    def test_first_bottle_credits_all_three(self):
        """2.00 shop, 1.00 guide, 0.50 distributor an opening; 3.00, 5.00 and 1.00 a joining."""
        for beneficiary, opened, joined in (("terminal", 2.0, 3.0), ("guide", 1.0, 5.0), ("distributor", 0.5, 1.0)):
            self.policy(opened, beneficiary)
            self.policy(joined, beneficiary, basis="joined")
        self.sell(3)
        member = self.join()
        self.assertEqual(self.attributions(member), [], "who opens nothing was brought by nobody")
        claim = self.claim(3, member)
        self.assertEqual((claim.shop_id, claim.guide_id), (self.shop, self.guide))
        trade = (self.shop, self.guide, self.distributor)
        self.assertEqual(self.attributions(member), [("opening", *trade), ("joining", *trade)])
        expected = [
            ("joined", "distributor", self.distributor.id, 1.0),
            ("joined", "guide", self.guide.id, 5.0),
            ("joined", "terminal", self.shop.id, 3.0),
            ("opened", "distributor", self.distributor.id, 0.5),
            ("opened", "guide", self.guide.id, 1.0),
            ("opened", "terminal", self.shop.id, 2.0),
        ]
        self.assertEqual(self.earned(), expected)
        fact = self.env["liquor.flow.fact"].search([("kind", "=", "joined"), ("company_id", "=", self.company.id)])
        self.assertEqual((fact.partner_id, fact.bottles, fact.territory_id), (self.shop, 1, self.county))

    def test_second_bottle_brings_no_second_joining(self):
        self.policy(5.0, basis="joined")
        member = self.join()
        self.claim(3, member)
        self.claim(4, member)
        none = self.env["res.partner"]
        trade = (self.shop, none, self.distributor)
        self.assertEqual(self.attributions(member), [("opening", *trade), ("joining", *trade), ("opening", *trade)])
        self.assertEqual(self.earned(), [("joined", "terminal", self.shop.id, 5.0)])

    def test_guide_without_consent_is_credited_and_not_paid(self):
        self.policy(5.0, "guide", basis="joined")
        self.job.action_withdraw_consent()
        self.sell(3)
        member = self.join()
        self.claim(3, member)
        self.assertEqual(self.attributions(member)[1][2], self.guide)
        self.assertEqual(self.earned(), [])

    def test_claim_that_waits_is_attributed_when_granted(self):
        member = self.join()
        claim = self.claim(9, member)
        self.assertEqual((claim.state, self.attributions(member)), ("waiting", []))
        self.receive(case=1)
        claim._settle(fields.Datetime.now() - timedelta(hours=24))
        self.assertEqual([row[0] for row in self.attributions(member)], ["opening", "joining"])

    def test_database_lets_a_member_join_once(self):
        member = self.join()
        self.claim(3, member)
        row = self.env["liquor.member.attribution"].search([("member_id", "=", member.id), ("credit", "=", "joining")])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            row.sudo().copy({"event_id": row.event_id.id})
