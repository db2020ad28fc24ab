"""Opening the append-only tables for one step of a migration (design.md 3.1)."""

from contextlib import contextmanager

SETTING = "liquor.maintenance"


def _current(cr) -> str:
    cr.execute("SELECT current_setting(%s, true)", [SETTING])
    return cr.fetchone()[0] or "off"


def _switch(cr, value: str) -> None:
    cr.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


@contextmanager
def maintenance(env):
    """Let UPDATE, DELETE and TRUNCATE through the append-only triggers until the block ends.

    Holds for the present transaction only (as ``SET LOCAL``); a rollback closes it too. It is for
    migrations and for changes of the schema: the ORM of a ledger goes on refusing.
    """
    before = _current(env.cr)
    _switch(env.cr, "on")
    # No "finally": after an exception the transaction, or its savepoint, rolls back and the setting with it.
    yield
    _switch(env.cr, before)
