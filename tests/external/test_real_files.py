"""The published totals of the real files, and what is wrong with their bar codes.

Expected figures: ORIGIN.md of the data (counts, totals), which nobody on the project wrote.
"""

from decimal import Decimal

import pytest
from tools.real_data import barcodes, sources

from odoo.addons.liquor_scan.engine.codes import gs1

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


def test_the_suite_s_own_engine_finds_the_same(products, judged):
    """What a clerk would import is judged by the add-on, not by this tool: same wrong ones, same repaired ones."""
    wrong = [item.scc for item in products if len(item.scc) == 14 and not gs1.has_check_digit(item.scc)]
    assert len(wrong) == 13
    assert sum(not gs1.has_check_digit(item.upc.zfill(14)) for item in products if int(item.upc or 0)) == 0
    repaired = {finding.item: finding.repaired for finding in judged.findings if finding.repaired}
    short = {item.number: item.scc for item in products if len(item.scc) < 14}
    assert repaired.keys() <= short.keys()
    for number, text in short.items():
        if number in repaired:
            assert gs1.gtin14(repaired[number]) == text.zfill(14)
        elif int(text):
            # its digit is wrong, too: it stays as it is and is named
            assert not gs1.has_check_digit(text.zfill(14))
            assert (number, barcodes.WRONG_DIGIT) in {(one.item, one.finding) for one in judged.findings}


def test_shared_codes_name_each_other(products, judged):
    """1,545 values stand at several products, one of them is “no code”: each of the others is reported at each."""
    shared = [finding for finding in judged.findings if (finding.field, finding.finding) == ("upc", barcodes.SHARED)]
    users = {}
    for item in products:
        users.setdefault(item.upc, set()).add(item.number)
    assert len({finding.code for finding in shared}) == 1545 - 1
    for finding in shared:
        assert {finding.item, *finding.shared_with.split()} == users[finding.code]


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
