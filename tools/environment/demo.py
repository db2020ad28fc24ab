"""The demo world's database: built once through the suite's own services, then only served."""

import sys

from . import databases
from .console import run, say
from .python_env import PYTHON
from .settings import DEMO_DATABASE, ROOT, SUITE, addon_sources, fingerprint, http_port, read_state, write_state


def ensure() -> None:
    """Build the demo database unless it is there and complete; bring its add-ons up to date when they changed."""
    sources = fingerprint(*addon_sources())
    state = read_state("demo")
    if not (state.get("complete") and databases.exists(DEMO_DATABASE)):
        _build()
    elif state.get("sources") != sources:
        say("Updating the add-ons of the demo database ...")
        databases.install(DEMO_DATABASE, SUITE, "--update", ",".join(SUITE))
    write_state("demo", {"complete": True, "sources": sources})


def tell_address() -> None:
    """Store the address that is served, which printed statements take their style sheets from."""
    address = f"http://localhost:{http_port()}"
    databases.query(
        f"UPDATE ir_config_parameter SET value = '{address}' WHERE key = 'web.base.url' AND value <> '{address}'",
        DEMO_DATABASE,
    )


def _build() -> None:
    write_state("demo", {})
    databases.ensure_suite(DEMO_DATABASE)
    say("Building the demo world ...")
    databases.script(DEMO_DATABASE, _program(), show=True)


def _program() -> str:
    """Return the script that builds the world inside an Odoo shell."""
    return f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tools.demo_world import build\nbuild(env)\n"


def print_logins() -> None:
    """Print the address and who may log in."""
    names = run([PYTHON, "-m", "tools.demo_world.logins"], cwd=ROOT)
    sys.stdout.write(f"\n  http://127.0.0.1:{http_port()}\n\n{names}\n")
