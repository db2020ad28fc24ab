"""``make screenshots``: serves the demo world and photographs it into docs/screenshots."""

import os
import subprocess

from . import demo, served
from .console import say
from .python_env import PYTHON
from .settings import DEMO_DATABASE, ROOT


def take(arguments: list[str]) -> int:
    """Photograph every screen, or those whose names contain one of ``arguments``; 1 on a page with errors."""
    demo.ensure()
    with served.serve(DEMO_DATABASE) as site:
        say(f"Photographing {site.url} ...")
        words = [PYTHON, "-m", "tools.screenshots.album", site.url, *arguments]
        done = subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    return done.returncode
