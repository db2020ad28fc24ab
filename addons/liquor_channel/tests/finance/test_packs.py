"""Every workbook that finance downloads: formulas compute to what they show, and it reads well in Excel and WPS."""

import io
import re
import zipfile
from decimal import Decimal

import openpyxl

from odoo.tests import HttpCase, tagged

from odoo.addons.liquor_member.tools.business_day import today

from ...tools.workbook import NARROWEST, WIDEST, Sheet, write_workbook
from ..money_case import MoneyCase
from .test_workbook import recompute

# What a workbook of ours consists of: nothing that runs, links or asks for anything outside.
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles|sharedStrings)\.xml"
    r"|xl/theme/theme1\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml"
)


def evaluate(paper, cell) -> Decimal:
    """Compute a formula of ours from the cells that it names: a SUBTOTAL, or cells of its row added up."""
    if "SUBTOTAL" in cell.value:
        return recompute(paper, cell)
    terms = re.findall(r"([+-]?)([A-Z]{1,3}[1-9][0-9]*)", cell.value)
    assert "=" + "".join(sign + name for sign, name in terms) == cell.value, cell.value
    signs = {"": 1, "+": 1, "-": -1}
    return sum((signs[sign] * value_of(paper, paper[name]) for sign, name in terms), Decimal(0))


def value_of(paper, cell) -> Decimal:
    if cell.data_type == "f":
        return evaluate(paper, cell)
    return Decimal(str(cell.value or 0))


def widths_of(paper) -> list[float]:
    """Return the width of each column; neighbours of one width share an entry of the file."""
    found = {}
    for entry in paper.column_dimensions.values():
        found.update(dict.fromkeys(range(entry.min, entry.max + 1), entry.width))
    return [found[column] for column in sorted(found)]


@tagged("post_install", "-at_install")
class TestPacks(MoneyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.second_finance.write({"password": "channel_finance_two", "lang": "zh_CN"})
        version = cls.make_version(basis="received", rate=15.0)
        version.policy_id.tax_treatment = "withheld"
        cls.version = version

    def workbooks(self):
        """Download every pack: {name: bytes}."""
        for amount, reason in ((6000, "=1+1"), (14000.5, "往来"), (-0.25, "-2")):
            self.book(self.distributor, amount, "distributor", reason=reason)
        self.book(self.guide, 600, "guide", policy_version_id=self.version.id)
        self.accrue()
        settlement = self.settle_and_post(method="credit_note")
        self.ask(self.guide)
        self.batch()
        statement = self.env["liquor.account.statement"]._make(
            self.company, settlement.date_from.replace(day=1), self.distributor
        )
        statement.action_send()
        self.authenticate("channel_finance_two", "channel_finance_two")
        month = today(self.company).strftime("%Y-%m")
        urls = {
            "pack": f"/liquor/pack/settlement/{settlement.id}.xlsx",
            "tie-out": "/liquor/finance/tie-out.xlsx",
            "withheld": f"/liquor/withholding/{self.company.id}/{month}.xlsx",
        }
        found = {name: self.url_open(url) for name, url in urls.items()}
        self.assertEqual({name: answer.status_code for name, answer in found.items()}, dict.fromkeys(urls, 200))
        statement, own = statement.with_context(lang="zh_CN"), settlement.with_context(lang="zh_CN")
        books = {name: answer.content for name, answer in found.items()}
        books["statement"] = write_workbook(statement._snapshot_sheets(statement._snapshot_data()))
        books["settlement"] = write_workbook(own._snapshot_sheets(own._snapshot_data()))
        return books

    def test_every_pack(self):
        for name, content in self.workbooks().items():
            with self.subTest(name):
                self.check_parts(content)
                shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
                formulas = 0
                for paper in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
                    formulas += self.check_formulas(paper, shown[paper.title])
                    self.check_look(paper)
                self.assertGreater(formulas, 0, "totals are formulas")
                names = shown.sheetnames
                self.assertTrue(all(0 < len(one) <= 31 for one in names))
                self.assertTrue(any(re.search(r"[\u4e00-\u9fff]", one) for one in names), names)

    def check_parts(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.assertEqual([part for part in package.namelist() if not PARTS.fullmatch(part)], [])
            self.assertIn(b'fullCalcOnLoad="1"', package.read("xl/workbook.xml"))

    def check_formulas(self, paper, shown):
        """Computed from the cells, each formula gives what is stored for programs that do not compute."""
        cells = [cell for row in paper.iter_rows() for cell in row if cell.data_type == "f"]
        for cell in cells:
            self.assertEqual(evaluate(paper, cell), Decimal(str(shown[cell.coordinate].value)), cell.value)
        return len(cells)

    def check_look(self, paper):
        self.assertEqual(paper.freeze_panes, "A2")
        for head, width in zip(paper[1], widths_of(paper), strict=False):
            self.assertTrue(NARROWEST + 2 <= width <= WIDEST + 3, (paper.title, head.value, width))
            self.assertGreaterEqual(width, min(WIDEST, sum(1 + (sign > "\u2e80") for sign in str(head.value))))
        for row in paper.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, float):
                    self.assertIn(cell.number_format, ("#,##0.00", "#,##0"), cell.coordinate)

    def test_the_tax_list_sums_up(self):
        """600.00 of incidental income, 20 % of it withheld: 120.00 (Acc-2 #7b)."""
        paper = openpyxl.load_workbook(io.BytesIO(self.workbooks()["withheld"])).active
        totals = {cell.column_letter: recompute(paper, cell) for cell in paper[3] if cell.data_type == "f"}
        self.assertEqual(totals, {"G": 600, "H": 600, "J": 120})

    def test_what_people_wrote_is_text(self):
        pack = openpyxl.load_workbook(io.BytesIO(self.workbooks()["pack"]))
        texts = [cell for paper in pack for row in paper.iter_rows() for cell in row if cell.value in ("=1+1", "-2")]
        self.assertTrue(texts)
        self.assertEqual({cell.data_type for cell in texts}, {"s"})

    def test_widths_counts_and_reserved_names(self):
        rows = [("费用" * 40, 3, Decimal("1234567.5")), ("a", 4, Decimal("-0.5"))]
        content = write_workbook([Sheet("History", ("名称", "件", "金额"), rows, totals=(1, 2), total="合计")])
        paper = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(paper.title, "History 2")
        # 60 and two more; at least 8; "1,234,567.50" has 12 characters
        self.assertEqual([round(width) for width in widths_of(paper)], [63, 11, 15])
        self.assertEqual((paper["B4"].number_format, paper["C4"].number_format), ("#,##0", "#,##0.00"))
        self.assertEqual((recompute(paper, paper["B4"]), recompute(paper, paper["C4"])), (7, Decimal("1234567.0")))
