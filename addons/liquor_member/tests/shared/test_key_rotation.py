import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...engine.shared.key_ring import create_file, rotate_file
from ...tools.secrets_box import box


@tagged("post_install", "-at_install")
class TestKeyRotation(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.path = Path(folder) / "keys.json"
        create_file(cls.path)
        cls.enterClassContext(patch.dict(os.environ, {"LIQUOR_KEY_FILE": str(cls.path)}))
        cls.Rotation = cls.env["liquor.key.rotation"]
        # what other tests left in this database was sealed by another ring
        for model, column, _name in cls.Rotation._get_columns():
            cls.env.cr.execute(f"UPDATE {cls.env[model]._table} SET {column} = NULL")  # pylint: disable=E8103
        cls.env.invalidate_all()
        cls.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
        cls.messages = cls.env["liquor.outbound"]
        cls.env["ir.config_parameter"].set_param("liquor.outbound.sms", False)
        for number in range(5):
            values = {"code": f"00000{number}", "minutes": 5}
            cls.messages |= cls.messages._send(
                "sms", f"+861380013800{number}", "phone_code", values, f"rotation/{number}", company=cls.env.company
            )

    def rotate(self, batch=2):
        action = self.env.ref("liquor_member.liquor_key_rotation_action").run()
        run = self.env["liquor.run"].browse(action["res_id"])
        run.parameters = {"batch": batch}
        with self.enter_registry_test_mode():
            self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
        return run

    def test_all_values_get_the_newest_key(self):
        self.assertEqual(self.Rotation._count_waiting(), 0)
        rotate_file(self.path)
        self.assertEqual(self.Rotation._count_waiting(), 5)
        run = self.rotate()
        self.assertEqual((run.state, run.total, run.done, run.error_count), ("done", 5, 5, 0))
        self.assertEqual(self.Rotation._count_waiting(), 0)
        for number, message in enumerate(self.messages):
            self.assertFalse(box().is_outdated(message.sealed))
            self.assertEqual(message._open_content()["values"]["code"], f"00000{number}")

    def test_values_that_no_key_opens_are_named(self):
        rotate_file(self.path)
        self.messages[1].sealed = self.messages[0].sealed
        run = self.rotate()
        self.assertEqual((run.state, run.done, run.error_count), ("done", 5, 1))
        self.assertEqual(run.error_ids.line, self.messages[1].id)
        self.assertEqual(self.Rotation._count_waiting(), 1)

    def test_columns_exist(self):
        for model, column, _name in self.Rotation._get_columns():
            self.assertTrue(self.env[model]._fields[column].store, (model, column))
