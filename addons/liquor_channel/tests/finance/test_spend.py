"""Where the money went (C8, C10, C57, C72): four totals that reconcile, orphans, parties, yield by shop."""

import io
from decimal import Decimal

import openpyxl

from odoo.tests import HttpCase, tagged

from ...tools.workbook import write_workbook
from .test_workbook import recompute
from .variance_case import SOURCE, VarianceCase


@tagged("post_install", "-at_install")
class TestSpend(VarianceCase):
    def sums(self, *groups):
        self.env.flush_all()
        spend = self.env["liquor.spend"]
        spend.invalidate_model()
        measures = ("planned", "earned", "paid", "unpaid", "unclaimed", "unproven")
        rows = spend._read_group(
            [("company_id", "=", self.company.id)], list(groups), [f"{name}:sum" for name in measures]
        )
        return {row[: len(groups)]: row[len(groups) :] for row in rows}

    def test_four_totals_reconcile(self):
        version = self.make_version(basis="received", rate=15.0, name="Receipts")
        self.book(self.shop, 600, policy_version_id=version.id)
        self.book(self.shop, 40, policy_version_id=version.id)
        self.book(self.guide, 25, "guide", fact_key=None, idempotency_key="orphan/1")
        payout = self.ask(self.shop, 640)
        batch = self.batch(payout)
        batch._apply_results([["reference", "status", "amount", "message"], [payout.name, "ok", "640.00", ""]])
        self.assertEqual(payout.state, "ok")
        rows = self.sums("programme")
        planned, earned, paid, unpaid, unclaimed, unproven = (
            sum(column) for column in zip(*rows.values(), strict=True)
        )
        self.assertEqual((earned, paid, unproven), (665, 640, 25))
        self.assertEqual(planned, earned + unclaimed)
        self.assertEqual(earned, paid + unpaid)
        self.assertEqual(rows[("Receipts",)], (640, 640, 640, 0, 0, 0))

    def test_uniform_against_different_rules(self):
        """C18: 100 by one rule for all, 200 for a county, 30 with an uplift, 40 by a shop's own value, 5 by hand."""
        everybody = self.make_version(rate=15.0, name="Everybody")
        county = self.make_version(rate=15.0, name="County", territory_ids=self.county.ids)
        special = {"kind": "per_unit", "overlays": [["rate", "18", 1]]}
        lifted = {"kind": "per_unit", "uplifts": [["performance", "20", None]]}
        self.book(self.shop, 100, policy_version_id=everybody.id, trace={"kind": "per_unit"})
        self.book(self.shop, 200, policy_version_id=county.id)
        self.book(self.shop, 30, policy_version_id=everybody.id, trace=lifted)
        self.book(self.shop, 40, policy_version_id=county.id, trace={**special, "uplifts": lifted["uplifts"]})
        self.book(self.shop, 5)
        earned = {scope: row[1] for (scope,), row in self.sums("scope").items()}
        self.assertEqual(earned, {"uniform": 100, "chosen": 200, "uplift": 30, "one_shop": 40, "none": 5})

    def test_accrued_then_settled_then_paid(self):
        """R8, design.md 3.6: an amount is accrued by the run, settled when it was asked for, paid when it arrived."""
        shops = self.book(self.shop, 600)
        own = self.book(self.distributor, 200, "distributor")
        self.assertEqual(self.steps(), (800, 0, 0, 0))
        self.assertEqual(self.standing(shops + own), ["available", "to_settle"])
        self.accrue()
        self.assertEqual(self.steps(), (800, 800, 0, 0))
        payout = self.ask(self.shop, 600)
        self.assertEqual(self.steps(), (800, 800, 600, 0))
        self.assertEqual(self.standing(shops + own), ["on_the_way", "to_settle"])
        batch = self.batch(payout)
        batch._apply_results([["reference", "status", "amount", "message"], [payout.name, "ok", "600.00", ""]])
        self.assertEqual(self.steps(), (800, 800, 600, 600))
        settlement = self.settle()
        self.assertEqual(self.steps(), (800, 800, 600, 600), "sent and confirmed is not settled")
        self.assertEqual(self.standing(shops + own), ["paid", "settling"])
        settlement.with_user(self.finance).action_approve()
        self.assertEqual(self.steps(), (800, 800, 800, 600))
        self.assertEqual(self.standing(shops + own), ["paid", "settled"])
        self.assertEqual(self.standing(self.book(self.shop, 5) + shops), ["available", "paid"])

    def standing(self, earnings):
        """What the wallet and the list say of each; two queries, however many there are."""
        self.env.flush_all()
        self.env.invalidate_all()
        earnings.mapped("beneficiary_kind")
        with self.assertQueryCount(2):
            return earnings.mapped("progress")

    def steps(self):
        self.env.flush_all()
        measures = [f"{name}:sum" for name in ("earned", "accrued", "settled", "paid")]
        return self.env["liquor.spend"]._read_group([("company_id", "=", self.company.id)], [], measures)[0]

    def test_city_distributor_and_kind(self):
        """A shop's place is the county, its city and distributor of that day are what boards add up by."""
        version = self.make_version(basis="received", rate=15.0)
        self.env["liquor.employment"].create({
            "person_id": self.guide.id, "employer_id": self.shop.id, "kind": "guide", "date_start": "2026-01-01",
        })  # fmt: skip
        own = self.book(self.shop, 600, policy_version_id=version.id, territory_id=self.county.id)
        his = self.book(self.guide, 25, "guide")
        late = self.book(self.second_shop, 40, territory_id=self.city.id)
        self.env.flush_all()
        rows = {
            row.earning_id: row
            for row in self.env["liquor.spend"].search([("earning_id", "in", (own + his + late).ids)])
        }
        self.assertEqual((rows[own].region_id, rows[late].region_id), (self.city, self.city))
        self.assertEqual((rows[own].distributor_id, rows[his].distributor_id), (self.distributor, self.distributor))
        self.assertFalse(rows[late].distributor_id, "nobody supplies the second shop")
        self.assertEqual((rows[own].source, rows[his].source), ("per_unit", "other"))
        self.assertEqual(rows[own].territory_id, self.county)

    def test_the_city_of_a_movement_is_that_of_spend(self):
        """What is received in a county or in the city itself stands in the row of the city."""
        self.fact("received", self.shop, 6)
        self.fact("received", self.shop, 12, territory_id=self.city.id)
        self.env.flush_all()
        facts = self.env["liquor.flow.fact"]
        [(city, bottles)] = facts._read_group(
            [("kind", "=", "received"), ("company_id", "=", self.company.id)], ["region_id"], ["bottles:sum"]
        )
        self.assertEqual((city, bottles), (self.city, 18))
        self.assertEqual(facts.search([("region_id", "=", self.city.id)]).territory_id, self.county | self.city)

    def test_orphans_are_listed(self):
        self.book(self.shop, 600)
        orphans = self.env["liquor.spend"].search([("unproven", "!=", 0), ("company_id", "=", self.company.id)])
        self.assertFalse(orphans)
        orphan = self.book(self.guide, 25, "guide", fact_key=None, idempotency_key="orphan/2")
        self.env.flush_all()
        orphans = self.env["liquor.spend"].search([("unproven", "!=", 0), ("company_id", "=", self.company.id)])
        self.assertEqual(orphans.earning_id, orphan)

    def test_each_party_and_the_cost_of_the_programme(self):
        version = self.make_version(basis="received", rate=15.0, name="Spring")
        for partner, amount, kind in (
            (self.shop, 600, "terminal"), (self.distributor, 200, "distributor"), (self.guide, 50, "guide"),
        ):  # fmt: skip
            self.book(partner, amount, kind, policy_version_id=version.id)
        rows = self.sums("programme", "beneficiary_kind")
        got = {kind: row[1] for (programme, kind), row in rows.items() if programme == "Spring"}
        self.assertEqual(got, {"terminal": 600, "distributor": 200, "guide": 50})
        self.assertEqual(sum(got.values()), self.sums("programme")[("Spring",)][1])

    def test_spend_by_contribution(self):
        today = self.ago(0).isoformat()
        # 6 bottles for 60 and 6 for 240: a bottle costs 10 and 40, so the first shop comes first
        for shop, amount in ((self.shop, 60), (self.second_shop, 240)):
            self.book(shop, amount, day=f"{today} 04:00:00")
            self.fact("opened", shop, 6, day=today)
        self.assertIn(SOURCE, self.env["liquor.variance.match"]._fact_models())
        self.env.flush_all()
        rows = self.env["liquor.spend.contribution"].search([("partner_id", "in", (self.shop + self.second_shop).ids)])
        first, second = rows
        self.assertEqual((first.partner_id, first.cost_per_bottle), (self.shop, 10))
        self.assertEqual((second.partner_id, second.cost_per_bottle), (self.second_shop, 40))
        self.assertEqual((first.spend_up_to, second.spend_up_to), (20, 100))
        self.assertEqual((first.bottles_up_to, second.bottles_up_to), (50, 100))


