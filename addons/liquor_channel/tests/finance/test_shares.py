"""C67, C68: number and volume of distributors, concentration of products and channels; every figure by hand."""

from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.liquor_member.tools.business_day import today

from .variance_case import VarianceCase


@tagged("post_install", "-at_install")
class TestDistributorVolume(VarianceCase):
    def setUp(self):
        super().setUp()
        this = fields.Date.start_of(today(self.company), "month")
        self.months = [fields.Date.subtract(this, months=number) for number in range(14)]

    def rows(self, partner):
        self.env.flush_all()
        rows = self.env["liquor.distributor.volume"].search([("partner_id", "=", partner.id)], order="month desc")
        return {row.month: row for row in rows}

    def test_number_average_and_trend_by_region(self):
        second = self.make_partner("Second Trading", "distributor", date_start=self.months[1])
        ended = self.make_partner("Old Trading", "distributor", date_start="2020-01-01", territory_id=False)
        ended._liquor_role("distributor", self.company).write({"state": "ended", "date_end": self.months[2]})
        self.make_partner("Not Yet", "distributor", state="candidate", date_start="2020-01-01")
        for partner, month, bottles in (
            (self.distributor, 1, 60),
            (self.distributor, 2, 120),
            (self.distributor, 13, 36),
            (second, 1, 24),
            (ended, 1, -6),
        ):
            self.fact("shipped", partner, bottles, day=self.months[month].isoformat())
        first = self.rows(self.distributor)[self.months[1]]
        # 60 bottles are 10 cases of 100.00 a bottle; the month before 20, a year before 6
        self.assertEqual((first.cases, first.amount, first.cases_before, first.change), (10, 6000, 20, -10))
        self.assertEqual((first.cases_year_before, first.region_id, first.is_over), (6, self.city, True))
        self.assertFalse(self.rows(self.distributor)[self.months[0]].is_over)
        # he was ended two months ago and sent a case back in the last one
        gone = self.rows(ended)
        self.assertEqual((gone[self.months[1]].cases, gone[self.months[1]].standing_id.id), (-1, False))
        self.assertEqual(gone[self.months[2]].standing_id, ended)
        self.assertNotIn(self.months[0], gone)
        self.assertEqual(min(self.rows(second)), self.months[1])
        domain = [
            ("month", "=", self.months[1]),
            ("company_id", "=", self.company.id),
            ("region_id", "=", self.city.id),
        ]
        found = self.env["liquor.distributor.volume"]._read_group(
            domain, [], ["standing_id:count_distinct", "cases:sum", "cases_each:avg", "change:sum"]
        )
        # two distributors, 10 and 4 cases: 14 in all, 7 each; -10 + 4 against the month before
        self.assertEqual(found, [(2, 14, 7, -6)])

    def test_recounted_from_partners_and_moves(self):
        for month, bottles in ((1, 60), (1, -12), (3, 6)):
            self.fact("shipped", self.distributor, bottles, day=self.months[month].isoformat())
        rows = self.rows(self.distributor).values()
        facts = self.env["liquor.flow.fact"]._facts([
            ("partner_id", "=", self.distributor.id), ("kind", "in", ("shipped", "returned"))
        ])  # fmt: skip
        self.assertEqual(sum(row.cases for row in rows), sum(fact["bottles"] for fact in facts) / 6)
        self.assertEqual(sum(row.cases for row in rows), 9)


@tagged("post_install", "-at_install")
@freeze_time(f"{date.today().isoformat()} 04:00:00")
class TestShares(VarianceCase):
    def setUp(self):
        super().setUp()
        self.other_company = self.env["res.company"].create({"name": "Shares Cellar"})

    def invoice(self, partner, *lines, kind="out_invoice", **values):
        move = self.env["account.move"].create({
            "move_type": kind,
            "partner_id": partner.id,
            "invoice_date": self.ago(10),
            "invoice_line_ids": [
                Command.create({"product_id": product.id, "quantity": 1, "price_unit": price, "tax_ids": False})
                for product, price in lines
            ],
            **values,
        })
        move.action_post()
        return move

    def test_product_concentration(self):
        third = self.env["product.product"].create({"name": "Third", "type": "consu"})
        self.invoice(self.distributor, (self.product, 900), (self.other_product, 190), (third, 10))
        self.invoice(self.distributor, (self.product, 100), kind="out_refund")
        self.invoice(self.distributor, (third, 500), invoice_date=self.ago(400))
        self.env.flush_all()
        rows = self.env["liquor.product.share"].search([("partner_id", "=", self.distributor.id)])
        # 800 + 190 + 10 = 1,000: 80 %, 19 % and 1 %; 20 % and more is large
        self.assertEqual(
            [(row.product_id, row.amount, row.share, row.is_large, row.place) for row in rows],
            [(self.product, 800, 80, True, 1), (self.other_product, 190, 19, False, 2), (third, 10, 1, False, 3)],
        )
        self.company.liquor_big_share = 19
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(rows.mapped("is_large"), [True, True, False])

    def test_revenue_by_type_of_channel(self):
        before = {
            (row.channel, row.terminal_kind_id): row.amount
            for row in self.env["liquor.channel.share"].search([("company_id", "=", self.company.id)])
        }
        self.assertFalse(before)
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        self.invoice(self.distributor, (self.product, 700))
        self.invoice(self.shop, (self.product, 180))
        self.invoice(self.second_shop, (self.product, 100))
        self.invoice(stranger, (self.product, 20))
        self.env.flush_all()
        rows = self.env["liquor.channel.share"].search([("company_id", "=", self.company.id)])
        # of 1,000: 70 %, 18 % and 10 % by kind of shop, 2 %
        self.assertEqual(
            [(row.channel, row.terminal_kind_id, row.share, row.is_large, row.partner_count) for row in rows],
            [
                ("distributor", self.env["liquor.terminal.kind"], 70, True, 1),
                ("terminal", self.shop_kind, 18, False, 1),
                ("terminal", self.restaurant_kind, 10, False, 1),
                ("other", self.env["liquor.terminal.kind"], 2, False, 1),
            ],
        )

    def test_companies_and_rights(self):
        self.invoice(self.distributor, (self.product, 700))
        self.env.flush_all()
        for name in ("liquor.distributor.volume", "liquor.product.share", "liquor.channel.share"):
            model = self.env[name]
            self.assertTrue(model.with_user(self.finance).search_count([], limit=1))
            for user in (self.outsider, self.distributor_user):
                with self.assertRaises(AccessError):
                    model.with_user(user).search([], limit=1)
            self.finance.sudo().company_ids = [Command.link(self.other_company.id)]
            elsewhere = model.with_user(self.finance).with_context(allowed_company_ids=self.other_company.ids)
            self.assertFalse(elsewhere.search_count([]))
