"""Where the real data lies; without it these tests are skipped, and the skip says so."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("LIQUOR_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Folder of the real data."""
    if not (DATA / "iowa").is_dir():
        pytest.skip("the real data is not there: set LIQUOR_DATA")
    return DATA
