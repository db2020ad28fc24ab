"""The demo world's database: built once through the suite's own services, then only served."""

import sys

from . import databases
from .console import run, say
from .python_env import PYTHON
from .settings import DEMO_DATABASE, ROOT, http_port, read_state, write_state

WORLD = ROOT / "tools" / "demo_world"


def ensure() -> None:
    """Build the demo database unless it is there, complete, and of this state of the code's world."""
    if read_state("demo").get("complete") and databases.exists(DEMO_DATABASE):
        return
    write_state("demo", {})
    databases.ensure_suite(DEMO_DATABASE)
    say("Building the demo world ...")
    databases.script(DEMO_DATABASE, _program(), show=True)
    write_state("demo", {"complete": True})


def _program() -> str:
    """Return the script that builds the world inside an Odoo shell."""
    return f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tools.demo_world import build\nbuild(env)\n"


def print_logins() -> None:
    """Print the address and who may log in."""
    names = run([PYTHON, "-m", "tools.demo_world.logins"], cwd=ROOT)
    sys.stdout.write(f"\n  http://127.0.0.1:{http_port()}\n\n{names}\n")
