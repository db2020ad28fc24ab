"""Housekeeping of tables that only grow: rows are dropped by age, some at a time."""

from odoo import fields
from odoo.tools import SQL

MOST = 10_000
"""Rows in one go, so that no run holds locks for long; Odoo's autovacuum calls again while something is left."""


def forget(model, column, kept):
    """Delete rows older than ``kept``, at most ``MOST``, without the ORM: for rows that nothing hangs on.

    :param model: model whose table is meant
    :param str column: its Datetime that age is told by (UTC)
    :param timedelta kept: how long rows stay
    :return: (rows deleted, whether more may be left), what an ``@api.autovacuum`` method returns
    """
    name = SQL.identifier(model._table)
    env = model.env
    model.flush_model()
    env.cr.execute(
        SQL(
            "DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE %s < %s ORDER BY id LIMIT %s)",
            name,
            name,
            SQL.identifier(column),
            fields.Datetime.now() - kept,
            MOST,
        )
    )
    model.invalidate_model(flush=False)
    return env.cr.rowcount, env.cr.rowcount == MOST
