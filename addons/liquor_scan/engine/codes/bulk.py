"""Codes of a print order, batched with numpy: no Python loop per code.

Equal to `cipher.CodeBook.encode` for every index; verification never imports
this module, so that it works where numpy is absent.
"""

from collections.abc import Iterator

import numpy as np

from .cipher import ALPHABET, CODE_LENGTH, compose, head_of, tweak_of
from .ff1 import HALF_BITS, HALF_MASK, aes_encryptor, round_bases

CHUNK = 1 << 15
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


def line_length(prefix: str) -> int:
    """Bytes of one line of the printer's file."""
    return len(prefix.encode()) + CODE_LENGTH + len(LINE_END)


def lines(key: bytes, kind: str, batch: int, start: int, stop: int, prefix: str = "") -> Iterator[np.ndarray]:
    """The printer's lines, `prefix` + code + CRLF, in pieces of uint8 arrays.

    :param key: key of the kind in the batch (`CodeBook.batch_key`)
    :param start: first number of the range
    :param stop: one past the last number
    """
    head = head_of(kind)
    tweak = tweak_of(head, batch)
    stem = compose(head, batch, 0)[:-12]
    template = (prefix + stem + "0" * 12).encode() + LINE_END
    first = len(prefix.encode()) + len(stem)
    for low in range(start, stop, CHUNK):
        high = min(low + CHUNK, stop)
        rows = np.empty((high - low, len(template)), dtype=np.uint8)
        rows[:] = np.frombuffer(template, dtype=np.uint8)
        _fill(rows, first, *halves(key, tweak, low, high))
        yield rows.reshape(-1)


def _fill(rows: np.ndarray, first: int, one: np.ndarray, two: np.ndarray) -> None:
    """Write the twelve characters of every body into its row."""
    mask = np.uint32(1023)
    for place, half in ((first, one), (first + 6, two)):
        for offset, shift in ((0, 20), (2, 10), (4, 0)):
            pairs = np.ndarray(len(rows), np.uint16, rows, place + offset, (rows.shape[1],))
            pairs[:] = _PAIRS[half >> np.uint32(shift) & mask]
