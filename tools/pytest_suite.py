"""pytest plugin: a skip that is not listed with a reason fails the run; ``--liquor-report`` writes JSON."""

import json
import time
import unittest
from pathlib import Path

import pytest

from . import hypothesis_profile

ALLOWED = Path(__file__).resolve().parents[1] / "tests" / "allowed_skips.txt"


def pytest_addoption(parser) -> None:
    """Add the option for the report file."""
    parser.addoption("--liquor-report", help="Write outcome and seconds of every test to this JSON file")


def allowed_skips() -> dict[str, str]:
    """Return test id (or its beginning) -> reason, from lines ``id | reason``."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines() if ALLOWED.exists() else []
    pairs = [line.split("|", 1) for line in lines if line.strip() and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, reason in pairs}


class Watch:
    """Collects outcomes, and the skips that nobody allowed."""

    def __init__(self, report: str | None):
        self.report, self.begun = report, time.time()
        self.allowed, self.outcomes, self.unexpected = allowed_skips(), {}, []

    def pytest_runtest_logreport(self, report) -> None:
        """Note one phase of one test."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid] = {"outcome": report.outcome, "seconds": round(report.duration, 3)}
        if report.skipped and not any(report.nodeid.startswith(name) for name in self.allowed):
            self.unexpected.append(report.nodeid)

    def pytest_sessionfinish(self, session) -> None:
        """Fail the run on an unexpected skip, and write the report."""
        if self.unexpected and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.report:
            content = {"begun": self.begun, "ended": time.time(), "tests": self.outcomes}
            Path(self.report).write_text(json.dumps(content, indent=1), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Name the unexpected skips before pytest's own last line."""
        for name in self.unexpected:
            terminalreporter.write_line(f"SKIPPED WITHOUT A REASON in tests/allowed_skips.txt: {name}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items) -> None:
    """Run Odoo's test cases first: each class of them ends with ending every child process, a served copy too."""
    items.sort(key=lambda item: not issubclass(getattr(item, "cls", None) or object, unittest.TestCase))


def pytest_configure(config) -> None:
    """Start watching."""
    hypothesis_profile.load()
    config.pluginmanager.register(Watch(config.getoption("--liquor-report")), "liquor_watch")
