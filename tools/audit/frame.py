"""What an invariant is, and how a database is held against all of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

ADDONS = ("liquor_member", "liquor_channel", "liquor_scan")


@dataclass(frozen=True, slots=True)
class Invariant:
    """One statement that must hold.

    :param key: short name, unique, dotted by subject
    :param title: the statement in one line
    :param addon: the add-on whose tables it is about; where that is not installed it does not apply
    :param tables: the tables it reads; a missing one is a violation
    :param find: given a cursor, returns a line for each violation
    """

    key: str
    title: str
    addon: str
    tables: tuple[str, ...]
    find: Callable[[object], list[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came out for one invariant; ``violations`` is None where it does not apply."""

    invariant: Invariant
    violations: list[str] | None

    @property
    def state(self) -> str:
        """``ok``, ``FAIL`` or ``none`` (the add-on is not installed)."""
        if self.violations is None:
            return "none"
        return "FAIL" if self.violations else "ok"


def by_sql(key: str, title: str, addon: str, tables: Iterable[str], statement: str) -> Invariant:
    """Return an invariant whose violations are the rows of a SELECT with one text column."""

    def find(cursor) -> list[str]:
        cursor.execute(statement)
        return [text for (text,) in cursor.fetchall()]

    return Invariant(key, title, addon, tuple(tables), find)


def installed(cursor) -> set[str]:
    """Return which of the suite's add-ons the database has."""
    cursor.execute("SELECT name FROM ir_module_module WHERE state IN ('installed', 'to upgrade')")
    return {name for (name,) in cursor.fetchall()} & set(ADDONS)


def missing_tables(cursor, tables: Iterable[str]) -> list[str]:
    """Return which of ``tables`` are neither tables nor views."""
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(quote_ident(name)) IS NULL", [list(tables)]
    )
    return [name for (name,) in cursor.fetchall()]


def check(cursor, invariants: Iterable[Invariant]) -> Iterator[Finding]:
    """Hold the database against each invariant."""
    present = installed(cursor)
    for invariant in invariants:
        if invariant.addon not in present:
            yield Finding(invariant, None)
            continue
        missing = missing_tables(cursor, invariant.tables)
        yield Finding(invariant, [f"table {name} is missing" for name in missing] or invariant.find(cursor))
