"""The 17-character code string: kind, batch, enciphered index.

`K BBBB XXXXXXXXXXXX`, Crockford base 32 (no I, L, O, U), upper case: one
character for kind and format, four for the 20-bit batch number, twelve for
FF1(batch key, tweak = kind and batch, [40 zero bits | 20-bit index]). Who
deciphers a body and does not find the forty zero bits holds no code of ours:
the permutation is the check, nothing is looked up (spec/codes.md).

The key of a batch and kind is HKDF-SHA256 of a master key that lives outside
the database, so the inner code of a bottle says nothing about its outer code.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .ff1 import BodyCipher

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 17
INDEX_BITS = 20
MAX_BATCH = (1 << 20) - 1
MAX_QUANTITY = 1 << INDEX_BITS
FORMAT = 0
KEPT_CONTEXTS = 4096

# kind -> number in the first character; never re-number, codes are printed
KINDS = {
    "cap_inner": 1,
    "cap_outer": 2,
    "case_inner": 3,
    "case_outer": 4,
    "pallet": 5,
    "box": 6,
    "bottle": 7,
}
KIND_OF = {number: kind for kind, number in KINDS.items()}

_CODE = re.compile(r"[0-9A-Za-z]{17}", re.ASCII)
_TO_BASE32 = str.maketrans(
    ALPHABET + ALPHABET.lower() + "ILOilo",
    ("0123456789ABCDEFGHIJKLMNOPQRSTUV" * 2) + "110110",
    "Uu",
)
_FROM_BASE32 = ALPHABET


class CodeAnswer(NamedTuple):
    """What a text says by itself, without any look-up.

    `verdict` is `malformed` (not our alphabet or length), `forged` (no key of
    ours made it) or `genuine`; only then the other fields are set. Whether a
    genuine code was issued, activated or claimed is not known here.
    """

    verdict: str
    kind: str | None = None
    batch: int | None = None
    index: int | None = None
    key_version: int | None = None

    def __bool__(self) -> bool:
        return self.verdict == "genuine"


MALFORMED = CodeAnswer("malformed")
FORGED = CodeAnswer("forged")


def parse(text: str) -> tuple[int, int, int] | None:
    """Header and body of a typed or scanned code, or None.

    Lower case, hyphens and blanks are forgiven, I and L read as 1, O as 0.

    >>> parse("1000A-00000000000B")
    (1, 10, 11)
    >>> parse("1000A00000000000U") is None
    True
    """
    if len(text) != CODE_LENGTH:
        text = text.replace("-", "").replace(" ", "")
    if not _CODE.fullmatch(text):
        return None
    digits = text.translate(_TO_BASE32)
    if len(digits) != CODE_LENGTH:
        return None
    number = int(digits, 32)
    return number >> 80, number >> 60 & MAX_BATCH, number & ((1 << 60) - 1)


def compose(head: int, batch: int, body: int) -> str:
    """The text of header and body.

    >>> compose(1, 10, 11)
    '1000A00000000000B'
    """
    number = head << 80 | batch << 60 | body
    return "".join(_FROM_BASE32[number >> shift & 31] for shift in range(80, -1, -5))


def head_of(kind: str) -> int:
    """Number in the first character of a code of this kind."""
    return FORMAT << 3 | KINDS[kind]


def tweak_of(head: int, batch: int) -> bytes:
    """Tweak of the cipher: kind and batch."""
    return bytes([head]) + batch.to_bytes(3, "big")


def derive_key(master: bytes, head: int, batch: int) -> bytes:
    """Key of one kind in one batch (32 bytes) from a master of at least 32."""
    if len(master) < 32:
        raise ValueError("a master key must have at least 32 bytes")
    info = b"liquor code batch" + tweak_of(head, batch)
    return HKDF(hashes.SHA256(), 32, None, info).derive(master)


class CodeBook:
    """Writes and verifies codes under a ring of master keys.

    :param masters: key version -> master key; the newest is tried first
    :param kept: how many cipher contexts stay in memory

    >>> book = CodeBook({1: bytes(32)})
    >>> text = book.encode("cap_inner", 7, 41, version=1)
    >>> answer = book.decode(text)
    >>> answer.kind, answer.batch, answer.index, answer.key_version
    ('cap_inner', 7, 41, 1)
    >>> book.decode("1000A00000000000B").verdict
    'forged'
    """

    def __init__(self, masters: Mapping[int, bytes], kept: int = KEPT_CONTEXTS):
        self._masters = dict(masters)
        self._versions = tuple(sorted(self._masters, reverse=True))
        self._ciphers: OrderedDict[tuple[int, int, int], BodyCipher] = OrderedDict()
        self._kept = kept

    def encode(self, kind: str, batch: int, index: int, version: int) -> str:
        """One code; print orders use `bulk.py`. ValueError outside the ranges."""
        if not (0 < batch <= MAX_BATCH and 0 <= index < MAX_QUANTITY):
            raise ValueError("batch or index out of range")
        head = head_of(kind)
        body = self._cipher_of(version, head, batch).encrypt(index)
        return compose(head, batch, body)

    def decode(self, text: str) -> CodeAnswer:
        """Verify one text in plain Python, without a look-up."""
        parts = parse(text)
        if parts is None:
            return MALFORMED
        head, batch, body = parts
        kind = KIND_OF.get(head)
        if kind is None or not batch:
            return FORGED
        for version in self._versions:
            context = self._ciphers.get((version, head, batch))
            if context is None:
                context = self._cipher_of(version, head, batch)
            index = context.decrypt(body)
            if index < MAX_QUANTITY:
                return CodeAnswer("genuine", kind, batch, index, version)
        return FORGED

    def batch_key(self, kind: str, batch: int, version: int) -> bytes:
        """Key handed to the batched writer; never stored."""
        return derive_key(self._masters[version], head_of(kind), batch)

    def _cipher_of(self, version: int, head: int, batch: int) -> BodyCipher:
        key = (version, head, batch)
        context = self._ciphers.get(key)
        if context is None:
            master = derive_key(self._masters[version], head, batch)
            context = BodyCipher(master, tweak_of(head, batch))
            self._ciphers[key] = context
            if len(self._ciphers) > self._kept:
                self._ciphers.popitem(last=False)
        return context
