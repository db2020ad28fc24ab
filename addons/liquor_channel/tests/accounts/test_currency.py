"""Two currencies and two companies: facts become the company's money at the day's rate; what counts is never mixed."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_examples import SUNNY, ExampleCase


class CurrencyCase(ExampleCase):
    """A dollar is 7.00 of the company's money until March, 7.20 from April on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.env.ref("base.USD")
        cls.usd.active = True
        cls.usd.rate_ids.unlink()
        cls.env["res.currency.rate"].create([
            {"currency_id": cls.usd.id, "company_id": cls.company.id, "name": day, "inverse_company_rate": rate}
            for day, rate in (("2026-01-01", 7.0), ("2026-04-01", 7.2))
        ])
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Dollars", "currency_id": cls.usd.id})

    def bill(self, amount, day="2026-03-05", kind="out_invoice"):
        """A posted invoice in dollars, 13 % on top."""
        move = self.env["account.move"].create({
            "move_type": kind,
            "partner_id": self.distributor.id,
            "currency_id": self.usd.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create({
                    "product_id": self.product.id, "quantity": 10, "price_unit": amount / 10,
                    "tax_ids": [Command.set(self.tax.ids)],
                })
            ],
        })  # fmt: skip
        move.action_post()
        return move

    def order(self, currency=None, price=100.0, quantity=12, company=None, partner=None):
        company = company or self.company
        values = {"pricelist_id": self.pricelist.id} if currency == self.usd and company == self.company else {}
        return self.env["sale.order"].with_company(company).create({
            "partner_id": (partner or self.distributor).id, "company_id": company.id, **values,
            "order_line": [Command.create({
                "product_id": self.product.id, "product_uom_qty": quantity, "price_unit": price,
            })],
        })  # fmt: skip

    def facts(self, kind, company=None):
        found = self.env["liquor.flow.fact"]._facts([
            ("kind", "=", kind), ("partner_id", "=", self.distributor.id),
            ("company_id", "=", (company or self.company).id),
        ])  # fmt: skip
        return sorted((round(row["amount"], 2), row["currency_id"]) for row in found)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestCurrency(CurrencyCase):
    def test_orders_and_invoices_become_the_companys_money(self):
        """12 bottles at 100.00 dollars are 8,400.00; 10,000.00 dollars and 13 % are 79,100.00 in March, 81,360.00 in
        April.
        """
        self.order(self.usd).action_confirm()
        self.assertEqual(self.facts("ordered"), [(8400, self.currency.id)])
        self.bill(10000)
        self.bill(10000, "2026-04-05")
        self.assertEqual(self.facts("invoiced"), [(79100, self.currency.id), (81360, self.currency.id)])
        rows = self.env["liquor.flow.fact"]._sums(
            self.company, ["invoiced"], self.day("2026-01-01"), self.day("2026-12-31")
        )
        self.assertEqual([(round(float(row.amount), 2), row.currency) for row in rows], [(160460, self.currency.id)])

    def day(self, text):
        return self.env["liquor.earning"]._fields["business_day"].to_date(text)

    def test_money_received_becomes_the_companys_money(self):
        """11,300.00 dollars on the invoice: 79,100.00, of which 70,000.00 without tax; 100.00 more without one."""
        bill = self.bill(10000)
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=bill.ids).create({
            "payment_date": "2026-03-10"
        })._create_payments()
        self.assertEqual(self.facts("paid_in"), [(79100, self.currency.id)])
        payment = self.env["account.payment"].create({
            "partner_id": self.distributor.id, "partner_type": "customer", "payment_type": "inbound",
            "amount": 100, "currency_id": self.usd.id, "date": "2026-03-11",
        })  # fmt: skip
        payment.action_post()
        self.assertEqual(self.facts("paid_in"), [(700, self.currency.id), (79100, self.currency.id)])

    def test_rebate_on_dollars_from_accrual_to_set_off(self):
        """3 % of 70,000.00 are 2,100.00; the note of 2,373.00 takes 339.00 dollars off the invoice of 11,300.00."""
        bill = self.bill(10000)
        version = self.make_version(
            [(0, 0, 3)], basis="invoiced", measure="amount", rate_kind="percent", tax_basis="excluded", period="month",
            beneficiary_kind="distributor",
        )  # fmt: skip
        earning = version._bring_up_to_date(self.day("2026-03-31"))
        self.assertEqual((earning.amount, earning.currency_id), (2100, self.currency))
        self.check(self.accrue().move_ids, {("rebate_contra", ""): 2100, ("rebate_accrued", SUNNY): -2100})
        settlement = self.settle_and_post(method="credit_note")
        note = settlement.move_ids
        self.check(note, {("rebate_accrued", SUNNY): 2100, "tax": 273, ("asset_receivable", SUNNY): -2373})
        self.assertEqual((note.currency_id, note.amount_total), (self.currency, 2373))
        settlement.action_offset()
        self.assertEqual((settlement.state, bill.amount_residual), ("paid", 10961))
        self.assertEqual(self.balance("rebate_accrued", self.distributor), 0)

    def test_a_fact_that_names_another_currency_is_converted(self):
        """3 % of 100.00 dollars that another add-on tells of are 21.00, in April 21.60; bottles need no rate."""
        version = self.make_version(basis="received", rate_kind="percent", rate=3, measure="amount")
        april = {"business_day": self.day("2026-04-02")}
        facts = [
            self.make_fact(1, amount=100, currency_id=self.usd.id),
            self.make_fact(2, amount=100, currency_id=self.usd.id, **april),
            self.make_fact(3, amount=100),
        ]
        self.env["liquor.policy"]._earn(facts)
        earned = self.env["liquor.earning"].search([("policy_version_id", "=", version.id)], order="fact_key")
        self.assertEqual(earned.mapped("amount"), [21, 21.6, 3])
        self.assertEqual(earned.currency_id, self.currency)

    def test_terms_in_another_currency_are_refused_where_they_are_written(self):
        version = self.make_version(rate=1, activate=False)
        with self.assertRaises(ValidationError):
            version.currency_id = self.usd
        with self.assertRaises(ValidationError):
            self.make_version(rate=1, activate=False, currency_id=self.usd.id)
        with self.assertRaises(ValidationError):
            self.env["liquor.agreement"].create({
                "distributor_id": self.distributor.id, "date_start": "2026-01-01", "currency_id": self.usd.id,
            })  # fmt: skip
        with self.assertRaises(ValidationError):
            self.env["liquor.price.ladder"].create({
                "product_id": self.product.id, "price_factory": 10, "currency_id": self.usd.id,
            })  # fmt: skip
        with self.assertRaises(UserError):
            self.book(self.shop, 15, currency_id=self.usd.id)

    def test_goods_owed_are_the_companys_money(self):
        """A distributor who buys in dollars: 2,990.00 are ten bottles of 299.00, beside an order in the same money."""
        self.distributor.property_product_pricelist = self.pricelist
        self.book(
            self.distributor, 2990, "distributor", form="goods", goods_product_id=self.product.id, goods_bottles=10
        )
        settlement = self.settle_and_post()
        order = settlement.sudo().goods_line_ids.order_id
        goods = order.order_line.filtered(lambda line: line.product_id == self.product)
        self.assertEqual((order.currency_id, goods.product_uom_qty, goods.price_unit), (self.currency, 10, 299))
        paid = self.order(self.usd)
        paid.action_confirm()
        with self.assertRaises(UserError):
            order.liquor_paid_order_id = paid

    def test_rebate_is_not_used_on_an_order_in_dollars(self):
        self.env["liquor.rebate.account"]._of(self.company, self.distributor)._move(
            1000, "settlement", "test/dollars", self.company, "Settled"
        )
        order = self.order(self.usd)
        self.assertEqual((order.currency_id, order.liquor_rebate_usable), (self.usd, 0))
        with self.assertRaises(UserError) as refused:
            order.action_liquor_use_rebate()
        self.assertIn("USD", str(refused.exception))
        own = self.order()
        own.action_liquor_use_rebate()
        self.assertEqual(own.liquor_rebate_used, 240)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestSecondCompany(CurrencyCase):
    """A company that counts in dollars beside ours, with the same distributor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Overseas", "currency_id": cls.usd.id})
        cls.env.user.company_ids |= cls.other
        cls.env["liquor.channel.role"].create({
            "partner_id": cls.distributor.id, "kind": "distributor", "state": "formal", "company_id": cls.other.id,
            "date_start": "2026-01-01",
        })  # fmt: skip
        bank = cls.env["account.account"].with_company(cls.other).create({
            "code": "1002.9", "name": "Bank", "account_type": "asset_cash", "company_ids": [Command.set(cls.other.ids)],
        })  # fmt: skip
        cls.env["account.journal"].create({
            "name": "Bank", "code": "BNK9", "type": "bank", "company_id": cls.other.id, "default_account_id": bank.id,
        })  # fmt: skip
        cls.mapping._ensure_accounts(cls.other)

    def policy(self):
        policy = self.env["liquor.policy"].create({
            "name": "Overseas", "company_id": self.other.id, "kind": "tiered", "beneficiary_kind": "distributor",
        })  # fmt: skip
        version = self.env["liquor.policy.version"].create({
            "policy_id": policy.id, "date_start": "2026-01-01", "basis": "ordered", "measure": "amount",
            "rate_kind": "percent", "period": "month", "tier_ids": [Command.create({"from_value": 0, "rate": 3})],
        })  # fmt: skip
        version.action_activate()
        return version

    def test_each_company_counts_its_own_money(self):
        """1,200.00 dollars ordered there give 36.00 dollars there and nothing here."""
        version = self.policy()
        self.assertEqual(version.currency_id, self.usd)
        self.order(company=self.other).action_confirm()
        self.assertEqual((self.facts("ordered"), self.facts("ordered", self.other)), ([], [(1200, self.usd.id)]))
        earning = version._bring_up_to_date()
        self.assertEqual((earning.amount, earning.currency_id, earning.company_id), (36, self.usd, self.other))
        runs = self.env["liquor.accrual.run"]
        self.assertFalse(runs._accrue(self.company))
        move = runs._accrue(self.other).move_ids
        self.assertEqual((move.company_id, move.currency_id), (self.other, self.usd))
        accounts = self.mapping._accounts(self.other)
        owed = move.line_ids.filtered(lambda line: line.account_id == accounts["rebate_accrued"])
        self.assertEqual((owed.balance, owed.partner_id), (-36, self.distributor))
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), 0)

    def test_its_settlement_and_account_are_its_own(self):
        version = self.policy()
        self.order(company=self.other).action_confirm()
        version._bring_up_to_date()
        settlement = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "company_id": self.other.id, "date_from": "2026-03-01",
            "date_to": "2026-03-31",
        })  # fmt: skip
        settlement.action_prepare()
        self.assertEqual((settlement.amount_total, settlement.currency_id), (36, self.usd))
        accounts = self.env["liquor.rebate.account"]
        self.assertEqual(accounts._of(self.other, self.distributor).currency_id, self.usd)
        self.assertEqual(accounts._of(self.company, self.distributor).currency_id, self.currency)
        wallets = self.env["liquor.earning"]
        self.assertEqual(wallets._wallet(self.distributor, self.other)["pending"], 36)
        self.assertEqual(wallets._wallet(self.distributor, self.company)["pending"], 0)

    def test_terms_in_the_first_companys_money_are_refused_there(self):
        version = self.policy().copy({"date_start": "2027-01-01"})
        with self.assertRaises(ValidationError):
            version.currency_id = self.currency
