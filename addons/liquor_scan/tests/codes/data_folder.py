"""Where the foreign vectors lie; a test that needs them is skipped where they are missing."""

import json
import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("LIQUOR_DATA", Path(__file__).parents[5] / "shared" / "data"))


def read_vectors(name):
    """Content of a JSON file of LIQUOR_DATA."""
    return json.loads(existing(name).read_text(encoding="utf-8"))


def existing(name):
    """Path of a file of LIQUOR_DATA, or a skip that says why."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"foreign data missing: {name} in LIQUOR_DATA")
    return path
