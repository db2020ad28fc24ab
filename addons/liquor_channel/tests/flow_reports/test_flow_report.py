"""Flow reports: mapping, bad rows that can be corrected, repetition, undo, facts."""

import base64
import io
from datetime import date

import openpyxl
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import tables
from ..clock import clock
from ..common import ChannelCase

HEADER = ["日期", "商品编码", "数量", "单位", "客户", "类型", "单号", "金额"]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestFlowReport(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "JC10"
        cls.other_product.barcode = "06901234500017"
        cls.shop.ref = "S001"

    def report(self, *rows, name="sales.csv", content=None, **values):
        content = tables.write_csv([HEADER, *rows]) if content is None else content
        report = (
            self
            .env["liquor.flow.report"]
            .with_user(self.clerk)
            .create({"partner_id": self.distributor.id, "file": base64.b64encode(content), "filename": name, **values})
        )
        report.action_read()
        return report

    def test_load_facts_and_undo(self):
        report = self.report(
            ["2026-03-05", "JC10", "2", "箱", "S001", "", "CK1", "1200"],
            ["2026-03-06", "06901234500017", "3", "", "", "退货", "CK2", "300"],
        )
        report.action_check()
        self.assertEqual((report.state, report.good_count, report.bad_count), ("checked", 2, 0))
        self.assertIn("Cellar 10", report.preview)
        self.assertFalse(report.line_ids)
        report.action_load()
        self.assertEqual((report.state, report.bottles_total), ("loaded", 9))  # two cases of six less three
        facts = self.env["liquor.flow.fact"]._facts([("source_model", "=", "liquor.flow.report.line")])
        found = {(fact["kind"], fact["bottles"], fact["amount"], fact["counterparty_id"]) for fact in facts}
        self.assertEqual(found, {("reported", 12, 1200, self.shop.id), ("returned", -3, -300, False)})
        self.assertEqual({fact["territory_id"] for fact in facts}, {self.county.id})
        report.action_undo()
        self.assertFalse(self.env["liquor.flow.fact"]._facts([("source_model", "=", "liquor.flow.report.line")]))
        # after the undo the same file may be loaded again
        again = self.report(["2026-03-05", "JC10", "2", "箱", "S001", "", "CK1", "1200"])
        again.action_load()
        self.assertEqual(again.good_count, 1)

    def test_policy_pays_on_reports_and_undo_claws_back(self):
        self.make_version(basis="reported", measure="bottles", rate=2.0, beneficiary_kind="distributor")
        report = self.report(["2026-03-05", "JC10", "10", "", "S001", "销售", "CK1", ""])
        report.action_load()
        earnings = self.env["liquor.earning"].search([
            ("fact_key", "=", f"liquor.flow.report.line/{report.line_ids.id}")
        ])
        self.assertEqual(sum(earnings.mapped("amount")), 20)
        report.action_undo()
        earnings = self.env["liquor.earning"].search([("partner_id", "=", self.distributor.id)])
        self.assertEqual(sum(earnings.mapped("amount")), 0)

    def test_bad_rows_come_back_and_can_be_loaded(self):
        report = self.report(
            ["2026-03-05", "JC10", "2", "", "S001", "", "CK1", ""],
            ["2026-03-05", "JC99", "2", "", "S001", "", "CK2", ""],
            ["2026-13-05", "JC10", "2", "", "S001", "", "CK3", ""],
        )
        report.action_load()
        self.assertEqual((report.good_count, report.bad_count, len(report.line_ids)), (1, 2, 1))
        data = base64.b64decode(report.error_file)
        rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]
        self.assertEqual(rows[0][:8], HEADER)
        self.assertEqual([row[8] for row in rows[1:]], ["3", "4"])
        rows[1][1] = "JC10"
        rows[2][0] = "2026-03-05"
        corrected = self.report(content=tables.write_xlsx({"x": rows}), name="corrected.xlsx")
        corrected.action_load()
        self.assertEqual((corrected.good_count, corrected.bad_count), (2, 0))

    def test_same_file_again_loads_nothing(self):
        row = ["2026-03-05", "JC10", "2", "", "S001", "", "CK1", ""]
        self.report(row).action_load()
        again = self.report(row)
        again.action_load()
        self.assertEqual((again.good_count, again.bad_count, len(again.line_ids)), (0, 1, 0))
        line = self.env["liquor.flow.report.line"].search([("reference", "=", "CK1")])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            line.copy({"report_id": again.id})

    def test_long_numbers_are_not_corrupted(self):
        book = openpyxl.Workbook()
        book.active.append(["日期", "商品编码", "数量"])
        book.active.append(["2026-03-05", 69012345000171234567, 2])
        buffer = io.BytesIO()
        book.save(buffer)
        report = self.report(content=buffer.getvalue(), name="x.xlsx")
        report.action_check()
        self.assertEqual((report.good_count, report.bad_count), (0, 1))

    def test_mapping_is_kept_for_the_reporter(self):
        header = ["发生日", "货品", "件数", "备注", "客户"]
        row = ["2026-03-05", "JC10", "2", "退货", "S001"]

        def load(reporter, header, *rows):
            report = self.report(content=tables.write_csv([header, *rows]), partner_id=reporter.id)
            return report, {column.header: column.field for column in report.column_ids}

        first, fields = load(self.distributor, header, row)
        self.assertEqual(fields, dict.fromkeys(header[:4], False) | {"客户": "buyer"})
        for title, field in (("发生日", "day"), ("货品", "product"), ("件数", "quantity"), ("客户", False)):
            first.column_ids.filtered(lambda column, title=title: column.header == title).field = field
        first.action_load()
        self.assertEqual(first.good_count, 1)
        # the next file: another order, a column more; what was left out stays left out
        second, fields = load(self.distributor, ["单号", *reversed(header)], ["CK7", *reversed(row)])
        kept = {"发生日": "day", "货品": "product", "件数": "quantity", "备注": False, "客户": False}
        self.assertEqual(fields, {"单号": "reference", **kept})
        # another reporter's columns mean what their words say
        self.assertEqual(load(self.shop, header, row)[1]["件数"], False)
        second.action_load()
        self.assertEqual(second.good_count, 1)

    def test_days_that_were_reported_before_are_told(self):
        first = self.report(
            ["2026-03-05", "JC10", "2", "", "S001", "", "CK1", ""],
            ["2026-03-06", "JC10", "2", "", "S001", "", "CK2", ""],
            ["2026-03-09", "JC10", "2", "", "S001", "", "CK3", ""],
        )
        first.action_load()
        self.assertEqual(first.overlap_count, 0)
        # the same days without document numbers: other rows, perhaps the same sales
        again = self.report(
            ["2026-03-05", "JC10", "2", "", "S001", "", "", ""], ["2026-03-06", "JC10", "2", "", "S001", "", "", ""]
        )
        again.action_check()
        self.assertEqual((again.good_count, again.overlap_count), (2, 2))
        days = (again.overlap_first, again.overlap_last)
        self.assertEqual(days, (date(2026, 3, 5), date(2026, 3, 6)))
        first.action_undo()
        again.action_check()
        self.assertEqual(again.overlap_count, 0)

    def test_unreadable_files_are_told(self):
        for name, content in (("x.xlsx", b"no workbook"), ("x.csv", b"\x00\x01\x02"), ("x.xlsx", b"PK\x03\x04broken")):
            with self.assertRaises(UserError):
                self.report(content=content, name=name)

    def test_missing_column_is_told(self):
        report = self.report(content="日期,商品编码\n2026-03-05,JC10\n".encode())
        with self.assertRaises(UserError):
            report.action_check()

    def test_loaded_report_is_fixed(self):
        report = self.report(["2026-03-05", "JC10", "2", "", "S001", "", "CK1", ""])
        report.action_load()
        with self.assertRaises(UserError):
            report.action_load()
        with self.assertRaises(UserError):
            report.partner_id = self.shop
        with self.assertRaises(UserError):
            report.unlink()

    def test_access(self):
        report = self.report(["2026-03-05", "JC10", "2", "", "S001", "", "CK1", ""])
        report.action_load()
        for user in (self.outsider, self.distributor_user):
            with self.assertRaises(AccessError):
                report.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            report.line_ids.with_user(self.clerk).write({"bottles": 1})

    def test_number_of_queries_does_not_grow(self):
        def cost(count, tag):
            rows = [["2026-03-05", "JC10", "1", "", "S001", "", f"{tag}{number}", ""] for number in range(count)]
            report = self.report(*rows)
            self.env.flush_all()
            before = self.cr.sql_log_count
            report.action_load()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(1, "warm")
        self.assertEqual(cost(1, "one"), cost(100, "many"))

    def test_speed(self):
        # 100,000 rows should take less than a minute: 10,000 less than six seconds
        rows = [["2026-03-05", "JC10", "1", "", "S001", "", f"speed{number}", ""] for number in range(10_000)]
        report = self.report(*rows)
        start = clock(self.cr)
        report._load_now()
        self.assertEqual(report.good_count, 10_000)
        self.assertLess(clock(self.cr) - start, 6)
