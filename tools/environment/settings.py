"""Where everything of this checkout lies, and the figures two checkouts must not share."""

import hashlib
import json
import os
import socket
from pathlib import Path

from .console import Failure

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
RUN = Path(os.environ.get("LIQUOR_RUN") or ROOT / ".run").resolve()
LOGS = RUN / "log"
CHECKOUT_HASH = hashlib.sha256(str(RUN).encode()).hexdigest()[:12]
SUITE = ("liquor_member", "liquor_channel", "liquor_scan")

DEMO_DATABASE = "liquor"
# The demo world as it was built: never served, copied for a fresh start and for tests.
WORLD_DATABASE = "liquor_world"
TEST_DATABASE = "liquor_test"
# The copy that races change for good; made before pytest connects to its source.
RACE_DATABASE = "liquor_race"
# What the second lane's cases run on (lanes.py).
SECOND_DATABASE = "liquor_test_two"
# Nobody connects to it: the tests at scale, and those that kill, copy it each for themselves.
SCALE_DATABASE = "liquor_scale"
REAL_DATABASE = "liquor_real"


def http_port() -> int:
    """Port of the web server: ``ODOO_PORT``, by default 8069 (design.md, section 7).

    :raises Failure: when ``ODOO_PORT`` is no port number
    """
    text = os.environ.get("ODOO_PORT", "8069")
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Failure(f"ODOO_PORT={text!r} is no port number. Give one from 1024 to 65535.")
    return int(text)


def port_is_free(port: int) -> bool:
    """Tell whether nothing listens on ``port`` of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(first: int, count: int = 2000) -> int:
    """Return a free loopback port at or after a start that depends on the checkout.

    :raises Failure: when all ``count`` ports are taken
    """
    offset = int(CHECKOUT_HASH, 16) % count
    for step in range(count):
        port = first + (offset + step) % count
        if port_is_free(port):
            return port
    raise Failure(f"No free port between {first} and {first + count}.")


def read_state(name: str) -> dict:
    """Return what an earlier step noted under ``name`` (an empty dict where it did not finish)."""
    path = RUN / "state" / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def write_state(name: str, values: dict) -> None:
    """Note ``values`` under ``name`` in one step, so that an interrupted run leaves no half note."""
    path = RUN / "state" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(values, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(path)


def fingerprint(*paths: Path) -> str:
    """Return a hash over the contents of files, to notice that a step must run again."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def addon_sources() -> list[Path]:
    """Return the files of the add-ons whose change asks for an update of a database."""
    endings = {".py", ".xml", ".csv", ".po", ".json"}
    return sorted(
        path
        for path in ADDONS.rglob("*")
        if path.suffix in endings and "/tests/" not in str(path) and "/engine/" not in str(path)
    )
