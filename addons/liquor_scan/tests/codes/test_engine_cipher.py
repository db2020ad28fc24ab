"""The code string: what it says, what it refuses, and that nothing leaks from one kind to another."""

import doctest
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.codes import bulk, cipher, gs1
from ...engine.codes.cipher import ALPHABET, KINDS, MAX_BATCH, CodeBook

MASTER = bytes(range(32))
BOOK = CodeBook({1: MASTER})
UNITS = st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1, MAX_BATCH), st.integers(0, 2**20 - 1))


def test_docstrings():
    assert doctest.testmod(cipher).failed == 0


@given(UNITS)
def test_what_is_written_is_read(unit):
    kind, batch, index = unit
    text = BOOK.encode(kind, batch, index, version=1)
    assert len(text) == 17
    assert set(text) <= set(ALPHABET)
    assert BOOK.decode(text) == ("genuine", kind, batch, index, 1)


@given(UNITS)
def test_typing_habits_are_forgiven(unit):
    text = BOOK.encode(*unit, version=1)
    typed = text.lower().replace("1", "l").replace("0", "o")
    assert BOOK.decode(f"{typed[:5]}-{typed[5:11]} {typed[11:]}") == BOOK.decode(text)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text):
    assert not BOOK.decode(text)


@pytest.mark.parametrize(
    "text",
    ["", "1000A", "1000A00000000000U", "1000A0000000000０B", "+000A00000000000B", "1000A_0000000000B", "1" * 18],
)
def test_malformed(text):
    assert BOOK.decode(text).verdict == "malformed"


@pytest.mark.parametrize("text", ["0000A00000000000B", "8000A00000000000B", "Z000A00000000000B", "1000000000000000B"])
def test_unknown_kinds_and_batch_zero_are_forged(text):
    assert BOOK.decode(text).verdict == "forged"


def test_one_wrong_character_is_forged():
    """Each of 17 places x 31 other characters: 40 zero bits let none of 527 pass."""
    text = BOOK.encode("cap_inner", 77, 123_456, version=1)
    passed = [
        place
        for place in range(17)
        for letter in ALPHABET
        if letter != text[place] and BOOK.decode(text[:place] + letter + text[place + 1 :])
    ]
    assert passed == []


def test_a_hundred_thousand_random_codes_are_refused():
    draw = random.Random(20260301)
    book = CodeBook({1: MASTER})
    texts = ("1000" + "".join(draw.choices(ALPHABET, k=13)) for _ in range(100_000))
    assert sum(bool(book.decode(text)) for text in texts) == 0


@pytest.mark.load
def test_a_million_random_and_near_codes_are_refused():
    """Half are random, half a genuine code with one character changed or two neighbours swapped.

    2^-40 of all texts of a batch are codes of ours: one of a million passes by chance once in a million runs.
    """
    draw = random.Random(20261122)
    book = CodeBook({1: MASTER, 2: bytes(range(1, 33))})
    heads = [book.encode(kind, batch, 0, version=2)[:5] for kind in KINDS for batch in range(1, 21)]
    genuine = [book.encode(kind, batch, draw.randrange(2**20), version=2) for kind in KINDS for batch in range(1, 21)]

    def near(text):
        place = draw.randrange(17)
        changed = text[:place] + draw.choice(ALPHABET.replace(text[place], "")) + text[place + 1 :]
        swapped = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        return changed if swapped == text or draw.random() < 0.5 else swapped

    texts = (draw.choice(heads) + "".join(draw.choices(ALPHABET, k=12)) for _ in range(500_000))
    assert sum(bool(book.decode(text)) for text in texts) == 0
    assert sum(bool(book.decode(near(draw.choice(genuine)))) for _ in range(500_000)) == 0
    assert all(book.decode(text) for text in genuine)


def test_kinds_of_one_bottle_share_nothing():
    texts = [BOOK.encode(kind, 5, 9, version=1)[5:] for kind in KINDS]
    assert len(set(texts)) == len(KINDS)
    inner = BOOK.encode("cap_inner", 5, 9, version=1)
    assert BOOK.decode("2" + inner[1:]).verdict == "forged"


def test_another_master_key_reads_nothing():
    text = BOOK.encode("pallet", 5, 9, version=1)
    assert CodeBook({1: bytes(32)}).decode(text).verdict == "forged"


def test_old_versions_stay_readable_after_rotation():
    text = BOOK.encode("box", 5, 9, version=1)
    rotated = CodeBook({1: MASTER, 2: bytes(32)})
    assert rotated.decode(text).key_version == 1
    assert rotated.decode(rotated.encode("box", 6, 9, version=2)).key_version == 2


