"""What an earlier release left of stopped rolls, planted: the update writes the rows that say so."""

import importlib.util
from datetime import datetime
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..flow.common import FlowCase

SCRIPT = Path(__file__).parents[2] / "migrations" / "19.0.2.0.0" / "post-stops.py"
CHECKED, RELEASED = datetime(2026, 3, 2, 6), datetime(2026, 3, 5, 8)


def load():
    """The script, as Odoo loads it."""
    spec = importlib.util.spec_from_file_location("liquor_scan_post_stops", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestMigration(FlowCase):
    """An earlier release kept the stop in the check and its cases: one stopped, one released, two untouched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user("migration_manager", "group_scan_manager")

    def plant(self, name, first, state, *faults, **values):
        """A check as the earlier release wrote it, by SQL: its guards and rows of stops came with this one."""
        check = self.env["liquor.packing.check"].create({
            "name": name, "batch_id": self.codes.id, "first": first, "last": first + 179,
        })  # fmt: skip
        for number, fault in enumerate(faults):
            self.env["liquor.packing.check.case"].create({
                "check_id": check.id,
                "case_index": first // 6 + number,
                "scanned": 6,
                "fault": fault,
                "user_id": self.warehouse.id,
                "checked_at": CHECKED.replace(hour=6 + number),
            })
        columns = {"state": state, "checked_count": len(faults), **values}
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE liquor_packing_check SET {', '.join(f'{name} = %s' for name in columns)} WHERE id = %s",
            [*columns.values(), check.id],
        )
        self.env.invalidate_all()
        return check

    def rows(self, *checks):
        return [
            (row.check_id.name, row.kind, row.fault or row.reason, row.user_id, row.event_time, row.first, row.last)
            for check in checks
            for row in check.stop_ids.sorted("id")
        ]

    def test_each_stop_and_release_of_before_has_its_row_once(self):
        checks = [
            self.plant("open", 1, "open", None),
            self.plant("stopped", 181, "stopped", None, "wrong_unit", "same_twice"),
            self.plant("released", 361, "released", "wrong_count", released_by_id=self.manager.id,
                       released_at=RELEASED, release_reason="标签机校准"),
            self.plant("passed", 541, "passed", None, None),
        ]  # fmt: skip
        self.assertEqual(self.rows(*checks), [])
        for _round in range(2):
            load().migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(
                self.rows(*checks),
                [
                    ("stopped", "stopped", "wrong_unit", self.warehouse, CHECKED.replace(hour=7), 181, 360),
                    ("released", "stopped", "wrong_count", self.warehouse, CHECKED, 361, 540),
                    ("released", "released", "标签机校准", self.manager, RELEASED, 361, 540),
                ],
            )
        stops = self.env["liquor.packing.stop"].search([("check_id", "in", [check.id for check in checks])])
        self.assertEqual(stops.company_id, self.company)
        with self.assertRaises(UserError):
            stops[0].sudo().write({"reason": "x"})
        # the stop of before is a gate like one of today, and what was released leaves
        answers = [self.one(self.warehouse, "ship", self.case(case), to="D001")["reason"] for case in (31, 61)]
        self.assertEqual(answers, ["roll_stopped", ""])

    def test_stops_of_this_release_are_left_alone(self):
        check = self.plant("new", 1, "open")
        check.with_user(self.warehouse)._sample(self.case(0), [self.codes._code("cap_outer", 0)])
        self.assertEqual(len(check.stop_ids), 1)
        load().migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(len(check.stop_ids), 1)
