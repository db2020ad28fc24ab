"""What the machine must bring: Debian packages, free disk."""

import os
import shutil
from pathlib import Path

from .console import Failure, run, say
from .settings import LOGS, RUN

MINIMUM_FREE_GIB = 3
LOG = LOGS / "system.log"

# Debian package -> how to see that it is there.
SERVE = {
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"),
    "wkhtmltopdf": lambda: shutil.which("wkhtmltopdf"),
    "fonts-noto-cjk": lambda: any(Path("/usr/share/fonts").rglob("NotoSansCJK*")),
    "libmagic1": lambda: any(Path("/usr/lib").glob("*/libmagic.so.1")),
}
BROWSE = {
    "chromium": lambda: shutil.which("chromium"),
    "poppler-utils": lambda: shutil.which("pdftotext"),
}
MEASURE = {"wrk": lambda: shutil.which("wrk")}
LINT = {"gettext": lambda: shutil.which("msgfmt")}


def ensure(packages: dict) -> None:
    """Install the missing ones of ``packages``.

    :raises Failure: when something is missing and we are not root, or apt fails
    """
    missing = [name for name, present in packages.items() if not present()]
    if not missing:
        return
    command = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if os.geteuid():
        raise Failure(f"Missing on this machine: {', '.join(missing)}. Ask for: sudo {command}")
    if not shutil.which("apt-get"):
        raise Failure(f"Missing on this machine: {', '.join(missing)}, and there is no apt-get to install them.")
    say(f"Installing system packages: {', '.join(missing)} ...")
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], log=LOG, env=environment)
    run(["apt-get", "install", "-y", "--no-install-recommends", *missing], log=LOG, env=environment)
    still = [name for name in missing if not packages[name]()]
    if still:
        raise Failure(f"apt-get installed {', '.join(still)}, yet what they bring was not found (see {LOG}).")


def check_disk() -> None:
    """Refuse to start on a disk that would run full half-way.

    :raises Failure: when less than :data:`MINIMUM_FREE_GIB` is free
    """
    RUN.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(RUN).free / 2**30
    if free < MINIMUM_FREE_GIB:
        raise Failure(
            f"Only {free:.1f} GiB free under {RUN}; {MINIMUM_FREE_GIB} GiB are needed."
            " Free some space or set LIQUOR_RUN to a folder on a larger disk."
        )
