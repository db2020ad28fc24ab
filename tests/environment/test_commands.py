"""Every command of the Makefile exists (design.md, section 7), and each reaches its tool."""

import re

from tools.environment.__main__ import COMMANDS
from tools.environment.settings import ROOT

FIXED = [
    "run",
    "up",
    "down",
    "test",
    "test-full",
    "test-engine",
    "lint",
    "lint-static",
    "demo-real",
    "screenshots",
    "bench",
    "audit",
    "image",
]


def test_every_fixed_command_exists():
    words = re.search(r"^COMMANDS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M).group(1).split()
    assert set(FIXED) <= set(words)
    assert set(words) == set(COMMANDS)
