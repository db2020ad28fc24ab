"""Seconds of work for tests with a limit: what other programs do on the machine at that time adds nothing."""

import os
from pathlib import Path


def clock(cr):
    """Seconds that this process and the database session of ``cr`` have worked on a processor (user and system).

    freezegun leaves them alone, so that a limit can fail; nothing waits in these tests, so that they are what the
    work takes on a machine that does nothing else.
    """
    # fields 14 and 15 of the line, counted behind the name, which may hold spaces (proc(5))
    line = Path(f"/proc/{cr.connection.get_backend_pid()}/stat").read_text(encoding="utf-8")
    figures = line.rsplit(")", 1)[1].split()
    own = os.times()
    return own.user + own.system + (int(figures[11]) + int(figures[12])) / os.sysconf("SC_CLK_TCK")
