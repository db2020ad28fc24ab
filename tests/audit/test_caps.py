"""Counters of caps: a fault planted for each way in which a counter and the ledger may part."""

import json
from datetime import date

from odoo.tests import tagged

from .common import AuditCase

EARNING, VERSION, COUNTER = "liquor_earning", "liquor_policy_version", "liquor_cap_counter"
SHOP, OTHER, DISTRIBUTOR = 7, 8, 9
APRIL, MAY = date(2026, 4, 2), date(2026, 5, 3)


@tagged("post_install", "-at_install")
class TestCaps(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (EARNING, COUNTER, "liquor_policy_version_rerated_rel", "liquor_agreement_line"):
            self.copy_of(table)
        for table in ("liquor_benefit_funding", "liquor_benefit_claim", "liquor_benefit"):
            self.copy_of(table)
        self.policy = self.plant("liquor_policy", kind="per_unit")
        self.version = self.terms(cap_total=60)

    def terms(self, **caps):
        """Terms by the month from 1 April on."""
        return self.plant(VERSION, policy_id=self.policy, period="month", date_start=date(2026, 4, 1), **caps)

    def earned(self, amount, fact="scan/1", component="base", day=APRIL, **more):
        values = {"policy_version_id": self.version, "partner_id": SHOP, **more}
        trace = json.dumps(values.pop("trace", {}))
        return self.plant(
            EARNING, fact_key=fact, component=component, business_day=day, amount=amount, trace=trace, **values
        )

    def counted(self, place, taken, version=None, month="2026-04"):
        return self.plant(COUNTER, key=f"policy/{version or self.version}/{place}/{month}", taken=taken)

    def test_counter_is_what_was_taken(self):
        """60 paid; 40 of them were told before and go back in May, into the room of April; 10 of the rest come back."""
        self.earned(60)
        counter = self.counted("all", 60)
        self.assert_clean("caps.policies")
        self.earned(-40, component="base/proof/1", day=MAY)
        self.assert_reported("caps.policies", f"cap policy/{self.version}/all/2026-04: 60 counted, the ledger says 20")
        self.change(COUNTER, counter, taken=20)
        self.assert_clean("caps.policies")
        self.earned(-10, component="base/return/bottle/1", day=MAY)
        self.change(COUNTER, counter, taken=10)
        self.assert_clean("caps.policies")
        self.change(COUNTER, counter, taken=0)
        self.assert_reported("caps.policies", "all/2026-04: 0 counted, the ledger says 10")

    def test_counter_is_missing_or_stands_alone(self):
        self.earned(60)
        self.assert_reported("caps.policies", "all/2026-04: 0 counted, the ledger says 60")
        self.counted("all", 60)
        self.counted("all", 5, month="2026-06")
        self.assert_reported("caps.policies", "all/2026-06: 5 counted, the ledger says 0")

    def test_more_than_the_cap(self):
        self.earned(61)
        self.counted("all", 61)
        self.assert_reported("caps.policies", "all/2026-04: 61 taken of 60")

    def test_a_party_counts_where_it_had_a_cap(self):
        """Terms leave parties free: since its own cap the shop's rewards count, those before do not."""
        self.earned(20)
        self.earned(30, fact="scan/2", trace={"overlays": [["cap", "35", 1], ["rate", "2", 2]]})
        self.earned(5, fact="scan/3", partner_id=OTHER, trace={"overlays": [["rate", "2", 3]]})
        self.counted("all", 55)
        counter = self.counted(SHOP, 30)
        self.assert_clean("caps.policies")
        self.change(COUNTER, counter, taken=50)
        self.assert_reported("caps.policies", f"{SHOP}/2026-04: 50 counted, the ledger says 30")

    def test_shops_of_one_distributor(self):
        self.version = self.terms(cap_supplier=100)
        self.earned(20, trace={"supplier": DISTRIBUTOR})
        self.earned(30, fact="scan/2", partner_id=OTHER, trace={"supplier": DISTRIBUTOR})
        self.earned(15, fact="scan/3")
        counter = self.counted(f"supplier/{DISTRIBUTOR}", 50)
        self.assert_clean("caps.policies")
        self.change(COUNTER, counter, taken=65)
        self.assert_reported("caps.policies", f"supplier/{DISTRIBUTOR}/2026-04: 65 counted, the ledger says 50")

    def test_points(self):
        self.earned(0, points=40, form="points")
        counter = self.counted("all", 40)
        self.assert_clean("caps.policies")
        self.change(COUNTER, counter, taken=0)
        self.assert_reported("caps.policies", "0 counted, the ledger says 40")

    def test_terms_that_re_rated_others_count_what_those_paid(self):
        """50 were paid at 1.00; at 0.80 it is 40: the new terms have booked -10 and count 40."""
        old, self.version = self.version, self.terms(cap_total=45)
        self.earned(50, policy_version_id=old)
        self.earned(-10)
        self.plant("liquor_policy_version_rerated_rel", rerated_id=old, version_id=self.version)
        self.counted("all", 50, version=old)
        counter = self.counted("all", 40)
        self.assert_clean("caps.policies")
        self.change(COUNTER, counter, taken=-10)
        self.assert_reported("caps.policies", f"policy/{self.version}/all/2026-04: -10 counted, the ledger says 40")

    def test_consents(self):
        """The line of the policy counts its rewards, the one for everything the rest, that of benefits the benefits."""
        own = self.plant(
            "liquor_agreement_line", agreement_id=3, subject="rewards", policy_id=self.policy, cap_amount=6
        )
        rest = self.plant("liquor_agreement_line", agreement_id=3, subject="rewards", cap_amount=100)
        gifts = self.plant("liquor_agreement_line", agreement_id=3, subject="benefits", cap_amount=8)
        other = self.plant(VERSION, policy_id=self.policy + 1)
        self.earned(20, agreement_id=3, funder_amount=6)
        self.earned(-10, component="base/proof/1", agreement_id=3, funder_amount=-3)
        self.earned(70, policy_version_id=other, agreement_id=3, funder_amount=21)
        claim = self.plant("liquor_benefit_claim", benefit_id=self.plant("liquor_benefit", product_id=None))
        self.plant("liquor_benefit_funding", agreement_id=3, funder_amount=5, claim_id=claim)
        counters = {
            line: self.plant(COUNTER, key=f"agreement/{line}", taken=taken)
            for line, taken in ((own, 3), (rest, 21), (gifts, 5))
        }
        self.assert_clean("caps.agreements")
        for line, wrong, right in ((own, 6, 3), (rest, 20, 21), (gifts, 0, 5)):
            with self.subTest(line=line), self.env.cr.savepoint() as savepoint:
                self.change(COUNTER, counters[line], taken=wrong)
                self.assert_reported("caps.agreements", f"agreement/{line}: {wrong} counted, the ledger says {right}")
                savepoint.rollback()
        self.change("liquor_agreement_line", gifts, cap_amount=4)
        self.assert_reported("caps.agreements", f"agreement/{gifts}: 5 taken of 4")
