from datetime import timedelta

from psycopg2.errors import RestrictViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.tools.maintenance import maintenance

from .common import FlowCase


@tagged("post_install", "-at_install")
class TestScanEvent(FlowCase):
    """Events are proof: never changed, each with the hash of its content, sealed with the others (design.md 3.14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["liquor.scan.event"]

    def shipped(self):
        self.ship(self.pallet())
        return self.Event.search([("batch_id", "=", self.codes.id)])

    def test_refused_by_orm_and_database(self):
        event = self.shipped()
        with self.assertRaises(UserError):
            event.write({"holder_id": self.rival.id})
        with self.assertRaises(UserError):
            event.unlink()
        for statement in ("UPDATE liquor_scan_event SET bottles = 1", "DELETE FROM liquor_scan_event"):
            with (
                self.assertRaises(RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"{statement} WHERE id = %s", [event.id])

    def test_change_breaks_seal_and_hash(self):
        event = self.shipped()
        self.env.cr.execute("SELECT pg_current_xact_id()::text")
        # as if this transaction had ended: its rows are of the next seal
        above = int(self.env.cr.fetchone()[0]) + 1
        self.patch(self.registry["liquor.seal"], "_get_upper", lambda _model: above)
        seal = self.env["liquor.seal"]._seal_model(self.Event)
        self.assertEqual(seal.row_count, 1)
        self.assertEqual(self.env["liquor.seal"]._verify(), [])
        self.assertEqual(event._own_hash(), {event.id: event.content_hash})
        with maintenance(self.env):
            self.env.cr.execute("UPDATE liquor_scan_event SET bottles = 1 WHERE id = %s", [event.id])
        self.env.invalidate_all()
        self.assertEqual(self.env["liquor.seal"]._verify(), [("liquor_scan_event", seal.id, "content")])
        self.assertNotEqual(event._own_hash(), {event.id: event.content_hash})


@tagged("post_install", "-at_install")
class TestTurns(FlowCase):
    """Whoever moves a package takes all its turns, whoever moves a part of it one (races: tests/race)."""

    def turns(self):
        """{(level, number): {slot: times taken}} of the batch."""
        found = {}
        for row in self.env["liquor.custody.turn"].search([("batch_id", "=", self.codes.id)]):
            found.setdefault((row.level, row.unit_index), {})[row.slot] = row.turns
        return found

    def test_package_takes_all_and_what_lies_in_it_one(self):
        whole = dict.fromkeys(range(64), 1)
        self.ship(self.pallet())
        self.assertEqual(self.turns(), {(360, 0): whole})
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(3)), "accepted")
        six = dict.fromkeys(range(6), 1)
        self.assertEqual(self.turns(), {(360, 0): whole | {3: 2}, (6, 3): six})
        # the fourth bottle of the case is number 21 of the pallet
        self.assertAnswer(self.one(self.shop_user, "sell", self.codes._code("cap_outer", 21)), "accepted")
        self.assertEqual(self.turns(), {(360, 0): whole | {3: 2, 21: 2}, (6, 3): six | {3: 2}, (1, 21): {0: 1}})
        self.ship(self.pallet(1))
        self.assertEqual(self.turns()[360, 1], whole)

    def test_cases_side_by_side_share_none(self):
        for number in range(60):
            self.ship(self.case(number))
        self.assertEqual(self.turns()[360, 0], dict.fromkeys(range(60), 1))

    def test_what_moves_nothing_takes_none(self):
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "held", "not_shipped")
        self.assertAnswer(self.one(self.shop_user, "count", self.case()), "accepted")
        self.assertEqual(self.turns(), {})

    def test_undo_takes_them_again(self):
        answer = self.one(self.warehouse, "ship", self.pallet(), to="D001")
        self.one(self.warehouse, "void", undo_of=answer["id"])
        self.assertEqual(self.turns(), {(360, 0): dict.fromkeys(range(64), 2)})

    def test_linked_case_takes_one_of_its_package(self):
        batch = self.codes
        self.env["liquor.code.link"]._store([[
            self.company.id, batch.id, 6, 3, batch.id, 360, 1, "line", fields.Datetime.now() - timedelta(hours=3),
            "upload", "L1", self.env.uid,
        ]])  # fmt: skip
        # the link took the turns of the case, of the pallet that it left and of all of the one it came to
        self.assertEqual(self.turns()[360, 0], {3: 1})
        self.assertEqual(len(self.turns()[360, 1]), 64)
        self.env.cr.execute("DELETE FROM liquor_custody_turn")
        self.env.invalidate_all()
        self.ship(self.case(3))
        self.ship(self.case(4))
        self.assertEqual(
            {unit: slots for unit, slots in self.turns().items() if unit[0] == 360},
            {(360, 1): {3: 1}, (360, 0): {4: 1}},
        )

    def test_forgotten_after_two_days(self):
        self.ship(self.pallet())
        self.ship(self.pallet(1))
        self.env.cr.execute(
            "UPDATE liquor_custody_turn SET taken_at = taken_at - interval '49 hours' WHERE unit_index = 0"
        )
        # the transaction's clock is not the frozen one
        self.patch(fields.Datetime, "now", staticmethod(self.env.cr.now))
        self.env["liquor.custody.turn"]._gc_turns()
        self.env.invalidate_all()
        self.assertEqual(set(self.turns()), {(360, 1)})
