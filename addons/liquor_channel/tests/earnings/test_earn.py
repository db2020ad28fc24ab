"""Per-unit policies pay once, to the right party, with the distributor's consented share split off."""

import json

from odoo import fields
from odoo.tests import tagged

from ..common import DAY, ChannelCase


@tagged("post_install", "-at_install")
class TestEarn(ChannelCase):
    def earn(self, *facts):
        return self.env["liquor.policy"]._earn(list(facts))

    def test_a_case_of_fifteen(self):
        version = self.make_version(rate=15.0)
        earning = self.earn(self.make_fact(1))["test/1"]
        self.assertRecordValues(
            earning,
            [
                {
                    "partner_id": self.shop.id,
                    "amount": 15.0,
                    "funder_amount": 0.0,
                    "type": "earn",
                    "policy_version_id": version.id,
                    "business_day": DAY,
                    "state": "pending",
                    "territory_id": self.county.id,
                }
            ],
        )
        self.assertEqual(version.state, "frozen")
        self.assertEqual(json.loads(earning.trace)["rate"], "15.0")

    def test_a_policy_of_another_company_pays_nothing(self):
        other = self.env["res.company"].create({"name": "Other Maker", "currency_id": self.currency.id})
        policy = self.env["liquor.policy"].create({
            "name": "Theirs",
            "kind": "per_unit",
            "beneficiary_kind": "terminal",
            "company_id": other.id,
        })
        self.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2026-01-01",
            "rate": 15.0,
        }).action_activate()
        self.assertFalse(self.earn(self.make_fact(1))["test/1"])

    def test_a_repeated_fact_gives_the_stored_row(self):
        self.make_version(rate=15.0)
        first = self.earn(self.make_fact(1))["test/1"]
        again = self.earn(self.make_fact(1), self.make_fact(2))
        self.assertEqual(again["test/1"], first)
        self.assertEqual(sum(again["test/2"].mapped("amount")), 15.0)
        self.assertEqual(self.env["liquor.earning"].search_count([("partner_id", "=", self.shop.id)]), 2)

    def test_forty_cases_with_thirty_per_cent_carried_by_the_distributor(self):
        # Acc-2 #5: 40 cases x 15 = 600, of which the distributor carries 180
        self.make_version(rate=15.0)
        agreement = self.make_agreement(30.0)
        earnings = self.env["liquor.earning"].concat(
            *self.earn(*[self.make_fact(number) for number in range(40)]).values()
        )
        self.assertEqual(sum(earnings.mapped("amount")), 600.0)
        self.assertEqual(sum(earnings.mapped("funder_amount")), 180.0)
        self.assertEqual(earnings.funder_id, self.distributor)
        self.assertEqual(earnings.agreement_id, agreement)
        self.assertEqual(earnings.partner_id, self.shop)

    def test_so_much_a_bottle_is_carried_by_the_distributor(self):
        """C52: 1.20 a bottle. 40 cases x 15 = 600 for 240 bottles: 288. At 5 a case he carries 5, not 7.20."""
        version = self.make_version(rate=15.0)
        agreement = self.make_agreement(0.0, per_unit=1.2, policy_id=version.policy_id.id)
        rows = self.earn(*[self.make_fact(number) for number in range(40)])
        earnings = self.env["liquor.earning"].concat(*rows.values())
        self.assertEqual(sum(earnings.mapped("amount")), 600.0)
        self.assertEqual(earnings.mapped("funder_amount"), [7.2] * 40)
        self.assertEqual((earnings.funder_id, earnings.agreement_id), (self.distributor, agreement))
        # what is undone goes back as it was shared
        undone = self.env["liquor.earning"]._claw_back(["test/0"], "Returned")
        self.assertEqual((undone.amount, undone.funder_amount), (-15.0, -7.2))
        other = self.make_version(rate=5.0, name="Small")
        self.make_agreement(0.0, per_unit=1.2, policy_id=other.policy_id.id)
        small = self.earn(self.make_fact(100))["test/100"].filtered(lambda row: row.policy_version_id == other)
        self.assertEqual((small.amount, small.funder_amount), (5.0, 5.0))

    def test_without_acceptance_nothing_is_charged(self):
        self.make_version(rate=15.0)
        self.make_agreement(30.0, accept=False)
        earning = self.earn(self.make_fact(1))["test/1"]
        self.assertEqual((earning.amount, earning.funder_amount), (15.0, 0.0))
        self.assertFalse(earning.funder_id)

    def test_a_guide_is_paid_with_the_consent_of_the_shops_owner(self):
        self.make_version(rate=2.0, rate_kind="fixed", beneficiary_kind="guide", basis="opened")
        job = self.env["liquor.employment"].create({
            "person_id": self.guide.id,
            "employer_id": self.shop.id,
            "date_start": "2026-01-01",
        })
        opening = {"kind": "opened", "guide_id": self.guide.id, "bottles": 1}
        self.assertFalse(self.earn(self.make_fact(1, **opening))["test/1"])
        # a consent of the day after does not pay for the day before
        day = fields.Date.to_date(DAY)
        job._consent_on_paper(fields.Date.add(day, days=1), "consent.pdf", b"%PDF-1.7 signed")
        self.assertFalse(self.earn(self.make_fact(5, **opening))["test/5"])
        # a day without its proof, as earlier releases kept it, pays nothing
        job.action_withdraw_consent()
        job.consent_on = DAY
        self.assertFalse(self.earn(self.make_fact(6, **opening))["test/6"])
        job._consent_on_paper(day, "consent.pdf", b"%PDF-1.7 signed")
        earning = self.earn(self.make_fact(2, **opening))["test/2"]
        self.assertEqual((earning.partner_id, earning.amount), (self.guide, 2.0))
        self.assertFalse(self.earn(self.make_fact(3, partner_id=self.second_shop.id, **opening))["test/3"])
        job.date_end = "2026-03-09"
        self.assertFalse(self.earn(self.make_fact(4, **opening))["test/4"])

    def test_a_distributor_is_paid_for_what_his_shop_receives(self):
        self.make_version(rate=3.0, beneficiary_kind="distributor")
        named, found = self.make_fact(1), self.make_fact(2, counterparty_id=None)
        earnings = self.earn(named, found)
        self.assertEqual((earnings["test/1"] + earnings["test/2"]).partner_id, self.distributor)

    def test_query_count_does_not_depend_on_the_number_of_facts(self):
        self.make_version(rate=15.0)
        self.make_agreement(30.0)
        counts = []
        for size, start in ((1, 0), (100, 1000)):
            facts = [self.make_fact(start + number) for number in range(size)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.earn(*facts)
            counts.append(self.env.cr.sql_log_count - before)
        # the first call freezes the version, the second does not
        self.assertLessEqual(counts[1], counts[0])
