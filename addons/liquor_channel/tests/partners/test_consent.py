"""The owner's consent to personal rewards: a paper he signed or his word online, never a typed day (R13)."""

import base64
import hashlib
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ChannelCase

PAPER = b"%PDF-1.7 signed by the owner"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestConsent(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_version(rate=2.0, rate_kind="fixed", beneficiary_kind="guide", basis="opened")
        cls.owner = cls.portal("consent_owner", cls.shop)
        cls.boss = new_test_user(cls.env, "consent_boss", groups="liquor_channel.group_channel_manager")
        cls.job = cls.env["liquor.employment"].with_user(cls.clerk).create({
            "person_id": cls.guide.id, "employer_id": cls.shop.id, "date_start": "2026-03-01",
            "consent_on": "2026-03-01",
        })  # fmt: skip

    @classmethod
    def portal(cls, login, partner):
        user = new_test_user(cls.env, login, groups="base.group_portal")
        user.partner_id.parent_id = partner
        return user

    def wizard(self, user=None, **values):
        return self.env["liquor.employment.consent.wizard"].with_user(user or self.clerk).create({
            "employment_id": self.job.id, "paper": base64.b64encode(PAPER), "paper_name": "scan.exe", **values,
        })  # fmt: skip

    def pays(self, number):
        fact = self.make_fact(number, kind="opened", guide_id=self.guide.id, bottles=1)
        return bool(self.env["liquor.policy"]._earn([fact])[fact["key"]])

    def test_a_clerk_types_no_consent(self):
        self.assertFalse(self.job.consent_on)
        consent = self.env["liquor.employment.consent"]
        for user in (self.clerk, self.boss, self.finance_user()):
            for vals in ({"consent_on": "2026-03-02"}, {"consent_id": 1}):
                with self.assertRaises(AccessError):
                    self.job.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                consent.with_user(user).create({
                    "employment_id": self.job.id, "company_id": self.company.id, "day": "2026-03-02",
                    "proof": "portal", "user_id": self.owner.id, "event_time": "2026-03-02",
                })  # fmt: skip
        forged = self.job.with_user(self.clerk).with_context(default_consent_on="2026-03-02").copy({
            "employer_id": self.second_shop.id
        })  # fmt: skip
        self.assertFalse(forged.consent_on)
        with self.assertRaises(AccessError):
            self.job.with_user(self.owner).read(["consent_on"])
        self.assertFalse(self.pays(1))

    def finance_user(self):
        return new_test_user(self.env, "consent_finance", groups="liquor_channel.group_finance")

    def test_a_signed_paper_is_kept_with_who_and_when(self):
        wizard = self.wizard()
        self.assertEqual(str(wizard.day), "2026-03-10")
        wizard.day = "2026-03-09"
        wizard.action_record()
        consent = self.job.consent_id
        self.assertEqual(
            (consent.proof, consent.user_id, consent.paper_hash, str(consent.day), str(self.job.consent_on)),
            ("paper", self.clerk, hashlib.sha256(PAPER).hexdigest(), "2026-03-09", "2026-03-09"),
        )
        self.assertTrue(self.pays(1))
        paper = consent.paper_ids.with_user(self.clerk)
        self.assertEqual((paper.name, paper.mimetype, paper.raw), ("scan.pdf", "application/pdf", PAPER))
        # it stays: neither paper nor row is anybody's to change
        for user in (self.clerk, self.boss):
            with self.assertRaises(AccessError):
                paper.with_user(user).write({"raw": b"%PDF-1.7 another"})
            with self.assertRaises(AccessError):
                paper.with_user(user).unlink()
            with self.assertRaises(UserError):
                self.wizard(user).action_record()
        with self.assertRaises(UserError):
            consent.sudo().day = "2026-03-01"

    def test_days_and_files_that_prove_nothing(self):
        today = self.job.date_start + timedelta(days=9)
        for day in (self.job.date_start - timedelta(days=1), today + timedelta(days=1)):
            with self.assertRaises(UserError):
                self.wizard(day=day).action_record()
        for content in (b"<svg onload=alert(1)>", b"PK\x03\x04"):
            with self.assertRaises(UserError):
                self.wizard(paper=base64.b64encode(content)).action_record()
        self.assertFalse(self.job.consent_id)
        with self.assertRaises(AccessError):
            self.wizard(self.owner)

    def test_a_consent_is_of_one_person_in_one_shop(self):
        """An employment of today may still be corrected, and who was consented to is not exchanged."""
        other = self.env["res.partner"].create({"name": "Another Guide"})
        job = self.env["liquor.employment"].with_user(self.clerk).create({
            "person_id": self.guide.id, "employer_id": self.second_shop.id, "date_start": "2026-03-10",
        })  # fmt: skip
        job.person_id = other
        self.wizard(employment_id=job.id).action_record()
        for vals in ({"person_id": self.guide.id}, {"employer_id": self.shop.id}):
            for user in (self.clerk, self.boss):
                with self.assertRaises(UserError):
                    job.with_user(user).write(vals)
        job.with_user(self.clerk).write({"person_id": other.id, "date_end": "2026-03-20"})
        self.assertEqual((job.person_id, bool(job.consent_id)), (other, True))
        again = {"person_id": self.guide.id, "date_start": "2026-04-01", "date_end": False}
        self.assertFalse(job.copy(again).consent_id)

    def test_the_owner_agrees_online(self):
        other, guide = self.portal("consent_other", self.second_shop), self.portal("consent_guide", self.shop)
        with self.assertRaises(AccessError):
            self.job.sudo()._consent_online(other)
        self.job.sudo().copy({"person_id": guide.partner_id.id})
        with self.assertRaises(UserError):
            self.job.sudo()._consent_online(guide)
        self.job.sudo()._consent_online(self.owner)
        consent = self.job.consent_id
        self.assertEqual((consent.proof, consent.user_id, str(consent.day)), ("portal", self.owner, "2026-03-10"))
        self.assertTrue(self.pays(1))
        with self.assertRaises(UserError):
            self.job.sudo()._consent_online(self.owner)

    def test_who_recorded_it_does_not_take_it_off(self):
        self.wizard(self.boss).action_record()
        second = new_test_user(self.env, "consent_second", groups="liquor_channel.group_channel_manager")
        with self.assertRaises(AccessError):
            self.job.with_user(self.clerk).action_withdraw_consent()
        with self.assertRaises(UserError):
            self.job.with_user(self.boss).action_withdraw_consent()
        self.job.with_user(second).action_withdraw_consent()
        self.assertFalse(self.pays(1))
        self.assertEqual(self.env["liquor.employment.consent"].search_count([("employment_id", "=", self.job.id)]), 1)
