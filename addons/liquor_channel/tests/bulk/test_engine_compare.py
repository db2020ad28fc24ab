"""Rows of an edited sheet against what stands: each outcome, each refusal, totals, and no outcome by order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.bulk.cells import CellError, Column, version_of
from ...engine.bulk.compare import Frame, Row, Standing, Total, compare, find_columns, make_key, read_rows, totals

COLUMNS = [
    Column("number", on_change=False, on_new=False),
    Column("party", "relation", on_change=False, required=True),
    Column("goal", "number", required=True),
    Column("note"),
    Column("done", "number", informative=True, on_new=False),
]
NAMES = {"party": {"福来": 5, "平安": 6}}


def sign(number, version):
    return f"{number * 7919 + int(version, 16) % 104729:016x}"


def standing(number, goal="10.00", note=None, party=5, open_columns=("goal", "note")):
    values = {"number": f"T{number}", "party": party, "goal": Decimal(goal), "note": note, "done": Decimal(1)}
    texts = {"number": f"T{number}", "party": "福来", "note": note or ""}
    return Standing(number, version_of(COLUMNS, values), values, texts, frozenset(open_columns))


def frame(*rows, **values):
    return Frame(COLUMNS, {row.id: row for row in rows}, NAMES, sign, **values)


def key(row):
    return make_key(row.id, row.version, sign)


def cells(goal="10", note="", number="T1", party="福来", **more):
    return {"number": number, "party": party, "goal": goal, "note": note, "done": "1", **more}


def only(row, base):
    [found] = compare([row], base)
    return found.outcome, found.reason, found.column, dict(found.before), dict(found.after)


ONE = standing(1)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Row(2, key(ONE), cells()), ("unchanged", "", "", {}, {})),
        (Row(2, key(ONE), cells(done="999")), ("unchanged", "", "", {}, {})),
        (
            Row(2, key(ONE), cells(goal="12.50", note="展位")),
            ("changed", "", "", {"goal": Decimal("10.00"), "note": None}, {"goal": Decimal("12.50"), "note": "展位"}),
        ),
        (Row(2, key(ONE), {"goal": "9"}), ("changed", "", "", {"goal": Decimal(10)}, {"goal": Decimal(9)})),
        (Row(2, key(ONE), cells(goal="")), ("refused", "no_value", "goal", {}, {})),
        (Row(2, key(ONE), cells(party="平安")), ("refused", "fixed", "party", {}, {})),
        (Row(2, key(ONE), cells(party="谁")), ("refused", "fixed", "party", {}, {})),
        (Row(2, key(ONE)[:-1] + "z", cells(goal="12")), ("refused", "forged", "key", {}, {})),
        (Row(2, "1", cells(goal="12")), ("refused", "forged", "key", {}, {})),
        (Row(2, key(standing(2)), cells(goal="12")), ("refused", "missing", "key", {}, {})),
        (Row(2, key(standing(1, goal="7.00")), cells(goal="12")), ("refused", "stale", "key", {}, {})),
        (Row(2, key(standing(1, goal="7.00")), cells(goal="x")), ("refused", "stale", "key", {}, {})),
        # what somebody else wrote meanwhile is what this row says: nothing to do
        (Row(2, key(standing(1, goal="7.00")), cells(goal="10")), ("unchanged", "", "", {}, {})),
        (Row(2, "", cells()), ("new", "", "", {}, {"party": 5, "goal": Decimal(10)})),
        (Row(2, "", cells(party="")), ("refused", "no_value", "party", {}, {})),
    ],
)
def test_outcome(row, expected):
    assert only(row, frame(ONE)) == expected


def test_a_closed_column_is_told():
    closed = standing(1, open_columns=("note",))
    assert only(Row(2, key(closed), cells(goal="12")), frame(closed))[:3] == ("refused", "closed", "goal")
    assert only(Row(2, key(closed), cells(note="x")), frame(closed))[0] == "changed"


def test_a_key_that_comes_twice_is_refused_twice():
    rows = [Row(2, key(ONE), cells(goal="11")), Row(3, key(ONE), cells(goal="12"))]
    assert [one.reason for one in compare(rows, frame(ONE))] == ["twice", "twice"]


def test_new_rows_where_there_may_be_none_and_those_that_stand_already():
    assert only(Row(2, "", cells()), frame(takes_new=False))[1] == "no_new"
    known = frame(natural=("party",), existing=frozenset({(5,)}))
    assert only(Row(2, "", cells()), known)[1] == "exists"
    rows = [Row(2, "", cells(party="平安")), Row(3, "", cells(party="平安"))]
    assert [one.outcome for one in compare(rows, known)] == ["new", "refused"]


def test_what_rules_of_the_row_refuse():
    def settle(_standing, _changes):
        raise CellError("no_reason", "note")

    assert only(Row(2, key(ONE), cells(goal="12")), frame(ONE, settle=settle))[:3] == ("refused", "no_reason", "note")
    assert only(Row(2, key(ONE), cells()), frame(ONE, settle=settle))[0] == "unchanged"


def test_titles_and_empty_rows():
    labels = {"key": "key", "任务量": "goal", "goal": "goal"}
    positions = find_columns(["KEY", "哪里错了", " 任务量 ", "goal"], labels)
    assert positions == {"key": 0, "goal": 2}
    table = [["KEY", "", "任务量"], ["", "x", ""], ["k", "", "5"], ["", "", "6"], ["k2"]]
    rows = read_rows(table, positions)
    assert [(row.line, row.key, row.cells) for row in rows] == [
        (3, "k", {"goal": "5"}),
        (4, "", {"goal": "6"}),
        (5, "k2", {"goal": ""}),
    ]


def test_totals_count_what_is_new_and_what_changes():
    two = standing(2, goal="20.00")
    base = frame(ONE, two)
    rows = [
        Row(2, key(ONE), cells(goal="15")),
        Row(3, key(two), cells(goal="20", note="x", number="T2")),
        Row(4, "", cells(goal="3")),
        Row(5, "forged", cells(goal="1000")),
    ]
    found = totals(compare(rows, base), base.standing, lambda values: {"goal": values["goal"]})
    # 10 + 20 stood; 15 + 20 + 3 come
    assert found == {"goal": Total(Decimal(30), Decimal(38))}
    assert found["goal"].moved == 8


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 500)), unique_by=lambda pair: pair[0]), st.randoms())
def test_order_of_rows_decides_nothing(goals, random):
    base = frame(*(standing(number) for number in range(1, 31)))
    rows = [Row(line, key(base.standing[number]), {"goal": str(goal)}) for line, (number, goal) in enumerate(goals, 2)]
    mixed = list(rows)
    random.shuffle(mixed)
    assert sorted(compare(mixed, base), key=lambda one: one.line) == compare(rows, base)


@given(st.text(max_size=60))
def test_no_text_is_a_key(text):
    """Whatever is written into the key's cell, only what the server signed names a record."""
    if text.strip():
        assert only(Row(2, text.strip(), cells(goal="12")), frame(ONE))[1] == "forged"
