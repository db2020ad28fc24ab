"""From descriptions to files."""

import json
from pathlib import Path

from . import funds, spend, targets, variances
from .board import Board

FOLDER = Path(__file__).resolve().parents[2] / "addons" / "liquor_channel" / "data" / "dashboards"
DESCRIPTIONS = {"spend": spend.describe, "targets": targets.describe, "funds": funds.describe,
                "variances": variances.describe}  # fmt: skip


def files() -> dict[str, str]:
    """Return the text of every file: file name -> JSON, the dashboard and the sample of each board."""
    found = {}
    for name, describe in DESCRIPTIONS.items():
        for middle, sample in (("", False), ("_sample", True)):
            board = Board(name, sample=sample)
            describe(board)
            found[f"{name}{middle}_dashboard.json"] = json.dumps(board.data(), ensure_ascii=False, indent=1) + "\n"
    return found
