"""A served copy of a database for tests that need real connections: races, faults, attacks, load."""

import contextlib
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import cluster, databases
from .configuration import MAXIMUM_THREADS, ODOO_COMMAND, write_configuration
from .console import Failure
from .open_shell import OpenShell
from .settings import LOGS, RUN, free_port

TIMEOUT = 180  # seconds; a busy machine is no failure


@dataclass(frozen=True)
class Site:
    """Address and database of a served copy."""

    url: str
    database: str
    process: subprocess.Popen
    _shell: OpenShell

    def query(self, statement: str) -> str:
        """Run one SQL statement on the served database and return psql's unaligned answer."""
        return databases.query(statement, self.database)

    def shell(self, text: str) -> str:
        """Run Python ``text`` in an Odoo shell on the served database and return what it printed.

        The shell stays open for the next one; each has a transaction of its own and commits what it wants to keep.
        """
        return self._shell.run(text)


def copy(source: str, name: str) -> None:
    """Copy database ``source`` with its files; whoever is connected to it is disconnected."""
    databases.copy(source, name)
    store = RUN / "data" / "filestore"
    shutil.rmtree(store / name, ignore_errors=True)
    if (store / source).exists():
        shutil.copytree(store / source, store / name)


@contextlib.contextmanager
def serve(name: str, **settings: str | int) -> Iterator[Site]:
    """Serve database ``name`` as it is on a free port until the block ends.

    :raises Failure: when the server does not come up
    """
    port = free_port(30000)
    # without crons, so that what a test sees is what it did
    fixed = {"db_name": name, "dbfilter": f"^{name}$", "http_port": port, "log_level": "warn", "max_cron_threads": 0}
    values = {**fixed, **settings}
    configuration = write_configuration(RUN / f"{name}.conf", **values)
    log = LOGS / f"serve_{name}.log"
    words = [*ODOO_COMMAND, "-c", configuration, "--logfile", log]
    environment = {**os.environ, "ODOO_MAX_HTTP_THREADS": str(MAXIMUM_THREADS), **cluster.environment()}
    environment.pop("PGDATABASE")  # Odoo would take it for the name of its database
    # the environment outranks the file; a test of durability has a cluster of its own
    own = {"PGPORT": settings.get("db_port"), "PGPASSWORD": settings.get("db_password")}
    environment.update({name: str(value) for name, value in own.items() if value})
    process = subprocess.Popen([str(word) for word in words], env=environment, start_new_session=True)
    site = Site(f"http://127.0.0.1:{port}", name, process, OpenShell(name))
    try:
        _wait(site, log)
        yield site
    finally:
        site._shell.close()
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(site: Site, log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and site.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            # The login page loads the registry; the health route alone would answer before it is ready.
            with urllib.request.urlopen(f"{site.url}/web/login", timeout=TIMEOUT) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.3)
    raise Failure(f"The copy {site.database} is not served. Its last words are in {log}.")
