import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from ...engine.shared.key_ring import KeyRingError, create_file, rotate_file
from ...tools import secrets_box

PLACE = ("liquor.member", 1, "phone")


@tagged("post_install", "-at_install")
class TestSecretsBox(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(patch.dict(os.environ))
        os.environ.pop("LIQUOR_KEY_FILE", None)

    def test_made_in_the_data_folder_when_nobody_names_one(self):
        options = {"data_dir": str(self.folder), "liquor_key_file": ""}
        with patch.dict(config.options, options), self.assertLogs(secrets_box.__name__) as logs:
            ring = secrets_box.box()
        self.assertIn("liquor_keys.json", logs.output[0])
        self.assertEqual((self.folder / "liquor_keys.json").stat().st_mode & 0o777, 0o600)
        with patch.dict(config.options, options):
            self.assertIs(secrets_box.box(), ring)

    def test_named_file_is_never_made_in_silence(self):
        path = self.folder / "named.json"
        os.environ["LIQUOR_KEY_FILE"] = str(path)
        with self.assertRaises(KeyRingError):
            secrets_box.box()
        self.assertFalse(path.exists())

    def test_configuration_names_the_file(self):
        path = self.folder / "configured.json"
        create_file(path)
        with patch.dict(config.options, {"liquor_key_file": str(path)}):
            self.assertEqual(secrets_box.key_file(), (path, True))
            self.assertEqual(secrets_box.box().current, 1)

    def test_rotation_is_noticed(self):
        path = self.folder / "keys.json"
        create_file(path)
        os.environ["LIQUOR_KEY_FILE"] = str(path)
        token = secrets_box.box().encrypt("138", PLACE)
        rotate_file(path)
        self.assertEqual(secrets_box.box().current, 2)
        self.assertEqual(secrets_box.box().decrypt(token, PLACE), "138")
