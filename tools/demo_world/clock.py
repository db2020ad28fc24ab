"""Lets the suite live through the past three months: its own services run at the moments they would have run at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time


class Clock:
    """The world's present moment (naive UTC), for Python and for Odoo's ``cr.now()``."""

    def __init__(self, env, frozen) -> None:
        self._env, self._frozen = env, frozen

    @property
    def now(self) -> datetime:
        """Return the present moment of the world."""
        return self._frozen().replace(tzinfo=None)

    def move_to(self, at: datetime) -> None:
        """Go on to ``at``; what is written from now on was written then."""
        self._env.flush_all()
        self._frozen.move_to(at)
        self._env.cr._now = at

    def commit(self) -> None:
        """Keep what is there; the moment stays."""
        self._env.cr.commit()
        self._env.cr._now = self.now


@contextmanager
def running(env, start: datetime) -> Iterator[Clock]:
    """Give a clock that stands at ``start``; afterwards the real time is back."""
    with freeze_time(start, ignore=["psycopg2", "threading", "odoo.tools.profiler"]) as frozen:
        clock = Clock(env, frozen)
        env.cr._now = start
        yield clock
    env.cr._now = None
