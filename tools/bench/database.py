"""Databases to measure on: copies of one bench template, SQL access, rows multiplied by SQL, Odoo in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

import odoo
from odoo.modules.registry import Registry

from tools.environment import cluster, databases, odoo_source
from tools.environment.configuration import ODOO_COMMAND, write_configuration
from tools.environment.console import run, say
from tools.environment.settings import ADDONS, LOGS, ROOT, RUN, SUITE, fingerprint, read_state, write_state

PEER_ADDONS = ROOT / "tests" / "bench" / "addons"
# Odoo add-ons of others that are measured against; kept apart from what the suite runs on.
FOREIGN = RUN / "bench" / "packages"
CONFIGURATION = RUN / "bench" / "odoo.conf"
TEMPLATE = "liquor_bench_template"
REBATE_TEMPLATE = "liquor_bench_rebate_template"


def configuration(**changes: str | int) -> Path:
    """Write the bench's own configuration, whose add-on path also holds the peers, and return its path."""
    paths = [*odoo_source.addon_paths(), ADDONS, PEER_ADDONS, FOREIGN / "odoo" / "addons"]
    CONFIGURATION.parent.mkdir(parents=True, exist_ok=True)
    return write_configuration(CONFIGURATION, addons_path=",".join(map(str, paths)), **changes)


def connect(database: str):
    """Return a psycopg2 connection as the suite's role; each statement commits by itself."""
    state = cluster.environment()
    connection = psycopg2.connect(
        host=state["PGHOST"],
        port=state["PGPORT"],
        user=state["PGUSER"],
        password=state["PGPASSWORD"],
        dbname=database,
    )
    connection.autocommit = True
    return connection


@contextmanager
def scratch(name: str, template: str = "template1") -> Iterator[str]:
    """Give a database that is a copy of ``template`` and is dropped afterwards."""
    databases.copy(template, name)
    try:
        yield name
    finally:
        databases.drop(name)


def ensure_template() -> str:
    """Have a database with the suite and the peers' bare routes as they are now; return its name."""
    return _ensure(TEMPLATE, databases.BASE_TEMPLATE, (*SUITE, "liquor_bench_peers"))


def ensure_rebate_template() -> str:
    """Have a database with the suite and OCA's ``agreement_rebate``; return its name."""
    return _ensure(REBATE_TEMPLATE, databases.BASE_TEMPLATE, (*SUITE, "agreement_rebate"))


def _ensure(name: str, source: str, modules: tuple[str, ...]) -> str:
    wanted = fingerprint(*_sources())
    if databases.exists(name) and read_state(name).get("sources") == wanted:
        return name
    say(f"Installing {', '.join(modules)} into {name} ...")
    write_state(name, {})
    databases.ensure_base_template()
    databases.copy(source, name)
    words = [*ODOO_COMMAND, "-c", configuration(), "-d", name, "-i", ",".join(modules), "--stop-after-init"]
    run([*words, "--no-http"], log=LOGS / f"install_{name}.log")
    write_state(name, {"sources": wanted})
    return name


def _sources() -> list[Path]:
    files = [path for folder in (ADDONS, PEER_ADDONS) for path in folder.rglob("*")]
    skipped = {"tests", "engine", "static"}
    wanted = [path for path in files if path.suffix in {".py", ".xml", ".csv"}]
    return sorted(path for path in wanted if not skipped & set(path.relative_to(ADDONS.parent).parts[2:]))


def figure(name: str, statement: str) -> int:
    """Return the one number that ``statement`` gives."""
    connection = connect(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def analyze(name: str) -> None:
    """Let the planner know what the fixtures wrote."""
    connection = connect(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    finally:
        connection.close()


def multiply(cursor, table: str, row: int, count: int, **changes: str) -> list[int]:
    """Insert ``count`` copies of a row that the ORM made and return their ids in order of ``i``.

    :param changes: column -> SQL expression over ``i`` (1 to ``count``) in place of the row's own value
    """
    columns, source = _copies(cursor, table, row, changes)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ({source}) s ORDER BY i RETURNING id", [count]
    )
    return [key for (key,) in cursor.fetchall()]


def fill(cursor, table: str, row: int, count: int, **changes: str) -> None:
    """Do what :func:`multiply` does where nobody needs the ids: millions of rows without a sort."""
    columns, source = _copies(cursor, table, row, changes)
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ({source}) s", [count])


def _copies(cursor, table: str, row: int, changes: dict[str, str]) -> tuple[str, str]:
    """Return the columns of ``table`` and the SELECT of its copies, with one parameter: how many."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
        " AND column_name <> 'id' AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    unknown = set(changes) - set(columns)
    if unknown:
        raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
    values = [f"{changes[name]} AS {name}" if name in changes else f"o.{name}" for name in columns]
    source = f"SELECT i, {', '.join(values)} FROM {table} o, generate_series(1, %s) i WHERE o.id = {int(row)}"
    return ", ".join(columns), source


def number(cursor, table: str, values: list, kind: str = "integer") -> None:
    """Keep values in a temporary table (n from 1, id), so that expressions over ``i`` of :func:`multiply` find them."""
    cursor.execute(f"CREATE TEMP TABLE {table} (n integer PRIMARY KEY, id {kind})")
    cursor.execute(f"INSERT INTO {table} SELECT n, id FROM unnest(%s) WITH ORDINALITY AS given (id, n)", [values])


def use_addons(name: str = "") -> None:
    """Read the configuration, so that ``odoo.addons.liquor_*`` can be imported in this process."""
    odoo.tools.config.parse_config(["-c", str(configuration()), *(["-d", name] if name else []), "--no-http"])
    odoo.modules.initialize_sys_path()


@contextmanager
def environment(name: str) -> Iterator:
    """Give Odoo's environment (superuser) on database ``name`` in this process; what is not committed is lost."""
    use_addons(name)
    registry = Registry(name)
    try:
        with registry.cursor() as cursor:
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            cursor.rollback()
    finally:
        Registry.delete(name)
        odoo.sql_db.close_db(name)
