"""The three add-ons install alone in order, and uninstall without a trace."""

import pytest
from tools.environment import databases
from tools.environment.settings import SUITE

DATABASE = "liquor_install"
# Everything an add-on can leave behind: in the catalogue, and as records of the framework.
TRACES = {
    "tables": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    "columns": "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgname || ' on ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "external ids": "SELECT module || '.' || name FROM ir_model_data WHERE module NOT LIKE '\\_\\_%'",
    "views": "SELECT coalesce(key, name) FROM ir_ui_view",
    "menus": "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    "actions": "SELECT id || ' ' || type FROM ir_actions",
    "crons": "SELECT cron_name FROM ir_cron",
    "groups": "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    "rules": "SELECT id || ' ' || coalesce(name, '') FROM ir_rule",
    "parameters": "SELECT key FROM ir_config_parameter",
    "sequences of Odoo": "SELECT coalesce(code, name) FROM ir_sequence",
    "products": "SELECT id || ' ' || (name->>'en_US') FROM product_template",
    "programs": "SELECT id || ' ' || (name->>'en_US') FROM loyalty_program",
}
# Odoo's own residue of installing and uninstalling any add-on.
NATIVE_RESIDUE = ("base_import", "ir_module", "base.module_")

pytestmark = pytest.mark.load


def traces() -> dict[str, set[str]]:
    """Return what lies in the database now, by kind."""
    return {kind: set(databases.query(query, DATABASE).splitlines()) for kind, query in TRACES.items()}


@pytest.fixture
def database():
    """A copy of the template that has none of our add-ons."""
    databases.drop(DATABASE)
    databases.query(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{databases.BASE_TEMPLATE}"')
    yield DATABASE
    databases.drop(DATABASE)


def uninstall(module: str) -> None:
    """Uninstall as the person does in the list of apps."""
    databases.script(
        DATABASE,
        f"env['ir.module.module'].search([('name', '=', '{module}')]).button_immediate_uninstall()\nenv.cr.commit()\n",
    )


def test_install_in_order_and_leave_no_trace(database):
    before = traces()
    for module in SUITE:
        databases.install(DATABASE, (module,))
        state = databases.query(f"SELECT state FROM ir_module_module WHERE name = '{module}'", DATABASE)
        assert state == "installed", module
    assert traces()["tables"] - before["tables"], "the add-ons have made tables"
    for module in reversed(SUITE):
        uninstall(module)
    after = traces()
    left = {kind: names for kind in TRACES if (names := _ours(after[kind] - before[kind]))}
    assert left == {}
    gone = {kind: names for kind in TRACES if (names := sorted(before[kind] - after[kind]))}
    assert gone == {}


def _ours(names: set[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith(NATIVE_RESIDUE))
