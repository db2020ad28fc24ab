"""GS1 numbers, element strings and Digital Links against GS1's own vectors and published examples."""

import csv
import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.codes import epc, gs1, gs1_identifiers, gs1_text, gs1_unit
from ...engine.codes.gs1 import GS1Error
from ...engine.codes.gs1_identifiers import FIXED, KEYS, NO_ATTRIBUTES, identifiers
from ...engine.codes.gs1_text import FNC1, read, read_elements, read_link, write_elements, write_link
from ...engine.codes.gs1_unit import UnitText, read_unit
from .data_folder import existing, read_vectors

GTIN = "06291041500213"
CODE = "1000A00000000000B"
# the same link stands with both outcomes; what tells them apart, a switch of GS1's program, is not in the file
UNKNOWN_PERMITTED = "1767"


@pytest.mark.parametrize("module", [gs1, gs1_identifiers, gs1_text, gs1_unit, epc])
def test_docstrings(module):
    assert doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL).failed == 0


@pytest.mark.external
def test_check_digit_vectors():
    vectors = read_vectors("gs1/gs1_check_digit_vectors.json")
    assert all(gs1.has_check_digit(value) for value in vectors["valid"])
    assert not any(gs1.has_check_digit(case["value"]) for case in vectors["invalid"])
    assert len(vectors["valid"]) + len(vectors["invalid"]) == 14


def link_vectors():
    with existing("gs1/gs1_digital_link_parse_vectors.csv").open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) == 118
    return [row for row in rows if row["source_line_dl_c"] != UNKNOWN_PERMITTED]


def read_vector(row):
    """The element string of a link as GS1 writes it, ^ for FNC1; "" for what is no link."""
    options = {"zero_suppressed": row["zero_suppressed_gtin_on"] == "1", "aliases": row["convenience_alphas_on"] == "1"}
    try:
        values = read_link(row["uri"], **options)
    except GS1Error:
        return ""
    return "^" + write_elements(values).replace(FNC1, "^")


@pytest.mark.external
def test_links_are_read_and_written_as_gs1_does():
    rows = link_vectors()
    wrong = [row["uri"] for row in rows if read_vector(row) != row["expected_unbracketed_fnc1_as_caret"]]
    assert wrong == []
    assert sum(row["should_succeed"] == "true" for row in rows) == 72


@pytest.mark.external
def test_element_strings_of_the_vectors_are_read_back():
    for row in link_vectors():
        text = row["expected_unbracketed_fnc1_as_caret"].replace("^", FNC1)
        if text:
            assert FNC1 + write_elements(read_elements(text)) == text
            assert read(write_elements(read_elements(text), brackets=True)) == read_elements(text)


@pytest.mark.external
def test_identifiers_are_those_of_the_syntax_dictionary():
    seen = set()
    for line in existing("gs1/gs1-syntax-dictionary.txt").read_text(encoding="utf-8").splitlines():
        match = re.match(r"(\d+)(?:-(\d+))?\s+(\*?)(\??)\s+(.*)", line.split("#")[0])
        if match:
            first, last, fixed, attribute, rest = match.groups()
            components = [word for word in rest.split() if "=" not in word and word != "dlpkey"]
            for number in range(int(first), int(last or first) + 1):
                ai = str(number).zfill(len(first))
                seen.add(ai)
                assert identifiers()[ai].longest == sum(int(re.search(r"\d+", word)[0]) for word in components), ai
                assert bool(identifiers()[ai].checked) == any(
                    ",csum" in f"{word}," and ",csum," in f"{word}," for word in components
                )
                assert (ai[:2] in FIXED) == bool(fixed), ai
                assert (ai not in NO_ATTRIBUTES) == bool(attribute), ai
                key = re.search(r"dlpkey(?:=(\S+))?", rest)
                assert (ai in KEYS) == bool(key), ai
                if key:
                    assert KEYS[ai] == tuple(tuple(part.split(",")) for part in (key[1] or "").split("|") if part) or (
                        not key[1] and KEYS[ai] == ((),)
                    )
    assert seen == set(identifiers())


