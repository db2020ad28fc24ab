"""``make demo-real``: real data into a database of its own, settled and checked; status 1 when a total does not tie."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import databases
from .configuration import ODOO_COMMAND, write_configuration
from .console import Failure
from .settings import REAL_DATABASE, ROOT, RUN

TARGET = RUN / "real"


def folder() -> Path:
    """Return the folder of the real data.

    :raises Failure: it is not there
    """
    path = Path(os.environ.get("LIQUOR_DATA") or ROOT.parent / "shared" / "data").resolve()
    if not (path / "iowa").is_dir():
        raise Failure(f"The real data is not in {path}. Name its folder: make demo-real LIQUOR_DATA=/path")
    return path


def load(arguments: Sequence[str]) -> int:
    """Load, settle and check; what happens is printed as it happens."""
    source = folder()
    databases.ensure_suite(REAL_DATABASE)
    command = [*ODOO_COMMAND, "shell", "-c", write_configuration(), "-d", REAL_DATABASE, "--no-http"]
    done = subprocess.run([str(word) for word in command], input=_program(source), text=True, check=False)
    return done.returncode


def _program(source: Path) -> str:
    return (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from tools.real_data.load import run\n"
        f"sys.exit(0 if run(env, Path({str(source)!r}), Path({str(TARGET)!r})) else 1)\n"
    )
