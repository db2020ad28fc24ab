"""What a file is, read from its content: neither its name nor what the sender says is believed."""

import io
import zipfile
from typing import NamedTuple


class FileKind(NamedTuple):
    """Media type and the ending that a name of it has."""

    mimetype: str
    ending: str


PDF = FileKind("application/pdf", ".pdf")
JPEG = FileKind("image/jpeg", ".jpg")
PNG = FileKind("image/png", ".png")
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
BEGINNINGS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))


def kind_of(content: bytes) -> FileKind | None:
    """Return PDF, JPEG, PNG or a workbook without macros; None for anything else.

    >>> kind_of(b"%PDF-1.7 ...").ending, kind_of(b"<svg onload=alert(1)>"), kind_of(b"PK\\x03\\x04 no archive")
    ('.pdf', None, None)
    """
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    return XLSX if content.startswith(b"PK\x03\x04") and _is_workbook(content) else None


def _is_workbook(content: bytes) -> bool:
    """Tell whether the archive's list of names is that of a workbook; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names and "xl/vbaProject.bin" not in names


def file_name(name: str | None, kind: FileKind) -> str:
    """Return a harmless name with the ending of what the file is; empty where nothing is left of it.

    >>> file_name("C:\\\\scans\\\\consent.exe", PDF), file_name("..", PDF)
    ('consent.pdf', '')
    """
    stem = "".join(sign for sign in (name or "").replace("\\", "/").rsplit("/", 1)[-1] if sign.isprintable())
    stem = stem[:100].rsplit(".", 1)[0].strip(" .")
    return stem + kind.ending if stem else ""
