"""Progress lines, clear failures and child processes of the environment tools."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

START = time.monotonic()


class Failure(Exception):
    """A message for the person at the terminal: what went wrong and what to do next."""


def say(text: str) -> None:
    """Print one progress line with the seconds since the command began."""
    sys.stderr.write(f"[{time.monotonic() - START:6.1f}s] {text}\n")
    sys.stderr.flush()


def run(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    text: str = "",
    show: bool = False,
    hint: str = "",
) -> str:
    """Run ``command`` to its end and return its standard output.

    :param log: where the output goes when it is long; the last lines of it are shown on failure
    :param show: let the person watch what the program says on its standard error (progress)
    :param text: what the program reads on its standard input
    :param user: system user to become (only possible as root)
    :raises Failure: when the command is missing or its exit status is not 0
    """
    words = [str(word) for word in command]
    extra = {"user": user, "group": user, "extra_groups": []} if user else {}
    try:
        done = subprocess.run(
            words,
            input=text,
            stdout=subprocess.PIPE,
            stderr=None if show else subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **(env or {})},
            cwd=cwd,
            check=False,
            **extra,
        )
    except FileNotFoundError as error:
        raise Failure(f"The program “{words[0]}” is missing. {hint}".strip()) from error
    errors = done.stderr or ""
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"$ {' '.join(words)}\n{done.stdout}{errors}\n")
    if done.returncode:
        tail = "\n    ".join((done.stdout + errors).strip().splitlines()[-12:])
        where = f" (whole output: {log})" if log else ""
        raise Failure(
            f"“{' '.join(words[:4])}” stopped with status {done.returncode}{where}.\n    {tail}\n{hint}".rstrip()
        )
    return done.stdout
