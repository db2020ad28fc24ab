"""Runs the bench: the peers' packages into a folder of their own, then ``tools.bench`` in the suite's Python."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from .console import run, say
from .python_env import PYTHON
from .settings import LOGS, ROOT, RUN, fingerprint, read_state, write_state

PEERS = ROOT / "tests" / "bench" / "peers" / "agreement_rebate.txt"
PACKAGES = RUN / "bench" / "packages"


def bench(arguments: Sequence[str]) -> int:
    """Measure the benches named in ``arguments`` (all when there is none) and return the status."""
    _ensure_packages()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([PYTHON, "-m", "tools.bench", *arguments], cwd=ROOT, env=environment, check=False).returncode


def _ensure_packages() -> None:
    """Have the add-ons of others that we are measured against, never as part of the suite."""
    wanted = fingerprint(PEERS)
    if read_state("bench_packages").get("lock") == wanted and PACKAGES.exists():
        return
    say("Installing the peers' packages ...")
    shutil.rmtree(PACKAGES, ignore_errors=True)
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    hint = "Is the Python package index of this machine reachable?"
    run([*pip, "--target", PACKAGES, "-r", PEERS], log=LOGS / "bench_packages.log", hint=hint)
    write_state("bench_packages", {"lock": wanted})
