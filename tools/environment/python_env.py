"""The virtual environment with the locked Python packages; Odoo's folder joins it by a ``.pth`` file."""

import shutil
import sys
from pathlib import Path

from . import odoo_source
from .console import Failure, run, say
from .settings import LOGS, ROOT, RUN, fingerprint, read_state, write_state

VENV = RUN / "venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {
    "odoo": ROOT / "tools/requirements/odoo.txt",
    "development": ROOT / "tools/requirements/development.txt",
}
LOG = LOGS / "python_env.log"


def ensure(kind: str = "odoo") -> None:
    """Build or complete the environment; ``development`` adds what tests and lint need.

    :raises Failure: when Python cannot make virtual environments or a package cannot be had
    """
    wanted = fingerprint(LOCKS[kind]) + sys.version.split()[0]
    state = read_state("python_env")
    if state.get(kind) != wanted or not PYTHON.exists():
        state = _install(kind, state) | {kind: wanted}
        write_state("python_env", state)
    _link_odoo()


def _install(kind: str, state: dict) -> dict:
    say(f"Installing the locked Python packages ({kind}) ...")
    if not PYTHON.exists() or state.get("python") != sys.version:
        shutil.rmtree(VENV, ignore_errors=True)
        _create()
        state = {"python": sys.version}
    hint = "Is the Python package index of this machine reachable?"
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", LOCKS[kind]]
    run(pip, log=LOG, hint=hint)
    return state


def _create() -> None:
    try:
        run([sys.executable, "-m", "venv", VENV], log=LOG)
    except Failure as failure:
        raise Failure(f"{failure}\n    Debian: apt-get install python3-venv") from failure


def _link_odoo() -> None:
    """Let this environment import ``odoo`` from where it lies."""
    folder = next((VENV / "lib").glob("python3.*")) / "site-packages"
    text = f"{odoo_source.python_path().resolve()}\n"
    link = Path(folder, "odoo_source.pth")
    if not link.exists() or link.read_text(encoding="utf-8") != text:
        link.write_text(text, encoding="utf-8")


def lock() -> None:
    """Write the lock files anew from the ``.in`` files: every package with its hashes, for Python 3.11 and 3.12."""
    venv = RUN / "lock-venv"
    if not (venv / "bin/uv").exists():
        run([sys.executable, "-m", "venv", venv], log=LOG)
        run([venv / "bin/pip", "install", "--disable-pip-version-check", "uv"], log=LOG)
    flags = ["--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url"]
    flags += ["--no-emit-find-links", "--custom-compile-command", "make lock", "--quiet"]
    for target in LOCKS.values():
        source = target.with_suffix(".in")
        run([venv / "bin/uv", "pip", "compile", *flags, source.name, "-o", target.name], log=LOG, cwd=target.parent)
