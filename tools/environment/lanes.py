"""Two lanes of tests at once, each with databases and ports of its own.

The first lane works off the files of Odoo's test cases. The second runs what needs a served copy (races, browsers) and
then helps the first: both take the next file from one queue (``tools/pytest_lane.py``). What a lane says is shown line
by line behind its number; failures and summaries are kept to the end, lane by lane. The run passes when every lane
ended well and every planned test ran once: a lane that was killed, stopped half-way or found nothing fails it.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .console import Failure, say
from .settings import LOGS, ROOT, RUN

FOLDER = RUN / "lanes"
# Beside each lane works PostgreSQL, beside the second a server and a browser: more lanes would only wait.
MAXIMUM = 2
# Their tests share one served copy, and Odoo's cases would end its server: they are one lane's.
SERVED = ("tests/browser", "tests/contract", "tests/race")
# Seconds between two looks at what a lane has said.
GLANCE = 0.2


def processors() -> int:
    """Return how much may be done at once: as many as the machine has processors, two at most.

    ``LANES=1`` asks for one on a machine that has little memory.

    :raises Failure: when ``LANES`` is no number of lanes
    """
    wanted = os.environ.get("LANES") or str(MAXIMUM)
    if not wanted.isdigit() or not int(wanted):
        raise Failure(f"LANES={wanted!r} is no number of lanes. Give 1 or {MAXIMUM}.")
    return min(MAXIMUM, int(wanted), os.cpu_count() or 1)


def number(arguments: Sequence[str]) -> int:
    """Return how many lanes run: one for a choice of tests or ``KEEP=1``, else what the machine can do at once."""
    return 1 if arguments or os.environ.get("KEEP") else processors()


@dataclass
class Part:
    """One pytest run of a lane.

    :param words: its command
    :param queue: folder of the queue it takes from; a part that finds it worked off when its turn comes is not needed
    """

    name: str
    words: Sequence[str | Path]
    queue: Path | None = None
    status: int | None = None
    needless: bool = False

    @property
    def plan(self) -> Path:
        """File with the tests of this part's choice."""
        return FOLDER / f"{self.name}.plan.json"

    @property
    def report(self) -> Path:
        """File with the outcome of every test it ran."""
        return FOLDER / f"{self.name}.json"

    def command(self) -> list[str]:
        """Return the words with the options of the lane."""
        options = ["-p", "tools.pytest_lane", f"--lane-plan={self.plan}", f"--liquor-report={self.report}"]
        return [str(word) for word in [*self.words, *options, *([f"--lane-queue={self.queue}"] if self.queue else [])]]


@dataclass
class Lane:
    """Parts that run one after the other; what they say is kept in a log, the end of it for the end of the run."""

    number: int
    parts: Sequence[Part]
    environment: Mapping[str, str]
    ending: list[str] = field(default_factory=list)
    process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        """File with everything it said."""
        return LOGS / f"lane_{self.number}.log"

    def work(self) -> None:
        """Run every part, whatever became of the one before it."""
        with self.log.open("w", encoding="utf-8") as said, self.log.open(encoding="utf-8", errors="replace") as read:
            for place, part in enumerate(self.parts):
                part.needless = place > 0 and worked_off(part.queue)
                if not part.needless:
                    self._run(part, said, read)

    def _run(self, part: Part, said: IO[str], read: IO[str]) -> None:
        self.process = subprocess.Popen(
            part.command(),
            cwd=ROOT,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        held, ending = False, []
        # Not by a pipe: a server that outlives a killed pytest would keep it open.
        for line in follow(read, self.process):
            held = held or (line.startswith("====") and "test session starts" not in line)
            if held:
                ending.append(line)
            else:
                sys.stdout.write(f"{self.number}| {line}")
                sys.stdout.flush()
        part.status = self.process.returncode
        # A part that came too late to help has run nothing and has nothing to say.
        if part.status or _read(part.report).get("tests"):
            self.ending += ending

    def end(self) -> None:
        """End what runs: it has heard of the interruption where the terminal told it, else it is told."""
        for sign, patience in ((None, 10), (signal.SIGINT, 20), (signal.SIGKILL, 5)):
            if self.process and self.process.poll() is None:
                if sign:
                    self.process.send_signal(sign)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=patience)


def follow(read: IO[str], process: subprocess.Popen) -> Iterator[str]:
    """Yield the lines that a process writes to a file until it has ended."""
    part = ""
    while True:
        ended = process.poll() is not None
        while line := read.readline():
            part += line
            if part.endswith("\n"):
                yield part
                part = ""
        if ended:
            break
        time.sleep(GLANCE)
    if part:
        yield f"{part}\n"


def worked_off(queue: Path | None) -> bool:
    """Tell whether lanes have taken every file of the queue: there is nothing left to help with."""
    plans = [_read(plan) for plan in FOLDER.glob("*.plan.json")]
    lengths = [plan["parts"] for plan in plans if plan.get("queue")]
    return bool(queue and lengths) and len(list(queue.iterdir())) >= max(lengths)


def prepare() -> Path:
    """Forget the last run and return the folder of a new queue."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    queue = FOLDER / "queue"
    queue.mkdir(parents=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    return queue


def run(lanes: Sequence[Lane]) -> int:
    """Run the lanes beside each other, show how they ended, and return 0 when all is well, else 1.

    The last line is the sum of all lanes in pytest's own words: who reads the output by machine reads that line.
    """
    begun = time.monotonic()
    threads = [threading.Thread(target=lane.work, daemon=True) for lane in lanes]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        for lane in lanes:
            lane.end()
        raise
    for lane in lanes:
        sys.stdout.write(f"\n======== lane {lane.number} (all of it: {lane.log}) ========\n{''.join(lane.ending)}")
    sys.stdout.flush()
    wrong, outcomes = conclude([part for lane in lanes for part in lane.parts if not part.needless])
    for line in wrong:
        say(line)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    say(f"{counts or 'No test'} in {len(lanes)} lanes{': NOT PASSED' if wrong else ''}.")
    sys.stdout.write(f" {counts or 'no tests ran'} in {time.monotonic() - begun:.2f}s ".center(80, "=") + "\n")
    sys.stdout.flush()
    return 1 if wrong else 0


def conclude(parts: Sequence[Part]) -> tuple[list[str], Counter[str]]:
    """Return a sentence for everything that is wrong with a run, and how many tests had which outcome."""
    plans = {part.name: set(_read(part.plan).get("tests", ())) for part in parts}
    reports = [_read(part.report).get("tests", {}) for part in parts]
    ran = Counter(test for report in reports for test in report)
    wrong = [_ended(part) for part in parts if part.status != 0]
    wrong += [f"The {name} had nothing to run." for name, plan in plans.items() if not plan]
    wrong += _named("have no outcome", set().union(*plans.values()) - set(ran))
    wrong += _named("were run twice", {test for test, times in ran.items() if times > 1})
    if len({frozenset(plans[part.name]) for part in parts if part.queue}) > 1:
        wrong.append("The lanes found different tests for the queue they share.")
    return wrong, Counter(test["outcome"] for report in reports for test in report.values())


def _named(what: str, tests: set[str]) -> list[str]:
    names = "".join(f"\n    {test}" for test in sorted(tests)[:10])
    return [f"{len(tests)} tests {what}, the first of them:{names}"] if tests else []


def _ended(part: Part) -> str:
    if part.status is None:
        return f"The {part.name} did not start."
    if part.status < 0:
        return f"The {part.name} were killed by signal {-part.status}."
    return f"The {part.name} ended with status {part.status}."


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # not written, or not to its end
        return {}
