"""Charging the distributor's share: Acc-2 #8a to #8c, the order of sources, and no open debt by surprise (R5)."""

import json
from datetime import datetime

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.tools.business_day import today

from ..portal.test_portal_lists import rows_of
from .test_fund import FundCase


class ChargeCase(FundCase):
    """600.00 earned by the shop, of which Sunny Trading carries 180.00 by an accepted agreement (Acc-2 #5)."""

    def agreement(self, *kinds, accept=True, per_case=2.5, **values):
        agreement = self.env["liquor.agreement"].create({
            "distributor_id": self.distributor.id,
            "date_start": "2026-01-01",
            "line_ids": [Command.create({"share": 30})],
            "source_ids": [
                Command.create({"kind": kind, "sequence": number, "per_case": per_case if kind == "order" else 0})
                for number, kind in enumerate(kinds)
            ],
            **values,
        })
        agreement.action_send()
        if accept:
            agreement._accept(self.distributor_user)
            agreement.accepted_at = datetime(2026, 1, 1)
        return agreement

    def share(self):
        """The shop earns 600.00, of which 180.00 are carried; accrued."""
        agreement = self.env["liquor.agreement"].search([("distributor_id", "=", self.distributor.id)], limit=1)
        self.book(self.shop, 600, funder_id=self.distributor.id, funder_amount=180, agreement_id=agreement.id)
        self.accrue()

    def entry(self, role, amount):
        """Money of the distributor on an account: a deposit, or an advance on his own account."""
        account = self.accounts.get(role) or self.distributor.property_account_receivable_id
        move = self.env["account.move"].create({
            "move_type": "entry",
            "journal_id": self.mapping._journals(self.company)["adjustment"].id,
            "line_ids": [
                Command.create({"account_id": account.id, "partner_id": self.distributor.id, "balance": -amount}),
                Command.create({"account_id": self.accounts["service_expense"].id, "balance": amount}),
            ],
        })
        move._post(soft=False)

    def charge(self):
        return self.env["liquor.charge"].with_user(self.finance).create({"distributor_id": self.distributor.id})

    def posted(self):
        charge = self.charge()
        charge.with_user(self.second_finance).action_post()
        return charge

    def parts(self, charge):
        return [(line.kind, line.amount) for line in charge.line_ids]


