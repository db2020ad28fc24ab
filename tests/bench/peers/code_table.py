"""The usual way to keep codes: one row a code, found by a unique index."""

import io
from collections.abc import Iterable

TABLE = "bench_code"


def create(cursor) -> None:
    """Make the empty table with primary key and unique index."""
    cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
    cursor.execute(
        f"CREATE TABLE {TABLE} (id bigserial PRIMARY KEY, batch integer NOT NULL, code varchar(17) NOT NULL)"
    )
    cursor.execute(f"CREATE UNIQUE INDEX {TABLE}_code ON {TABLE} (code)")


def fill(cursor, pieces: Iterable[bytes]) -> None:
    """Store codes by COPY.

    :param pieces: lines ``batch<tab>code<newline>``
    """
    cursor.copy_expert(f"COPY {TABLE} (batch, code) FROM STDIN", _Stream(pieces))


def find(cursor, code: str) -> tuple[int, int] | None:
    """Return id and batch of one code."""
    cursor.execute(f"SELECT id, batch FROM {TABLE} WHERE code = %s", [code])
    return cursor.fetchone()


class _Stream(io.RawIOBase):
    """Gives COPY the pieces as it asks for them."""

    def __init__(self, pieces: Iterable[bytes]):
        self._pieces, self._rest = iter(pieces), b""

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece
