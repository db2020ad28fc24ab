"""A code verified without the database, against its row found by an indexed SELECT."""

import random
import time
from collections.abc import Iterator

from tests.bench.peers import code_table

from odoo.addons.liquor_scan.engine.codes.cipher import CodeBook

from .. import database
from ..harness import Line, compare, size
from ._codes import MASTERS, codes

NAME = "codes.verify"
BATCHES = range(1, 9)


def measure() -> list[Line]:
    """Verify n codes of eight batches, in random order, one by one."""
    n, rows = size(200_000, 20_000), size(1_000_000, 80_000)
    per_batch = rows // len(BATCHES)
    issued = [(batch, code) for batch in BATCHES for code in codes(batch, per_batch)]
    asked = [code for _batch, code in random.Random(1).sample(issued, n)]
    with database.scratch("liquor_bench_verify") as name:
        connection = database.connect(name)
        try:
            with connection.cursor() as cursor:
                code_table.create(cursor)
                code_table.fill(cursor, _lines(issued))
                cursor.execute(f"VACUUM ANALYZE {code_table.TABLE}")
                line = compare(
                    NAME,
                    lambda: _decode(asked),
                    lambda: _select(cursor, asked),
                    peer_name="indexed SELECT by psycopg2",
                    unit="codes/s",
                    n=n,
                    peer_n=n,
                )
        finally:
            connection.close()
    return [line]


def _lines(issued: list[tuple[int, str]]) -> Iterator[bytes]:
    for start in range(0, len(issued), 10_000):
        rows = issued[start : start + 10_000]
        yield "".join(f"{batch}\t{code}\n" for batch, code in rows).encode()


def _decode(asked: list[str]) -> float:
    book = CodeBook(MASTERS)
    begun = time.perf_counter()
    found = sum(1 for code in asked if book.decode(code))
    rate = len(asked) / (time.perf_counter() - begun)
    assert found == len(asked), f"{len(asked) - found} genuine codes were refused"
    return rate


def _select(cursor, asked: list[str]) -> float:
    begun = time.perf_counter()
    found = sum(1 for code in asked if code_table.find(cursor, code))
    rate = len(asked) / (time.perf_counter() - begun)
    assert found == len(asked), f"{len(asked) - found} codes were not in the table"
    return rate
