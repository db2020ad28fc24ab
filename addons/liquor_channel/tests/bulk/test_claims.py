"""Claims in Excel: what is claimed, cut and allowed, with its reason; checking and paying stay people's acts."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.bulk import bulk_preview
from ..clock import clock
from ..expense_case import ExpenseCase
from .bulk_case import BulkMixin, Workbook

MODEL = "liquor.expense"


@tagged("post_install", "-at_install")
class TestClaimsInExcel(BulkMixin, ExpenseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.titles = {column.name: cls.env[MODEL]._bulk_label(column) for column in cls.env[MODEL]._bulk_columns()}
        cls.standard = cls.env["liquor.expense.reason"].search([("code", "=", "standard")])

    def set(self, book, row, **cells):
        return book.set(row, **{self.titles[name]: value for name, value in cells.items()})

    def test_a_cut_is_typed_and_then_checked_by_a_person(self):
        claim = self.claimed()
        edit, book = self.export(claim, self.second_clerk)
        self.assertEqual([book.get(1, self.titles[name]) for name in ("approved", "asked", "allowed")], [600, 600, 600])
        self.assertEqual(book.get(1, self.titles["name"]), claim.name)
        self.load(edit, self.set(book, 1, cut=125.5, reason="standard"))
        self.assertEqual(self.counts(edit), (1, 0, 0, 0))
        # the allowed amount follows: 600.00 less 125.50
        self.assertEqual((edit.moved, edit.totals["allowed"]), (-125.5, ["600.00", "474.50"]))
        self.assertIn("-125.50", edit.summary)
        self.assertFalse(claim.cut_ids)
        edit.action_apply()
        self.assertEqual((claim.cut_ids.amount, claim.cut_ids.reason_id), (125.5, self.standard))
        self.assertEqual((claim.state, claim.allowed_amount), ("claimed", 0))
        # who claimed does not check, whoever loaded the sheet
        with self.assertRaises(UserError):
            claim.with_user(self.clerk).action_check()
        claim.with_user(self.second_clerk).action_check()
        self.assertEqual((claim.state, claim.allowed_amount, claim.earning_id.amount), ("checked", 474.5, 474.5))
        with self.assertRaises(UserError):
            edit.action_undo()

    def test_the_allowed_amount_is_typed_and_undone(self):
        claim = self.claimed()
        edit, book = self.export(claim, self.finance)
        self.load(edit, self.set(book, 1, allowed="500", reason=f"standard · {self.standard.name}", cut_note="Half"))
        edit.action_apply()
        self.assertEqual((claim.cut_amount, claim.cut_ids.note), (100, "Half"))
        # a second edit changes the one cut, a third takes it away
        edit_two, book = self.export(claim, self.finance)
        self.assertEqual(book.get(1, self.titles["cut"]), 100)
        self.load(edit_two, self.set(book, 1, cut=150))
        edit_two.action_apply()
        self.assertEqual((claim.cut_amount, len(claim.cut_ids), claim.cut_ids.note), (150, 1, "Half"))
        with self.assertRaises(UserError):
            edit.action_undo()
        edit_two.action_undo()
        self.assertEqual(claim.cut_amount, 100)
        edit_three, book = self.export(claim, self.finance)
        self.load(edit_three, self.set(book, 1, allowed=600))
        edit_three.action_apply()
        self.assertFalse(claim.cut_ids)
        edit_three.action_undo()
        self.assertEqual((claim.cut_amount, claim.cut_ids.reason_id, claim.cut_ids.note), (100, self.standard, "Half"))

    def test_what_does_not_fit_is_refused(self):
        claims = self.claimed(amount=100, asked=100)
        for _number in range(4):
            claims += self.claimed(amount=100, asked=100)
        edit, book = self.export(claims, self.finance)
        self.set(book, 1, cut=10)  # no reason
        self.set(book, 2, cut=101, reason="standard")  # more than was claimed
        self.set(book, 3, allowed=90, cut=20, reason="standard")  # they do not agree
        self.set(book, 4, asked=90)  # what was claimed does not change
        self.set(book, 5, cut=1, reason="nonsense")
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (0, 0, 5, 0))
        self.assertEqual(Workbook(edit.error_file).rows, 5)
        self.assertFalse(claims.cut_ids)

    def test_several_cuts_and_checked_claims_are_left_to_their_form(self):
        two, done = self.claimed(amount=300, asked=300), self.checked(amount=200, asked=200)
        self.cut(two, 10)
        self.cut(two, 20, "price")
        edit, book = self.export(two + done, self.finance)
        self.assertEqual([book.get(row, self.titles["allowed"]) for row in (1, 2)], [270, 200])
        self.set(book, 1, cut=40)
        self.set(book, 2, allowed=100, reason="standard")
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (0, 0, 2, 0))

    def test_what_is_to_be_claimed(self):
        expense = self.approved()
        self.prove(expense)
        edit, book = self.export(expense)
        self.load(edit, self.set(book, 1, claim=480))
        self.assertEqual(edit.totals["claim"], ["0.00", "480.00"])
        edit.action_apply()
        self.assertEqual((expense.claim_amount, expense.state), (480, "executing"))
        expense.with_user(self.clerk).action_claim()
        self.assertEqual(expense.asked_amount, 480)

    def test_new_claims_are_not_made_here(self):
        edit, book = self.export(self.claimed())
        self.load(edit, book.append({self.titles["title"]: "x", self.titles["cut"]: 5}))
        self.assertEqual(self.counts(edit), (0, 0, 1, 1))

    def test_somebody_without_rights(self):
        edit, book = self.export(self.claimed())
        self.load(edit, self.set(book, 1, cut=5, reason="standard"))
        for user in (self.outsider, self.distributor_user):
            with self.assertRaises(AccessError):
                edit.with_user(user).action_apply()

    def test_large_sheets_run_in_the_background(self):
        claims = self.claimed(amount=100, asked=100) + self.claimed(amount=100, asked=100)
        edit, book = self.export(claims, self.finance)
        self.set(book, 1, cut=10, reason="standard")
        self.set(book, 2, cut=20, reason="standard")
        edit.write({"file": book.save(), "filename": "large.xlsx"})
        with (
            patch.object(bulk_preview, "ROWS_AT_ONCE", 1),
            patch("odoo.addons.liquor_channel.models.bulk.bulk_apply.ROWS_AT_ONCE", 1),
        ):
            for method, state in (("action_preview", "previewed"), ("action_apply", "applied")):
                action = getattr(edit, method)()
                run = self.env["liquor.run"].browse(action["res_id"])
                self.assertEqual((run.state, run.total), ("queued", 2))
                with self.enter_registry_test_mode():
                    self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual((run.state, run.done, edit.state), ("done", 2, state))
                self.assertEqual(self.counts(edit), (2, 0, 0, 0))
        self.assertEqual(claims.mapped("cut_amount"), [10, 20])
        self.assertEqual(edit.applied_by_id, self.finance)

    def test_a_thousand_claims(self):
        """The same number of queries for a few and for a thousand claims, and a few seconds."""
        first = self.claimed(amount=1, asked=1)
        self.env.flush_all()
        self.cr.execute(
            """INSERT INTO liquor_expense (name, title, kind_id, company_id, distributor_id, paid_by, date_start,
                    date_end, amount, payment_method, fund_id, state, author_id, approved_amount, approved_by_id,
                    asked_amount, claimed_by_id, claimed_at, territory_id)
               SELECT 'X' || n, 'Display', kind_id, company_id, distributor_id, paid_by, date_start, date_end, 1000,
                    payment_method, fund_id, state, author_id, 1000, approved_by_id, 1000, claimed_by_id, claimed_at,
                    territory_id
               FROM liquor_expense, generate_series(1, 1210) n WHERE id = %s RETURNING id""",
            [first.id],
        )
        expenses = self.env[MODEL].browse(sorted(number for (number,) in self.cr.fetchall()))

        def cost(claims):
            self.env.invalidate_all()
            queries, start = self.cr.sql_log_count, clock(self.cr)
            edit, book = self.export(claims, self.finance)
            seconds = clock(self.cr) - start
            for row in range(1, len(claims) + 1):
                self.set(book, row, cut=row % 9 + 1, reason="standard")
            content = book.save()
            start = clock(self.cr)
            self.load(edit, content)
            edit.action_apply()
            self.env.flush_all()
            seconds += clock(self.cr) - start
            cut = sum(row % 9 + 1 for row in range(1, len(claims) + 1))
            self.assertEqual((edit.changed_count, edit.moved), (len(claims), -cut))
            return self.cr.sql_log_count - queries, seconds

        cost(expenses[:3])
        few, _seconds = cost(expenses[3:10])
        more, _seconds = cost(expenses[10:100])
        self.assertLessEqual(abs(few - more), 2)  # what caches hold already
        many, seconds = cost(expenses[210:])
        # the ORM writes in parts of 100 rows, and reads in parts of 1,000
        self.assertLess(many, 3 * few)
        self.assertLess(seconds, 15)

    def test_names_are_texts(self):
        claim = self.claimed(title="=HYPERLINK(1)")
        edit, book = self.export(claim)
        cell = book.sheet.cell(2, book.titles.index(self.titles["title"]) + 1)
        self.assertEqual((cell.data_type, cell.value), ("s", "=HYPERLINK(1)"))
        self.assertGreater(len(base64.b64decode(edit.export_file)), 1000)
