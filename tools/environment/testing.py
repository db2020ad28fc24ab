"""Runs the tests: engines without a database, everything else on copies of the template database."""

import os
import subprocess
from collections.abc import Sequence

from . import cluster, databases, lanes, served
from .configuration import write_configuration
from .console import Failure, say
from .python_env import PYTHON
from .settings import (
    ADDONS,
    RACE_DATABASE,
    ROOT,
    RUN,
    SCALE_DATABASE,
    SECOND_DATABASE,
    SUITE,
    TEST_DATABASE,
    addon_sources,
    fingerprint,
    read_state,
    write_state,
)

HEAVY = ("load", "fault", "external", "story")
MODULES = (*SUITE, "test_liquor")


def engine(arguments: Sequence[str]) -> int:
    """Run the engines' tests (``test_engine_*.py``) without a database and return pytest's status."""
    files = [str(path) for path in sorted(ADDONS.glob("*/tests/**/test_engine_*.py"))]
    words = ["-p", "no:odoo", "-p", "tools.pytest_engine", *(arguments or files)]
    return run_pytest(words)


def suite(arguments: Sequence[str], *, full: bool) -> int:
    """Run the tests and return pytest's status; ``full`` adds the heavy marks and writes a JSON report.

    The full run measures, so it has the machine for itself: one lane.
    """
    ensure_database()
    served.copy(TEST_DATABASE, RACE_DATABASE)
    served.copy(TEST_DATABASE, SCALE_DATABASE)
    if full:
        return run_pytest([*odoo_options(), f"--liquor-report={RUN / 'test-full.json'}", *arguments])
    light = ["-m", " and ".join(f"not {mark}" for mark in HEAVY), "--ignore=tests/lint"]
    if lanes.number(arguments) == 1:
        return run_pytest([*odoo_options(), *light, *arguments])
    served.copy(TEST_DATABASE, SECOND_DATABASE)
    return lanes.run(_lanes(light))


def _lanes(light: Sequence[str]) -> list[lanes.Lane]:
    """Return the two lanes: Odoo's cases; the served tests, then what cases are left, on a database of their own."""
    queue, environment = lanes.prepare(), pytest_environment()
    cases = [PYTHON, "-m", "pytest", *light, *(f"--ignore={folder}" for folder in lanes.SERVED)]
    raced = [PYTHON, "-m", "pytest", "-p", "no:odoo", "-p", "tools.pytest_suite", *light, *lanes.SERVED]
    first = lanes.Part("cases", [*cases, *odoo_options()], queue)
    second = lanes.Part("cases of lane 2", [*cases, *odoo_options(SECOND_DATABASE), "--lane-backwards"], queue)
    say("Running the tests in two lanes ...")
    return [
        lanes.Lane(1, [first], environment),
        lanes.Lane(2, [lanes.Part("served tests", raced), second], environment),
    ]


def odoo_options(database: str = TEST_DATABASE) -> list[str]:
    """Return the options with which pytest-odoo runs on a test database, with a web server."""
    # No limit of memory: the browser that a test starts would inherit it, and Chromium does not start below one.
    values = {"db_name": database, "dbfilter": f"^{database}$", "http_port": 8069, "limit_memory_hard": 0}
    configuration = write_configuration(RUN / f"{database}.conf", **values)
    words = [f"--odoo-config={configuration}", f"--odoo-database={database}", "--odoo-http"]
    return [*words, "-p", "tools.pytest_suite"]


def ensure_database() -> None:
    """Have a test database with the add-ons as they are now (``KEEP=1`` trusts the one that is there)."""
    wanted = fingerprint(*addon_sources())
    present = databases.exists(TEST_DATABASE)
    if present and (os.environ.get("KEEP") or read_state("test_database").get("sources") == wanted):
        return
    write_state("test_database", {})
    databases.ensure_suite(TEST_DATABASE, MODULES)
    write_state("test_database", {"sources": wanted})


def pytest_environment() -> dict[str, str]:
    """Return the variables of a pytest run: they reach the cluster and the real data."""
    environment = {**os.environ, **cluster.environment(), "PYTHONPATH": str(ROOT)}
    environment.setdefault("LIQUOR_DATA", str(ROOT.parent / "shared" / "data"))
    return environment


def run_pytest(words: Sequence[str]) -> int:
    """Run pytest with the variables that reach the cluster and return its status.

    :raises Failure: when no test was collected
    """
    say("Running the tests ...")
    done = subprocess.run([PYTHON, "-m", "pytest", *words], cwd=ROOT, env=pytest_environment(), check=False)
    if done.returncode == 5:
        raise Failure("No test was found by that choice.")
    return done.returncode
