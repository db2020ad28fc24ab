"""The two lanes of ``make test``: beside each other, every test once, and nothing that goes wrong is lost."""

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from tools import checks, pytest_lane
from tools.environment import lanes
from tools.environment.console import Failure
from tools.environment.settings import ROOT

# The first file of the queue waits for its last: with lanes one after the other it would wait in vain. Between them
# stands one more, since a lane takes its next file before the one it runs is over.
FIRST = """
import pathlib, time, unittest
class TestFirst(unittest.TestCase):
    def test_waits_for_the_last(self):
        until = time.monotonic() + 120
        while not pathlib.Path({mark!r}).exists():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
    def test_more(self):
        pass
"""
LAST = "import pathlib\ndef test_marks():\n    pathlib.Path({mark!r}).touch()\n"
PLAIN = "def test_plain():\n    pass\n"


@pytest.fixture
def suite(tmp_path):
    """Return ``suite(files) -> lanes``: folders ``cases`` and ``served`` of small tests, in lanes as ``make test``."""
    with patch.object(lanes, "FOLDER", tmp_path / "lanes"), patch.object(lanes, "LOGS", tmp_path):

        def made(**files):
            mark = str(tmp_path / "mark")
            plain = {"cases/test_a": FIRST, "cases/test_b": PLAIN, "cases/test_z": LAST, "served/test_s": PLAIN}
            for name, text in {**plain, **files}.items():
                path = tmp_path / f"{name}.py"
                path.parent.mkdir(exist_ok=True)
                path.write_text(text.replace("{mark!r}", repr(mark)), encoding="utf-8")
            queue = lanes.prepare()
            pytest_words = [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "no:cacheprovider"]
            pytest_words += ["-p", "tools.pytest_suite", "--import-mode=importlib", f"--rootdir={tmp_path}"]
            cases, raced = tmp_path / "cases", tmp_path / "served"
            helped = lanes.Part("cases of lane 2", [*pytest_words, "--lane-backwards", cases], queue)
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
            return [
                lanes.Lane(1, [lanes.Part("cases", [*pytest_words, cases], queue)], environment),
                lanes.Lane(2, [lanes.Part("served tests", [*pytest_words, raced]), helped], environment),
            ]

        yield made


def test_beside_each_other_and_each_test_once(suite, capfd):
    one, two = suite()
    assert lanes.run([one, two]) == 0
    seen = capfd.readouterr()
    assert "5 passed in 2 lanes." in seen.err
    ran = [[*json.loads(part.report.read_text())["tests"]] for part in (*one.parts, *two.parts)]
    assert ran == [
        ["cases/test_a.py::TestFirst::test_more", "cases/test_a.py::TestFirst::test_waits_for_the_last",
         "cases/test_b.py::test_plain"],
        ["served/test_s.py::test_plain"],
        ["cases/test_z.py::test_marks"],
    ]  # fmt: skip
    lines = seen.out.splitlines()
    assert any(line.startswith("1| ") for line in lines) and any(line.startswith("2| ") for line in lines)
    assert re.fullmatch(r"=+ 5 passed in [0-9.]+s =+", lines[-1])


def test_who_came_too_late_to_help_says_nothing(suite, capfd):
    """Its "n deselected" would be read as the end of a run without a test."""
    one, two = suite(**{"cases/test_a": PLAIN, "cases/test_z": PLAIN})
    with patch.object(lanes, "worked_off", return_value=False):
        lanes.Lane(1, one.parts, one.environment).work()
        late = lanes.Lane(2, two.parts[1:], two.environment)
        late.work()
    assert (late.parts[0].status, late.ending) == (0, [])


def test_failures_and_a_killed_lane(suite, capfd):
    """The killed one leaves a child with its output open, as a server would: nobody waits for that."""
    one, two = suite(**{
        "cases/test_b": "def test_wrong():\n    assert 'this' == 'that'\n",
        "served/test_s": "import os, subprocess\ndef test_dies():\n    child = subprocess.Popen(['sleep', '600'])\n"
        "    open({mark!r} + '.pid', 'w').write(str(child.pid))\n    os.kill(os.getpid(), 9)\n",
    })
    try:
        assert lanes.run([one, two]) == 1
    finally:
        subprocess.run(["kill", (lanes.FOLDER.parent / "mark.pid").read_text()], check=True)
    seen = capfd.readouterr()
    assert "The served tests were killed by signal 9." in seen.err
    assert "1 tests have no outcome, the first of them:\n    served/test_s.py::test_dies" in seen.err
    assert "1 failed, 3 passed in 2 lanes: NOT PASSED." in seen.err
    # what failed stands behind all progress of both lanes
    assert seen.out.index("AssertionError: assert 'this' == 'that'") > seen.out.rindex("\n2| ")