@tagged("post_install", "-at_install")
class TestCharge(ChargeCase):
    def test_open_debt_by_set_off(self):
        """Acc-2 #8a: 1122/D 180 to 1221.F/D 180, no tax."""
        self.agreement("open")
        self.share()
        charge = self.posted()
        self.assertEqual(self.sums(charge.sudo().move_ids), {
            ("asset_receivable", "Sunny Trading"): 180.0, ("cofunding_due", "Sunny Trading"): -180.0,
        })  # fmt: skip
        self.assertEqual(self.balance("cofunding_due", self.distributor), 0)
        self.assertTrue(all(
            line.reconciled for line in charge.sudo().move_ids.line_ids
            if line.account_id == self.accounts["cofunding_due"]
        ))  # fmt: skip

    def test_prefunded_deposit(self):
        """Acc-2 #8b: 2241.D/D 180 to 1221.F/D 180."""
        self.agreement("deposit")
        self.share()
        self.entry("deposit", 500)
        charge = self.posted()
        self.assertEqual(self.sums(charge.sudo().move_ids), {
            ("deposit", "Sunny Trading"): 180.0, ("cofunding_due", "Sunny Trading"): -180.0,
        })  # fmt: skip
        self.assertEqual(self.balance("deposit", self.distributor), -320)

    def test_taxable_debit_note(self):
        """Acc-2 #8c: 1122/D 190.80 to 1221.F/D 180 and 2221 10.80 (6 %)."""
        tax = self.env["account.tax"].create({
            "name": "6 %", "amount": 6, "amount_type": "percent", "type_tax_use": "sale",
            "price_include_override": "tax_excluded",
        })  # fmt: skip
        with self.assertRaises(ValidationError):
            self.agreement("open", charge_mode="service", charge_tax_id=tax.id)
        account = self.env["account.account"].create({
            "name": "VAT", "code": "2221.6", "account_type": "liability_current",
        })  # fmt: skip
        tax.invoice_repartition_line_ids.filtered(lambda part: part.repartition_type == "tax").account_id = account
        self.agreement("open", charge_mode="service", charge_tax_id=tax.id)
        self.share()
        move = self.posted().sudo().move_ids
        self.assertEqual((move.move_type, move.amount_total, move.amount_tax), ("out_invoice", 190.8, 10.8))
        sums = self.sums(move)
        self.assertEqual(sums["asset_receivable", "Sunny Trading"], 190.8)
        self.assertEqual(sums["cofunding_due", "Sunny Trading"], -180.0)
        self.assertAlmostEqual(sum(sums.values()), 0)
        self.assertEqual(self.balance("cofunding_due", self.distributor), 0)

    def test_sources_in_their_order(self):
        """50.00 in the rebate account, 100.00 of deposit, 500.00 of advance: 50, 100 and 30."""
        self.agreement("rebate", "deposit", "prepayment")
        self.share()
        account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        account._move(50, "settlement", "test/settled", self.fund, "Settled")
        self.entry("deposit", 100)
        self.entry("receivable", 500)
        charge = self.posted()
        self.assertEqual(self.parts(charge), [("rebate", 50), ("deposit", 100), ("prepayment", 30)])
        self.assertEqual(account.balance, 0)
        self.assertEqual(self.sums(charge.sudo().move_ids), {
            ("rebate_accrued", "Sunny Trading"): 50.0, ("deposit", "Sunny Trading"): 100.0,
            ("asset_receivable", "Sunny Trading"): 30.0, ("cofunding_due", "Sunny Trading"): -180.0,
        })  # fmt: skip

    def test_a_prepaying_distributor_gets_no_debt_by_surprise(self):
        """100.00 of advance: 100.00 is charged, 80.00 waits, and he owes nothing."""
        self.agreement("prepayment")
        self.share()
        self.entry("receivable", 100)
        charge = self.posted()
        self.assertEqual((charge.amount, charge.waiting_amount), (100, 80))
        receivable = self.env["account.move.line"].search([
            ("partner_id", "=", self.distributor.id), ("account_id.account_type", "=", "asset_receivable"),
        ])  # fmt: skip
        self.assertEqual(sum(receivable.mapped("amount_residual")), 0)
        self.assertEqual(self.balance("cofunding_due", self.distributor), 80)
        with self.assertRaises(UserError):
            self.posted()

    def test_nothing_is_charged_without_an_accepted_agreement(self):
        self.share()
        with self.assertRaises(UserError):
            self.charge()
        self.agreement("open", accept=False)
        with self.assertRaises(UserError):
            self.charge()

    def test_an_open_debt_is_last(self):
        with self.assertRaises(ValidationError):
            self.agreement("open", "deposit")

    def test_sources_are_fixed_once_sent(self):
        agreement = self.agreement("deposit")
        with self.assertRaises(UserError):
            agreement.source_ids.kind = "open"
        with self.assertRaises(UserError):
            agreement.write({"charge_mode": "service"})
        with self.assertRaises(UserError):
            self.env["liquor.agreement.source"].create({"agreement_id": agreement.id, "kind": "open"})

    def test_author_does_not_post_and_a_charge_is_posted_once(self):
        self.agreement("open")
        self.share()
        charge = self.charge()
        with self.assertRaises(UserError):
            charge.action_post()
        with self.assertRaises(AccessError):
            charge.with_user(self.manager).action_post()
        charge.with_user(self.second_finance).action_post()
        with self.assertRaises(UserError):
            charge.with_user(self.second_finance).action_post()
        with self.assertRaises(UserError):
            charge.sudo().move_ids.button_draft()

    def test_what_changed_meanwhile_is_computed_again(self):
        self.agreement("deposit")
        self.share()
        self.entry("deposit", 500)
        charge = self.charge()
        self.entry("deposit", -400)
        with self.assertRaises(UserError), self.cr.savepoint():
            charge.with_user(self.second_finance).action_post()
        charge.invalidate_recordset()
        charge.action_compute()
        charge.with_user(self.second_finance).action_post()
        self.assertEqual((charge.amount, charge.waiting_amount), (100, 80))

    def test_collect_makes_one_draft_for_each_who_owes(self):
        self.agreement("open")
        self.share()
        charges = self.env["liquor.charge"].with_user(self.finance)
        charges.action_collect()
        charges.action_collect()
        self.assertEqual(charges.search([]).mapped("amount"), [180])

    def order(self, cases):
        return self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [Command.create({
                "product_id": self.product.id, "product_uom_qty": cases * 6, "price_unit": 100,
            })],
        })  # fmt: skip

    def test_with_the_order_so_much_a_case(self):
        """2.50 a case, 40 cases: 100.00 of 180.00 on the order that he approves; the next one carries 80.00."""
        self.agreement("order")
        self.share()
        order = self.order(40)
        self.assertEqual(order.liquor_share_proposed, 100)
        order.action_liquor_add_share()
        self.assertEqual(order.amount_untaxed, 24100)
        line = order.order_line.filtered("liquor_share_agreement_id")
        self.assertEqual(line._prepare_invoice_line()["account_id"], self.accounts["cofunding_due"].id)
        order.action_confirm()
        self.assertEqual(self.env["liquor.charge"]._due_of(self.company, self.distributor), 80)
        self.assertEqual(self.order(400).liquor_share_proposed, 80)

    def test_two_orders_do_not_carry_the_same_share(self):
        self.agreement("order", per_case=10)
        self.share()
        first, second = self.order(18), self.order(18)
        first.action_liquor_add_share()
        second.action_liquor_add_share()
        first.action_confirm()
        with self.assertRaises(UserError):
            second.action_confirm()

    def test_a_line_of_a_share_is_not_typed(self):
        self.agreement("order")
        self.share()
        order = self.order(40)
        order.action_liquor_add_share()
        line = order.order_line.filtered("liquor_share_agreement_id").with_user(self.clerk)
        with self.assertRaises(UserError):
            line.price_unit = 1
        with self.assertRaises(UserError):
            (order.order_line - line).with_user(self.clerk).liquor_share_agreement_id = line.liquor_share_agreement_id

    def test_forecast_before_he_signs(self):
        """Earned in the last three months 1,000, 400 and 0: at 30 % he carries 140.00 a month, at most 300.00."""
        version = self.make_version(rate=1, basis="received")
        first = today(self.company).replace(day=1)
        self.env["liquor.channel.assignment"].search([("terminal_id", "=", self.shop.id)]).date_start = "2020-01-01"
        for months, amount in ((1, 1000), (2, 400), (4, 5000)):
            moment = datetime.combine(first - relativedelta(months=months), datetime.min.time()).replace(hour=4)
            self.book(self.shop, amount, day=moment, policy_version_id=version.id)
            self.book(self.second_shop, 999, day=moment, policy_version_id=version.id)
        agreement = self.agreement("deposit", accept=False)
        self.assertEqual((agreement.forecast_mean, agreement.forecast_most), (140, 300))


