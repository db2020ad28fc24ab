"""Caps and differences of a shop between scans and reports: room that is given back is there once."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .test_changed_shop import ChangedCase


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestCapsOfDifferences(ChangedCase):
    """A difference gives the cap its room back, once, and takes room when it raises: a cap holds what is paid."""

    def setUp(self):
        super().setUp()
        self.change(self.shop_kind)
        self.capped = self.make_version(
            basis="received", measure="bottles", rate=1.0, cap_total=60.0, period="month", payable="available"
        )

    def total(self, version=None):
        return sum(self.env["liquor.earning"].search([("policy_version_id", "=", (version or self.capped).id)])
                   .mapped("amount"))  # fmt: skip

    def counter(self):
        counters = self.env["liquor.cap.counter"].search([("key", "=", f"policy/{self.capped.id}/all/2026-04")])
        return counters.taken

    def march(self, bottles="60"):
        return self.load(["2026-03-20", "JC10", bottles, "", "KA01", "销售", "CK1", ""])

    def test_room_comes_back_once(self):
        """60 scanned and paid with 60; 40 of them were told in March: 40 are free, and nothing more than that."""
        self.scan("2026-04-02", 60)
        self.assertEqual((self.total(), self.counter()), (60, 60))
        self.march("40")
        self.assertEqual((self.total(), self.counter()), (20, 20))
        # 50 bottles more find 40
        self.scan("2026-04-03", 50)
        self.assertEqual((self.total(), self.counter()), (60, 60))
        # the first scan is taken back as a whole: its 20, not its 60
        for _again in range(2):
            self.env["liquor.earning"]._claw_back(["test/scan/1"], "Undone")
            self.assertEqual((self.total(), self.counter()), (40, 40))

    def test_what_counts_again_takes_what_room_there_is(self):
        """60 paid, 40 given back, 25 of them taken by another scan: undone, the report leaves 15 to the first."""
        self.scan("2026-04-02", 60)
        report = self.march("40")
        self.scan("2026-04-03", 25)
        self.assertEqual((self.total(), self.counter()), (45, 45))
        report.action_undo()
        self.assertEqual((self.total(), self.counter()), (60, 60))

    def test_the_room_is_that_of_the_month_of_the_scan(self):
        self.scan("2026-04-02", 60)
        with freeze_time("2026-05-03 04:00:00"):
            self.march("40")
            row = self.env["liquor.earning"].search([("component", "=", "base/proof/1"),
                                                     ("policy_version_id", "=", self.capped.id)])  # fmt: skip
            self.assertEqual((row.business_day, row.amount, self.counter()), (date(2026, 5, 3), -40, 20))

    def test_room_of_the_consent(self):
        """The distributor carries 30 %, 6.00 at most: 6.00 of 60.00; of 20 that count 2.00 (in proportion): 4.00 free.

        Of the next 10.00 he carries 3.00, of 10.00 more what is left: 1.00.
        """
        self.make_agreement(30.0, cap=6.0, policy_id=self.capped.policy_id.id)
        carried = []
        for act, words in ((self.scan, ("2026-04-02", 60)), (self.march, ("40",)), (self.scan, ("2026-04-03", 10)),
                           (self.scan, ("2026-04-04", 10))):  # fmt: skip
            act(*words)
            rows = self.env["liquor.earning"].search([("policy_version_id", "=", self.capped.id)])
            carried.append(sum(rows.mapped("funder_amount")))
        self.assertEqual(carried, [6, 2, 5, 6])
        keys = self.env["liquor.cap.counter"].search([("key", "like", "agreement")])
        self.assertEqual(keys.mapped("taken"), [6])
