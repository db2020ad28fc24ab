"""Load over HTTP by wrk: eight connections that send prepared requests, each at most once."""

import json
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.environment.console import Failure

CONNECTIONS = 8
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile MicroMessenger/8.0"
SCRIPT = Path(__file__).with_name("requests.lua")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``body`` is a form's text."""

    path: str
    method: str = "GET"
    body: str = ""
    cookie: str = ""

    def as_line(self) -> str:
        """Return the line that ``requests.lua`` reads."""
        fields = (self.method, self.path, self.cookie, self.body)
        if any("\t" in field or "\n" in field for field in fields):
            raise ValueError("a request must fit on one line")
        return "\t".join(fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: requests answered in how many seconds, refusals, latencies in milliseconds."""

    answered: int
    duration: float
    failed: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return self.answered / self.duration


def drive(address: str, requests: Iterable[Request], duration: int, connections: int = CONNECTIONS) -> Outcome:
    """Send ``requests`` for ``duration`` seconds.

    :raises Failure: when an answer was no success, or the requests ran out before the time
    """
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        file.writelines(f"{request.as_line()}\n" for request in requests)
        file.flush()
        words = ["wrk", "-t1", f"-c{connections}", f"-d{duration}s", "--timeout", "30s", "-s", str(SCRIPT)]
        words += ["-H", f"User-Agent: {AGENT}", address]
        done = subprocess.run([*words, "--", file.name], capture_output=True, text=True, check=False)
    report = next((line for line in done.stdout.splitlines() if line.startswith("{")), None)
    if done.returncode or not report:
        raise Failure(f"wrk stopped with status {done.returncode}: {done.stderr or done.stdout}")
    figures = json.loads(report)
    if figures.pop("exhausted"):
        raise Failure("The prepared requests ran out; the run would have repeated some.")
    outcome = Outcome(**figures)
    if outcome.failed:
        raise Failure(f"{outcome.failed} of {outcome.answered} requests failed.")
    return outcome
