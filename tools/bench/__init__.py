"""``make bench``: what the suite does in a second against a peer that does the same work in the usual way.

Each figure is a rate (``unit``), larger is better. ``ours`` and ``peer`` are medians of five runs, taken in turn on
the same machine in the same minutes; ``ratio`` is ours / peer of these medians, ``min`` and ``max`` are the smallest
and largest ratio of a single pair of runs. ``n`` and ``peer_n`` are the items of one run: a peer that would need more
than a minute is timed on a random hundredth, which is then its ``peer_n``. Peers live in ``tests/bench/peers`` and
are not tuned with us. The lines ``codes.generate.database`` and ``memory.*`` are no rates: ``ours`` is what was used,
``peer`` what is allowed, and the ratio allowed / used. ``QUICK=1`` measures a smaller ``n``; such
a line is for development, not for comparison.
"""
