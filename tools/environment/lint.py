"""Lint: style, Odoo idioms and our own rules without a database; Odoo's own linters and translations with one."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import lanes, odoo_source, testing
from .console import say
from .python_env import PYTHON, VENV
from .settings import ADDONS, ROOT

# The texts of the add-ons are the fragments in readme/, from which a catalogue makes its page; a test of an engine
# imports it as its callers do.
UNWANTED = "missing-readme,odoo-addons-relative-import"
CAPTURE = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}


def static() -> int:
    """Run every check that needs no database and return 1 when one of them found something."""
    return _tell(_check())


def whole(arguments: Sequence[str]) -> int:
    """Run :func:`static`, and beside it Odoo's own linters narrowed to our add-ons and the translation check.

    Both take about as long, and the second waits for a database to be made where there is none. What the first found
    is told at the end.
    """
    if lanes.processors() == 1:
        status = static()
        return _with_database(arguments) or status
    with ThreadPoolExecutor(max_workers=1) as beside:
        checked = beside.submit(_check)
        try:
            status = _with_database(arguments)
        finally:
            found = _tell(checked.result())
    return status or found


def _with_database(arguments: Sequence[str]) -> int:
    testing.ensure_database()
    return testing.run_pytest([*testing.odoo_options(), "tests/lint", "--quiet", *arguments])


def _check() -> dict[str, tuple[bool, str]]:
    """Run every check without a database, as many at once as processors: name -> whether it passed, what it said."""
    modules = sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))
    checks: dict[str, Callable[[], tuple[bool, str]]] = {
        "pylint-odoo": _command(PYTHON, "-m", "pylint", "--rcfile=.pylintrc", f"--disable={UNWANTED}", *modules),
        "ruff check": _command(VENV / "bin/ruff", "check", "."),
        "ruff format": _command(VENV / "bin/ruff", "format", "--check", "."),
        "our own rules": _command(PYTHON, "-m", "tools.checks"),
        "OCA checks": _command(VENV / "bin/oca-checks-odoo-module", *modules),
        "odoo upgrade_code": _no_old_idiom,
    }
    say(f"Lint: {', '.join(checks)} ...")
    with ThreadPoolExecutor(max_workers=lanes.processors()) as pool:
        return dict(zip(checks, pool.map(lambda check: check(), checks.values()), strict=True))


def _tell(checked: dict[str, tuple[bool, str]]) -> int:
    """Show what each check said, name those that found something, and return the status."""
    for name, (passed, text) in checked.items():
        if text.strip():
            sys.stdout.write(f"---- {name}{'' if passed else ' FOUND SOMETHING'}\n{text.rstrip()}\n")
    sys.stdout.flush()
    failed = [name for name, (passed, _text) in checked.items() if not passed]
    say(f"Lint found something in: {', '.join(failed)}" if failed else "Lint found nothing without a database.")
    return 1 if failed else 0


def _command(*words: str | Path) -> Callable[[], tuple[bool, str]]:
    """Return a check that passes when the command ends with status 0."""

    def check() -> tuple[bool, str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([str(word) for word in words], cwd=ROOT, env=environment, check=False, **CAPTURE)
        return done.returncode == 0, done.stdout

    return check


def _no_old_idiom() -> tuple[bool, str]:
    """Tell whether Odoo's own code upgrader would leave our add-ons alone (it must list no file)."""
    paths = ",".join(map(str, [*odoo_source.addon_paths(), ADDONS]))
    words = [PYTHON, "-m", "odoo", "upgrade_code", "--dry-run", "--from", "17.0", "--addons-path", paths]
    # The glob keeps it to our tree; Odoo's own is on the path only so that manifests resolve.
    done = subprocess.run([*words, "--glob", "liquor_*/**/*"], capture_output=True, text=True, check=False, cwd=ROOT)
    listed = [f"old idiom: {line}" for line in done.stdout.splitlines() if str(ADDONS) in line]
    ran = done.returncode in (0, 1)
    return ran and not listed, "\n".join([*listed, *([] if ran else [done.stderr[-2000:]])])
