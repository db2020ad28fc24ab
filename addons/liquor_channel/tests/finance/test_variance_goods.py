"""V1 to V7 and V16, each planted: what is found, and that it goes when its cause goes."""

from odoo.tests import tagged

from .variance_case import VarianceCase


@tagged("post_install", "-at_install")
class TestVarianceGoods(VarianceCase):
    def test_v01_scanned_never_shipped(self):
        self.fact("shipped", self.distributor, 12)
        self.fact("received", self.shop, 18, self.distributor)
        found = self.match("v01")
        # 18 received of him, 12 sent to him: 6 bottles of 100.00
        self.assertEqual((found.partner_id, found.quantity, found.amount), (self.distributor, 6, 600))
        self.fact("shipped", self.distributor, 6)
        self.assertFalse(self.match("v01"))
        self.assertEqual(found.state, "resolved")

    def test_v02_shipped_and_not_scanned(self):
        self.fact("shipped", self.distributor, 60, day=self.ago(40).isoformat())
        self.fact("shipped", self.distributor, 12, day=self.ago(5).isoformat())
        self.fact("received", self.shop, 24, self.distributor)
        found = self.match("v02")
        # of the 60 that left more than 30 days ago 24 were received; the 12 of last week may still come
        self.assertEqual((found.partner_id, found.quantity, found.amount), (self.distributor, 36, 3600))
        self.assertEqual(found.age_days, 40)
        # a report of the distributor proves them as well, the larger of the two counts
        self.fact("reported", self.distributor, 54)
        self.assertEqual(self.match("v02").quantity, 6)
        # what came back is not missing
        self.fact("shipped", self.distributor, -6, day=self.ago(35).isoformat())
        self.assertFalse(self.match("v02"))

    def test_v02_adds_up_scanning_and_reported_shops(self):
        self.fact("shipped", self.distributor, 60, day=self.ago(40).isoformat())
        self.fact("received", self.shop, 24, self.distributor)
        self.fact("reported", self.distributor, 18, self.second_shop)
        # 24 scanned by one shop, 18 reported of another: 60 - 42
        self.assertEqual(self.match("v02").quantity, 18)
        # the report of the shop that scanned tells of the same goods, and of 6 more
        self.fact("reported", self.distributor, 30, self.shop)
        self.assertEqual(self.match("v02").quantity, 12)
        # 48 with their names are more than 6 without: those may be the same
        self.fact("reported", self.distributor, 6)
        self.assertEqual(self.match("v02").quantity, 6)

    def test_v02_waits_as_long_as_its_rule_says(self):
        self.fact("shipped", self.distributor, 60, day=self.ago(40).isoformat())
        rule = self.env["liquor.variance.rule"].create({
            "variance_class": "v02", "days": 60, "owner_id": self.clerk.id
        })  # fmt: skip
        self.assertFalse(self.match("v02"))
        rule.days = 10
        self.assertEqual(self.match("v02").owner_id, self.clerk)

    def test_v03_received_outside_the_territory(self):
        away, *_rest = self.env["liquor.territory"].load_divisions([("93", "Other Province")])
        self.fact("received", self.shop, 6, self.distributor)
        self.assertFalse(self.match("v03"))
        self.fact("received", self.second_shop, 6, self.distributor, territory_id=away.id)
        self.fact("received", self.second_shop, 12, self.distributor, territory_id=away.id)
        found = self.match("v03")
        self.assertEqual((found.partner_id, found.origin_id), (self.distributor, self.second_shop.id))
        self.assertEqual((found.quantity, found.amount), (18, 1800))

    def test_v04_opened_without_receipt(self):
        self.fact("received", self.shop, 6, self.distributor)
        self.fact("opened", self.shop, 6)
        self.assertFalse(self.match("v04"))
        self.fact("opened", self.shop, 1)
        self.fact("opened", None, 2)
        found = self.match("v04")
        self.assertEqual({(row.partner_id, row.quantity) for row in found}, {
            (self.shop, 1), (self.env["res.partner"], 2)
        })  # fmt: skip

    def test_v05_one_movement_paid_twice(self):
        version = self.make_version(basis="received", rate=15.0)
        key = self.fact("received", self.shop, 6, self.distributor)
        self.book(self.shop, 15, fact_key=key, policy_version_id=version.id, bottles=6)
        self.book(self.guide, 5, "guide", fact_key=key, policy_version_id=version.id)
        self.assertFalse(self.match("v05"))
        second = self.book(self.second_shop, 15, fact_key=key, policy_version_id=version.id, bottles=6)
        found = self.match("v05")
        self.assertEqual((found.amount, found.quantity), (15, 6))
        second._reverse("paid twice")
        self.assertFalse(self.match("v05"))

    def test_v06_rewarded_then_undone(self):
        key = self.fact("received", self.shop, 6, self.distributor, day=self.ago(3).isoformat())
        earning = self.book(self.shop, 15, fact_key=key, day=f"{self.ago(3)} 04:00:00")
        self.assertFalse(self.match("v06"))
        self.planted.clear()
        found = self.match("v06")
        self.assertEqual((found.partner_id, found.amount, found.origin_id), (self.shop, 15, earning.id))
        self.env["liquor.earning"]._claw_back([key], "returned")
        self.assertFalse(self.match("v06"))

    def test_v07_party_was_not_in_good_standing(self):
        self.book(self.shop, 15)
        self.assertFalse(self.match("v07"))
        role = self.shop._liquor_role("terminal", self.company)
        role.sudo().write({"state": "suspended", "suspended_on": "2026-03-05"})
        found = self.match("v07")
        self.assertEqual((found.partner_id, found.amount), (self.shop, 15))
        # suspended later than it earned: it was in good standing on that day
        role.sudo().write({"suspended_on": "2026-03-11"})
        self.assertFalse(self.match("v07"))

    def test_v16_not_happened_yet(self):
        self.fact("received", self.shop, 6, self.distributor)
        self.assertFalse(self.match("v16"))
        self.fact("received", self.shop, 6, self.distributor, event_time="2099-01-01 00:00:00")
        self.assertEqual(self.match("v16").quantity, 6)
