"""A clock that runs while freezegun holds the other ones still."""

import time


def clock():
    """Seconds since some moment; freezegun stops ``time.perf_counter`` too, so that a limit by it always holds."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
