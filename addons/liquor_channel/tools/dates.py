"""Rows that hold from ``date_start`` to ``date_end``, without end where that is empty."""

from odoo.fields import Domain


def in_force(first, last=None):
    """Return the domain of rows in force on at least one day from ``first`` to ``last``; None means ``first``."""
    started = Domain("date_start", "<=", last or first)
    return started & (Domain("date_end", "=", False) | Domain("date_end", ">=", first))
