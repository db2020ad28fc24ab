"""Databases of the cluster: templates that are built once, and copies of them that are made in seconds."""

import json

from . import cluster, odoo_source
from .configuration import ODOO_COMMAND, write_configuration
from .console import run, say
from .settings import ADDONS, LOGS, SUITE, fingerprint, read_state, write_state

BASE_TEMPLATE = "liquor_base"
# What the suite and its bench stand on, installed once in Chinese with the Chinese chart of accounts.
NATIVE = ("sale_loyalty", "sale_stock", "phone_validation", "portal", "account_debit_note", "barcodes_gs1_nomenclature")
# A company gets its chart of accounts when `account` is installed, by its country: so country first.
COMPANY_SCRIPT = """
company = env.ref("base.main_company")
currency = env.ref("base.CNY")
currency.active = True
company.write({"country_id": env.ref("base.cn").id, "currency_id": currency.id})
company.partner_id.tz = "Asia/Shanghai"
env["res.users"].search([]).write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
env["res.partner"].search([]).write({"lang": "zh_CN"})
env.cr.commit()
"""


def query(statement: str, database: str = "postgres") -> str:
    """Run one SQL statement as the suite's role and return psql's unaligned answer."""
    words = [cluster.binary("psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
    return run(words, env=cluster.environment()).strip()


def exists(name: str) -> bool:
    """Tell whether database ``name`` exists."""
    return query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"


def drop(name: str) -> None:
    """Drop database ``name`` and whoever is connected to it; nothing happens where there is none."""
    if exists(name):
        query(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        _disconnect(name)
        query(f'DROP DATABASE "{name}"')


def copy(source: str, target: str) -> None:
    """Replace ``target`` by a copy of ``source``."""
    drop(target)
    _disconnect(source)
    query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _disconnect(name: str) -> None:
    """End the clients of a database; PostgreSQL itself ends an autovacuum worker, which we may not."""
    clients = f"datname = '{name}' AND backend_type = 'client backend'"
    query(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {clients}")


def install(database: str, modules: tuple[str, ...], *flags: str) -> None:
    """Install ``modules`` by Odoo's own command line."""
    command = [*ODOO_COMMAND, "-c", write_configuration(), "-d", database, "-i", ",".join(modules)]
    run([*command, "--stop-after-init", "--no-http", *flags], log=LOGS / f"install_{database}.log")


def script(database: str, text: str, *, show: bool = False) -> str:
    """Run Python ``text`` in an Odoo shell on ``database``; it commits what it wants to keep.

    :param show: let the person watch its progress
    """
    command = [*ODOO_COMMAND, "shell", "-c", write_configuration(), "-d", database, "--no-http"]
    return run(command, text=text, show=show, log=LOGS / f"shell_{database}.log")


def ensure_base_template() -> None:
    """Build the template with Odoo's own modules (about two minutes, once per Odoo and module list)."""
    release = fingerprint(odoo_source.python_path() / "odoo/release.py")
    wanted = json.dumps([release, NATIVE, COMPANY_SCRIPT])
    if read_state("base_template").get("wanted") == wanted and exists(BASE_TEMPLATE):
        return
    say("Installing Odoo's own modules into a template database (once) ...")
    draft = f"{BASE_TEMPLATE}_draft"
    drop(draft)
    query(f'CREATE DATABASE "{draft}"')
    install(draft, ("base",), "--load-language=zh_CN")
    script(draft, COMPANY_SCRIPT)
    install(draft, (*NATIVE, "l10n_cn"))
    drop(BASE_TEMPLATE)
    query(f'ALTER DATABASE "{draft}" RENAME TO "{BASE_TEMPLATE}"')
    write_state("base_template", {"wanted": wanted})


def ensure_suite(name: str, modules: tuple[str, ...] = SUITE) -> None:
    """Make database ``name`` as a fresh copy of the template with our add-ons installed."""
    ensure_base_template()
    present = tuple(module for module in modules if (ADDONS / module / "__manifest__.py").exists())
    say(f"Installing {', '.join(present)} into database {name} ...")
    copy(BASE_TEMPLATE, name)
    install(name, present)
