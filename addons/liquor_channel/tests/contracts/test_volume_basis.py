"""What a shop's contract counts: scans, flow reports or openings, as its kind proves purchases (R10, R17)."""

import json
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.liquor_channel.engine.policies.bases import FactSum

from ..flow_reports.report_case import ReportCase
from .test_contracts import ContractCase

VOLUME = {"label": "2026-Q1", "amount": 1200, "kind": "volume", "goal_cases": 40, "floor_percent": 80}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-28 04:00:00")
class TestVolumeBasis(ReportCase, ContractCase):
    def signed(self, shop, **values):
        contract = self.make_contract(
            kind="terminal", terminal_id=shop.id, payment_ids=[Command.create({**VOLUME, **values})]
        )
        return self.sign(contract, self.portal_user(f"volume_{shop.id}", shop)).payment_ids

    def pay(self, day=1):
        self.env["liquor.agreement.payment"]._pay_volumes(self.company, date(2026, 4, day))

    def earned(self, shop):
        earnings = self.env["liquor.earning"].search([("partner_id", "=", shop.id)], order="id")
        return earnings.filtered(lambda row: row.origin_model == "liquor.agreement.payment").mapped("amount")

    def test_the_kind_proposes(self):
        kinds = {kind.code: kind.volume_basis for kind in self.env["liquor.terminal.kind"].search([])}
        names = ("tobacco_liquor", "convenience", "restaurant", "key_account", "group_buyer", "online")
        self.assertEqual(
            [kinds[name] for name in names], ["received", "received", "opened", "reported", "reported", "reported"]
        )

    def test_a_key_account_is_counted_by_reports_less_what_went_back(self):
        """36 of 40 cases are 90 %: 1,080.00; two go back: 34 are 85 %, 1,020.00. Scans of it count nothing."""
        volume = self.signed(self.chain)
        self.assertEqual(volume.basis, "reported")
        self.assertIn("reported", json.loads(volume.agreement_id._content())["payments"][0]["counted_by"])
        self.load(["2026-03-10", "JC10", "216", "", "KA01", "销售", "CK1", ""])
        self.pay()
        self.assertEqual((self.earned(self.chain), volume.done), ([1080], 36))
        self.load(["2026-03-20", "JC10", "12", "", "KA01", "退货", "CK2", ""])
        self.pay(2)
        self.pay(3)
        self.assertEqual((self.earned(self.chain), volume.done), ([1080, -60], 34))

    def test_a_shop_that_scans_is_not_paid_by_reports(self):
        volume = self.signed(self.shop)
        self.load(["2026-03-10", "JC10", "240", "", "S001", "销售", "CK1", ""])
        self.pay()
        self.assertEqual((volume.basis, self.earned(self.shop), volume.done), ("received", [], 0))

    def test_each_basis_asks_for_its_own_facts(self):
        """Openings name the shop that received the bottle; a restaurant's count, and returns lower no opening."""
        restaurant = self.make_partner(
            "Lake House", "terminal", territory_id=self.city.id,
            terminal_kind_id=self.env.ref("liquor_channel.terminal_kind_restaurant").id,
        )  # fmt: skip
        volume, asked = self.signed(restaurant), []

        def sums(model, company, kinds, first, last, partner_ids=None):
            asked.append(kinds)
            figures = (self.product.id, None, "normal", self.currency.id, "192", "0", 1)
            return [FactSum(restaurant.id, None, *figures)] if kinds == ["opened"] else []

        self.patch(type(self.env["liquor.flow.fact"]), "_sums", sums)
        self.pay()
        # 32 of 40 cases: 960.00
        self.assertEqual((volume.basis, asked, self.earned(restaurant)), ("opened", [["opened"]], [960]))

    def test_what_was_signed_stays(self):
        volume = self.signed(self.chain)
        kind = self.env.ref("liquor_channel.terminal_kind_key_account")
        with self.assertRaises(AccessError):
            kind.with_user(self.clerk).volume_basis = "received"
        kind.with_user(self.manager).volume_basis = "received"
        self.assertEqual(volume.basis, "reported")
        for user in (self.clerk, self.manager):
            with self.assertRaises(UserError):
                volume.with_user(user).basis = "received"
        with self.assertRaises(AccessError):
            volume.with_user(self.portal_user("volume_reader", self.shop)).basis = "received"
        self.assertEqual(self.make_contract(
            kind="terminal", terminal_id=self.chain.id, payment_ids=[Command.create(VOLUME)],
        ).payment_ids.basis, "received")  # fmt: skip

    def test_a_contract_of_before_reads_as_it_did(self):
        volume = self.signed(self.chain, basis="received")
        self.assertNotIn("counted_by", volume.agreement_id._content())

    def test_a_target_by_reports_is_the_buyers_or_the_sellers(self):
        """The chain's target counts what was reported to it, the distributor's what he reported to have sold."""
        goals = {}
        for partner, values in (
            (self.chain, {"kind": "terminal", "terminal_id": self.chain.id}),
            (self.distributor, {}),
        ):
            contract = self.make_contract(**values, target_ids=[self.target(100, basis="reported")])
            user = self.portal_user("target_chain", self.chain) if partner == self.chain else None
            goals[partner] = self.sign(contract, user).target_ids
        self.load(
            ["2026-03-10", "JC10", "216", "", "KA01", "销售", "CK1", ""],
            ["2026-03-11", "JC10", "60", "", "S001", "销售", "CK2", ""],
        )
        targets = self.env["liquor.agreement.target"]._targets(self.company, None, date(2026, 3, 28))
        done = {row["target"]: row["done"] for row in targets}
        self.assertEqual([done[goals[one]] for one in (self.chain, self.distributor)], [36, 46])
