"""The web server of the demo database: in the foreground (``make run``), in the background, stopped."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import cluster
from .configuration import MAXIMUM_THREADS, ODOO_COMMAND, write_configuration
from .console import Failure, say
from .settings import LOGS, RUN, http_port, port_is_free

PID_FILE = RUN / "server.pid"
LOG = LOGS / "server.log"
START_TIMEOUT = 120


def command(database: str) -> list[str | Path]:
    """Return the command line that serves ``database`` (threads, one cron thread)."""
    configuration = write_configuration(db_name=database, dbfilter=f"^{database}$", log_level="info")
    return [*ODOO_COMMAND, "-c", configuration, "--logfile", LOG]


def start(database: str) -> None:
    """Start the server and wait until it answers.

    :raises Failure: when the port is taken or the server does not come up
    """
    port = http_port()
    if not port_is_free(port):
        raise Failure(f"Port {port} is taken. Stop what uses it, or choose another: make run ODOO_PORT={port + 1}")
    LOGS.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "ODOO_MAX_HTTP_THREADS": str(MAXIMUM_THREADS)}
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [str(word) for word in command(database)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    PID_FILE.write_text(str(process.pid), encoding="utf-8")
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            stop_server()
            raise Failure(f"The server did not come up. Its last words are in {LOG}.")
        time.sleep(0.3)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait() -> int:
    """Stay until the person presses Ctrl+C or the server ends, then stop everything."""
    try:
        while PID_FILE.exists() and _is_alive(int(PID_FILE.read_text(encoding="utf-8"))):
            time.sleep(1)
    except KeyboardInterrupt:
        say("Stopping ...")
    down()
    return 0


def stop_server() -> None:
    """Stop the server of this checkout, if one runs."""
    try:
        pid = int(PID_FILE.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    if _is_ours(pid):
        _end(pid)
    PID_FILE.unlink(missing_ok=True)


def _is_ours(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return str(RUN).encode() in words


def _end(pid: int) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(pid, sign)
        except ProcessLookupError:
            return
        for _ in range(40):
            if not _is_alive(pid):
                return
            time.sleep(0.25)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def down() -> None:
    """Stop the server and the cluster; no process of this checkout stays behind."""
    stop_server()
    cluster.stop()
