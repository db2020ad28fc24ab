"""How many statements requests send to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor


@contextmanager
def counted_queries() -> Iterator[list]:
    """Yield the statements that are sent meanwhile, on whatever cursor."""
    found, execute = [], Cursor.execute

    def counting(cursor, query, *args, **kwargs):
        found.append(query)
        return execute(cursor, query, *args, **kwargs)

    with patch.object(Cursor, "execute", counting):
        yield found
