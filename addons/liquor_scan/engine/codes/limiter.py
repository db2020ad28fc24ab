"""Who guesses: misses per address, kept in the memory of the process.

A wrong code must cost no query, so its count cannot lie in the database; with
several processes each counts by itself. The chance of a hit is 2**-40 a guess
(spec/codes.md): this protects the machine, not the codes.
"""

from collections import OrderedDict


class MissLimiter:
    """Counts misses in fixed windows.

    :param limit: misses allowed in a window
    :param window: seconds
    :param kept: addresses remembered at most; the oldest is forgotten first

    >>> limiter = MissLimiter(limit=2, window=600)
    >>> [limiter.miss("10.0.0.1", now) for now in (0, 1, 2, 601)]
    [True, True, False, True]
    """

    def __init__(self, limit: int = 20, window: float = 600, kept: int = 10_000):
        self._limit, self._window, self._kept = limit, window, kept
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def miss(self, address: str, now: float) -> bool:
        """Count one miss at the second `now`; False where the address had enough."""
        start, count = self._seen.pop(address, (now, 0))
        if now - start >= self._window:
            start, count = now, 0
        self._seen[address] = (start, count + 1)
        if len(self._seen) > self._kept:
            self._seen.popitem(last=False)
        return count < self._limit
