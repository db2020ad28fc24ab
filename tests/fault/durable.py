"""A PostgreSQL cluster of its own with durability on, filled from a database of the checkout's cluster."""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.environment import cluster
from tools.environment.console import run
from tools.environment.settings import LOGS, free_port

LOG = LOGS / "durable.log"
OPTIONS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 60
shared_buffers = '64MB'
jit = off
timezone = 'UTC'
"""


@dataclass(frozen=True)
class Durable:
    """Where it lies and how it is reached."""

    folder: Path
    port: int
    password: str

    def environment(self) -> dict[str, str]:
        """Variables for PostgreSQL's client programs."""
        words = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": cluster.ROLE, "PGPASSWORD": self.password}
        return {**os.environ, **words, "PGDATABASE": "postgres"}

    def control(self, *words: str) -> None:
        """Start or stop the server."""
        run([cluster.binary("pg_ctl"), *words, "-D", self.folder], log=LOG, user=cluster.owner(), cwd=Path("/"))

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.control("start", "-w", "-t", "60", "-o", f"-p {self.port}", "-l", str(self.folder / "server.log"))

    def crash(self) -> None:
        """Stop it as a failing machine would: no checkpoint, no word to whoever is connected."""
        self.control("stop", "-m", "immediate")

    def query(self, statement: str, database: str) -> str:
        """Run one SQL statement and return psql's unaligned answer."""
        words = [cluster.binary("psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        return run(words, env=self.environment()).strip()

    def fill(self, source: str) -> None:
        """Copy a database of the checkout's cluster, under its own name."""
        self.query(f'CREATE DATABASE "{source}"', "postgres")
        dump = [cluster.binary("pg_dump"), "-Fc", "-O", "-x", "-d", source]
        restore = [cluster.binary("pg_restore"), "-O", "-x", "-d", source]
        with subprocess.Popen(
            dump, stdout=subprocess.PIPE, env={**os.environ, **cluster.environment(), "PGDATABASE": source}
        ) as read:
            subprocess.run(restore, stdin=read.stdout, env=self.environment(), check=True)
        assert read.returncode == 0


@contextlib.contextmanager
def durable(source: str) -> Iterator[Durable]:
    """Give a cluster that holds a copy of database ``source``; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="liquor-durable-"))
    if cluster.owner():
        shutil.chown(folder, cluster.owner(), cluster.owner())
    password = secrets.token_hex(16)
    initdb = [cluster.binary("initdb"), "-D", folder, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth=peer"]
    run(initdb, log=LOG, user=cluster.owner(), cwd=Path("/"))
    (folder / "pg_hba.conf").write_text("host all odoo 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write(OPTIONS)
    cluster._single_user(folder, cluster.owner(), f"CREATE ROLE {cluster.ROLE} LOGIN CREATEDB PASSWORD '{password}'")
    server = Durable(folder, free_port(27000), password)
    server.start()
    try:
        server.fill(source)
        yield server
    finally:
        with contextlib.suppress(Exception):
            server.crash()
        shutil.rmtree(folder, ignore_errors=True)
