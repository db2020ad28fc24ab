"""``make screenshots``: serves the demo world and photographs it into docs/screenshots."""

import os
import re
import subprocess

from . import demo, served
from .console import say
from .python_env import PYTHON
from .settings import DEMO_DATABASE, ROOT

# A bottle that a shop has received and nobody has claimed.
PICK = """
event = env["liquor.scan.event"].search(
    [("kind", "=", "receive"), ("status", "=", "accepted"), ("level", ">", 1)], order="id desc", limit=200
)
for one in event:
    index = one.unit_index * one.level
    claimed = env["liquor.code.claim"].search_count([("batch_id", "=", one.batch_id.id), ("index", "=", index)])
    if not claimed:
        print("CODE " + one.batch_id._code("cap_inner", index))
        break
"""


def take(arguments: list[str]) -> int:
    """Photograph every screen, or those whose names contain one of ``arguments``; 1 on a page with errors."""
    demo.ensure()
    with served.serve(DEMO_DATABASE) as site:
        say(f"Photographing {site.url} ...")
        code = re.search(r"CODE (\S+)", site.shell(PICK)).group(1)
        words = [PYTHON, "-m", "tools.screenshots.album", site.url, code, *arguments]
        done = subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    return done.returncode
