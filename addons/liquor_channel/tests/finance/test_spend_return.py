"""Return on spend (C9, C22): a spring programme and a yearly rebate at two shops, computed by hand."""

import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.workbook import write_workbook
from .variance_case import VarianceCase

MARCH = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
MODELS = ("liquor.spend.return", "liquor.spend.return.line", "liquor.spend.return.margin", "liquor.family.margin")


class ReturnCase(VarianceCase):
    """Both shops are supplied by one distributor; a bottle is sold to him at 100.00 and costs 60.00.

    Opened: 30 bottles at the first shop in the 31 days before March, 50 in March; 5 and 6 at the second one.
    Spring (1 March on) gave the first shop 400.00, of which the distributor carries 100.00, and the second 100.00.
    The rebate (1 March on) gave the distributor 80.00: 40.00 at each shop. 25.00 for a guide stand at no shop.
    """

    def setUp(self):
        super().setUp()
        self.env["liquor.channel.assignment"].create({
            "terminal_id": self.second_shop.id, "distributor_id": self.distributor.id, "date_start": "2026-01-01",
        })  # fmt: skip
        with freeze_time("2026-01-05 04:00:00"):
            self.product.standard_price = 60
        self.env["liquor.price.ladder"].create({
            "product_id": self.product.id, "date_start": "2026-01-01", "price_factory": 100,
        })  # fmt: skip
        self.spring = self.make_version(rate=1.0, name="Spring", date_start="2026-03-01")
        self.rebate = self.make_version(
            rate=1.0, name="Rebate", beneficiary_kind="distributor", date_start="2026-03-01"
        )
        for shop, day, bottles in (
            (self.shop, "2026-01-29", 10), (self.shop, "2026-02-28", 20), (self.shop, "2026-03-01", 15),
            (self.shop, "2026-03-31", 35), (self.second_shop, "2026-02-10", 5), (self.second_shop, "2026-03-20", 6),
            (self.shop, "2026-01-28", 600), (self.shop, "2026-04-01", 600),  # outside both windows
        ):  # fmt: skip
            self.fact("opened", shop, bottles, day=day)
        self.fact("received", self.shop, 48, day="2026-03-05")
        self.book(
            self.shop, 400, policy_version_id=self.spring.id, funder_id=self.distributor.id, funder_amount=100,
            territory_id=self.county.id,
        )  # fmt: skip
        self.book(self.second_shop, 100, policy_version_id=self.spring.id, territory_id=self.county.id)
        self.book(self.distributor, 80, "distributor", policy_version_id=self.rebate.id)
        self.book(self.guide, 25, "guide")
        self.book(self.shop, 999, day="2026-04-01 04:00:00", policy_version_id=self.spring.id)

    def compute(self, **values):
        found = self.env["liquor.spend.return"].with_user(self.finance).create({**MARCH, **values})
        found.action_compute()
        return found

    def sums(self, found, group):
        """What finance reads of a return, by one dimension: {group: (spend, measured, margin, return in percent)}."""
        measures = ["spend:sum", "measured_spend:sum", "incremental_margin:sum", "return_percent:avg"]
        rows = found.line_ids._read_group([("return_id", "=", found.id)], [group], measures)
        return {key: (*figures, rate and round(rate, 2)) for key, *figures, rate in rows}


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestSpendReturn(ReturnCase):
    def test_by_hand(self):
        """50 bottles of the first shop are shared 300 : 40, 44.12 and 5.88, its baseline of 30 26.47 and 3.53.

        Spring: 17.65 bottles x 40.00 = 706.00 there, 4.29 - 3.57 = 0.72 x 40.00 = 28.80 at the second one, for 400.00.
        Rebate: 2.35 and 0.28 bottles, 94.00 and 11.20, for 80.00. A shop: 800.00 for 340.00, 40.00 for 140.00.
        """
        found = self.compute()
        none = (25, 0, 0, False)
        self.assertEqual(
            self.sums(found, "programme"),
            {"Spring": (400, 400, 734.8, 83.7), "Rebate": (80, 80, 105.2, 31.5), False: none},
        )
        self.assertEqual(
            self.sums(found, "partner_id"),
            {
                self.shop: (340, 340, 800, 135.29), self.second_shop: (140, 140, 40, -71.43),
                self.env["res.partner"]: none,
            },
        )  # fmt: skip
        self.assertEqual(
            self.sums(found, "distributor_id"),
            {self.distributor: (480, 480, 840, 75), self.env["res.partner"]: none},
        )
        self.assertEqual(self.sums(found, "region_id")[self.city], (400, 400, 734.8, 83.7))
        self.assertEqual((found.spend, found.measured_spend, found.return_percent), (505, 480, 75))
        # of all money: 505.00 for 56 opened bottles and 8 cases
        self.assertEqual((found.opened_bottles, found.received_cases), (56, 8))
        self.assertEqual((round(found.cost_per_opened, 2), round(found.cost_per_case, 2)), (9.02, 63.13))
        self.assertIn("+75.00", found.words)
        self.assertIn(found.id, dict(found.name_search("2026-03-01")))
        line = found.line_ids.filtered(lambda one: one.programme == "Spring" and one.partner_id == self.shop)
        self.assertEqual(
            (line.baseline_kind, line.baseline_from, line.baseline_to, line.baseline_bottles, line.proof),
            ("before_programme", date(2026, 1, 29), date(2026, 2, 28), 26.47, "opened"),
        )
        self.assertIn("26.47", line.why)
        [margin] = found.margin_ids
        self.assertEqual((margin.price, margin.cost, margin.margin, margin.source), (100, 60, 40, "cost"))

    def test_money_ties_to_spend_and_to_analytic_lines(self):
        found = self.compute()
        self.accrue()
        spend = self.env["liquor.spend"]
        [whole] = spend._read_group(found._spend_domain(), [], ["earned:sum", "carried:sum"])
        self.assertEqual((sum(found.line_ids.mapped("earned")), sum(found.line_ids.mapped("carried"))), whole)
        self.assertEqual(found.spend, whole[0] - whole[1])
        rows = self.sums(found, "policy_id")
        for version, amount in ((self.spring, 400), (self.rebate, 80)):
            account = self.env["account.analytic.account"].search([
                ("liquor_key", "=", f"program/{version.policy_id.id}")
            ])
            items = self.env["account.analytic.line"].search([
                ("auto_account_id", "=", account.id), ("date", "<=", "2026-03-31")
            ])  # fmt: skip
            self.assertEqual((rows[version.policy_id][0], -sum(items.mapped("amount"))), (amount, amount))
        # each line leads to its own money: of a distributor's parts to all of it
        for line in found.line_ids:
            money = spend.search(line.action_open_spend()["domain"])
            parts = found.line_ids.filtered(
                lambda one, line=line: (one.policy_id, one.is_spread) == (line.policy_id, True)
            )
            lines = parts if line.is_spread else line
            self.assertEqual(sum(money.mapped("earned")), sum(lines.mapped("earned")), line.programme)
        opened = self.env["liquor.flow.fact"].search(
            found.line_ids.filtered(lambda one: one.partner_id == self.second_shop)[0].action_open_facts()["domain"]
        )
        self.assertEqual(sorted(opened.mapped("bottles")), [5, 6])

    def test_as_long_before_and_last_year(self):
        """The 31 days before March are those before the programmes began; of last year nothing is known."""
        before = self.compute(choice="before_period")
        self.assertEqual(self.sums(before, "distributor_id")[self.distributor], (480, 480, 840, 75))
        self.assertEqual(set(before.line_ids.mapped("baseline_kind")), {"before_period", False})
        last_year = self.compute(choice="year_before")
        self.assertEqual(set(last_year.line_ids.mapped("reason")), {"no_baseline", "no_shop"})
        self.assertEqual((last_year.measured_spend, last_year.return_percent), (0, 0))
        self.assertIn("505", last_year.words)
        [(rate, opened)] = last_year.line_ids._read_group(
            [("return_id", "=", last_year.id)], [], ["return_percent:sum", "opened_bottles:sum"]
        )
        self.assertEqual((rate, opened), (False, 56), "no return is no nought; opened bottles need no baseline")

    def test_the_margin_of_the_family_and_of_nobody(self):
        """Without cost the family's 25.00 count, the nearest family first: 20 x 25.00 + 1 x 25.00; else no return."""
        self.product.standard_price = 0
        self.env["product.value"].search([("product_id", "=", self.product.id)]).unlink()
        found = self.compute()
        self.assertEqual(set(found.line_ids.mapped("reason")), {"no_margin", "no_shop"})
        self.assertIn(self.product.name, found.line_ids.filtered("missing")[0].why)
        for category, margin in ((self.category, 99), (self.series, 25)):
            self.env["liquor.family.margin"].with_user(self.manager).create({
                "category_id": category.id, "margin": margin, "source": "Controller", "date_start": "2026-01-01",
            })  # fmt: skip
        found.action_compute()
        self.assertEqual(found.incremental_margin, 525)
        self.assertEqual(found.margin_ids.mapped("source"), ["family"])

    def test_cost_of_the_day(self):
        """60.00 up to the end of March; 75.00 since 10 April are another period's."""
        with freeze_time("2026-04-10 04:00:00"):
            self.product.standard_price = 75
        self.assertEqual(self.compute().margin_ids.cost, 60)

    def test_a_shop_that_moved_is_measured_by_its_place_of_those_days(self):
        """Since 10 April it is where a bottle costs 130.00; March was sold at 100.00."""
        place = self.env["liquor.territory"].load_divisions([("93", "Other Province")])
        self.env["liquor.price.ladder"].create({
            "product_id": self.product.id, "territory_id": place.id, "date_start": "2026-01-01", "price_factory": 130,
        })  # fmt: skip
        role = self.env["liquor.channel.role"].search([("partner_id", "=", self.shop.id), ("kind", "=", "terminal")])
        with freeze_time("2026-04-10 04:00:00"):
            role.territory_id = place
        self.assertEqual(self.compute().margin_ids.mapped("price"), [100])

    def test_who_need_not_scan_is_measured_by_reports(self):
        """R10: a chain's sell-out is what its distributor reports, less what came back; tasting wine counts nowhere."""
        kind = self.env.ref("liquor_channel.terminal_kind_key_account")
        self.assertFalse(kind.must_scan)
        chain = self.make_partner("Chain", "terminal", terminal_kind_id=kind.id)
        for number, day in ((20, "2026-01-30"), (33, "2026-03-09"), (-3, "2026-03-12")):
            fact = "returned" if number < 0 else "reported"
            self.fact(fact, self.distributor, number, counterparty=chain, day=day)
        # what is reported of a shop that scans proves nothing, and tasting wine that is opened was not sold
        self.fact("reported", self.distributor, 500, counterparty=self.shop, day="2026-03-09")
        self.fact("opened", self.shop, 7, day="2026-03-09", purpose="tasting")
        self.fact("reported", self.distributor, 1, counterparty=self.shop, day="2026-01-01")
        self.book(chain, 100, policy_version_id=self.spring.id)
        found = self.compute()
        line = found.line_ids.filtered(lambda one: one.partner_id == chain)
        self.assertEqual((line.proof, line.sold_bottles, line.baseline_bottles), ("reported", 30, 20))
        self.assertEqual((line.incremental_margin, line.return_percent, found.opened_bottles), (400, 300, 56))

    def test_an_expense_is_measured_on_its_own_days(self):
        kind = self.env["liquor.expense.kind"].search([], limit=1)
        expense = self.env["liquor.expense"].create({
            "title": "Tasting", "kind_id": kind.id, "distributor_id": self.distributor.id, "amount": 70,
            "date_start": "2026-03-20", "date_end": "2026-03-24", "shop_ids": [(6, 0, self.second_shop.ids)],
        })  # fmt: skip
        self.book(
            self.distributor, 70, "distributor", origin_model="liquor.expense", origin_id=expense.id, fact_key=None,
            idempotency_key="tasting",
        )  # fmt: skip
        line = self.compute().line_ids.filtered("expense_id")
        self.assertEqual((line.partner_id, line.date_from, line.date_to), (
            self.second_shop, date(2026, 3, 20), date(2026, 3, 24)
        ))  # fmt: skip
        self.assertEqual((line.baseline_from, line.measured_spend), (date(2026, 3, 15), 70))
        # 6 bottles on the 20th, for 100.00 + 40.00 + 70.00: a third is its; nothing was opened in the five days before
        self.assertEqual((line.sold_bottles, line.baseline_bottles, line.return_percent), (2, 0, 14.29))
        early = self.compute(date_to="2026-03-22").line_ids.filtered("expense_id")
        self.assertEqual((early.reason, early.spend), ("days_outside", 70))

    def test_the_same_number_of_queries_for_one_shop_and_for_many(self):
        found = self.compute()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found.action_compute()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        few = count()
        for number in range(9):
            shop = self.make_partner(f"More {number}", "terminal")
            self.fact("opened", shop, 3, day="2026-02-10")
            self.fact("opened", shop, 9, day="2026-03-10")
            self.book(shop, 10, policy_version_id=self.spring.id, territory_id=self.county.id)
        many = count()
        self.assertEqual(len(found.line_ids), 14)
        self.assertEqual(many, few)

    def test_kept_up_to_date(self):
        """Every night the same number of days, up to yesterday; a company with spend and without one gets one."""
        returns = self.env["liquor.spend.return"]
        returns._cron_refresh()
        rolling = returns.search([("is_rolling", "=", True), ("company_id", "=", self.company.id)])
        self.assertEqual((rolling.date_from, rolling.date_to), (date(2026, 1, 20), date(2026, 4, 19)))
        with freeze_time("2026-04-22 04:00:00"):
            returns._cron_refresh()
        self.assertEqual((rolling.date_from, rolling.date_to, rolling.state), (
            date(2026, 1, 22), date(2026, 4, 21), "done"
        ))  # fmt: skip
        self.assertEqual(rolling.spend, 505 + 999)

    def test_other_days_forget_the_figures(self):
        found = self.compute()
        found.date_to = "2026-03-30"
        self.assertEqual((found.state, len(found.line_ids)), ("draft", 0))
        with self.assertRaises(UserError):
            self.compute(date_from="2026-04-20", date_to="2026-04-30")
        self.assertEqual(self.compute(date_to="2026-04-30").computed_to, date(2026, 4, 19))
        with self.assertRaises(ValidationError):
            self.compute(date_from="2020-01-01")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rights(self):
        """Margins are finance's and the manager's: not the clerk's, not a distributor's, not another company's."""
        found = self.compute()
        portal = self.portal_user("return_distributor", self.distributor)
        for user in (self.clerk, self.outsider, portal):
            for model in MODELS:
                env = self.env[model].with_user(user).with_context(allowed_company_ids=self.company.ids)
                for act in (lambda e=env: e.search([]), lambda e=env: e.read_group([], ["id"], []),
                            lambda e=env: e.create({})):  # fmt: skip
                    with self.assertRaises(AccessError):
                        act()
            for act in ("action_compute", "action_open_spend"):
                with self.assertRaises(AccessError):
                    getattr(found.with_user(user), act)()
            with self.assertRaises(AccessError):
                found.line_ids[0].with_user(user).action_open_facts()
        other = self.env["res.company"].create({"name": "Other Maker"})
        self.second_finance.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        stranger = found.with_user(self.second_finance).with_context(allowed_company_ids=other.ids)
        self.assertFalse(stranger.search([("id", "=", found.id)]))
        for act in (stranger.action_compute, lambda: stranger.write({"date_from": "2026-03-02"}), stranger.unlink):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            stranger.create({**MARCH, "company_id": self.company.id})

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_figures_are_the_servers(self):
        forged = {"state": "done", "spend": 9.0, "return_percent": 900.0}
        context = {f"default_{name}": value for name, value in forged.items()}
        mine = self.env["liquor.spend.return"].with_user(self.finance)
        for made in (mine.create({**MARCH, **forged}), mine.with_context(**context).create(MARCH)):
            self.assertEqual((made.state, made.spend, made.return_percent), ("draft", 0, 0))
            with self.assertRaises(AccessError):
                made.write({"spend": 9.0})
        found = self.compute()
        for act in (
            lambda: found.line_ids.write({"spend": 9.0}),
            lambda: found.line_ids.unlink(),
            lambda: found.margin_ids.write({"margin": 9.0}),
            lambda: (
                self
                .env["liquor.family.margin"]
                .with_user(self.finance)
                .create({
                    "category_id": self.category.id,
                    "margin": 1,
                    "source": "x",
                })
            ),
        ):
            with self.assertRaises(AccessError):
                act()


@tagged("post_install", "-at_install")
class TestReturnFile(ReturnCase, HttpCase):
    def test_workbook(self):
        """The sheet of programmes has formulas of ratios; 734.80 for 400.00 stands as 83.7; a clerk gets nothing."""
        self.second_finance.password = "channel_finance_two"
        self.outsider.password = "channel_outsider"
        found = self.compute()
        book = openpyxl.load_workbook(io.BytesIO(write_workbook(found._return_sheets())))
        self.assertEqual(len(book.worksheets), 6)
        sheet = book.worksheets[0]
        rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
        row = rows["Spring"]
        self.assertEqual([cell.value for cell in row[1:5]], [500, 100, 400, 400])
        self.assertEqual(row[11].value, f'=IF(E{row[0].row}>0,(I{row[0].row}-E{row[0].row})*100/E{row[0].row},"")')
        url = f"/liquor/finance/return/{found.id}.xlsx"
        self.authenticate("channel_finance_two", "channel_finance_two")
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.content[:2]), (200, b"PK"))
        self.authenticate("channel_outsider", "channel_outsider")
        self.assertEqual(self.url_open(url).status_code, 404)
