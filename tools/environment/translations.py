"""Translation templates and the Chinese files, exported by Odoo and merged by gettext."""

from pathlib import Path

from . import testing
from .configuration import ODOO_COMMAND, write_configuration
from .console import run, say
from .settings import ADDONS, LOGS, SUITE, TEST_DATABASE

LOG = LOGS / "translations.log"
# Which day a template was made says nothing about its content and would change it on every export.
VOLATILE = ('"POT-Creation-Date:', '"PO-Revision-Date:')


def export(module: str, target: Path) -> None:
    """Write the template of ``module``, as the installed add-on has it, to ``target`` (a .pot file)."""
    configuration = write_configuration()
    draft = target.with_suffix(".po")
    command = [*ODOO_COMMAND, "i18n", "export", "-c", configuration, "-d", TEST_DATABASE, "-l", "pot", "-o", draft]
    run([*command, module], log=LOG)
    lines = draft.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(line for line in lines if not line.startswith(VOLATILE)), encoding="utf-8")
    draft.unlink()


def update() -> int:
    """Renew ``<addon>.pot`` and ``zh_CN.po`` of the suite; entries that are still empty are counted."""
    testing.ensure_database()
    for module in SUITE:
        folder = ADDONS / module / "i18n"
        folder.mkdir(exist_ok=True)
        template, chinese = folder / f"{module}.pot", folder / "zh_CN.po"
        export(module, template)
        if not chinese.exists():
            run(["msginit", "--no-translator", "-l", "zh_CN.UTF-8", "-i", template, "-o", chinese], log=LOG)
        flags = ["--no-fuzzy-matching", "--backup=none", "--quiet", "--update"]
        run(["msgmerge", *flags, chinese, template], log=LOG)
        run(["msgattrib", "--no-obsolete", "-o", chinese, chinese], log=LOG)
        empty = run(["msgattrib", "--untranslated", chinese], log=LOG).count("\nmsgid ")
        say(f"{module}: {max(0, empty - 1)} entries without Chinese in {chinese.name}")
    return 0
