"""Odoo 19 Community: an own checkout (``ODOO_HOME``) or Debian's package, unpacked below ``.run``.

The package is only for Debian sid, so a private apt state (own lists, own cache) fetches it and the
system's own package sources stay as they are. apt checks the archive's signature.
"""

import os
import re
import shutil
from pathlib import Path

from .console import Failure, run, say
from .settings import LOGS, RUN, read_state, write_state

SOURCE = RUN / "odoo"
APT = RUN / "apt"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# The package links to files of these by relative path; without them /web/login answers 500.
FROM_SID = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# sid's Font Awesome 7 has other file names: every icon of the web client would vanish.
FROM_BOOKWORM = ("fonts-font-awesome",)
# Links of the package that name a file where today's font package has put it elsewhere.
MOVED = {
    "usr/share/fonts/truetype/inconsolata/Inconsolata.otf": "../../opentype/inconsolata/Inconsolata-Regular.otf",
}
LOG = LOGS / "odoo_source.log"


def python_path() -> Path:
    """Return the folder that holds the ``odoo`` package.

    :raises Failure: when ``ODOO_HOME`` holds no Odoo 19
    """
    home = os.environ.get("ODOO_HOME")
    if not home:
        return SOURCE / "usr/lib/python3/dist-packages"
    path = Path(home).expanduser().resolve()
    release = path / "odoo" / "release.py"
    if not release.is_file():
        raise Failure(f"ODOO_HOME={home} holds no odoo/release.py. Point it at an Odoo 19 checkout.")
    if not re.search(r"version_info\s*=\s*\(19,", release.read_text(encoding="utf-8")):
        raise Failure(f"ODOO_HOME={home} is not Odoo 19.0.")
    return path


def addon_paths() -> list[Path]:
    """Return the folders with Odoo's own add-ons (a checkout has two, the package one)."""
    path = python_path()
    folders = [path / "odoo" / "addons"]
    # The package's sibling folder `addons` holds Python stubs without data and must not be listed.
    if (path / "addons" / "web" / "__manifest__.py").is_file() and (path / "odoo-bin").is_file():
        folders.insert(0, path / "addons")
    return folders


def ensure() -> None:
    """Fetch and unpack Odoo unless that is done (or ``ODOO_HOME`` brings it).

    :raises Failure: when no Debian mirror is known, the download fails or links stay broken
    """
    if os.environ.get("ODOO_HOME"):
        python_path()
        return
    if read_state("odoo_source").get("packages") == [*FROM_SID, *FROM_BOOKWORM]:
        return
    say("Getting Odoo 19 (about 130 MB, once) ...")
    downloads = APT / "downloads"
    shutil.rmtree(APT / "lists", ignore_errors=True)
    downloads.mkdir(parents=True, exist_ok=True)
    _download("sid", FROM_SID, downloads)
    _download("bookworm", FROM_BOOKWORM, downloads)
    _unpack(downloads)
    write_state("odoo_source", {"packages": [*FROM_SID, *FROM_BOOKWORM]})


def _download(suite: str, packages: tuple[str, ...], target: Path) -> None:
    state = APT / suite
    for folder in (state / "lists/partial", state / "cache/archives/partial", state / "empty.d"):
        folder.mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    (state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n", encoding="utf-8")
    options = [
        f"Dir::Etc::sourcelist={state}/sources.list",
        f"Dir::Etc::sourceparts={state}/empty.d",
        f"Dir::State::lists={state}/lists",
        f"Dir::State::status={state}/status",
        f"Dir::Cache={state}/cache",
        "APT::Sandbox::User=",
        "Acquire::Languages=none",
        "Acquire::Retries=3",
        # A mirror may be a snapshot whose index is past its date; its signature is checked all the same.
        "Acquire::Check-Valid-Until=false",
    ]
    flags = [word for option in options for word in ("-o", option)]
    hint = "Is the Debian mirror of this machine reachable, and is there 2 GB of free disk?"
    run(["apt-get", *flags, "update"], log=LOG, hint=hint)
    run(["apt-get", *flags, "download", *packages], log=LOG, cwd=target, hint=hint)


def mirror() -> str:
    """Return the Debian mirror that this machine already uses."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        for uri in re.findall(r"(?m)^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+)", text):
            if uri.rstrip("/").endswith("/debian"):
                return uri.rstrip("/")
    raise Failure("No Debian mirror in /etc/apt. Set ODOO_HOME to an Odoo 19 checkout instead.")


def _unpack(downloads: Path) -> None:
    draft = RUN / "odoo.tmp"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for package in sorted(downloads.glob("*.deb")):
        run(["dpkg", "-x", package, draft], log=LOG)
    for name, target in MOVED.items():
        if not (draft / name).exists():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).symlink_to(target)
    broken = [path for path in draft.rglob("*") if path.is_symlink() and _matters(path)]
    if broken:
        names = "\n    ".join(str(path.relative_to(draft)) for path in broken[:10])
        raise Failure(f"The unpacked Odoo has broken links:\n    {names}")
    shutil.rmtree(SOURCE, ignore_errors=True)
    draft.replace(SOURCE)
    shutil.rmtree(APT)


def _matters(link: Path) -> bool:
    return "dist-packages/odoo" in str(link) and not link.exists()