@pytest.mark.parametrize(
    ("link", "values"),
    [
        (f"https://q7.cn/01/{GTIN}/21/ABC", {"01": GTIN, "21": "ABC"}),
        (f"HTTPS://Q7.CN/01/{GTIN}/10/2603A/21/ABC", {"01": GTIN, "10": "2603A", "21": "ABC"}),
        (f"http://q7.cn/a/b/01/{GTIN}?x=1", {"01": GTIN}),
        (f"https://q7.cn/01/{GTIN}/21/A%2FB", {"01": GTIN, "21": "A/B"}),
    ],
)
def test_links_are_read(link, values):
    assert read_link(link) == values


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
        f"https://q7.cn/01/{GTIN}?10=L",  # a qualifier behind the question mark
        "https://q7.cn/",
        f"https://q7.cn/01/{GTIN}/21/{'A' * 3000}",
    ],
)
def test_wrong_links_are_refused(link):
    with pytest.raises(GS1Error):
        read_link(link)


@given(
    st.text("!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz", min_size=1, max_size=20),
    st.none() | st.text("ABC/()0123", min_size=1, max_size=20),
)
def test_what_is_written_is_read(serial, lot):
    values = {"01": GTIN, **({"10": lot} if lot else {}), "21": serial}
    assert read_link(write_link("https://q7.cn/x", values)) == values
    assert read_elements(write_elements(values)) == values


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        assert read(text)
    except GS1Error:
        assert isinstance(read_unit(text), UnitText)


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        f"https://q7.cn/b/{CODE}",
        f"HTTPS://Q7.CN/B/{CODE}",
        f"q7.cn/b/{CODE}/",
        f"https://q7.cn/01/{GTIN}/21/{CODE}",
        f"HTTPS://ID.GS1.ORG/01/{GTIN}/10/L1/21/{CODE}?17=280101",
        f"(01){GTIN}(21){CODE}",
        f"(01){GTIN}(10)L1(21){CODE}",
        f"01{GTIN}21{CODE}",
        f"]Q3{FNC1}01{GTIN}10L1{FNC1}21{CODE}",
        f"]d2{FNC1}01{GTIN}1728010110L1{FNC1}21{CODE}",
        f"01{GTIN}10L121{CODE}",  # separator lost on the way
        f"urn:epc:id:sgtin:629104.0150021.{CODE}",
    ],
)
def test_every_form_of_a_unit_gives_its_code(text):
    unit = read_unit(text)
    assert unit.code == CODE
    assert unit.gtin in ("", GTIN)
    assert unit.lot in ("", "L1")


@pytest.mark.parametrize(
    "text",
    ["https://id.gs1.org/00/040123451111111110", "(00)040123451111111110", "]C100040123451111111110",
     "urn:epc:id:sscc:4012345.0111111111"],
)  # fmt: skip
def test_every_form_of_an_sscc_gives_its_number(text):
    assert read_unit(text) == UnitText("", sscc="040123451111111110")


def test_numbers_of_a_prefix_are_used_up():
    # 9 digits: 17 - 9 = 8 digits are left, 10^8 numbers; 10 digits: 10^7 (spec/codes.md, SSCC)
    assert gs1.sscc_capacity("690123456") == 100_000_000
    assert gs1.sscc_number(gs1.sscc("690123456", 99_999_999), "690123456") == 99_999_999
    with pytest.raises(GS1Error):
        gs1.sscc("690123456", 100_000_000)


@pytest.mark.parametrize(
    ("uri", "link"),
    [
        # published examples of the reference implementation of the event hash (CBV 2.0)
        ("urn:epc:id:sgtin:0614141.107340.1", "/01/10614141073402/21/1"),
        ("urn:epc:idpat:sgtin:4012345.066666.*", "/01/04012345666663"),
        ("urn:epc:class:lgtin:4054739.099914.20160711", "/01/04054739999148/10/20160711"),
        ("urn:epc:id:sscc:5200001.0111111146", "/00/052000011111111461"),
        ("urn:epc:id:sgln:4012345.00012.0", "/414/4012345000122"),
        ("urn:epc:id:pgln:4000001.98765", "/417/4000001987658"),
        ("urn:epc:id:gdti:4012345.55555.1234", "/253/40123455555541234"),
        ("urn:epc:id:giai:4000001.111", "/8004/4000001111"),
    ],
)
def test_epc_uris_become_links(uri, link):
    assert epc.digital_link(uri) == f"https://id.gs1.org{link}"


@pytest.mark.parametrize(
    "uri", ["urn:epc:id:sgtin:4012345.1.9", "urn:epc:id:sscc:1.2", "urn:epc:id:sgtin:4012345.011111", "urn:uuid:1", ""]
)
def test_other_uris_have_no_link(uri):
    with pytest.raises(GS1Error):
        epc.digital_link(uri)
