"""The distributor's yearly contract: what is sent is what is accepted, targets, exclusive rights, deposit."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.liquor_channel.engine.earnings.periods import Period

from ..common import DAY
from ..money_case import MoneyCase

NOON = "2026-03-10 04:00:00"


class ContractCase(MoneyCase):
    """Makes contracts and movements by hand."""

    @classmethod
    def make_contract(cls, partner=None, **values):
        return cls.env["liquor.agreement"].create({
            "kind": "distributor",
            "distributor_id": (partner or cls.distributor).id,
            "date_start": "2026-01-01",
            "date_end": "2026-12-31",
            "text": "<p>Yearly contract</p>",
            **values,
        })

    @classmethod
    def sign(cls, contract, user=None):
        contract.action_send()
        contract._accept(user or cls.distributor_user)
        return contract

    def target(self, goal, label="2026-Q1", **values):
        return Command.create({"label": label, "goal": goal, "measure": "cases", "basis": "ordered", **values})

    def order(self, bottles, product=None, partner=None, kind="normal", day="2026-03-10 04:00:00", confirm=True):
        order = self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "liquor_kind": kind,
            "order_line": [
                Command.create({
                    "product_id": (product or self.product).id,
                    "product_uom_qty": bottles,
                    "price_unit": 100.0,
                })
            ],
        })
        if confirm:
            order.action_confirm()
            order.date_order = day
        return order


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestContracts(ContractCase):
    def test_a_new_row_of_targets_goes_on_where_the_row_above_stands(self):
        """Of four quarters the clerk types the goals: basis, measure and period follow from the first row."""
        with Form(self.env["liquor.agreement"].with_user(self.clerk)) as form:
            form.kind = "distributor"
            form.distributor_id = self.distributor
            with form.target_ids.new() as first:
                self.assertEqual((first.label, first.basis, first.measure), (False, "paid_in", "amount"))
                first.label, first.basis, first.measure, first.goal = "2026-Q4", "shipped", "cases", 5
            with form.target_ids.new() as second:
                self.assertEqual((second.label, second.basis, second.measure), ("2027-Q1", "shipped", "cases"))
                second.goal = 6
        self.assertEqual(form.record.target_ids.mapped("label"), ["2027-Q1", "2026-Q4"])

    def test_a_period_typed_with_a_chinese_keyboard(self):
        """Full-width signs mean the plain ones: one period is one, and the next one is proposed behind it."""
        contract = self.make_contract(target_ids=[self.target(500, "２０２６－ｑ１")])
        self.assertEqual((contract.target_ids.label, contract.next_label), ("2026-Q1", "2026-Q2"))
        contract.target_ids.label = "２０２６"
        self.assertEqual((contract.target_ids.label, contract.next_label), ("2026", "2026-Q1"))

    def test_a_policy_by_targets_says_when_no_contract_has_one(self):
        """Only an accepted target of the same basis, unit, period and party is read; anything else pays nothing."""
        contract = self.make_contract(target_ids=[self.target(500, label="2026-Q2")])
        version = self.make_version(
            beneficiary_kind="distributor", activate=False, basis="ordered", measure="cases", period="quarter"
        )
        self.assertFalse(version.target_notice, "a policy per unit reads no target")
        version.policy_id.kind = "target"
        self.assertTrue(version.target_notice, "the contract is a draft")
        self.sign(contract)
        version.invalidate_recordset(["target_notice"])
        self.assertFalse(version.target_notice)
        other = self.env["res.partner"].create({"name": "Other"})
        for values in ({"basis": "shipped"}, {"measure": "amount"}, {"period": "year"}, {"partner_ids": other.ids}):
            wrong = version.copy(values)
            self.assertTrue(wrong.target_notice, values)
        self.assertFalse(version.target_notice)

    def test_what_was_read_is_kept_with_version_user_and_time(self):
        contract = self.make_contract(target_ids=[self.target(500)], deposit_due=50000)
        with self.assertRaises(AccessError):
            contract.with_user(self.clerk).write({"state": "accepted"})
        contract.with_user(self.clerk).action_send()
        self.assertEqual(contract.text_version, 1)
        contract.action_draft()
        contract.text = "<p>Other words</p>"
        contract.action_send()
        contract._accept(self.distributor_user)
        proof = contract.acceptance_ids
        self.assertEqual(
            (proof.text_version, proof.user_id, proof.event_time, proof.partner_id),
            (2, self.distributor_user, datetime(2026, 3, 10, 4), self.distributor),
        )
        self.assertIn("Other words", proof.content)
        self.assertIn('"target": "500.00"', proof.content)
        self.assertEqual(proof.content_hash, contract.text_hash)
        with self.assertRaises(UserError):
            proof.content = "Nothing"

    def test_a_text_that_was_changed_after_sending_is_not_accepted(self):
        contract = self.make_contract(target_ids=[self.target(500)])
        contract.action_send()
        self.env.flush_all()
        self.env.cr.execute("UPDATE liquor_agreement_target SET goal = 900 WHERE agreement_id = %s", [contract.id])
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            contract._accept(self.distributor_user)

    def test_parts_change_in_drafts_only(self):
        contract = self.make_contract(target_ids=[self.target(500)])
        contract.action_send()
        for action in (
            lambda: contract.target_ids.write({"goal": 1}),
            lambda: contract.target_ids.unlink(),
            lambda: self.env["liquor.agreement.right"].create({"agreement_id": contract.id}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                action()
        other = self.make_contract(target_ids=[self.target(7)])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            other.target_ids.agreement_id = contract

    def test_only_the_party_accepts(self):
        contract = self.make_contract(target_ids=[self.target(500)])
        contract.action_send()
        with self.assertRaises(AccessError):
            contract._accept(self.portal_user("contract_shop", self.shop))
        with self.assertRaises(UserError):
            self.make_contract().action_send()

    def test_parts_belong_to_their_kind(self):
        with self.assertRaises(ValidationError):
            self.make_contract(kind="co_funding", right_ids=[Command.create({"exclusive": True})])
        with self.assertRaises(ValidationError):
            self.make_contract(payment_ids=[Command.create({"label": "2026-Q1", "amount": 10})])
        for label in ("2026-5", "Q1"):
            with self.assertRaises(ValidationError):
                self.make_contract(target_ids=[self.target(1, label)])
        with self.assertRaises(ValidationError):
            self.make_contract(target_ids=[self.target(1, basis="paid_in")])

    # --- targets ---------------------------------------------------------------------------------------------

    def test_targets_count_by_kind_series_and_period(self):
        """60 + 30 bottles are 15 cases; goods rebates, tasting wine and other quarters do not count (R2, R4)."""
        contract = self.sign(self.make_contract(target_ids=[
            self.target(20),
            self.target(10, category_id=self.series.id),
            self.target(9000, measure="amount"),
            self.target(100, label="2026"),
        ]))  # fmt: skip
        self.order(60)
        self.order(30, product=self.other_product)
        self.order(600, kind="goods_rebate")
        self.order(6, kind="tasting")
        self.order(60, day="2026-04-02 04:00:00")
        rows = self.env["liquor.agreement.target"]._targets(self.company, self.distributor, DAY)
        found = {(row["target"].label, row["target"].measure, row["target"].category_id.id): row for row in rows}
        self.assertEqual(len(found), 4)
        quarter = found["2026-Q1", "cases", False]
        self.assertEqual((quarter["done"], quarter["rate"], quarter["gap"]), (15, 75, 5))
        self.assertEqual(found["2026-Q1", "cases", self.series.id]["done"], 10)
        self.assertEqual(found["2026-Q1", "amount", False]["gap"], 0)
        self.assertEqual(found["2026", "cases", False]["done"], 25)
        contract.target_ids._refresh()
        self.assertEqual(contract.target_ids.mapped("done"), [15.0, 10.0, 9000.0, 25.0])
        self.assertTrue(contract.target_ids[0].measured_at)

    def test_what_closing_the_gap_is_worth(self):
        """Acc-2: 3 % below 500,000 and 4 % from there on, for all of it.

        380 cases at 600 are 228,000, worth 6,840 at 3 %; a target of 500,000 leaves 272,000: 4 % of 500,000 is 20,000.
        """
        version = self.make_version(
            tiers=[(0, 500000, 3), (500000, 0, 4)],
            beneficiary_kind="distributor",
            basis="ordered",
            measure="amount",
            rate_kind="percent",
            period="quarter",
        )
        self.sign(self.make_contract(target_ids=[self.target(500000, measure="amount"), self.target(500)]))
        self.order(380 * 6)
        version._bring_up_to_date(DAY)
        rows = self.env["liquor.agreement.target"]._targets(self.company, self.distributor, DAY)
        amount, cases = sorted(rows, key=lambda row: row["target"].id)
        self.assertEqual((amount["gap"], amount["worth"]), (272000, 13160))
        # cases are no amount: the policy says nothing of them
        self.assertEqual((cases["gap"], cases["worth"]), (120, None))

    def test_policies_by_completion_read_the_target(self):
        """A version in cases of orders asks for its own; a target for everything goes before those of a series."""
        version = self.make_version(
            tiers=[(0, 80, 0), (80, 0, 2)], beneficiary_kind="distributor", basis="ordered", measure="cases",
            rate_kind="per_unit", period="quarter",
        )  # fmt: skip
        series = self.make_contract(target_ids=[self.target(30, category_id=self.series.id)])
        self.sign(series)
        period = Period(DAY.replace(month=1, day=1), DAY.replace(day=31), "2026-Q1")
        asked = version._agreed_targets(self.company, period, {self.distributor.id, self.shop.id})
        self.assertEqual(asked, {(version.id, self.distributor.id): 30})
        self.sign(self.make_contract(target_ids=[self.target(500), self.target(9, "2026")]))
        asked = version._agreed_targets(self.company, period, {self.distributor.id})
        self.assertEqual(asked, {(version.id, self.distributor.id): 500})
        other = version.copy({"measure": "amount", "tier_ids": []})
        self.assertEqual(other._agreed_targets(self.company, period, {self.distributor.id}), {})

    def test_many_targets_in_as_many_queries_as_one(self):
        contract = self.sign(self.make_contract(target_ids=[self.target(20)]))
        self.order(6)
        others = [self.make_partner(f"Distributor {number}", "distributor") for number in range(8)]
        for number, partner in enumerate(others):
            user = self.portal_user(f"contract_{number}", partner)
            self.sign(self.make_contract(partner, target_ids=[self.target(10 + number)]), user)
            self.order(6, partner=partner)
        targets = self.env["liquor.agreement.target"]
        counts = []
        for some in (contract.target_ids, targets.search([])):
            some.mapped("goal"), some.mapped("currency_id.name"), some.mapped("category_id")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            some._measure()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # --- exclusive rights ------------------------------------------------------------------------------------

    def test_an_exclusive_right_is_given_once(self):
        other = self.make_partner("Rival Trading", "distributor")
        rival = self.portal_user("contract_rival", other)
        self.sign(self.make_contract(right_ids=[Command.create({"territory_id": self.city.id, "exclusive": True})]))
        below = self.make_contract(other, right_ids=[Command.create({"territory_id": self.county.id})])
        with self.assertRaises(UserError):
            below.action_send()
        # sent before the first one was accepted: the second acceptance is refused
        year = {"date_start": "2027-01-01", "date_end": "2027-12-31"}
        series = [Command.create({"category_id": self.series.id, "exclusive": True})]
        first = self.make_contract(other, right_ids=series, **year)
        second = self.make_contract(right_ids=[Command.create({"category_id": self.category.id})], **year)
        (first | second).action_send()
        first._accept(rival)
        with self.assertRaises(UserError):
            second._accept(self.distributor_user)

    def test_the_deposit_is_read_from_its_account(self):
        contract = self.make_contract(target_ids=[self.target(1)], deposit_due=50000)
        self.assertEqual((contract.deposit_paid, contract.deposit_missing), (0.0, 50000.0))
        journal = self.mapping._journals(self.company)["accrual"]
        self.env["account.move"].create({
            "journal_id": journal.id,
            "date": "2026-03-01",
            "line_ids": [
                Command.create({
                    "account_id": self.accounts[role].id,
                    "partner_id": self.distributor.id,
                    "balance": amount,
                })
                for role, amount in (("cofunding_due", 30000), ("deposit", -30000))
            ],
        }).action_post()
        contract.invalidate_recordset()
        self.assertEqual((contract.deposit_paid, contract.deposit_missing), (30000.0, 20000.0))

    def test_the_earlier_end_counts(self):
        contract = self.sign(self.make_contract(right_ids=[Command.create({})]))
        rights = self.env["liquor.agreement.right"]
        self.assertTrue(rights._living(self.company, self.distributor, DAY))
        contract.action_end()
        self.assertEqual(contract.ended_on, fields.Date.to_date("2026-03-10"))
        self.assertFalse(rights._living(self.company, self.distributor, DAY))
