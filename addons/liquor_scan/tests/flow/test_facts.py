"""What grading and supply analysis read of scans (S22, S26): recency, frequency, amount and derived stock of a shop."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, FlowCase


@tagged("post_install", "-at_install")
class TestFacts(FlowCase):
    def at(self, user, kind, days, code, **values):
        event = self.event(kind, code, **values)
        [answer] = self.take(user, {**event, "at": f"{(NOW - timedelta(days=days)).isoformat()}Z"})
        self.assertAnswer(answer, "accepted")

    def test_recency_frequency_amount_and_stock(self):
        """A case on the 10th, two on the 19th of which one goes back on the 20th, 100.00 a bottle; one bottle sold.

        On the 21st: 2 days since the last receipt, 2 days with receipts, 3 x 600.00 - 600.00 = 1,200.00; stock
        18 received - 6 returned - 1 sold = 11.
        """
        self.env["liquor.price.ladder"].create({
            "product_id": self.product.id, "company_id": self.company.id, "date_start": "2026-01-01",
            "price_factory": 90, "price_terminal": 100, "price_retail": 150,
        })  # fmt: skip
        self.at(self.warehouse, "ship", 12, self.pallet(), to="D001")
        self.at(self.shop_user, "receive", 11, self.case(0))
        self.at(self.shop_user, "receive", 2, [self.case(1), self.case(2)])
        self.at(self.shop_user, "return", 1, self.case(2))
        self.at(self.shop_user, "unpack", 0, self.case(0))
        self.at(self.shop_user, "sell", 0, self.codes._code("cap_outer", 0))
        self.at(self.second_user, "receive", 3, self.case(7))
        found = self.env["liquor.flow.fact"]._facts([("partner_id", "=", self.shop.id)])
        received = [fact for fact in found if fact["kind"] == "received"]
        days = {fact["business_day"] for fact in received}
        self.assertEqual((str(max(days)), len(days)), ("2026-11-19", 2))
        bought = [fact for fact in found if fact["kind"] in ("received", "returned")]
        self.assertEqual(sum(fact["amount"] for fact in bought), 1200)
        sold = sum(fact["bottles"] for fact in found if fact["kind"] == "sold")
        self.assertEqual(sum(fact["bottles"] for fact in bought) - sold, 11)
        self.assertEqual({fact["territory_id"] for fact in found}, {self.county.id})

    def test_where_and_how_soon(self):
        """C2: scanned an hour before it was received, to 20 m; whoever hands cases sees the exact place, others not."""
        self.ship(self.pallet())
        event = self.event("receive", self.case(3), minutes=60, lat=32.06, lon=118.8, accuracy=20)
        [answer] = self.take(self.shop_user, event)
        self.assertAnswer(answer, "accepted")
        row = self.env["liquor.scan.event"].search([("kind", "=", "receive")])
        self.assertEqual((row.latency_seconds, row.exact_place), (3600, "32.06000, 118.80000"))
        with self.assertRaises(AccessError):
            row.with_user(self.warehouse).read(["exact_place"])
        facts = self.env["liquor.flow.fact"]._facts([("kind", "=", "received"), ("company_id", "=", self.company.id)])
        [words] = self.env["liquor.flow.fact"]._words_of(facts).values()
        self.assertIn("20 m", words["note"])
        self.assertIn("3600", words["note"])
        self.assertNotIn("118", words["note"])

    def test_a_scan_of_yesterday_is_of_the_place_of_yesterday(self):
        """The shop moved today; its phone sends what it scanned before and after."""
        (away,) = self.env["liquor.territory"].load_divisions([("95", "Far Land")])
        self.assertEqual(
            self.one(self.warehouse, "ship", self.pallet(), to="D001", minutes=-3000)["status"], "accepted"
        )
        self.shop._liquor_role("terminal", self.company).territory_id = away
        places = []
        for case, minutes in ((1, -1500), (2, 1)):
            self.assertAnswer(self.one(self.shop_user, "receive", self.case(case), minutes=minutes), "accepted")
            places.append(self.env["liquor.scan.event"].search([("kind", "=", "receive")], limit=1).territory_id)
        self.assertEqual(places, [self.county, away])
