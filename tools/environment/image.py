"""Builds the container image with Docker, or with buildah where no engine runs; checks the compose file."""

import os
import shutil
import subprocess

from . import odoo_source, system
from .console import Failure, run, say
from .settings import LOGS, ROOT, RUN

LOG = LOGS / "image.log"
TAG = "liquor:19.0"
STAND_IN = "liquor-stand-in:19.0"
BUILDAH = {"buildah": lambda: shutil.which("buildah"), "debootstrap": lambda: shutil.which("debootstrap")}
# Without a registry the official image cannot be pulled: Debian with the paths, user and programs it has.
STAND_IN_FILE = """
FROM scratch
ADD root.tar /
RUN useradd --system --home /var/lib/odoo odoo && mkdir -p /mnt/extra-addons /etc/odoo /usr/lib/python3/dist-packages
"""
LOCAL = {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}


def build() -> int:
    """Build the image; ``BASE_IMAGE`` names the base, ``BASE_IMAGE=stand-in`` makes one by debootstrap."""
    check_compose()
    base = os.environ.get("BASE_IMAGE", "odoo:19.0")
    words = ["-f", "docker/Dockerfile", "-t", TAG]
    if _docker_runs():
        run(["docker", "build", *words, "--build-arg", f"BASE_IMAGE={base}", "."], cwd=ROOT, log=LOG)
    else:
        system.ensure(BUILDAH)
        base = _stand_in() if base == "stand-in" else base
        say(f"Building {TAG} on {base} with buildah ...")
        words = [*words, "--build-arg", f"BASE_IMAGE={base}", "--format", "docker", "."]
        run(["buildah", "bud", *words], cwd=ROOT, log=LOG, env=_buildah_environment())
    say(f"Built {TAG}.")
    return 0


def check_compose() -> None:
    """Let docker-compose read the compose file with sample secrets, where it is installed."""
    program = shutil.which("docker-compose")
    if not program:
        say("docker-compose is not installed; the compose file was not checked.")
        return
    sample = {"POSTGRES_PASSWORD": "sample", "LIQUOR_KEY_FILE": "/dev/null"}
    run([program, "-f", ROOT / "docker/compose.yaml", "config", "--quiet"], env=sample, log=LOG)
    without = subprocess.run(
        [program, "-f", ROOT / "docker/compose.yaml", "config", "--quiet"],
        env={**os.environ, "POSTGRES_PASSWORD": ""},
        capture_output=True,
        check=False,
    )
    if not without.returncode:
        raise Failure("The compose file accepts an empty POSTGRES_PASSWORD.")


def _docker_runs() -> bool:
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def _buildah_environment() -> dict[str, str]:
    return {**LOCAL, "XDG_DATA_HOME": str(RUN / "buildah"), "TMPDIR": str(RUN)}


def _stand_in() -> str:
    folder = RUN / "stand-in"
    archive = folder / "root.tar"
    if not archive.exists():
        say("Making a stand-in base image ...")
        shutil.rmtree(folder, ignore_errors=True)
        root = folder / "root"
        root.mkdir(parents=True)
        packages = "ca-certificates,curl,python3,postgresql-client"
        run(
            ["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", root, odoo_source.mirror()],
            log=LOG,
        )
        run(["tar", "-C", root, "-cf", archive, "."], log=LOG)
        shutil.rmtree(root)
    (folder / "Containerfile").write_text(STAND_IN_FILE, encoding="utf-8")
    words = ["bud", "-t", STAND_IN, "--format", "docker", "-f", folder / "Containerfile", folder]
    run(["buildah", *words], log=LOG, env=_buildah_environment())
    return f"localhost/{STAND_IN}"
