"""Targets in Excel: exported, edited by openpyxl, differences shown, applied, undone; nobody else's rows."""

import base64

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...tools import tables
from ..common import ChannelCase
from .bulk_case import BulkMixin, Workbook

MODEL = "liquor.agreement.target"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestTargetsInExcel(BulkMixin, ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.draft(cls.distributor, [("2026-Q1", 1000), ("2026-Q2", 1500), ("2026-Q3", 900)])
        cls.targets = cls.contract.target_ids.sorted("label")

    @classmethod
    def draft(cls, party, goals, **values):
        return cls.env["liquor.agreement"].create({
            "kind": "distributor",
            "distributor_id": party.id,
            "date_start": "2026-01-01",
            "target_ids": [Command.create({"label": label, "goal": goal}) for label, goal in goals],
            **values,
        })

    def goal(self):
        return self.title(MODEL, "goal")

    def ask_before(self, edit):
        """The window that the button Apply opens."""
        window = self.env["liquor.confirmation"].with_user(self.clerk)
        return window.with_context(active_ids=edit.ids, default_task="liquor.bulk.edit/action_apply").create({})

    def test_sheet_holds_numbers_texts_lists_and_words(self):
        edit, book = self.export(self.targets)
        self.assertEqual((edit.kind, edit.state, edit.export_count, book.rows), ("target", "draft", 3, 3))
        self.assertEqual([book.get(row, self.goal()) for row in (1, 2, 3)], [1000, 1500, 900])
        self.assertEqual(book.get(1, self.title(MODEL, "label")), "2026-Q1")
        self.assertEqual(book.get(1, self.title(MODEL, "agreement_id")), self.contract.name)
        lists = {str(one.sqref): one.formula1 for one in book.sheet.data_validations.dataValidation}
        # contracts, series, basis and measure; their texts lie on the third sheet
        self.assertGreaterEqual(len(lists), 2)
        basis = [cell.value for column in book.book.worksheets[2].columns for cell in column]
        self.assertIn(dict(self.env[MODEL]._fields["basis"]._description_selection(self.env))["paid_in"], basis)
        self.assertGreater(book.book.worksheets[1].max_row, 8)

    def test_preview_writes_nothing_apply_writes_all(self):
        edit, book = self.export(self.targets)
        book.set(1, **{self.goal(): 1200.5}).set(2, **{self.goal(): "1,400"})
        self.load(edit, book)
        self.assertEqual((edit.state, self.counts(edit)), ("previewed", (2, 0, 0, 1)))
        self.assertEqual(self.targets.mapped("goal"), [1000, 1500, 900])
        # 1200.50 + 1400 less 1000 + 1500
        self.assertEqual(edit.totals, {"cases": ["2500.00", "2600.50"]})
        self.assertIn("+100.50", edit.summary)
        self.assertEqual(edit.line_ids.mapped("line"), [2, 3])
        self.assertIn("1,000.00 → 1,200.50", edit.line_ids[0].difference)
        window = self.ask_before(edit)
        self.assertEqual(window.note, edit.summary, "the window names the rows and their sum")
        book.set(1, **{self.goal(): 1300})
        self.load(edit, book)
        with self.assertRaises(UserError):
            window.action_confirm()  # another file was previewed meanwhile
        book.set(1, **{self.goal(): 1200.5})
        self.load(edit, book)
        self.ask_before(edit).action_confirm()
        self.assertEqual(self.targets.mapped("goal"), [1200.5, 1400, 900])
        self.assertEqual((edit.state, edit.applied_by_id), ("applied", self.clerk))
        self.assertIn("1,200.50", "".join(self.contract.message_ids.mapped("body")))
        with self.assertRaises(UserError):
            edit.action_apply()

    def test_new_rows_and_undo_as_a_whole(self):
        edit, book = self.export(self.targets)
        labels = {name: self.title(MODEL, name) for name in ("agreement_id", "label", "basis", "measure", "goal")}
        texts = {
            name: dict(self.env[MODEL]._fields[name]._description_selection(self.env)) for name in ("basis", "measure")
        }
        new = {
            labels["agreement_id"]: self.contract.name,
            labels["label"]: "2026-Q4",
            labels["basis"]: texts["basis"]["paid_in"],
            labels["measure"]: texts["measure"]["amount"],
            labels["goal"]: 50000,
        }
        book.append(new).append(new).set(1, **{self.goal(): 1}).append({**new, labels["label"]: "2026-Q1"})
        book.append({**new, labels["label"]: "2026-13"})
        self.load(edit, book)
        # the same new row twice, and a period that does not exist
        self.assertEqual(self.counts(edit), (1, 2, 2, 2))
        self.assertEqual(edit.moved, 100000)
        edit.action_apply()
        self.assertEqual(len(self.contract.target_ids), 5)
        made = self.contract.target_ids.filtered(lambda one: one.label == "2026-Q4")
        self.assertEqual((made.basis, made.measure, made.goal), ("paid_in", "amount", 50000))
        edit.action_undo()
        self.assertEqual((edit.state, len(self.contract.target_ids)), ("undone", 3))
        self.assertEqual(self.targets.mapped("goal"), [1000, 1500, 900])
        with self.assertRaises(UserError):
            edit.action_undo()

    def test_undo_is_refused_where_a_document_moved_on(self):
        edit, book = self.export(self.targets)
        self.load(edit, book.set(1, **{self.goal(): 1100}))
        edit.action_apply()
        self.contract.action_send()
        with self.assertRaises(UserError):
            edit.action_undo()
        self.assertEqual(self.targets[0].goal, 1100)

    def test_a_row_somebody_changed_meanwhile_is_stale(self):
        edit, book = self.export(self.targets)
        self.targets[0].goal = 1111
        self.load(edit, book.set(1, **{self.goal(): 1200}).set(2, **{self.goal(): 1600}))
        self.assertEqual(self.counts(edit), (1, 0, 1, 1))
        # and once more between the preview and the press of the button: nothing of it is written
        self.targets[1].goal = 1601
        with self.assertRaises(UserError):
            edit.action_apply()
        self.assertEqual(self.targets.mapped("goal"), [1111, 1601, 900])

    def test_figures_of_the_board_make_nothing_stale(self):
        edit, book = self.export(self.targets)
        self.targets._refresh()
        self.load(edit, book.set(1, **{self.goal(): 1200}))
        self.assertEqual(self.counts(edit), (1, 0, 0, 2))

    def test_what_was_sent_is_refused_row_by_row(self):
        other = self.draft(self.shop, [("2026", 7)])
        other.action_send()
        edit, book = self.export(self.targets + other.target_ids)
        self.load(edit, book.set(1, **{self.goal(): 1200}).set(4, **{self.goal(): 8}))
        self.assertEqual(self.counts(edit), (1, 0, 1, 2))
        edit.action_apply()
        self.assertEqual((self.targets[0].goal, other.target_ids.goal), (1200, 7))

    def test_refused_rows_come_back_and_can_be_loaded(self):
        edit, book = self.export(self.targets)
        self.load(edit, book.set(1, **{self.goal(): "a lot"}).set(2, **{self.goal(): 0}))
        # no number; and a target is above 0, says the table itself
        self.assertEqual(self.counts(edit), (0, 0, 2, 1))
        with self.assertRaises(UserError):
            edit.action_apply()
        errors = Workbook(edit.error_file)
        self.assertEqual(errors.rows, 2)
        self.assertTrue(all(errors.get(row, errors.titles[-1]) for row in (1, 2)))
        again = self.env["liquor.bulk.edit"].with_user(self.clerk).create({"kind": "target"})
        self.load(again, errors.set(1, **{self.goal(): 1300}).set(2, **{self.goal(): 1350}))
        self.assertEqual((self.counts(again), again.ignored_titles), ((2, 0, 0, 0), errors.titles[-1]))
        again.action_apply()
        self.assertEqual(self.targets.mapped("goal"), [1300, 1350, 900])

    def test_the_same_sheet_again_changes_nothing(self):
        edit, book = self.export(self.targets)
        content = book.set(1, **{self.goal(): 1200}).save()
        self.load(edit, content)
        edit.action_apply()
        again = self.env["liquor.bulk.edit"].with_user(self.clerk).create({"kind": "target"})
        self.load(again, content)
        self.assertEqual(self.counts(again), (0, 0, 0, 3))
        with self.assertRaises(UserError):
            again.action_apply()

    def test_another_language_reads_the_same_sheet(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        edit, book = self.export(self.targets)
        self.load(edit.with_context(lang="fr_FR"), book.set(1, **{self.goal(): 1200}))
        self.assertEqual(self.counts(edit), (1, 0, 0, 2))

    # --- attacks ---------------------------------------------------------------------------------------------
    def test_forged_keys(self):
        edit, book = self.export(self.targets[:2])
        key = book.titles[0]
        number, version, signature = book.get(1, key).split("-")
        book.set(1, **{key: f"{self.targets[2].id}-{version}-{signature}", self.goal(): 1})
        book.set(2, **{key: f"{number}-{'0' * 16}-{'0' * 16}", self.goal(): 1})
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (0, 0, 2, 0))

    def test_key_of_another_kind_of_rows(self):
        edit, book = self.export(self.targets)
        other = self.env["liquor.bulk.edit"].with_user(self.clerk).create({"kind": "transfer"})
        with self.assertRaises(UserError):
            # not one title of it is known there
            self.load(other, tables_of([["a", "b"], ["1", "2"]]))
        keys = [[book.titles[0], self.title("liquor.terminal.transfer", "reason")], [book.get(1, book.titles[0]), "x"]]
        self.load(other, tables_of(keys))
        self.assertEqual(self.counts(other), (0, 0, 1, 0))
        self.assertEqual(edit.state, "draft")

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other Distillery"})
        theirs = self.draft(self.shop, [("2026", 7)], company_id=company.id).target_ids
        stranger = new_test_user(
            self.env, "bulk_stranger", groups="liquor_channel.group_clerk", company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.export(theirs)
        _edit, book = self.export(theirs, stranger)
        own = self.env["liquor.bulk.edit"].with_user(self.clerk).create({"kind": "target"})
        self.load(own, book.set(1, **{self.goal(): 1}))
        self.assertEqual((self.counts(own), theirs.goal), ((0, 0, 1, 0), 7))
        edit, book = self.export(self.targets)
        with self.assertRaises(AccessError):
            edit.with_user(stranger).read(["export_file"])
        # who may see both exports one company at a time
        self.clerk.company_ids += company
        companies = [self.company.id, company.id]
        both = (self.targets + theirs).with_user(self.clerk).with_context(allowed_company_ids=companies)
        with self.assertRaises(UserError):
            both.action_bulk_export()
        # a contract of the other company is found by no text
        labels = {name: self.title(MODEL, name) for name in ("agreement_id", "label", "basis", "measure", "goal")}
        theirs.agreement_id.name = "THEIRS/1"
        for contract in ("THEIRS/1", self.contract.name):
            row = [contract, "2026", "shipped", "cases", 5]
            book.append(dict(zip(labels.values(), row, strict=True)))
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (0, 1, 1, 3))

    def test_rights(self):
        edit, book = self.export(self.targets)
        self.load(edit, book.set(1, **{self.goal(): 1}))
        for user in (self.outsider, self.distributor_user):
            with self.assertRaises(AccessError):
                self.targets.with_user(user).action_bulk_export()
            for method in ("action_preview", "action_apply", "action_undo", "action_cancel", "action_open_rows"):
                with self.assertRaises(AccessError):
                    getattr(edit.with_user(user), method)()
        # finance reads targets and writes none
        for method in ("action_preview", "action_apply"):
            with self.assertRaises(AccessError):
                getattr(edit.with_user(self.finance), method)()
        self.assertEqual(self.targets[0].goal, 1000)

    def test_what_the_server_found_is_nobodys_to_write(self):
        edit, book = self.export(self.targets)
        self.load(edit, book.set(1, **{self.goal(): 1}))
        line = edit.line_ids
        for values in ({"after": {"goal": "5"}}, {"res_id": 1}, {"outcome": "new"}):
            with self.assertRaises(AccessError):
                line.write(values)
        for values in ({"state": "draft"}, {"changed_count": 0}, {"totals": {}}, {"applied_by_id": self.manager.id}):
            with self.assertRaises(AccessError):
                edit.write(values)
        with self.assertRaises(AccessError):
            self.env["liquor.bulk.edit.line"].with_user(self.clerk).create({
                "edit_id": edit.id, "company_id": self.company.id, "outcome": "changed"})  # fmt: skip

    def test_another_file_has_to_be_previewed_again(self):
        edit, book = self.export(self.targets)
        self.load(edit, book.set(1, **{self.goal(): 1200}))
        edit.write({"file": book.set(1, **{self.goal(): 9999}).save()})
        self.assertEqual((edit.state, len(edit.line_ids)), ("draft", 0))
        with self.assertRaises(UserError):
            edit.action_apply()

    def test_a_formula_is_its_result_and_a_text_is_none(self):
        edit, book = self.export(self.targets)
        # openpyxl stores a formula without a result: the cell is empty, and a target is required
        self.load(edit, book.set(1, **{self.goal(): "=1+1", self.title(MODEL, "label"): "2026-Q1"}))
        self.assertEqual(self.counts(edit), (0, 0, 1, 2))
        self.contract.distributor_id.name = "=cmd|' /C calc'!A0"
        _edit, book = self.export(self.targets)
        cell = book.sheet.cell(2, book.titles.index(self.title(MODEL, "party_id")) + 1)
        self.assertEqual((cell.data_type, cell.value), ("s", "=cmd|' /C calc'!A0"))

    def test_files_that_are_none(self):
        edit = self.env["liquor.bulk.edit"].with_user(self.clerk).create({"kind": "target"})
        with self.assertRaises(UserError):
            edit.action_preview()
        for content in (b"no workbook", b"PK\x03\x04broken", b""):
            with self.assertRaises(UserError):
                self.load(edit, base64.b64encode(content))

    def test_a_sheet_that_is_too_long(self):
        edit, book = self.export(self.targets[0])
        rows = [[book.titles[0], self.goal()]] + [["", number + 1] for number in range(10_001)]
        with self.assertRaises(UserError):
            self.load(edit, tables_of(rows))


def tables_of(rows):
    """A workbook of texts, base64."""
    return base64.b64encode(tables.write_xlsx({"x": rows}))