@tagged("post_install", "-at_install")
class TestFiles(VarianceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_finance.password = "channel_finance_two"
        cls.outsider.password = "channel_outsider"
        cls.owner = cls.portal_user("pack_distributor", cls.distributor)

    def settled(self):
        self.book(self.distributor, 6000, "distributor", reason="=Rebate")
        self.book(self.distributor, 14000.5, "distributor")
        self.accrue()
        return self.settle_and_post(method="credit_note")

    def test_audit_pack_computes_to_what_was_settled(self):
        settlement = self.settled()
        book = openpyxl.load_workbook(io.BytesIO(write_workbook(settlement._pack_sheets())))
        self.assertEqual(len(book.worksheets), 7)
        summary, _accounts, lines, approvals, _disputes, entries, _payments = book.worksheets
        cells = {cell.value for row in summary.iter_rows() for cell in row}
        self.assertLessEqual({settlement.name, settlement.snapshot_hash, settlement.sudo().snapshot}, cells)
        self.assertEqual(recompute(lines, lines["E4"]), Decimal("20000.5"))
        self.assertEqual((lines["B2"].value, lines["B2"].data_type), ("=Rebate", "s"))
        self.assertEqual(
            [row[1] for row in approvals.iter_rows(min_row=2, values_only=True)][-2:],
            [self.finance.name, self.second_finance.name],
        )
        # every account of the entries sums up to nothing at the end
        total = next(row for row in entries.iter_rows() if str(row[7].value).startswith("=SUBTOTAL"))
        self.assertNotEqual(recompute(entries, total[5]), 0)

    def test_who_gets_which_file(self):
        settlement = self.settled()
        pack, tie_out = f"/liquor/pack/settlement/{settlement.id}.xlsx", "/liquor/finance/tie-out.xlsx"
        self.authenticate("channel_finance_two", "channel_finance_two")
        for url in (pack, tie_out):
            answer = self.url_open(url)
            self.assertEqual((answer.status_code, answer.content[:2]), (200, b"PK"), url)
        book = openpyxl.load_workbook(io.BytesIO(self.url_open(tie_out).content)).active
        self.assertEqual(book["G2"].value, "=F2-E2")
        for login in ("channel_outsider", "pack_distributor"):
            self.authenticate(login, login)
            for url in (pack, tie_out):
                self.assertEqual(self.url_open(url).status_code, 404, (login, url))
