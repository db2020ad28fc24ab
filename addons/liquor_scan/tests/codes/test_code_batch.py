import random

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...engine.codes.cipher import ALPHABET
from ..common import ScanCase


@tagged("post_install", "-at_install")
class TestCodeBatch(ScanCase):
    def locate(self, *texts):
        return self.env["liquor.code.batch"]._locate(texts)

    def test_each_of_the_five_codes_names_the_same_bottle(self):
        """S1. Bottle 725 is in case 120 (720-725) and pallet 2 (720-1079)."""
        batch = self.batch(1080)
        units = {"cap_inner": 725, "cap_outer": 725, "case_inner": 120, "case_outer": 120, "pallet": 2}
        for kind, index in units.items():
            text = batch._code(kind, index)
            unit = self.locate(text)[text]
            self.assertEqual((unit.batch, unit.kind, unit.index, unit.state), (batch, kind, index, "active"))
            self.assertIn(725, range(unit.first, unit.last + 1))
            family = batch._family(kind, index)
            self.assertIn(725, family["cap_inner"])
            self.assertEqual({other: units[other] in family[other] for other in units}, dict.fromkeys(units, True))

    def test_a_code_is_valid_only_where_it_was_activated(self):
        batch = self.batch(720, active=False)
        spans = self.env["liquor.code.range"]
        text, case = batch._code("cap_inner", 100), batch._code("case_outer", 16)  # bottles 96-101
        self.assertEqual(self.locate(text)[text].state, "inactive")
        spans._book(batch, "active", 0, 99)
        self.assertEqual(self.locate(text)[text].state, "inactive")
        spans._book(batch, "active", 100, 719)
        self.assertEqual(self.locate(text, case)[text].state, "active")
        self.assertEqual((batch.active_bottles, batch.state), (720, "active"))
        spans._book(batch, "void", 101, 101, reason="torn")
        found = self.locate(text, case)
        self.assertEqual((found[text].state, found[case].state), ("active", "void"))
        self.assertEqual((batch.active_bottles, batch.state), (719, "part"))

    def test_the_same_roll_is_not_booked_twice(self):
        batch = self.batch()
        with self.assertRaisesRegex(UserError, "booked before"):
            self.env["liquor.code.range"]._book(batch, "active", 719, 719, kind="pallet")

    def test_beyond_what_was_issued_nothing_is_found(self):
        batch = self.batch(720)
        book = self.env["liquor.code.key"]._code_book()
        for kind, index in (("cap_inner", 720), ("case_outer", 120), ("box", 0)):
            text = book.encode(kind, batch.number, index, batch.key_id.version)
            self.assertTrue(book.decode(text))
            self.assertFalse(self.locate(text))
        unknown = book.encode("cap_inner", batch.number + 1000, 0, batch.key_id.version)
        self.assertFalse(self.locate(unknown))

    def test_a_hundred_thousand_random_codes_cost_no_query(self):
        """Attack A1: no false accept and no query of ours; near misses of a real code included."""
        text = self.batch()._code("cap_inner", 5)
        draw = random.Random(7)
        batches = self.env["liquor.code.batch"]
        texts = [text[:5] + "".join(draw.choices(ALPHABET, k=12)) for _ in range(100_000)]
        texts += [text[:-1] + letter for letter in ALPHABET if letter != text[-1]] + ["", "x", "../../etc", "1" * 500]
        with self.assertQueryCount(0):
            self.assertEqual(sum(bool(batches._resolve(guess)) for guess in texts), 0)
            self.assertEqual(batches._locate(texts[-40:]), {})

    def test_many_codes_cost_as_many_queries_as_one(self):
        batch = self.batch()
        texts = [batch._code("cap_inner", index) for index in range(200)]
        self.locate(*texts)
        counts = []
        for chosen in (texts[:1], texts):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.locate(*chosen)), len(chosen))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_range_stays_inside_its_batch_and_as_it_was_booked(self):
        batch = self.batch(720, active=False)
        spans = self.env["liquor.code.range"]
        with self.assertRaises(ValidationError):
            spans._book(batch, "active", 0, 720)
        span = spans._book(batch, "active", 0, 719)
        with self.assertRaises(UserError):
            span.write({"last": 5})
        with self.assertRaises(UserError):
            span.unlink()

    def test_the_wizard_activates_between_two_scanned_codes(self):
        batch = self.batch(720, active=False)
        wizard = self.env["liquor.code.range.wizard"].create({
            "batch_id": batch.id,
            "whole": False,
            "first_code": f"https://q7.cn/b/{batch._code('case_outer', 2)}",
            "last_code": batch._code("case_outer", 4).lower(),
            "roll": "R-7",
        })
        wizard.action_book()
        span = batch.range_ids
        self.assertEqual((span.first, span.last, span.bottles, span.roll), (12, 29, 18, "R-7"))

    def test_the_warehouse_activates_and_the_office_does_not(self):
        batch = self.batch(720, active=False)
        wizards = self.env["liquor.code.range.wizard"]
        wizards.with_user(self.user("codes_warehouse", "group_warehouse")).create({"batch_id": batch.id}).action_book()
        self.assertEqual(batch.state, "active")
        with self.assertRaises(AccessError):
            wizards.with_user(self.user("codes_officer", "group_case_officer")).create({"batch_id": batch.id})

    def test_the_wizard_tells_nothing_of_another_company(self):
        """Neither how many bottles a batch has, nor by its name which one a code belongs to."""
        batch = self.batch(720)
        other = self.env["res.company"].create({"name": "Other maker"})
        user = self.user("codes_other", "group_warehouse")
        user.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        wizards = self.env["liquor.code.range.wizard"].with_user(user).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            guess = wizards.create({"batch_id": batch.id, "whole": False, "first_code": batch._code("case_outer", 2)})
            guess.flush_recordset()
        wizard = wizards.create({"batch_id": batch.id})
        self.assertEqual((wizard.first, wizard.last), (0, 0))
        for read in (lambda: wizard.read(["bottles"]), wizard.action_book):
            wizard.invalidate_recordset()
            with self.assertRaises(AccessError):
                read()
        card = self.env["liquor.unit.card"].with_user(user).with_context(allowed_company_ids=other.ids)
        shown = card.create({"name": batch._code("case_outer", 0)}).action_open_events()
        self.assertEqual(shown["domain"], [("id", "in", [])])

    def test_orders_are_issued_and_cancelled_by_managers_only(self):
        order = self.order(720)
        by_warehouse = order.with_user(self.user("orders_warehouse", "group_warehouse"))
        for action in ("action_issue", "action_cancel", "action_link"):
            with self.assertRaises(AccessError, msg=action):
                getattr(by_warehouse, action)()
        forged = self.env["liquor.print.order"].with_user(self.user("orders_manager", "group_scan_manager"))
        draft = forged.with_context(default_state="issued", default_password_salt="00").create({
            "supplier_id": self.printer.id, "product_id": self.product.id, "scheme_id": self.scheme.id, "sha256": "0",
            "company_id": self.company.id,
        })  # fmt: skip
        self.assertEqual((draft.state, draft.password_salt, draft.sha256), ("draft", False, False))

    def test_void_needs_a_reason(self):
        wizard = self.env["liquor.code.range.wizard"].create({"batch_id": self.batch().id, "state": "void"})
        with self.assertRaisesRegex(UserError, "why"):
            wizard.action_book()

    def test_a_used_scheme_is_frozen(self):
        scheme = self.scheme.copy({"company_id": self.company.id})
        self.order(scheme_id=scheme.id)
        with self.assertRaises(UserError):
            scheme.level_ids[0].bottles = 2
        with self.assertRaises(UserError):
            scheme.level_ids[0].unlink()
        self.assertEqual(scheme.copy().level_ids.mapped("bottles"), [1, 1, 6, 6, 360])

    def test_an_impossible_scheme_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["liquor.code.scheme"].create({
                "name": "x",
                "level_ids": [
                    Command.create({"kind": kind, "bottles": bottles})
                    for kind, bottles in (("cap_inner", 1), ("box", 4), ("pallet", 6))
                ],
            })
