"""Codes as GS1 data: where one is accepted, GTIN of a case, SSCC of pallets."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ScanCase

# 6901234567892 behind indicator 1: 1+0+3... the weighted sum of 1690123456789 is 125, so the check digit is 9
# (weights 3,1,3,...: 1*3+6+9*3+0+1*3+2+3*3+4+5*3+6+7*3+8+9*3 = 3+6+27+0+3+2+9+4+15+6+21+8+27 = 131 -> 9)
BOTTLE_GTIN, CASE_GTIN = "06901234567892", "16901234567899"


@tagged("post_install", "-at_install")
class TestUnitsAsGS1(ScanCase):
    def located(self, *texts):
        found = self.env["liquor.code.batch"]._locate_logistic(texts)
        return [found[text].kind if text in found else None for text in texts]

    def test_forms_of_bottle_and_case(self):
        batch = self.batch()
        bottle, case = batch._code("cap_outer", 5), batch._code("case_outer", 2)
        forms = [
            f"https://q7.cn/b/{bottle}",
            f"https://any.host/01/{BOTTLE_GTIN}/10/2603A/21/{bottle}",
            f"(01){BOTTLE_GTIN}(21){bottle}",
            f"01{CASE_GTIN}102603A\x1d21{case}",
            f"HTTPS://ID.GS1.ORG/01/{CASE_GTIN}/21/{case}",
        ]
        self.assertEqual(self.located(*forms), ["cap_outer"] * 3 + ["case_outer"] * 2)

    def test_gtin_and_lot_must_be_those_of_the_unit(self):
        batch = self.batch()
        bottle, case = batch._code("cap_outer", 5), batch._code("case_outer", 2)
        forms = [
            f"(01)06291041500213(21){bottle}",  # another product
            f"(01){BOTTLE_GTIN}(21){case}",  # the bottle's number on a case
            f"(01){BOTTLE_GTIN}(10)OTHER(21){bottle}",
            f"(01){BOTTLE_GTIN}(21){bottle[:-1]}",
        ]
        self.assertEqual(self.located(*forms), [None] * 4)

    def test_the_names_for_others_never_show_a_code_inside(self):
        batch = self.batch()
        bottle, case = batch._code("cap_outer", 5), batch._code("case_outer", 2)
        self.assertEqual(batch._epc(1, 5), f"https://id.gs1.org/01/{BOTTLE_GTIN}/21/{bottle}")
        self.assertEqual(batch._epc(6, 2), f"https://id.gs1.org/01/{CASE_GTIN}/21/{case}")
        self.product.barcode = False
        self.assertEqual(batch._epc(1, 5), f"https://q7.cn/b/{bottle}")


@tagged("post_install", "-at_install")
class TestPalletNumbers(ScanCase):
    def test_pallets_follow_each_other_and_no_number_comes_twice(self):
        self.company.liquor_gs1_prefix = "690123456"
        first, second = self.batch(), self.batch()
        numbers = [batch._sscc(pallet) for batch in (first, second) for pallet in range(2)]
        # extension 0, prefix, seven digits from 0 on; check digits by hand: weights 3,1,3,... over 17 digits
        # 0+6+0+... = 69 for serial 0: (6*1+9*3+0+1*3+2*1+3*3+4*1+5*3+6*1) = 72 -> 8
        self.assertEqual(numbers[0], "069012345600000008")
        self.assertEqual([number[10:17] for number in numbers], ["0000000", "0000001", "0000002", "0000003"])
        self.assertEqual(first._epc(360, 1), f"https://id.gs1.org/00/{numbers[1]}")

    def test_a_pallet_is_found_by_its_number(self):
        self.company.liquor_gs1_prefix = "690123456"
        batch, other = self.batch(), self.batch()
        texts = [f"(00){batch._sscc(1)}", f"https://id.gs1.org/00/{other._sscc(0)}", f"(00){batch._sscc(0)[:-1]}9"]
        found = self.env["liquor.code.batch"]._locate_logistic(texts)
        self.assertEqual((found[texts[0]].batch, found[texts[0]].index), (batch, 1))
        self.assertEqual((found[texts[1]].batch, found[texts[1]].index), (other, 0))
        self.assertNotIn(texts[2], found)
        # numbers in a row are no proof that somebody holds the pallet
        self.assertEqual(self.env["liquor.code.batch"]._locate(texts), {})

    def test_many_numbers_cost_the_queries_of_one(self):
        self.company.liquor_gs1_prefix = "690123456"
        batches = [self.batch() for _ in range(4)]
        counts = []
        for texts in (
            [f"(00){batches[0]._sscc(0)}"],
            [f"(00){batch._sscc(pallet)}" for batch in batches for pallet in range(2)],
        ):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.env["liquor.code.batch"]._locate_logistic(texts)), len(texts))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_prefix_is_digits_and_runs_out(self):
        with self.assertRaises(ValidationError):
            self.company.liquor_gs1_prefix = "69O1234"
        counter = self.env["liquor.sscc.counter"]
        self.assertEqual(counter._take("690123456789", 99_999), 0)
        self.assertEqual(counter._take("690123456789", 1), 99_999)
        with self.assertRaises(UserError):
            counter._take("690123456789", 1)

    def test_an_indicator_is_one_digit(self):
        levels = self.scheme.level_ids
        self.assertEqual(dict(zip(levels.mapped("kind"), levels.mapped("gtin_indicator"), strict=True)),
                         {"cap_inner": 0, "cap_outer": 0, "case_inner": 1, "case_outer": 1, "pallet": 2})  # fmt: skip
        scheme = self.scheme.copy()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            scheme.level_ids[0].gtin_indicator = 9
            self.env.flush_all()
