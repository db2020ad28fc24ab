"""The published totals of the real files, and what is wrong with their bar codes.

Expected figures: ORIGIN.md of the data (counts, totals), which nobody on the project wrote.
"""

from decimal import Decimal

import pytest
from tools.real_data import barcodes, sources

pytestmark = pytest.mark.external


@pytest.fixture(scope="module")
def products(data_folder):
    return sources.products(data_folder)


@pytest.fixture(scope="module")
def judged(products):
    return barcodes.judge(products)


def test_published_totals(data_folder, products):
    lines = sources.sales(data_folder, sources.LINES)
    returns = sources.sales(data_folder, sources.RETURNS)
    assert len(sources.stores(data_folder)) == 2296
    assert len(products) == 6482
    assert (len(lines), len({line.store for line in lines})) == (64540, 20)
    assert (len(returns), sum(line.dollars for line in returns)) == (607, Decimal("-105264.63"))


def test_twelve_returns_stand_in_both_files(data_folder):
    lines = sources.sales(data_folder, sources.LINES)
    returns = sources.sales(data_folder, sources.RETURNS)
    others = sources.without_known(returns, lines)
    # 607 - 12; 11,748,059.26 (which holds the twelve) - 103,277.43
    assert len(others) == 595
    assert sum(line.dollars for line in lines + others) == Decimal("11644781.83")


def test_bottle_codes(products, judged):
    # all 6,475 non-empty codes have a right check digit once padded to 14
    assert judged.count("upc", barcodes.NO_CODE) == 6482 - 6475
    assert judged.count("upc", barcodes.WRONG_DIGIT) == 0
    # 1,545 values are used by several products; one of them is "no code at all"
    assert barcodes.shared_codes(products) == 1545 - 1


def test_case_codes(products, judged):
    full = [item for item in products if len(item.scc) == 14]
    assert sum(not barcodes.has_check_digit(item.scc) for item in full) == 13
    assert len(products) - len(full) == 678
    short = {
        finding.item for finding in judged.findings if finding.field == "scc" and finding.finding != barcodes.SHARED
    }
    # every wrong one of the long and every one of the short is named: repaired, empty or wrong
    assert len(short) == 13 + 678


def test_a_code_is_used_once_and_every_product_with_one_is_reported(products, judged):
    assert len(set(judged.bottles.values())) == len(judged.bottles)
    reported = {finding.item for finding in judged.findings if finding.field == "upc"}
    assert {item.number for item in products} == set(judged.bottles) | reported


def test_the_report_can_be_read_again(judged, tmp_path):
    path = tmp_path / "report.csv"
    barcodes.write(path, judged.findings)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(judged.findings) + 1
    assert lines[0] == ",".join(barcodes.COLUMNS)
