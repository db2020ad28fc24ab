"""One person at a time books in a company: whoever comes second waits, and then sees what the first one left.

Entries of one company meet on rows of Odoo's own (what is still open of an item, what an invoice can carry). At
REPEATABLE READ the second to write such a row fails and is run again from the start, five times at most: of twenty
people at once some would be sent away. So they queue before they read: PostgreSQL serves the queue in its order.
"""

from contextlib import suppress

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import LockNotAvailable

from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request
from odoo.sql_db import Cursor
from odoo.tools import SQL

#: advisory locks of this add-on: (space, company id)
ADVISORY_SPACE = 19_000_101
#: seconds for which somebody waits for those before him
TURN_SECONDS = 120
HELD = "liquor_channel.book_turn"


def take_book_turn(env, companies):
    """Wait for the turn of these companies; it is given back when the transaction ends. To be called first.

    Where nothing was written yet, the transaction begins anew once the turn is ours, so that it reads what those before
    left. Where something was (Odoo notes a device once an hour), Odoo runs a request again that finds somebody before
    it, once; else, and in tests, the turn is only waited for, and what is stale is run again by Odoo.

    :raises ConcurrencyError: the request is to be run again
    :raises UserError: those before take too long
    """
    env.flush_all()
    wanted = [key for key in sorted(companies.ids) if key not in env.cr.postcommit.data.get(HELD, ())]
    if not wanted:
        return
    real = isinstance(env.cr, Cursor)
    fresh = real and not _has_written(env)
    if real and not fresh and _first_try() and not all(_try_lock(env, company) for company in wanted):
        raise ConcurrencyError("somebody books at this moment")
    taken = []
    try:
        env.cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{TURN_SECONDS}s"))
        for company in wanted:
            _lock(env, company, session=fresh)
            taken.append(company)
        env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")
    except LockNotAvailable as error:
        if fresh:
            _give_back(env.cr, taken)
        raise UserError(
            env._(
                "Others are booking in %(company)s: nothing is lost. Press again in a minute.",
                company=", ".join(companies.mapped("name")),
            )
        ) from error
    if fresh:
        env.cr.rollback()
        env.cr.postcommit.add(lambda: _give_back(env.cr, taken))
        env.cr.postrollback.add(lambda: _give_back(env.cr, taken))
    env.cr.postcommit.data.setdefault(HELD, set()).update(wanted)


def _has_written(env):
    """Has this transaction written or locked a row?"""
    return env.execute_query(SQL("SELECT pg_current_xact_id_if_assigned() IS NOT NULL"))[0][0]


def _first_try():
    """Is this the first time that this HTTP request comes here?"""
    if not request:
        return False
    environ = request.httprequest.environ
    first = HELD not in environ
    environ[HELD] = True
    return first


def _try_lock(env, company):
    return env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", ADVISORY_SPACE, company))[0][0]


def _lock(env, company, session):
    name = "pg_advisory_lock" if session else "pg_advisory_xact_lock"
    env.cr.execute(SQL("SELECT %s(%s, %s)", SQL.identifier(name), ADVISORY_SPACE, company), log_exceptions=False)


def _give_back(cr, companies):
    """Unlock, once the transaction is over: on the connection itself, as the cursor may be closed by now.

    A connection that broke has given its locks back.
    """
    with suppress(OperationalError, InterfaceError):
        cr._cnx.rollback()
        with cr._cnx.cursor() as raw:
            for company in companies:
                raw.execute("SELECT pg_advisory_unlock(%s, %s)", [ADVISORY_SPACE, company])
        cr._cnx.rollback()
