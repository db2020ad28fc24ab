"""The template of every add-on is up to date, and its Chinese is complete."""

import tempfile
from pathlib import Path

import polib
from tools.environment import translations
from tools.environment.settings import SUITE

from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged


def _folder(module: str) -> Path:
    return Path(Manifest.for_addon(module).path) / "i18n"


def _keys(path: Path) -> set[tuple]:
    return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))}


@tagged("post_install", "-at_install")
class TestTranslations(BaseCase):
    def test_template_is_what_the_code_says(self):
        for module in SUITE:
            with self.subTest(module=module), tempfile.TemporaryDirectory() as folder:
                fresh = Path(folder) / f"{module}.pot"
                translations.export(module, fresh)
                wanted = _keys(fresh)
                stored = _keys(_folder(module) / f"{module}.pot")
                self.assertEqual(sorted(wanted - stored), [], "make translations: not yet in the template")
                self.assertEqual(sorted(stored - wanted), [], "make translations: no longer in the code")

    def test_chinese_is_complete(self):
        for module in SUITE:
            with self.subTest(module=module):
                template = polib.pofile(str(_folder(module) / f"{module}.pot"))
                chinese = polib.pofile(str(_folder(module) / "zh_CN.po"))
                translated = {entry.msgid for entry in chinese if entry.msgstr.strip() and not entry.fuzzy}
                missing = [entry.msgid for entry in template if entry.msgid not in translated]
                self.assertEqual(missing, [], f"{len(missing)} entries without Chinese")
                self.assertEqual([entry.msgid for entry in chinese if entry.fuzzy], [], "fuzzy entries")
