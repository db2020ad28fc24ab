"""Seals over append-only tables (design.md 3.14): what was sealed cannot change without being seen.

A seal covers the rows of one table that a range of transactions wrote. Its root is the SHA-256 over the hashes of
these rows in the order of their ids; its own hash covers the root and the hash of the seal before it.
"""

import hashlib
from dataclasses import dataclass

FIRST = "0" * 64


@dataclass(frozen=True)
class Seal:
    """One seal; transactions are those from ``xid_from`` up to but not including ``xid_to``."""

    table: str
    columns: str
    xid_from: int
    xid_to: int
    row_count: int
    root: str
    previous: str

    def digest(self) -> str:
        """Return the hash of the seal.

        >>> seal = Seal("t", "id,amount", 0, 10, 2, "ab" * 32, FIRST)
        >>> seal.digest() == Seal("t", "id,amount", 0, 10, 3, "ab" * 32, FIRST).digest()
        False
        """
        parts = (self.table, self.columns, self.xid_from, self.xid_to, self.row_count, self.root, self.previous)
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def root_hash(row_hashes: list[bytes]) -> str:
    """Return the root of a list of row hashes (what the database computes for a range).

    >>> root_hash([])
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    return hashlib.sha256(b"".join(row_hashes)).hexdigest()


def find_breaks(seals: list[tuple[Seal, str]], recomputed: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Compare the seals of one table, oldest first, with what the table holds now.

    :param seals: seal and its stored hash
    :param recomputed: number of rows and root of the same ranges today
    :return: position and kind of every break: ``hash``, ``chain``, ``range``, ``count`` or ``content``

    >>> first = Seal("t", "id", 0, 5, 1, "aa", FIRST)
    >>> second = Seal("t", "id", 5, 9, 1, "bb", first.digest())
    >>> both = [(first, first.digest()), (second, second.digest())]
    >>> find_breaks(both, [(1, "aa"), (1, "bb")])
    []
    >>> find_breaks(both, [(0, "cc"), (1, "dd")])
    [(0, 'count'), (1, 'content')]
    >>> find_breaks(both[1:], [(1, "bb")])
    [(0, 'chain')]
    """
    breaks, previous, end = [], FIRST, 0
    for position, ((seal, stored), (count, root)) in enumerate(zip(seals, recomputed, strict=True)):
        if seal.digest() != stored:
            breaks.append((position, "hash"))
        if seal.previous != previous:
            breaks.append((position, "chain"))
        elif seal.xid_from != end:
            breaks.append((position, "range"))
        if seal.row_count != count:
            breaks.append((position, "count"))
        elif seal.root != root:
            breaks.append((position, "content"))
        previous, end = stored, seal.xid_to
    return breaks
