"""Partners and contracts: a violation planted for each invariant."""

import hashlib

from odoo.tests import tagged

from .common import AuditCase

ROLE, EVENT = "liquor_channel_role", "liquor_channel_role_event"


@tagged("post_install", "-at_install")
class TestPartners(AuditCase):
    def test_steps_lead_to_the_state(self):
        self.copy_of(EVENT)
        role = self.plant(ROLE, state="formal")
        self.plant(ROLE, state="candidate")
        self.assert_clean("partners.steps")
        self.plant(EVENT, role_id=role, state_from="candidate", state_to="trial")
        last = self.plant(EVENT, role_id=role, state_from="trial", state_to="formal")
        self.assert_clean("partners.steps")
        self.change(ROLE, role, state="suspended")
        self.assert_reported("partners.steps", f"role {role} is suspended, its last step says formal")
        self.change(EVENT, last, state_from="suspended")
        self.assert_reported("partners.steps", f"step {last} of role {role} starts from suspended after trial")

    def test_transfers_need_a_word(self):
        transfer = self.plant("liquor_terminal_transfer", state="done", author_id=1, decided_by_id=2)
        self.plant("liquor_terminal_transfer", state="done", author_id=1, consented_by_id=3)
        self.plant("liquor_terminal_transfer", state="asked", author_id=1)
        self.assert_clean("partners.transfers")
        for decider in (1, None):
            self.change("liquor_terminal_transfer", transfer, decided_by_id=decider)
            self.assert_reported("partners.transfers", f"transfer {transfer} ")

    def test_merged_shops_are_ended(self):
        target = self.plant(ROLE, state="formal")
        merged = self.plant(ROLE, state="ended", merged_into_id=target)
        self.assert_clean("partners.merged")
        self.change(ROLE, merged, state="formal")
        self.assert_reported("partners.merged", f"role {merged} was merged and is formal")
        self.change(ROLE, merged, state="ended", merged_into_id=merged)
        self.assert_reported("partners.merged", f"role {merged} was merged into itself")

    def test_launches_have_a_checklist_or_a_reason(self):
        moment = "2026-03-05 10:00:00"
        found = self.plant(
            "liquor_readiness", verdict="ready", company_id=1, territory_id=3, day="2026-03-01",
            checked_at="2026-03-01 04:00:00",
        )  # fmt: skip
        launch = self.plant(
            "liquor_consumer_launch", state="launched", company_id=1, territory_id=3, check_id=found,
            launched_by_id=5, launched_at=moment,
        )  # fmt: skip
        self.plant("liquor_consumer_launch", state="draft", company_id=1, territory_id=3)
        self.assert_clean("partners.launches")
        for wrong in ({"verdict": "unknown"}, {"territory_id": 4}, {"day": "2026-01-31"}, {"checked_at": "2026-03-06"}):
            with self.subTest(wrong), self.env.cr.savepoint() as savepoint:
                self.change("liquor_readiness", found, **wrong)
                self.assert_reported("partners.launches", f"launch {launch} was let go without")
                savepoint.close(rollback=True)
        self.change("liquor_consumer_launch", launch, check_id=None, reason=" too short ")
        self.assert_reported("partners.launches", f"launch {launch} was let go without")
        self.change("liquor_consumer_launch", launch, reason="The region is new, head office agreed")
        self.assert_clean("partners.launches")
        self.change("liquor_consumer_launch", launch, launched_by_id=None)
        self.assert_reported("partners.launches", f"launch {launch} is let go and names nobody")

    def test_acceptances_prove_the_text(self):
        agreement = self.plant("liquor_agreement", state="accepted", party_id=7, text_version=1)
        text = "合同"
        proof = self.plant(
            "liquor_agreement_acceptance",
            agreement_id=agreement,
            partner_id=7,
            text_version=1,
            content=text,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
        )
        self.assert_clean("contracts.acceptances")
        self.change("liquor_agreement_acceptance", proof, content="别的")
        self.assert_reported("contracts.acceptances", f"acceptance {proof}: ")
        self.change("liquor_agreement_acceptance", proof, content=text, partner_id=8)
        self.assert_reported("contracts.acceptances", f"acceptance {proof} is by partner 8")
        self.change("liquor_agreement_acceptance", proof, partner_id=7)
        self.change("liquor_agreement", agreement, state="sent")
        self.assert_reported("contracts.acceptances", f"agreement {agreement} ")

    def test_quotas_are_counted(self):
        right = self.plant("liquor_agreement_right", quota_bottles=60)
        self.copy_of("liquor_cap_counter")
        line = self.plant("sale_order_line", liquor_quota_right_id=right, liquor_quota_bottles=36)
        self.assert_reported("contracts.quotas", f"quota of right {right}: ")
        counter = self.plant("liquor_cap_counter", key=f"quota/{right}", taken=36)
        self.assert_clean("contracts.quotas")
        self.change("sale_order_line", line, liquor_quota_bottles=66)
        self.change("liquor_cap_counter", counter, taken=66)
        self.assert_reported("contracts.quotas", f"quota of right {right} is 60 bottles")

    def test_displays_are_approved_by_another(self):
        payment = self.plant("liquor_agreement_payment", checked_by_id=1, approved_by_id=2)
        self.plant("liquor_agreement_payment", checked_by_id=1)
        self.assert_clean("contracts.displays")
        self.change("liquor_agreement_payment", payment, approved_by_id=1)
        self.assert_reported("contracts.displays", f"payment {payment} was approved by user 1")