def test_nothing_to_run_and_what_cannot_be_read(suite, capfd):
    one, two = suite(**{"served/test_s": "", "cases/test_b": "import no_such_module\n"})
    assert lanes.run([one, two]) == 1
    told = capfd.readouterr().err
    assert "The served tests ended with status 5." in told
    assert "The served tests had nothing to run." in told
    assert "The cases ended with status 2." in told


def test_a_served_test_may_not_stand_in_the_queue(tmp_path):
    """Odoo's cases would end the server that it needs."""
    option = SimpleNamespace(lane_queue=tmp_path, lane_plan=None)
    item = SimpleNamespace(nodeid="tests/new/test_it.py::test_it", fixturenames=["race", "site"])
    session = SimpleNamespace(config=SimpleNamespace(option=option), items=[item])
    with pytest.raises(pytest.UsageError, match="test_it needs the served copy"):
        pytest_lane.pytest_collection_finish(session)
    option.lane_queue = None
    pytest_lane.pytest_collection_finish(session)


def test_lint_tells_it_before_that():
    assert [*checks.served()] == []
    with patch.object(checks, "SERVED", ("tests/browser",)):
        assert any(line.startswith("tests/race/test_claim_race.py:") for line in checks.served())


def part(tmp_path, name, planned, ran, status=0, queue=None):
    """Return a part that has ended, with what it planned and what it ran."""
    one = lanes.Part(name, [], queue, status)
    tmp_path.mkdir(exist_ok=True)
    one.plan.write_text(json.dumps({"tests": planned, "queue": bool(queue), "parts": 1}), encoding="utf-8")
    one.report.write_text(json.dumps({"tests": {test: {"outcome": "passed"} for test in ran}}), encoding="utf-8")
    return one


def test_what_is_missing_or_double_is_told(tmp_path):
    with patch.object(lanes, "FOLDER", tmp_path):
        queue = tmp_path
        whole = [
            part(tmp_path, "a", ["x", "y"], ["x"], queue=queue),
            part(tmp_path, "b", ["x", "y"], ["y"], queue=queue),
        ]
        assert lanes.conclude(whole)[0] == []
        lost = [whole[0], part(tmp_path, "b", ["x", "y"], [], queue=queue)]
        assert lanes.conclude(lost)[0] == ["1 tests have no outcome, the first of them:\n    y"]
        twice = [whole[0], part(tmp_path, "b", ["x", "y"], ["x", "y"], queue=queue)]
        assert lanes.conclude(twice)[0] == ["1 tests were run twice, the first of them:\n    x"]
        other = [whole[0], part(tmp_path, "b", ["y"], ["y"], queue=queue)]
        assert lanes.conclude(other)[0] == ["The lanes found different tests for the queue they share."]
        unstarted = [whole[0], part(tmp_path, "b", ["x", "y"], ["y"], status=None, queue=queue)]
        assert lanes.conclude(unstarted)[0] == ["The b did not start."]


def test_a_file_is_taken_once(tmp_path):
    assert pytest_lane.take(tmp_path, "tests/a.py cases")
    assert not pytest_lane.take(tmp_path, "tests/a.py cases")
    assert pytest_lane.take(tmp_path, "tests/a.py functions")


@pytest.mark.parametrize(
    ("processors", "arguments", "environment", "number"),
    [
        (1, [], {}, 1),
        (2, [], {}, 2),
        (16, [], {}, 2),
        (None, [], {}, 1),
        (2, ["tests/race", "-x"], {}, 1),
        (2, [], {"KEEP": "1"}, 1),
        (2, [], {"LANES": "1"}, 1),
        (2, ["-x"], {"LANES": "2"}, 1),
        (1, [], {"LANES": "2"}, 1),
    ],
)
def test_how_many(processors, arguments, environment, number):
    with patch.dict(os.environ, environment), patch("os.cpu_count", return_value=processors):
        for name in {"KEEP", "LANES"} - set(environment):
            os.environ.pop(name, None)
        assert lanes.number(arguments) == number


def test_no_number_of_lanes():
    for text in ("0", "two", "-1"):
        with patch.dict(os.environ, {"LANES": text}), pytest.raises(Failure, match="no number of lanes"):
            lanes.processors()
