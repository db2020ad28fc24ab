"""The printer's file: a ZIP archive with AES-256, written as a stream.

Format: WinZip AE-2 (method 99, vendor version 2, strength 3, entries stored),
which 7-Zip, WinRAR, Bandizip and libarchive open with the password: a printer
needs no program of ours, `7z x ORDER.zip` is all. PBKDF2-HMAC-SHA1 with 1,000
rounds is weak for a chosen word, so the password is made by us from 130 random
bits. Every entry has its own salt, derived from what it contains: the same
range gives the same bytes again, no two contents share a key stream, and the
size is known before the first byte. Nothing is held in memory but one piece.
"""

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from .ff1 import aes_encryptor

METHOD_AES = 99
EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
SALT = 16
OVERHEAD = SALT + 2 + 10
PIECE = 1 << 20
LIMIT_32 = 0xFFFFFFFF
# a fixed date keeps the file reproducible: 2020-01-01 00:00
DOS_DATE = (2020 - 1980) << 9 | 1 << 5 | 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive.

    `pieces` is called once and yields the content; `size` is its length in
    bytes; `salt` (16 bytes) must be unique to the content under one password.
    """

    name: str
    size: int
    salt: bytes
    pieces: Callable[[], Iterable[bytes | np.ndarray]]


class ArchiveError(ValueError):
    """The entries do not fit the format."""


def archive_size(entries: Iterable[Entry]) -> int:
    """Bytes of the finished archive, known beforehand."""
    return 22 + sum(entry.size + OVERHEAD + 30 + 46 + 2 * (len(entry.name.encode()) + len(EXTRA)) for entry in entries)


def stream(entries: list[Entry], password: str) -> Iterator[bytes]:
    """The archive in pieces; the sum of their lengths is `archive_size`."""
    if archive_size(entries) > LIMIT_32 or len(entries) > 0xFFFF:
        raise ArchiveError("more than 4 GB: order in parts")
    offset, offsets = 0, []
    for entry in entries:
        offsets.append(offset)
        for piece in _entry(entry, password):
            offset += len(piece)
            yield piece
    directory = b"".join(_central(entry, place) for entry, place in zip(entries, offsets, strict=True))
    count = len(entries)
    yield directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)


def _entry(entry: Entry, password: str) -> Iterator[bytes]:
    name = entry.name.encode()
    yield b"PK\x03\x04" + _common(entry) + name + EXTRA
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), entry.salt, 1000, 66)
    yield entry.salt + keys[64:]
    seal = hmac.new(keys[32:64], digestmod=hashlib.sha1)
    cipher = _LittleCounter(keys[:32])
    written = 0
    for piece in entry.pieces():
        sealed = cipher.apply(np.frombuffer(piece, dtype=np.uint8))
        seal.update(sealed)
        written += len(sealed)
        yield sealed
    if written != entry.size:
        raise ArchiveError(f"{entry.name}: {written} bytes instead of {entry.size}")
    yield seal.digest()[:10]


def _common(entry: Entry) -> bytes:
    """What local and central header share (version to extra length)."""
    size = entry.size + OVERHEAD
    name = entry.name.encode()
    flags = 1 | 0x800  # encrypted, UTF-8 name
    return struct.pack("<5H3I2H", 51, flags, METHOD_AES, 0, DOS_DATE, 0, size, entry.size, len(name), len(EXTRA))


def _central(entry: Entry, offset: int) -> bytes:
    tail = struct.pack("<3H2I", 0, 0, 0, 0o100600 << 16, offset)
    return b"PK\x01\x02\x33\x03" + _common(entry) + tail + entry.name.encode() + EXTRA


class _LittleCounter:
    """AES in counter mode with the little-endian counter of WinZip, from 1."""

    def __init__(self, key: bytes):
        self._update = aes_encryptor(key).update_into
        self._next = 1
        self._rest = np.empty(0, dtype=np.uint8)

    def apply(self, piece: np.ndarray) -> bytes:
        wanted = len(piece) - len(self._rest)
        count = max(0, -(-wanted // 16))
        blocks = np.zeros((count, 2), dtype="<u8")
        blocks[:, 0] = np.arange(self._next, self._next + count, dtype=np.uint64)
        self._next += count
        fresh = np.empty(16 * count + 15, dtype=np.uint8)
        self._update(blocks.data.cast("B") if count else b"", fresh)
        keys = fresh[: 16 * count]
        if len(self._rest):
            keys = np.concatenate((self._rest, keys))
        self._rest = keys[len(piece) :].copy()
        return np.bitwise_xor(piece, keys[: len(piece)]).tobytes()


def salt_of(secret: bytes, name: str, content: str) -> bytes:
    """Salt of an entry: secret to the outside, fixed for the content.

    >>> salt_of(b"k", "a", "1") == salt_of(b"k", "a", "1")
    True
    >>> salt_of(b"k", "a", "1") == salt_of(b"k", "a", "2")
    False
    """
    text = f"{len(name)}:{name}:{content}".encode()
    return hmac.new(secret, text, hashlib.sha256).digest()[:SALT]