@tagged("post_install", "-at_install")
class TestBenefitFunding(FundCase):
    """A gift of 25.00 handed over by a shop of Sunny Trading, which agreed to 30 % of members' benefits (C52, C54)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["liquor.member.program"].create({"name": "Dream", "mode": "regional"})
        cls.program.fund_id = cls.operations
        cls.benefit = cls.env["liquor.benefit"].create({
            "name": "Cup", "program_id": cls.program.id, "unit_cost": 25, "valid_days": 30,
        })  # fmt: skip
        cls.shop_user = cls.portal_user("funds_shop", cls.shop)

    def hand_over(self, number):
        member = self.env["liquor.member"]._join(self.program, f"1390013{7000 + number}", "desk", "1")
        [entitlement] = self.env["liquor.reward"]._grant([
            {"kind": "gift", "member": member, "benefit": self.benefit, "key": f"cup/{number}"}
        ])  # fmt: skip
        claim = self.env["liquor.benefit.claim"]._take(entitlement)
        self.env["liquor.benefit.claim"]._redeem(claim._code(), self.shop, self.shop_user)
        return self.env["liquor.benefit.funding"].search([("claim_id", "=", claim.id)])

    def consent(self, subject="benefits", **line):
        agreement = self.env["liquor.agreement"].create({
            "distributor_id": self.distributor.id, "date_start": "2026-01-01",
            "line_ids": [Command.create({"share": 30, "subject": subject, **line})],
        })  # fmt: skip
        agreement.action_send()
        agreement._accept(self.distributor_user)
        agreement.accepted_at = datetime(2026, 1, 1)
        return agreement

    def run_accruals(self):
        return self.env["liquor.accrual.run"]._accrue(self.company)

    def test_split_taken_from_the_fund_and_charged(self):
        """Two cups of 25.00: 50.00, of which he carries 15.00 and the fund 35.00."""
        agreement = self.consent()
        funding = self.hand_over(1)
        self.hand_over(2)
        self.assertEqual((funding.amount, funding.funder_amount, funding.agreement_id), (25, 7.5, agreement))
        self.assertEqual(self.operations.free, 500)
        self.run_accruals()
        # handed over: owed to nobody any more
        self.assertEqual(self.stages(self.operations), {"allocated": 500, "free": 465, "paid": 35})
        move = self.env["account.move"].search([("liquor_benefit_shares", "=", True)])
        self.assertEqual(self.sums(move), {("cofunding_due", "Sunny Trading"): 15.0, ("service_expense", ""): -15.0})
        self.run_accruals()
        self.assertEqual((self.operations.paid, self.balance("cofunding_due", self.distributor)), (35, 15))
        stages = self.operations.entry_ids.filtered(lambda entry: entry.origin_model == "liquor.benefit.funding")
        self.assertEqual(
            [(one.stage_from, one.stage_to, one.amount) for one in stages.sorted("id")],
            [("free", "accrued", 35), ("accrued", "settled", 35), ("settled", "paid", 35)],
        )

    def test_so_much_a_benefit(self):
        """C52: 4.50 of each cup, not 30 %, and no more than 10.00 in all: 4.50, 4.50, 1.00 of three cups."""
        agreement = self.consent(share=0, per_unit=4.5, cap_amount=10)
        carried = [self.hand_over(number).funder_amount for number in (11, 12, 13)]
        self.assertEqual(carried, [4.5, 4.5, 1.0])
        self.assertEqual(json.loads(agreement._content())["shares"][0]["per_unit"], "4.50")
        self.run_accruals()
        self.assertEqual((self.operations.paid, self.balance("cofunding_due", self.distributor)), (65, 10))

    @mute_logger("odoo.sql_db")
    def test_a_share_is_one_of_both(self):
        for wrong in ({"share": 30, "per_unit": 4.5}, {"share": 0}, {"share": 0, "per_unit": -1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.consent(**wrong)
        tiers = self.make_version([(0, 0, 1.0)], name="Tiers").policy_id
        for line in ({}, {"policy_id": tiers.id}):
            with self.assertRaises(ValidationError):
                self.consent("rewards", share=0, per_unit=1, **line)

    def test_consent_to_rewards_is_none_to_benefits(self):
        self.consent("rewards")
        funding = self.hand_over(3)
        self.assertEqual((funding.amount, funding.funder_amount), (25, 0))
        self.run_accruals()
        self.assertEqual(self.operations.paid, 25)
        self.assertEqual(self.balance("cofunding_due", self.distributor), 0)

    def test_consent_to_benefits_is_none_to_rewards(self):
        self.consent()
        version = self.make_version(rate=15, basis="received", measure="cases")
        self.env["liquor.policy"]._earn([self.make_fact(9, bottles=240, amount=24000)])
        earning = self.env["liquor.earning"].search([("policy_version_id", "=", version.id)])
        self.assertEqual((earning.amount, earning.funder_amount), (600, 0))

    def test_his_cap_holds(self):
        """7.50 each up to 10.00: the second carries 2.50."""
        self.consent(cap_amount=10)
        self.assertEqual([self.hand_over(4).funder_amount, self.hand_over(5).funder_amount], [7.5, 2.5])

    def test_a_fund_of_sales_carries_no_benefit(self):
        with self.assertRaises(ValidationError):
            self.program.fund_id = self.fund


@tagged("post_install", "-at_install")
class TestPortalCharges(ChargeCase, HttpCase):
    def rows_of_the_workbook(self, query=""):
        """Rows of the workbook."""
        return rows_of(self.url_open(f"/my/channel/charges.xlsx?{query}").content)

    def test_he_reads_what_was_charged_and_what_he_signs(self):
        agreement = self.agreement("deposit", "prepayment")
        self.share()
        self.entry("deposit", 100)
        charge = self.posted()
        user = self.portal_user("charges_portal", self.distributor)
        self.authenticate(user.login, user.login)
        page = self.url_open("/my/channel/charges")
        self.assertEqual(page.status_code, 200)
        self.assertIn(charge.name, page.text)
        # 180.00 are due, 100.00 are in the deposit: 100.00 charged, 80.00 wait
        [row] = self.rows_of_the_workbook()
        self.assertEqual((row[0], row[2:5]), (charge.name, (agreement.name, 100, 80)))
        self.assertEqual(self.rows_of_the_workbook("find=nothing"), [])
        self.assertEqual(self.rows_of_the_workbook("last=2020-01-01"), [])
        # what was given back stays on his list
        charge.with_user(self.finance).action_reverse()
        self.assertIn(charge.name, self.url_open("/my/channel/charges").text)
        self.assertNotEqual(self.rows_of_the_workbook()[0][5], row[5])
        self.assertEqual(self.url_open(f"/my/channel/agreements/{agreement.id}").status_code, 200)
        other = self.portal_user("charges_stranger", self.make_partner("Other Trading", "distributor"))
        self.authenticate(other.login, other.login)
        self.assertNotIn(charge.name, self.url_open("/my/channel/charges").text)
        self.assertEqual(self.rows_of_the_workbook(), [])
        self.assertEqual(self.url_open(f"/my/channel/agreements/{agreement.id}").status_code, 404)
