"""Odoo's configuration file for this checkout."""

import tempfile
from pathlib import Path

from . import cluster, odoo_source
from .python_env import PYTHON
from .settings import ADDONS, RUN, http_port, read_state

CONFIGURATION = RUN / "odoo.conf"
ODOO_COMMAND = (PYTHON, "-m", "odoo")
# Threaded mode with as many connections as threads: Odoo's defaults run out of connections (security.md 0.10).
MAXIMUM_THREADS = 16


def write_configuration(path: Path = CONFIGURATION, **changes: str | int) -> Path:
    """Write a configuration file and return its path; ``changes`` override single settings."""
    state = read_state("cluster")
    values = {
        "addons_path": ",".join(map(str, [*odoo_source.addon_paths(), ADDONS])),
        "data_dir": RUN / "data",
        "db_host": "127.0.0.1",
        "db_port": state["port"],
        "db_user": cluster.ROLE,
        "db_password": state["password"],
        "db_maxconn": 64,
        "http_interface": "127.0.0.1",
        "http_port": http_port(),
        "list_db": False,
        "admin_passwd": "",
        "max_cron_threads": 1,
        "without_demo": True,
        "log_level": "warn",
        **changes,
    }
    RUN.mkdir(parents=True, exist_ok=True)
    lines = ["[options]", *(f"{key} = {value}" for key, value in values.items())]
    # In one step: another process of this checkout may be reading it.
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, encoding="utf-8", delete=False) as draft:
        draft.write("\n".join(lines) + "\n")
    return Path(draft.name).replace(path)
