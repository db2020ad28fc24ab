"""``make lint``: checks beside each other, and a finding of any of them fails, whatever the others say."""

import sys
from unittest.mock import patch

import pytest
from tools.environment import lint
from tools.environment.console import Failure

GOOD, BAD = {"ruff check": (True, "")}, {"ruff check": (True, ""), "our own rules": (False, "x.py:1: too long")}


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize(("checked", "with_database", "status"), [(GOOD, 0, 0), (BAD, 0, 1), (GOOD, 1, 1), (BAD, 2, 2)])
def test_a_finding_of_either_half_fails(processors, checked, with_database, status, capfd):
    with (
        patch("os.cpu_count", return_value=processors),
        patch.object(lint, "_check", return_value=checked),
        patch.object(lint, "_with_database", return_value=with_database),
    ):
        assert lint.whole([]) == status
    seen = capfd.readouterr()
    assert ("our own rules FOUND SOMETHING\nx.py:1: too long" in seen.out) == (checked is BAD)
    assert ("found something in: our own rules" in seen.err) == (checked is BAD)


def test_findings_are_told_though_there_is_no_database(capfd):
    with (
        patch("os.cpu_count", return_value=2),
        patch.object(lint, "_check", return_value=BAD),
        patch.object(lint, "_with_database", side_effect=Failure("no database")),
        pytest.raises(Failure, match="no database"),
    ):
        lint.whole([])
    assert "x.py:1: too long" in capfd.readouterr().out


def test_what_a_command_says_and_how_it_ends():
    program = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit({})"
    assert lint._command(sys.executable, "-c", program.format(0))() == (True, "out\nerr\n")
    passed, text = lint._command(sys.executable, "-c", program.format(3))()
    assert not passed and "err" in text
