"""``make demo-real`` as a whole, on a database of its own: every total ties to the cent."""

import os

import pytest
from tools.environment import databases, real_data
from tools.environment.settings import REAL_DATABASE

pytestmark = [pytest.mark.external, pytest.mark.load]


@pytest.fixture
def real_database(data_folder, monkeypatch):
    monkeypatch.setenv("LIQUOR_DATA", str(data_folder))
    yield os.environ["LIQUOR_DATA"]
    databases.drop(REAL_DATABASE)


def test_every_total_ties(real_database, capfd):
    """11,748,059.26 of the town (twelve returns in it) and 595 other returns: 11,644,781.83 over 65,135 lines."""
    status = real_data.load([])
    text = capfd.readouterr().out
    assert status == 0, text[-3000:]
    assert "BAD" not in text
    sums = next(line for line in text.splitlines() if "sum of all bases" in line)
    assert sums.split()[-1] == "11644781.83"
    assert len(list((real_data.TARGET / "statements").glob("*.xlsx"))) == 359
