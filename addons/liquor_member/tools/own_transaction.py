"""Counting and logging that must survive a rollback of the caller (design.md 3.5, security.md 0.7)."""

from odoo.http import request
from odoo.sql_db import Cursor

LOCK_TIMEOUT = "5s"


def own_transaction(env, once_key, work):
    """Run ``work(cr)`` in a transaction of its own, commit it and return its result.

    On a real cursor the transaction is READ COMMITTED, so that an upsert of a counter sees what parallel
    requests have counted. Within one HTTP request a ``once_key`` runs once: when Odoo repeats the request
    after a conflict, the first result is given again. It counts and logs only: whatever consumes (a code, a
    ticket, a prize) belongs into the caller's transaction. Rows the caller holds locked end in an error after
    five seconds instead of waiting for themselves.

    :param str once_key: what is counted, for instance ``"otp/<phone index>"``; a falsy key always runs
    :param work: function of a cursor; plain SQL
    """
    memory = _memory(env) if once_key else {}
    if once_key not in memory:
        memory[once_key] = _run(env, work)
    return memory[once_key]


def _run(env, work):
    with env.registry.cursor() as cr:
        if isinstance(cr, Cursor):
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        return work(cr)


def _memory(env):
    """Return what this HTTP request has run already (nothing is kept outside of a request)."""
    if not request:
        return {}
    memories = request.httprequest.environ.setdefault("liquor.own_transaction", {})
    return memories.setdefault(env.cr.dbname, {})
