"""Turning the loser of a race for a unique key into a retry (security.md 0.4)."""

from contextlib import contextmanager

from psycopg2 import errors

from odoo.exceptions import ConcurrencyError


@contextmanager
def loser_retries(env, *constraints: str):
    """Raise ``ConcurrencyError`` where a unique key was taken by a parallel transaction.

    Odoo then runs the whole call again on a new snapshot, in which the winner is visible. So look for
    the visible holder of the key *before* the block: a holder in our own snapshot would be retried in vain.

    The transaction is lost with the error: nothing may catch it but what began the transaction. A savepoint would
    cost a claim a tenth of its statements to no use.

    :param constraints: names of the unique indexes meant, best by ``index.full_name(model)``; none means all
    :raises ValueError: a name that no index has
    :raises ConcurrencyError: the key was taken meanwhile
    """
    if any("__" in name for name in constraints):
        raise ValueError(f"Odoo names an index <table>_<name>: {constraints}")
    try:
        yield
    except errors.UniqueViolation as error:
        if constraints and error.diag.constraint_name not in constraints:
            raise
        raise ConcurrencyError(f"Taken by a parallel transaction: {error.diag.constraint_name}") from error
