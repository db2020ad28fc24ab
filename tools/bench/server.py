"""A server to measure over HTTP: prefork with two workers, on a copy of a template database."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment.console import Failure
from tools.environment.python_env import PYTHON
from tools.environment.settings import LOGS, free_port

from . import database

WORKERS = 2
COMMAND = Path(__file__).with_name("prefork") / "odoo_command.py"
LOG = LOGS / "bench_server.log"
START_TIMEOUT = 180


@contextmanager
def serve(name: str) -> Iterator[str]:
    """Serve database ``name`` and give the address; the server is gone afterwards.

    :raises Failure: when it does not come up
    """
    port = free_port(28000)
    path = database.configuration(
        db_name=name,
        dbfilter=f"^{name}$",
        http_port=port,
        gevent_port=free_port(30000),
        workers=WORKERS,
        max_cron_threads=0,
        proxy_mode=True,
        log_level="warn",
        limit_time_real=600,
        limit_time_cpu=600,
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in (PYTHON, COMMAND, "-c", path, "--logfile", LOG)]
    process = subprocess.Popen(words, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/web/login", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process)


def _wait_for(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failure(f"The bench server did not come up; see {LOG}.")
        time.sleep(0.3)


def _end(process: subprocess.Popen) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(15)
            break
        except subprocess.TimeoutExpired:
            continue
