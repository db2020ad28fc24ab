"""The private PostgreSQL cluster of this checkout: own folder, own port, loopback only.

It is made for development and demonstration: durability is switched off (``fsync``), so that a machine
that loses power loses the demo world, never a customer's data. Tests of durability start their own.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from .console import Failure, run, say
from .settings import CHECKOUT_HASH, LOGS, RUN, free_port, port_is_free, read_state, write_state

LOG = LOGS / "postgresql.log"
ROLE = "odoo"
OPTIONS = {
    "listen_addresses": "'127.0.0.1'",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "120",
    "shared_buffers": "'512MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'256MB'",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'15min'",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_min_messages": "warning",
}


def owner() -> str | None:
    """Return the system user the server runs as: ``postgres`` for root (who is refused), else ourselves."""
    return "postgres" if os.geteuid() == 0 else None


def binary(name: str) -> Path:
    """Return the newest installed PostgreSQL program called ``name``.

    :raises Failure: when there is none
    """
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1]
    plain = shutil.which(name)
    if not plain:
        raise Failure(f"PostgreSQL's “{name}” was not found. Debian: apt-get install postgresql")
    return Path(plain)


def folder() -> Path:
    """Return the data folder: below ``.run``, or under /var/lib where ``postgres`` cannot enter the checkout."""
    noted = read_state("cluster").get("folder")
    if noted:
        return Path(noted)
    user = owner()
    inside = RUN / "postgresql"
    if user is None or _can_enter(user, RUN):
        return inside
    return Path("/var/lib/liquor-dev") / CHECKOUT_HASH


def _can_enter(user: str, path: Path) -> bool:
    done = subprocess.run(["test", "-x", str(path)], user=user, group=user, extra_groups=[], check=False)
    return done.returncode == 0


def environment() -> dict[str, str]:
    """Return the variables with which PostgreSQL's client programs reach the cluster."""
    state = read_state("cluster")
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(state["port"]),
        "PGUSER": ROLE,
        "PGPASSWORD": state["password"],
        "PGDATABASE": "postgres",
    }


def ensure() -> None:
    """Make the cluster unless it exists, and start it unless it runs.

    :raises Failure: when PostgreSQL cannot be initialised or started
    """
    if not (read_state("cluster").get("password") and (folder() / "liquor_ready").exists()):
        _initialise()
    if not is_running():
        _start()


def is_running() -> bool:
    """Tell whether this checkout's own server runs (not merely something on its port)."""
    if not (folder() / "postmaster.pid").exists():
        return False
    done = subprocess.run(
        [binary("pg_ctl"), "status", "-D", folder()], capture_output=True, check=False, cwd="/", **_as_owner()
    )
    return done.returncode == 0


def stop() -> None:
    """Stop the server if it runs."""
    if (folder() / "liquor_ready").exists() and is_running():
        _control("stop", "-m", "fast")


def _as_owner() -> dict:
    user = owner()
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def _initialise() -> None:
    target, user = folder(), owner()
    say(f"Creating the PostgreSQL cluster in {target} ...")
    if is_running():  # left behind by a checkout that stood in the same folder
        _control("stop", "-m", "immediate")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, mode=0o700)
    if user:
        entry = pwd.getpwnam(user)
        os.chown(target, entry.pw_uid, entry.pw_gid)
    password = secrets.token_hex(16)
    initdb = [binary("initdb"), "-D", target, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth=peer"]
    run(initdb, log=LOG, user=user, cwd=Path("/"))
    # Reached by password over loopback only; the superuser has no way in but the single-user mode below.
    (target / "pg_hba.conf").write_text("host all odoo 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
    lines = [f"{key} = {value}\n" for key, value in OPTIONS.items()]
    with (target / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.writelines([*lines, f"unix_socket_directories = ''\nport = {free_port(26000)}\n"])
    _single_user(target, user, f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'")
    write_state("cluster", {"folder": str(target), "password": password, "port": 0})
    (RUN / "state" / "cluster.json").chmod(0o600)
    (target / "liquor_ready").touch()


def _single_user(target: Path, user: str | None, statement: str) -> None:
    done = subprocess.run(
        [binary("postgres"), "--single", "-D", target, "postgres"],
        input=f"{statement}\n",
        text=True,
        capture_output=True,
        check=False,
        cwd="/",
        **_as_owner(),
    )
    if done.returncode or "ERROR" in done.stderr:
        raise Failure(f"PostgreSQL could not be prepared:\n{done.stderr}")


def _start() -> None:
    state = read_state("cluster")
    port = state["port"] or free_port(26000)
    if not port_is_free(port):
        port = free_port(26000)
    write_state("cluster", {**state, "port": port})
    (RUN / "state" / "cluster.json").chmod(0o600)
    say(f"Starting PostgreSQL on port {port} ...")
    (folder() / "postmaster.pid").unlink(missing_ok=True)
    _control("start", "-w", "-t", "60", "-o", f"-p {port}", "-l", str(folder() / "server.log"))


def _control(*words: str) -> None:
    run([binary("pg_ctl"), *words, "-D", folder()], log=LOG, user=owner(), cwd=Path("/"))
