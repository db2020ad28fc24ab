"""A print order into the printer's encrypted file, on one core, against one row a code by COPY."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tests.bench.peers import code_table

from odoo.addons.liquor_scan.engine.codes import archive, bulk

from tools.environment.settings import RUN

from .. import database
from ..harness import Line, compare, growth, one_core, peer_size, size
from ._fixtures import product, supplier

NAME = "codes.generate"
UNIT = "codes/s"
SIZES = (10_000, 100_000, 1_000_000)
# What the database may grow by for one more order, whatever its size (design.md, section 9).
ALLOWED_BYTES = 64 * 1024
PAGE = 8192
PIECE = 1 << 20


def measure() -> list[Line]:
    """Issue orders of n codes, all kinds of the default scheme, and stream their files to disk."""
    n = size(10_000_000, 200_000)
    with (
        database.scratch("liquor_bench_generate", database.ensure_template()) as name,
        tempfile.TemporaryDirectory(dir=RUN / "bench") as folder,
        database.environment(name) as env,
    ):
        maker = _Maker(env, Path(folder))
        order, _seconds = maker.make(n)
        table = _CodeTable(maker, order)
        whole = order.code_count
        line = compare(
            NAME,
            lambda: maker.rate(n),
            lambda: table.rate(peer_n),
            peer_name="PostgreSQL COPY with a unique index",
            unit=UNIT,
            n=whole,
            peer_n=(peer_n := peer_size(whole, table.rate)),
        )
        return [line, maker.database_line(n, whole), growth(NAME, maker.rate, SIZES, unit=UNIT)]


class _Maker:
    """Issues print orders and streams their files."""

    def __init__(self, env, folder: Path):
        self.env, self.folder = env, folder
        self.values = {"supplier_id": supplier(env).id, "product_id": product(env).id, "over_issue": 0}
        scheme = env["liquor.print.order"]._default_scheme_id()
        self.per_bottle = sum(1 / level.bottles for level in scheme.level_ids)

    def make(self, count: int):
        """Return an order of about ``count`` codes and the seconds it took from issuing to the last byte."""
        order = self.env["liquor.print.order"].create({**self.values, "quantity": int(count / self.per_bottle)})
        self.env.cr.commit()
        path = self.folder / "order.zip"
        with one_core():
            begun = time.perf_counter()
            order.action_issue()
            self.env.cr.commit()
            with path.open("wb") as file:
                for piece in archive.stream(order._entries(), order._password()):
                    file.write(piece)
            seconds = time.perf_counter() - begun
        assert path.stat().st_size == order.file_size, "the file is not as long as announced"
        return order, seconds

    def rate(self, count: int) -> float:
        """Codes a second of a fresh order."""
        order, seconds = self.make(count)
        return order.code_count / seconds

    def database_line(self, count: int, whole: int) -> Line:
        """The database's growth by one more order, against what is allowed."""
        before = self._database_size()
        self.make(count)
        grown = self._database_size() - before
        ratio = ALLOWED_BYTES / max(PAGE, grown)
        what = "bytes that one more order may add"
        return Line(f"{NAME}.database", grown, ALLOWED_BYTES, what, ratio, "bytes", whole, whole, ratio, ratio)

    def _database_size(self) -> int:
        self.env.cr.execute("SELECT pg_database_size(current_database())")
        return self.env.cr.fetchone()[0]


class _CodeTable:
    """Loads the codes of an order into a table; they are made beforehand."""

    def __init__(self, maker: _Maker, order):
        self.maker, self.order = maker, order
        self.name = self.maker.env.cr.dbname

    def rate(self, count: int) -> float:
        """Rows a second for a random ``count`` of the codes."""
        path = self.maker.folder / f"rows_{count}.txt"
        rows = _write_rows(self.order, count / self.order.code_count, path) if not path.exists() else None
        connection = database.connect(self.name)
        try:
            with connection.cursor() as cursor, path.open("rb") as file:
                code_table.create(cursor)
                begun = time.perf_counter()
                code_table.fill(cursor, iter(lambda: file.read(PIECE), b""))
                seconds = time.perf_counter() - begun
                cursor.execute(f"SELECT count(*) FROM {code_table.TABLE}")
                loaded = cursor.fetchone()[0]
                cursor.execute(f"DROP TABLE {code_table.TABLE}")
        finally:
            connection.close()
        assert rows is None or rows == loaded, f"{loaded} of {rows} codes were loaded"
        return loaded / seconds


def _write_rows(order, share: float, path: Path) -> int:
    """Write a random share of the order's codes as rows for COPY and return how many."""
    chance, written = np.random.default_rng(1), 0
    with path.open("wb") as file:
        for rows in _rows(order):
            chosen = rows if share >= 1 else rows[chance.random(len(rows)) < share]
            file.write(chosen.tobytes())
            written += len(chosen)
    return written


def _rows(order) -> Iterator[np.ndarray]:
    """Yield the order's codes as lines ``batch<tab>code``, two-dimensional arrays of bytes."""
    book = order.env["liquor.code.key"]._code_book()
    for batch in order.batch_ids:
        for level in batch.scheme_id.level_ids:
            key = book.batch_key(level.kind, batch.number, batch.key_id.version)
            count = -(-batch.bottles // level.bottles)
            prefix = f"{batch.number}\t"
            for piece in bulk.lines(key, level.kind, batch.number, 0, count, prefix):
                yield piece.reshape(-1, bulk.line_length(prefix))
