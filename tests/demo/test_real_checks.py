"""The checks of ``make demo-real`` speak to the add-ons as they are: a changed contract shows without the real data."""

import io

from tools.real_data import checks

from odoo.tests import tagged

from odoo.addons.liquor_channel.tests.common import ChannelCase


@tagged("post_install", "-at_install")
class TestRealChecks(ChannelCase):
    def test_nothing_reported_ties_with_nothing(self):
        company = self.env["res.company"].create({"name": "Empty Maker", "currency_id": self.currency.id})
        policy = self.env["liquor.policy"].create({
            "name": "Growth",
            "company_id": company.id,
            "kind": "tiered",
            "beneficiary_kind": "terminal",
        })
        version = self.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "currency_id": self.currency.id,
            "date_start": checks.FIRST_DAY,
            "basis": "reported",
            "measure": "amount",
            "rate_kind": "percent",
            "period": "year",
            "tier_ids": [(0, 0, {"from_value": 0, "to_value": 0, "rate": 1.0})],
        })
        ties = checks.Ties(io.StringIO())
        checks.check_bases(ties, self.env, company, version, {}, [])
        checks.check_earnings(ties, self.env, company, {}, [])
        checks.check_ledger(ties, self.env, company)
        self.assertEqual(ties.failed, [])
        ties.tie("one and two", 1, 2)
        self.assertEqual(ties.failed, ["one and two"])
