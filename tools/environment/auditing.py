"""Runs the audit of a database: read-only, one line an invariant, status 1 on a violation."""

import os
import subprocess
from collections.abc import Sequence

from . import cluster, databases
from .console import Failure
from .python_env import PYTHON
from .settings import DEMO_DATABASE, ROOT


def audit(arguments: Sequence[str]) -> int:
    """Audit the database named by ``DB`` (by default the demo world) and return the status.

    :raises Failure: when there is no such database
    """
    name = os.environ.get("DB") or DEMO_DATABASE
    if not databases.exists(name):
        raise Failure(f"There is no database “{name}”. Name one: make audit DB=name")
    environment = {**os.environ, **cluster.environment(), "PGDATABASE": name, "PYTHONPATH": str(ROOT)}
    return subprocess.run([PYTHON, "-m", "tools.audit", *arguments], cwd=ROOT, env=environment, check=False).returncode