def test_ciphers_are_bounded():
    book = CodeBook({1: MASTER}, kept=3)
    for batch in range(1, 20):
        book.decode(book.encode("box", batch, 1, version=1))
    assert len(book._ciphers) == 3


@pytest.mark.parametrize("unit", [("box", 0, 1), ("box", MAX_BATCH + 1, 1), ("box", 1, 1 << 20), ("box", 1, -1)])
def test_out_of_range_is_not_written(unit):
    with pytest.raises(ValueError):
        BOOK.encode(*unit, version=1)


def test_a_short_master_key_is_refused():
    with pytest.raises(ValueError):
        CodeBook({1: bytes(31)}).encode("box", 1, 1, version=1)


def test_sets_repeat_no_code_and_miss_none():
    """A set of 6 on each line: the columns of three sets are the codes 0 to 17, in order."""
    columns = [bulk.Column(BOOK.batch_key(kind, 5, 1), kind, count) for kind, count in (("case_outer", 1), ("box", 6))]
    text = b"".join(piece.tobytes() for piece in bulk.sets(columns, 5, 0, 3)).decode()
    rows = [line.split(",") for line in text.splitlines()]
    assert [row[0] for row in rows] == [BOOK.encode("case_outer", 5, number, version=1) for number in range(3)]
    boxes = [code for row in rows for code in row[1:]]
    assert boxes == [BOOK.encode("box", 5, number, version=1) for number in range(18)]
    assert len(text) == 3 * bulk.line_length("", 7)


def test_printer_lines_are_the_codes_one_by_one():
    """Across the border of a chunk of 32,768 lines."""
    key = BOOK.batch_key("cap_outer", 5, 1)
    start, stop = bulk.CHUNK - 3, bulk.CHUNK + 70
    pieces = bulk.lines(key, "cap_outer", 5, start, stop, "https://q7.cn/b/")
    text = b"".join(piece.tobytes() for piece in pieces).decode()
    wanted = [f"https://q7.cn/b/{BOOK.encode('cap_outer', 5, index, version=1)}\r\n" for index in range(start, stop)]
    assert text == "".join(wanted)
    assert len(text) == (stop - start) * bulk.line_length("https://q7.cn/b/")


# (company prefix, extension digit and serial reference, SSCC): GS1's page "how to calculate a check digit manually",
# EPC Tag Data Standard 1.13 (6.3.2), and the SSCC of EPCIS 2.0's examples
PUBLISHED_SSCC = [
    ("7610425", 3 * 10**9 + 2123456, "376104250021234569"),
    ("0614141", 1 * 10**9 + 234567890, "106141412345678908"),
    ("4012345", 111111111, "040123451111111110"),
]


@pytest.mark.parametrize(("prefix", "number", "sscc"), PUBLISHED_SSCC)
def test_sscc_of_the_file_are_those_of_gs1(prefix, number, sscc):
    assert bulk.sscc_digits(prefix, number, number + 1).tobytes().decode() == sscc == gs1.sscc(prefix, number)


@given(st.integers(4, 12), st.integers(0, 10**12), st.integers(1, 40))
def test_sscc_in_a_row_are_those_one_by_one(length, start, count):
    """Also where the serial is used up and the next extension digit begins."""
    prefix = "690123456789"[:length]
    start = min(start % gs1.sscc_capacity(prefix), gs1.sscc_capacity(prefix) - count)
    made = bulk.sscc_digits(prefix, start, start + count)
    assert [row.tobytes().decode() for row in made] == [gs1.sscc(prefix, start + one) for one in range(count)]


def test_sscc_end_with_the_prefix():
    with pytest.raises(gs1.GS1Error):
        bulk.sscc_digits("690123456789", 99_999, 100_001)


def test_a_pallet_s_line_ends_with_its_sscc():
    columns = [bulk.Column(BOOK.batch_key("pallet", 5, 1), "pallet")]
    start, stop = bulk.CHUNK - 1, bulk.CHUNK + 1  # across two pieces
    pallets = bulk.Pallets("690123456", 1000)
    text = b"".join(piece.tobytes() for piece in bulk.sets(columns, 5, start, stop, "x/", pallets)).decode()
    wanted = [f"x/{BOOK.encode('pallet', 5, one, 1)},{gs1.sscc('690123456', 1000 + one)}" for one in (start, start + 1)]
    assert text == "".join(f"{line}\r\n" for line in wanted)
    assert len(text) == 2 * bulk.line_length("x/", with_sscc=True)
