"""The harness itself: medians and ratios, and a server of codes that reads what the engine wrote."""

import doctest
import json

from tools.bench import harness, load
from tools.bench.cases import scan_aggregate_lag


def test_examples():
    for module in (harness, scan_aggregate_lag):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


def test_write_keeps_other_lines(tmp_path):
    path = tmp_path / "bench.json"
    first = harness.line("a", [(2.0, 1.0)], peer_name="p", unit="u", n=1, peer_n=1)
    second = harness.line("b", [(3.0, 1.0)], peer_name="p", unit="u", n=1, peer_n=1)
    harness.write(path, [first, second])
    harness.write(path, [harness.line("a", [(5.0, 1.0)], peer_name="p", unit="u", n=1, peer_n=1)])
    assert {entry["name"]: entry["ratio"] for entry in json.loads(path.read_text())} == {"a": 5.0, "b": 3.0}


def test_growth_compares_largest_with_smallest():
    # the rate halves from 10 to 1,000 rows: the cost grows twice as fast as the rows
    line = harness.growth("x", {10: 8.0, 100: 6.0, 1000: 4.0}.__getitem__, (10, 100, 1000), unit="rows/s")
    assert (line.name, line.ratio, line.n, line.peer_n) == ("x.growth", 0.5, 1000, 10)


def test_a_request_is_one_line():
    assert load.Request("/b/X", "POST", "a=1", "c=2").as_line() == "POST\t/b/X\tc=2\ta=1"
