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

    def paid_shop(self, basis, must_scan, kind="per_unit", **role):
        """A shop that was paid 12.00 on a basis on 5 March."""
        self.copy_of("liquor_channel_role")
        shop = {"partner_id": 7, "company_id": 1, "kind": "terminal", "date_start": "2026-01-01", **role}
        self.plant(
            "liquor_channel_role",
            terminal_kind_id=self.plant("liquor_terminal_kind", must_scan=must_scan, active=True),
            **shop,
        )
        version = self.plant("liquor_policy_version", policy_id=self.plant("liquor_policy", kind=kind), basis=basis)
        paid = {"partner_id": 7, "company_id": 1, "beneficiary_kind": "terminal", "policy_version_id": version}
        return {**paid, "business_day": "2026-03-05", "fact_key": f"fact/{version}", "points": 0}

    def test_scanned_and_reported_goods_pay_once(self):
        scanned = self.paid_shop("received", True, date_end="2026-03-31")
        self.plant(EARNING, **scanned, amount=12)
        self.assert_clean("earnings.one_proof")
        told = self.paid_shop("reported", False, date_start="2026-04-01")
        self.plant(EARNING, **told, amount=12)
        self.assert_reported("earnings.one_proof", "shop 7 was paid 12 for goods it reported")
        self.plant(EARNING, **told, amount=-12)
        self.assert_clean("earnings.one_proof")
        self.plant(EARNING, **self.paid_shop("received", False, "tiered", partner_id=8), amount=5)
        self.assert_clean("earnings.one_proof")
        self.env.cr.execute("UPDATE pg_temp.liquor_terminal_kind SET must_scan = FALSE")
        self.assert_reported("earnings.one_proof", "shop 7 was paid 5 for goods", "shop 7 was paid 12 for goods")

    def changed_shop(self):
        """A shop that had to scan from April on; its distributor reported 60 bottles of March, it scanned 84 since."""
        shop = {"partner_id": 7, "company_id": 1, "kind": "terminal"}
        for must_scan, days in (
            (False, {"date_start": "2026-01-01", "date_end": "2026-03-31", "state": "ended"}),
            (True, {"date_start": "2026-04-01", "state": "formal"}),
        ):
            kind = self.plant("liquor_terminal_kind", must_scan=must_scan)
            self.plant("liquor_channel_role", **shop, **days, terminal_kind_id=kind)
        goods = {"company_id": 1, "product_id": 5}
        row = self.plant(
            "liquor_flow_report_line",
            **goods, buyer_id=7, reporter_id=3, kind="reported", live=True, business_day="2026-03-20", bottles=60,
        )  # fmt: skip
        scans = [
            self.plant(
                "liquor_scan_event",
                **goods, party_id=7, fact_kind="received", status="accepted", business_day=day, bottles=bottles,
            )
            for day, bottles in (("2026-04-02", 36), ("2026-04-09", 48))
        ]  # fmt: skip
        return f"liquor.flow.report.line/{row}", [f"liquor.scan.event/{scan}" for scan in scans]

    def test_a_shop_that_changed_is_paid_for_a_bottle_once(self):
        row, (first, second) = self.changed_shop()
        told, scanned = (
            self.plant("liquor_policy_version", policy_id=self.plant("liquor_policy", kind="per_unit"), basis=basis)
            for basis in ("reported", "received")
        )
        paid = {"partner_id": 7, "company_id": 1, "beneficiary_kind": "terminal", "points": 0}
        self.plant(EARNING, **paid, policy_version_id=told, fact_key=row, bottles=60, amount=120)
        self.plant(EARNING, **paid, policy_version_id=scanned, fact_key=second, bottles=24, amount=72)
        self.assert_clean("earnings.changed_shops")
        twice = {**paid, "policy_version_id": scanned, "fact_key": first}
        self.plant(EARNING, **twice, bottles=36, amount=108)
        self.assert_reported("earnings.changed_shops", f"shop 7 was paid for 36 bottles of {first} by", "0 count")
        self.plant(EARNING, **twice, bottles=-36, amount=-108)
        self.assert_clean("earnings.changed_shops")
        self.plant(EARNING, **paid, policy_version_id=scanned, fact_key=second, bottles=1, amount=3)
        self.assert_reported("earnings.changed_shops", f"shop 7 was paid for 25 bottles of {second} by", "24 count")

    def test_commission_a_level_once_and_by_permission(self):
        self.copy_of("liquor_commission_permission")
        version = self.plant("liquor_policy_version", commission_levels=2, scope_kind="company", state="active")
        line = {"company_id": 1, "policy_version_id": version, "fact_key": "row/1", "type": "earn", "amount": 4}
        moment = {"create_date": "2026-03-05 10:00:00"}
        first = self.plant(EARNING, **line, **moment, commission_level=1)
        self.assert_clean("earnings.commission")
        second = self.plant(EARNING, **line, **moment, commission_level=2)
        self.assert_reported("earnings.commission", f"earning {second} is commission of level 2 without")
        word = {"company_id": 1, "create_date": "2026-03-05 09:00:00"}
        self.plant("liquor_commission_permission", **word, allowed=True)
        self.assert_clean("earnings.commission")
        taken = self.plant("liquor_commission_permission", **word, allowed=False)
        self.assert_reported("earnings.commission", f"earning {second} is commission of level 2 without")
        self.change("liquor_commission_permission", taken, create_date="2026-03-05 09:58:00")
        self.assert_clean("earnings.commission")
        self.change(EARNING, second, commission_level=1)
        self.assert_reported("earnings.commission", f"row/1 pays level 1 of version {version} 2 times")
        self.change(EARNING, second, fact_key="row/2")
        self.change("liquor_policy_version", version, scope_kind="region")
        self.assert_reported("earnings.commission", f"version {version} pays two levels and is of a region")
        self.change("liquor_policy_version", version, commission_levels=0)
        self.assert_reported("earnings.commission", f"earning {first} is commission of level 1, its terms pay 0")

    def test_control_groups_are_paid_nothing(self):
        pilot = self.plant("liquor_policy_pilot", version_id=3, state="drawn", pilot_count=1, control_count=1)
        for partner, control in ((7, False), (8, True)):
            self.plant("liquor_policy_pilot_shop", pilot_id=pilot, partner_id=partner, is_control=control)
            self.plant(EARNING, partner_id=partner, policy_version_id=3 + control, amount=6)
        self.assert_clean("policies.pilots")
        self.plant(EARNING, partner_id=8, policy_version_id=3, amount=6)
        self.assert_reported("policies.pilots", f"shop 8 is in the control group of pilot {pilot} and was paid 6")
        self.plant(EARNING, partner_id=8, policy_version_id=3, amount=-6)
        self.assert_clean("policies.pilots")
        self.plant("liquor_policy_pilot_shop", pilot_id=pilot, partner_id=9, is_control=False)
        self.assert_reported("policies.pilots", f"pilot {pilot}: 1 and 1 shops are drawn, 2 and 1 are listed")

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

    def test_author_does_not_approve_a_value_of_one_shop(self):
        overlay = self.plant(
            "liquor_policy_overlay", state="active", partner_id=1, kind="rate", author_id=5, approved_by_id=6
        )
        self.plant("liquor_policy_overlay", state="draft", partner_id=1, kind="cap", author_id=5)
        self.assert_clean("policies.overlay_author")
        for wrong in (5, None):
            self.change("liquor_policy_overlay", overlay, approved_by_id=wrong)
            self.assert_reported("policies.overlay_author", f"own value {overlay} of partner 1")

    def test_one_of_an_exclusive_group_pays(self):
        policies = [self.plant("liquor_policy", kind="per_unit", group_id=7) for _number in range(2)]
        versions = [self.plant("liquor_policy_version", policy_id=policy, state="active") for policy in policies]
        self.plant(EARNING, partner_id=1, amount=5, fact_key="scan/1", policy_version_id=versions[0])
        self.plant(EARNING, partner_id=1, amount=5, fact_key="scan/2", policy_version_id=versions[1])
        second = self.plant(EARNING, partner_id=2, amount=5, fact_key="scan/1", policy_version_id=versions[1])
        self.assert_clean("policies.exclusive")
        self.change(EARNING, second, partner_id=1)
        self.assert_reported("policies.exclusive", "scan/1 paid partner 1 by 2 policies")

    def test_goods_and_their_worth(self):
        earning = self.plant(EARNING, partner_id=1, amount=900, form="goods", goods_product_id=1, goods_bottles=18)
        self.assert_clean("earnings.goods")
        self.change(EARNING, earning, goods_bottles=-18)
        self.assert_reported("earnings.goods", f"earning {earning} owes")
