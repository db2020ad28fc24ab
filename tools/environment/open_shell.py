"""An Odoo shell on one database that stays open: the second script does not load all of Odoo again."""

import contextlib
import json
import os
import subprocess
import threading

from .configuration import ODOO_COMMAND, write_configuration
from .console import Failure
from .settings import LOGS

# Each script finds what a new shell would give it: a transaction of its own, empty caches; what it did not commit is
# rolled back. The shell's first transaction ends, so that it holds no old picture of the database.
LOOP = """
import contextlib, io, json, traceback
import odoo
from odoo.orm.registry import Registry

env.cr.rollback()
database, user, context = env.cr.dbname, env.uid, dict(env.context)
questions, answers = open(QUESTIONS, encoding="utf-8"), open(ANSWERS, "w", encoding="utf-8")
for question in questions:
    registry = Registry(database).check_signaling()
    registry.clear_all_caches()
    registry.reset_changes()
    said, error = io.StringIO(), ""
    with contextlib.closing(registry.cursor()) as cr, contextlib.redirect_stdout(said):
        own = odoo.api.Environment(cr, user, context)
        try:
            exec(json.loads(question), {"odoo": odoo, "env": own, "self": own.user, "__name__": "__main__"})
        except BaseException:
            error = traceback.format_exc()
        if not cr.closed:
            cr.rollback()
    answers.write(json.dumps({"said": said.getvalue(), "error": error}) + chr(10))
    answers.flush()
"""


class OpenShell:
    """A shell that starts with its first script and ends with :meth:`close`."""

    def __init__(self, database: str):
        self.database, self._turn, self._process = database, threading.Lock(), None

    def run(self, text: str) -> str:
        """Run Python ``text`` in a transaction of its own and return what it printed; it commits what it keeps.

        :raises Failure: it ended in an error, or the shell did
        """
        with self._turn:
            if not self._process:
                self._start()
            with contextlib.suppress(BrokenPipeError):  # it has ended; there is no answer
                self._questions.write(f"{json.dumps(text)}\n")
                self._questions.flush()
            line = self._answers.readline()
        if not line:
            raise Failure(f"The shell on {self.database} ended. Its last words are in {self._log}.")
        answer = json.loads(line)
        if answer["error"]:
            tail = "\n    ".join(answer["error"].strip().splitlines()[-12:])
            raise Failure(f"A script in the shell on {self.database} ended in an error:\n    {tail}")
        return answer["said"]

    def close(self) -> None:
        """End the shell, if it was started."""
        if self._process:
            self._questions.close()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._answers.close()
            self._process = None

    @property
    def _log(self):
        return LOGS / f"shell_{self.database}.log"

    def _start(self) -> None:
        asked, questions = os.pipe()
        answers, answered = os.pipe()
        program = LOOP.replace("QUESTIONS", str(asked)).replace("ANSWERS", str(answered))
        words = [*ODOO_COMMAND, "shell", "-c", write_configuration(), "-d", self.database, "--no-http"]
        LOGS.mkdir(parents=True, exist_ok=True)
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [str(word) for word in words],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(asked, answered),
                start_new_session=True,
            )
        os.close(asked)
        os.close(answered)
        with self._process.stdin as stdin:
            stdin.write(program.encode())
        self._questions = os.fdopen(questions, "w", encoding="utf-8")
        self._answers = os.fdopen(answers, encoding="utf-8")
