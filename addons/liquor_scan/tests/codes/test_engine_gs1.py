"""GS1 check digits and Digital Links against GS1's own vectors."""

import csv
import doctest

import pytest

from ...engine.codes import gs1
from ...engine.codes.gs1 import DigitalLink, GS1Error
from .data_folder import existing, read_vectors

GTIN = "06291041500213"


def test_docstrings():
    assert doctest.testmod(gs1).failed == 0


@pytest.mark.external
def test_check_digit_vectors():
    vectors = read_vectors("gs1/gs1_check_digit_vectors.json")
    assert all(gs1.has_check_digit(value) for value in vectors["valid"])
    assert not any(gs1.has_check_digit(case["value"]) for case in vectors["invalid"])
    assert len(vectors["valid"]) + len(vectors["invalid"]) == 14


def vectors(outcome):
    """GS1's links; those with attributes are left out, which we do not read."""
    with existing("gs1/gs1_digital_link_parse_vectors.csv").open(newline="", encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if "?" not in row["uri"]]
    return [row["uri"] for row in rows if row["should_succeed"] == outcome and row["zero_suppressed_gtin_on"] == "0"]


def is_read(link):
    try:
        return bool(gs1.parse_link(link))
    except GS1Error:
        return False


@pytest.mark.external
def test_links_that_gs1_refuses_are_refused():
    refused = vectors("false")
    assert len(refused) == 32
    assert [link for link in refused if is_read(link)] == []


@pytest.mark.external
def test_links_of_a_unit_are_read():
    """Of the links GS1 accepts, those with key 01 and the qualifiers 22, 10, 21."""
    links = [link for link in vectors("true") if "/01/" in link and "/235/" not in link]
    assert len(links) == 16
    assert [link for link in links if not is_read(link)] == []


@pytest.mark.parametrize(
    ("link", "unit"),
    [
        (f"https://q7.cn/01/{GTIN}/21/ABC", DigitalLink(GTIN, "ABC", None)),
        (f"HTTPS://Q7.CN/01/{GTIN}/10/2603A/21/ABC", DigitalLink(GTIN, "ABC", "2603A")),
        (f"http://q7.cn/a/b/01/{GTIN}?x=1", DigitalLink(GTIN, None, None)),
        (f"https://q7.cn/01/{GTIN}/21/A%2FB", DigitalLink(GTIN, "A/B", None)),
    ],
)
def test_links_are_read(link, unit):
    assert gs1.parse_link(link) == unit


@pytest.mark.parametrize(
    "link",
    [
        f"ftp://q7.cn/01/{GTIN}",
        f"Https://q7.cn/01/{GTIN}",
        f"https://q7.cn/01/{GTIN}/21/ABC/10/L",  # wrong order
        f"https://q7.cn/01/{GTIN}/21",
        "https://q7.cn/01/06291041500214/21/A",  # check digit
        f"https://q7.cn/01/{GTIN}/21/{'A' * 21}",
        f"https://q7.cn/01/{GTIN}/99/A",
        "https://q7.cn/",
    ],
)
def test_wrong_links_are_refused(link):
    with pytest.raises(GS1Error):
        gs1.parse_link(link)


def test_a_link_with_lot_survives_the_way_there_and_back():
    link = gs1.build_link("https://q7.cn/", GTIN, "A/B", "26 03".replace(" ", "-"))
    assert gs1.parse_link(link) == DigitalLink(GTIN, "A/B", "26-03")


def test_illegal_values_are_not_written():
    for serial, lot in (("", None), ("x" * 21, None), ("A", "漢")):
        with pytest.raises(GS1Error):
            gs1.build_link("https://q7.cn", GTIN, serial, lot)
