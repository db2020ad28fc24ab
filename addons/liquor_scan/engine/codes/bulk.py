"""Codes of a print order, batched with numpy: no Python loop per code.

Equal to `cipher.CodeBook.encode` for every index; verification never imports
this module, so that it works where numpy is absent.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .cipher import ALPHABET, CODE_LENGTH, compose, head_of, tweak_of
from .ff1 import HALF_BITS, HALF_MASK, aes_encryptor, round_bases
from .gs1 import SSCC_BODY, GS1Error, sscc_capacity

CHUNK = 1 << 15
COMMA = b","
LINE_END = b"\r\n"

# two characters for each 10-bit number, as one 16-bit word
_PAIRS = np.frombuffer("".join(one + two for one in ALPHABET for two in ALPHABET).encode(), dtype=np.uint16)


def halves(key: bytes, tweak: bytes, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Enciphered bodies of the numbers start to stop - 1, as two 30-bit halves."""
    encryptor = aes_encryptor(key)
    count = stop - start
    one = np.zeros(count, dtype=np.uint32)
    two = np.arange(start, stop, dtype=np.uint32)
    one[:] = two >> np.uint32(HALF_BITS)
    two &= np.uint32(HALF_MASK)
    blocks = np.empty((count, 4), dtype=">u4")
    cipher = np.empty(16 * count + 15, dtype=np.uint8)
    words = cipher[: 16 * count].view(">u4").reshape(count, 4)
    for base in round_bases(encryptor, tweak):
        blocks[:] = np.frombuffer(base.to_bytes(16, "big"), dtype=">u4")
        blocks[:, 3] ^= two
        encryptor.update_into(blocks.data.cast("B"), cipher)
        one, two = two, (one + words[:, 1]) & np.uint32(HALF_MASK)
    return one, two


class Column(NamedTuple):
    """Codes of one kind on the printer's line: key of the kind in the batch, the kind, how many stand on a line."""

    key: bytes
    kind: str
    count: int = 1


class Pallets(NamedTuple):
    """SSCC behind the codes of a line: the maker's company prefix, the number of the pallet of set 0."""

    prefix: str
    first: int


def line_length(prefix: str, codes: int = 1, *, with_sscc: bool = False) -> int:
    """Bytes of one line of the printer's file.

    >>> line_length("https://q7.cn/b/")
    35
    >>> line_length("https://q7.cn/b/", 2) == 2 * len("https://q7.cn/b/" + 17 * "0") + len(",") + 2
    True
    >>> line_length("https://q7.cn/b/", with_sscc=True) == len("https://q7.cn/b/" + 17 * "0" + "," + 18 * "0") + 2
    True
    """
    number = len(COMMA) + SSCC_BODY + 1 if with_sscc else 0
    return codes * (len(prefix.encode()) + CODE_LENGTH + len(COMMA)) - len(COMMA) + number + len(LINE_END)


def lines(key: bytes, kind: str, batch: int, start: int, stop: int, prefix: str = "") -> Iterator[np.ndarray]:
    """The printer's lines, `prefix` + code + CRLF, in pieces of uint8 arrays.

    :param key: key of the kind in the batch (`CodeBook.batch_key`)
    :param start: first number of the range
    :param stop: one past the last number
    """
    return sets([Column(key, kind)], batch, start, stop, prefix)


def sets(
    columns: Sequence[Column], batch: int, start: int, stop: int, prefix: str = "", pallets: Pallets | None = None
) -> Iterator[np.ndarray]:
    """One line for each printed set (套标): its codes column by column, with commas between, and CRLF.

    :param columns: what stands on a line, in order; a column of n codes takes the numbers n·set to n·set + n - 1
    :param start: number of the first set
    :param stop: one past the last set
    :param pallets: a set is a pallet: its SSCC, 18 digits, ends the line
    """
    stems = [(prefix + compose(head_of(column.kind), batch, 0)[:-12]).encode() for column in columns]
    codes = [stem + b"0" * 12 for stem, column in zip(stems, columns, strict=True) for _each in range(column.count)]
    tail = COMMA + b"0" * (SSCC_BODY + 1) if pallets else b""
    template = np.frombuffer(COMMA.join(codes) + tail + LINE_END, dtype=np.uint8)
    chunk = max(1, CHUNK // max(column.count for column in columns))
    for low in range(start, stop, chunk):
        high = min(low + chunk, stop)
        rows = np.empty((high - low, len(template)), dtype=np.uint8)
        rows[:] = template
        place = len(stems[0])
        for column in columns:
            tweak = tweak_of(head_of(column.kind), batch)
            one, two = halves(column.key, tweak, low * column.count, high * column.count)
            for number in range(column.count):
                _fill(rows, place, one[number :: column.count], two[number :: column.count])
                place += len(codes[0]) + len(COMMA)
        if pallets:
            end = len(template) - len(LINE_END)
            rows[:, end - SSCC_BODY - 1 : end] = sscc_digits(pallets.prefix, pallets.first + low, pallets.first + high)
        yield rows.reshape(-1)


def sscc_digits(prefix: str, start: int, stop: int) -> np.ndarray:
    """SSCC number start to stop - 1 of a company prefix as characters, a row of 18 each (`gs1.sscc`, batched).

    >>> sscc_digits("4012345", 111111111, 111111112).tobytes()  # published example
    b'040123451111111110'
    """
    if not 0 <= start <= stop <= sscc_capacity(prefix):
        raise GS1Error("the SSCC of this prefix are used up")
    numbers = np.arange(start, stop, dtype=np.int64)
    places = SSCC_BODY - 1 - len(prefix)
    digits = np.empty((stop - start, SSCC_BODY + 1), dtype=np.int64)
    digits[:, 0] = numbers // 10**places
    digits[:, 1 : 1 + len(prefix)] = [int(digit) for digit in prefix]
    for place in range(places):
        digits[:, SSCC_BODY - 1 - place] = numbers // 10**place % 10
    weights = np.where(np.arange(SSCC_BODY) % 2 == 0, 3, 1)  # 17 digits: the last one before the check digit counts 3
    digits[:, SSCC_BODY] = -(digits[:, :SSCC_BODY] * weights).sum(axis=1) % 10
    return (digits + ord("0")).astype(np.uint8)


def _fill(rows: np.ndarray, first: int, one: np.ndarray, two: np.ndarray) -> None:
    """Write the twelve characters of every body into its row."""
    mask = np.uint32(1023)
    for place, half in ((first, one), (first + 6, two)):
        for offset, shift in ((0, 20), (2, 10), (4, 0)):
            pairs = np.ndarray(len(rows), np.uint16, rows, place + offset, (rows.shape[1],))
            pairs[:] = _PAIRS[half >> np.uint32(shift) & mask]
