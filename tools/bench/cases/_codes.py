"""Genuine codes for the benches, made by the suite's own engine."""

from odoo.addons.liquor_scan.engine.codes.bulk import LINE_END, lines
from odoo.addons.liquor_scan.engine.codes.cipher import CODE_LENGTH, CodeBook

# Only for measuring; a real master key lives in the key file outside the database.
MASTERS = {1: bytes(range(32))}


def codes(batch: int, count: int, kind: str = "cap_inner") -> list[str]:
    """Return the first ``count`` codes of a batch."""
    key = CodeBook(MASTERS).batch_key(kind, batch, 1)
    text = b"".join(piece.tobytes() for piece in lines(key, kind, batch, 0, count)).decode()
    width = CODE_LENGTH + len(LINE_END)
    return [text[start : start + CODE_LENGTH] for start in range(0, len(text), width)]
