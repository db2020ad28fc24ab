"""Lint: style, Odoo idioms and our own rules without a database; Odoo's own linters and translations with one."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import odoo_source, testing
from .console import say
from .python_env import PYTHON, VENV
from .settings import ADDONS, ROOT

# The texts of the add-ons are the fragments in readme/, from which a catalogue makes its page; a test of an engine
# imports it as its callers do.
UNWANTED = "missing-readme,odoo-addons-relative-import"


def static() -> int:
    """Run every check that needs no database and return 1 when one of them found something."""
    modules = sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))
    checks = {
        "ruff check": [VENV / "bin/ruff", "check", "."],
        "ruff format": [VENV / "bin/ruff", "format", "--check", "."],
        "our own rules": [PYTHON, "-m", "tools.checks"],
        "pylint-odoo": [PYTHON, "-m", "pylint", "--rcfile=.pylintrc", f"--disable={UNWANTED}", *modules],
        "OCA checks": [VENV / "bin/oca-checks-odoo-module", *modules],
    }
    failed = [name for name, words in checks.items() if not _passes(name, words)]
    if not _no_old_idiom():
        failed.append("odoo upgrade_code")
    say(f"Lint found something in: {', '.join(failed)}" if failed else "Lint found nothing.")
    return 1 if failed else 0


def whole(arguments: Sequence[str]) -> int:
    """Run :func:`static`, then Odoo's own linters narrowed to our add-ons and the translation check."""
    status = static()
    testing.ensure_database()
    return testing.run_pytest([*testing.odoo_options(), "tests/lint", "--quiet", *arguments]) or status


def _passes(name: str, words: Sequence[str | Path]) -> bool:
    say(f"Lint: {name} ...")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([str(word) for word in words], cwd=ROOT, env=environment, check=False)
    return done.returncode == 0


def _no_old_idiom() -> bool:
    """Tell whether Odoo's own code upgrader would leave our add-ons alone (it must list no file)."""
    say("Lint: odoo upgrade_code ...")
    paths = ",".join(map(str, [*odoo_source.addon_paths(), ADDONS]))
    words = [PYTHON, "-m", "odoo", "upgrade_code", "--dry-run", "--from", "17.0", "--addons-path", paths]
    # The glob keeps it to our tree; Odoo's own is on the path only so that manifests resolve.
    done = subprocess.run([*words, "--glob", "liquor_*/**/*"], capture_output=True, text=True, check=False, cwd=ROOT)
    listed = [line for line in done.stdout.splitlines() if str(ADDONS) in line]
    for line in listed:
        say(f"old idiom: {line}")
    if done.returncode not in (0, 1):
        say(done.stderr[-2000:])
    return not listed and done.returncode in (0, 1)
