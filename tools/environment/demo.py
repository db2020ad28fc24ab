"""The demo world's database: built once through the suite's own services, then only served.

What was built is kept untouched in a database of its own, so that ``FRESH=1`` gives the first day back in seconds.
"""

import os
import re
import sys

from . import databases, served, server
from .console import run, say
from .python_env import PYTHON
from .settings import (
    DEMO_DATABASE,
    ROOT,
    SUITE,
    WORLD_DATABASE,
    addon_sources,
    fingerprint,
    http_port,
    read_state,
    write_state,
)

DEFAULT_SHOPS = "60"
# Words on screen that were translated anew come with the update.
UPDATE = ("--update", ",".join(SUITE), "--i18n-overwrite")


def ensure() -> None:
    """Build the demo database unless it is there and complete; bring its add-ons up to date when they changed.

    ``FRESH=1`` puts it back to how it was built, ``LIQUOR_SHOPS`` asks for a world of so many shops.
    """
    sources, state = fingerprint(*addon_sources()), read_state("demo")
    present = state.get("shops", DEFAULT_SHOPS)
    shops = os.environ.get("LIQUOR_SHOPS") or present
    complete = state.get("complete") and databases.exists(DEMO_DATABASE)
    if not complete or shops != present or os.environ.get("FRESH"):
        _renew(shops)
    elif state.get("sources") != sources:
        say("Updating the add-ons of the demo database ...")
        databases.install(DEMO_DATABASE, SUITE, *UPDATE)
    write_state("demo", {"complete": True, "sources": sources, "shops": shops})


def tell_address() -> None:
    """Store the address that is served, which printed statements take their style sheets from."""
    address = f"http://localhost:{http_port()}"
    databases.query(
        f"UPDATE ir_config_parameter SET value = '{address}' WHERE key = 'web.base.url' AND value <> '{address}'",
        DEMO_DATABASE,
    )


def _renew(shops: str) -> None:
    """Replace the demo database by a copy of the untouched world."""
    write_state("demo", {})
    server.stop_server()
    ensure_world(shops)
    served.copy(WORLD_DATABASE, DEMO_DATABASE)


def ensure_world(shops: str = DEFAULT_SHOPS) -> None:
    """Have the untouched world: built where it is missing or was built otherwise, its add-ons as they are now."""
    sources, state = fingerprint(*addon_sources()), read_state("world")
    wanted = {"plan": fingerprint(*sorted((ROOT / "tools" / "demo_world").rglob("*.py"))), "shops": shops}
    if not databases.exists(WORLD_DATABASE) or any(state.get(name) != value for name, value in wanted.items()):
        write_state("world", {})
        databases.ensure_suite(WORLD_DATABASE)
        say("Building the demo world ...")
        databases.script(WORLD_DATABASE, _program(shops), show=True)
    elif state.get("sources") != sources:
        say("Updating the add-ons of the untouched demo world ...")
        databases.install(WORLD_DATABASE, SUITE, *UPDATE)
    write_state("world", {**wanted, "sources": sources})


def _program(shops: str = DEFAULT_SHOPS) -> str:
    """Return the script that builds the world inside an Odoo shell."""
    return f"{_IMPORTABLE}from tools.demo_world import build\nbuild(env, {int(shops)})\n"


_IMPORTABLE = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"


def samples(database: str, address: str) -> dict[str, str]:
    """Return the codes to try the product out with: letter -> "value  what it is"."""
    program = f"{_IMPORTABLE}from tools.demo_world.samples import show\nshow(env, {address!r})\n"
    return dict(re.findall(r"^SAMPLE (\w)  (.*)$", databases.script(database, program), re.MULTILINE))


def print_logins() -> None:
    """Print the address, who may log in, and codes to try the product out with."""
    address = f"http://127.0.0.1:{http_port()}"
    names = run([PYTHON, "-m", "tools.demo_world.logins"], cwd=ROOT)
    found = samples(DEMO_DATABASE, address) or {"-": "make run FRESH=1"}
    codes = "\n".join(f"  {letter}  {text}" for letter, text in found.items())
    sys.stdout.write(
        f"\n  {address}\n\n{names}\n  试用码 codes to try (README: 15 分钟试用 / 15-minute script)\n\n{codes}\n\n"
    )
