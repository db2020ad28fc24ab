"""Points, cash-back, credits, benefits, members: a violation planted for each invariant."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .common import AuditCase

LONG_AGO, TODAY = date(2020, 1, 1), datetime.now(ZoneInfo("Asia/Shanghai")).date()
ENTRY, ALLOCATION = "liquor_point_entry", "liquor_point_allocation"


@tagged("post_install", "-at_install")
class TestPoints(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (ENTRY, ALLOCATION, "liquor_member", "loyalty_card"):
            self.copy_of(table)
        self.card = self.plant("loyalty_card", points=0)
        self.member = self.plant("liquor_member", company_id=self.env.company.id, card_id=self.card, state="active")
        self.change("loyalty_card", self.card, liquor_member_id=self.member)

    def lot(self, points, **values):
        values = {"available_on": LONG_AGO, "member_id": self.member, **values}
        return self.plant(ENTRY, points=points, is_lot=True, **values)

    def spend(self, points, lot=None, kind="spend"):
        entry = self.plant(ENTRY, member_id=self.member, points=-points, is_lot=False, kind=kind)
        if lot:
            self.plant(ALLOCATION, entry_id=entry, lot_id=lot, points=points)
        return entry

    def test_card_shows_available_lots_less_debt(self):
        lot = self.lot(100)
        self.lot(50, available_on=TODAY + timedelta(days=9))  # on hold
        self.lot(7, available_on=LONG_AGO, expires_on=LONG_AGO)  # expired, not closed yet
        self.spend(30, lot)
        self.spend(20, kind="claw_back")  # nothing taken: a debt of 20
        self.change("loyalty_card", self.card, points=50)  # 100 - 30 - 20
        self.assert_clean("points.card")
        self.change("loyalty_card", self.card, points=70)
        self.assert_reported("points.card", f"member {self.member}: the card shows 70, the lots give 50")

    def test_card_never_below_zero(self):
        self.spend(20, kind="claw_back")
        self.assert_clean("points.card")
        self.change("loyalty_card", self.card, points=-20)
        self.assert_reported("points.card", "the card shows -20, the lots give 0")

    def test_card_may_lag_one_night(self):
        self.lot(10, available_on=TODAY)
        self.assert_clean("points.card")
        self.lot(5, available_on=TODAY - timedelta(days=3))
        self.assert_reported("points.card", "the card shows 0")

    def test_lot_gives_no_more_than_it_held(self):
        lot = self.lot(10)
        spent = self.spend(10, lot)
        self.assert_clean("points.lots")
        self.plant(ALLOCATION, entry_id=spent, lot_id=lot, points=1)
        self.assert_reported("points.lots", f"points entry {lot} of 10 points has -1 left", "has 1 left")

    def test_allocation_between_members(self):
        lot = self.lot(10)
        self.spend(5, lot)
        self.assert_clean("points.allocations")
        self.change(ENTRY, lot, member_id=self.member + 1)
        self.assert_reported("points.allocations", f"of member {self.member + 1}")

    def test_one_member_one_card(self):
        self.assert_clean("points.cards")
        other = self.plant("loyalty_card", points=0, liquor_member_id=self.member)
        self.assert_reported("points.cards", f"card {other} belongs to member {self.member}")
        self.change("liquor_member", self.member, card_id=None)
        self.assert_reported("points.cards", f"member {self.member} names card")

    def test_adjustments(self):
        request = self.plant(
            "liquor_point_adjustment", state="approved", requested_by_id=1, approved_by_id=2, entry_id=3
        )
        self.assert_clean("points.adjustments")
        self.change("liquor_point_adjustment", request, approved_by_id=1)
        self.assert_reported("points.adjustments", f"adjustment {request} was approved by its author")
        self.change("liquor_point_adjustment", request, approved_by_id=None)
        self.assert_reported("points.adjustments", f"adjustment {request} is approved without an approver")


@tagged("post_install", "-at_install")
class TestCash(AuditCase):
    def entry(self, kind, amount, **values):
        return self.plant("liquor_cash_entry", member_id=1, kind=kind, amount=amount, **values)

    def test_wallet(self):
        self.entry("earn", 10)
        taken = self.entry("withdraw", -10)
        self.entry("returned", 10, origin_id=taken)
        self.entry("claw_back", -30)  # what was paid may be claimed back beyond the balance
        self.assert_clean("cash.wallet")
        self.entry("withdraw", -10.01)
        self.assert_reported("cash.wallet", "member 1: ")

    def test_return_matches_its_withdrawal(self):
        self.entry("earn", 10)
        taken = self.entry("withdraw", -4)
        back = self.entry("returned", 4.5, origin_id=taken)
        self.assert_reported("cash.wallet", f"cash entry {back} gives back 4.5 of withdrawal {taken}")
        self.entry("returned", 4, origin_id=taken)
        self.assert_reported("cash.wallet", f"withdrawal {taken} was given back 2 times")


@tagged("post_install", "-at_install")
class TestCredits(AuditCase):
    def credit(self, credit, bottle="b1", qualifies=True, **values):
        return self.plant(
            "liquor_qualifying_event", company_id=1, credit=credit, bottle_key=bottle, qualifies=qualifies, **values
        )

    def test_one_credit_of_each_kind(self):
        self.credit("purchase")
        self.credit("opening", qualifies=False)
        self.credit("opening", "b2")
        self.credit("opening", "b2", reversed_at="2026-01-01 00:00:00")
        self.assert_clean("credits.bottle")
        self.credit("opening", "b2")
        self.assert_reported("credits.bottle", "bottle b2 has 2 live opening credits")

    def test_bought_bottle_counts_once(self):
        self.credit("purchase")
        opening = self.credit("opening")
        self.assert_reported("credits.bottle", f"opening {opening} counts though bottle b1 was bought")


@tagged("post_install", "-at_install")
class TestMembers(AuditCase):
    def test_level_is_the_last_change(self):
        self.copy_of("liquor_member_level_log")
        member = self.plant("liquor_member", level_id=2)
        self.plant("liquor_member_level_log", member_id=member, new_level_id=1)
        self.plant("liquor_member_level_log", member_id=member, new_level_id=2)
        self.assert_clean("members.level")
        self.plant("liquor_member_level_log", member_id=member, new_level_id=3)
        self.assert_reported("members.level", f"member {member} stands on level 2, the log says 3")

    def test_benefits(self):
        granted = self.plant("liquor_benefit_entitlement", member_id=1, quantity=2, claimed=1)
        claim = self.plant("liquor_benefit_claim", entitlement_id=granted, member_id=1, state="ready")
        self.plant("liquor_benefit_claim", entitlement_id=granted, member_id=1, state="cancelled")
        self.assert_clean("benefits.taken")
        self.change("liquor_benefit_claim", claim, member_id=2)
        self.assert_reported("benefits.taken", f"claim {claim} is of another member")
        self.change("liquor_benefit_entitlement", granted, claimed=2)
        self.assert_reported("benefits.taken", f"benefit {granted}: 2 taken, 1 claims")

    def test_consent(self):
        self.copy_of("liquor_consent")
        member = self.plant("liquor_member", state="active")
        self.plant("liquor_consent", member_id=member, purpose="adult")
        terms = self.plant("liquor_consent", member_id=member, purpose="terms")
        self.assert_clean("members.consent")
        self.change("liquor_consent", terms, withdrawn_at="2026-01-01 00:00:00")
        self.assert_reported("members.consent", f"member {member} has no living consent “terms”")

    def test_private(self):
        partner = self.plant("res_partner", name="会员 1")
        member = self.plant("liquor_member", partner_id=partner, phone_cipher="gAAAAB-sealed")
        self.assert_clean("members.private")
        self.change("res_partner", partner, phone="13800000000")
        self.assert_reported("members.private", f"contact {partner} of member {member} shows a phone")
        self.change("liquor_member", member, phone_cipher="+86 138 0000 0000")
        self.assert_reported("members.private", f"member {member}: the phone lies in clear")
