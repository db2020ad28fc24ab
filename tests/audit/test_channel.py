"""Earnings and policies: a violation planted for each invariant."""

from odoo.tests import tagged

from .common import AuditCase

EARNING = "liquor_earning"


@tagged("post_install", "-at_install")
class TestEarnings(AuditCase):
    def test_share_is_a_part(self):
        earning = self.plant(EARNING, partner_id=1, amount=100, funder_id=2, funder_amount=30)
        self.plant(EARNING, partner_id=1, amount=-100, funder_id=2, funder_amount=-100)
        self.plant(EARNING, partner_id=1, amount=5)
        self.assert_clean("earnings.shares")
        for wrong in ({"funder_amount": 100.01}, {"funder_amount": -30}, {"funder_id": 1}, {"funder_id": None}):
            with self.subTest(wrong), self.env.cr.savepoint() as savepoint:
                self.change(EARNING, earning, **wrong)
                self.assert_reported("earnings.shares", f"earning {earning}: ")
                savepoint.close(rollback=True)

    def test_consent(self):
        accepted = {"state": "accepted", "accepted_at": "2026-01-01 00:00:00", "distributor_id": 2, "company_id": 1}
        agreement = self.plant("liquor_agreement", **accepted)
        earning = self.plant(EARNING, company_id=1, funder_id=2, funder_amount=30, agreement_id=agreement)
        self.assert_clean("earnings.consent")
        for wrong in ({"state": "sent"}, {"accepted_at": None}, {"distributor_id": 3}, {"company_id": 2}):
            with self.subTest(wrong), self.env.cr.savepoint() as savepoint:
                self.change("liquor_agreement", agreement, **wrong)
                self.assert_reported("earnings.consent", f"earning {earning} charges partner 2")
                savepoint.close(rollback=True)
        self.change(EARNING, earning, agreement_id=None)
        self.assert_reported("earnings.consent", f"earning {earning} charges partner 2")

    def test_states_follow_each_other(self):
        held = self.plant("liquor_earning_state", earning_id=1, state="held", result="held", idempotency_key="1/0")
        self.plant(
            "liquor_earning_state", earning_id=1, state="released", result="pending", idempotency_key=f"1/{held}"
        )
        self.assert_clean("earnings.states")
        self.plant("liquor_earning_state", earning_id=1, state="held", result="held", idempotency_key=f"1/{held}")
        self.assert_reported("earnings.states", f"earning 1 has two states after the word {held}")
        self.change("liquor_earning_state", held, result="available")
        self.assert_reported("earnings.states", f"state {held} of earning 1 is available after “held”")

    def test_author_does_not_activate(self):
        version = self.plant("liquor_policy_version", state="active", author_id=5, activated_by_id=6)
        self.plant("liquor_policy_version", state="draft", author_id=5)
        self.assert_clean("policies.author")
        self.change("liquor_policy_version", version, activated_by_id=5)
        self.assert_reported("policies.author", f"policy version {version} was put in force by its author (user 5)")
