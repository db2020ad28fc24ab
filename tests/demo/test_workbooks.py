"""Every kind of workbook that the suite writes opens in Excel and WPS, as far as a machine without them can tell.

Microsoft's Open XML SDK holds each against the schema of Office 2019 and of Microsoft 365; LibreOffice computes each
formula anew, and what the workbook shows before it is computed must be the same.
"""

import ast
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tools.environment import databases, demo, office, served
from tools.environment.settings import ADDONS, ROOT, WORLD_DATABASE

pytestmark = pytest.mark.story
DATABASE = "liquor_workbooks"
VERSIONS = ("Office2019", "Microsoft365")
PROGRAM = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.demo.workbook_cases import gather\ngather(env, %r)\n"
)
#: the only files that write XLSX, and their functions that others call
TOOLS = {
    "liquor_member/tools/xlsx.py",
    "liquor_channel/tools/workbook.py",
    "liquor_channel/tools/tables.py",
    "liquor_channel/tools/edit_sheet.py",
}
WRITERS = {"write_xlsx", "write_workbook", "write_edit_sheet"}
#: LibreOffice and we compute in binary; a cent is far above this
NEAR = 1e-6


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> Iterator[Path]:
    """Folder with all workbooks of a copy of the demo world, and ``notes.json``."""
    office.ensure()
    demo.ensure_world()
    served.copy(WORLD_DATABASE, DATABASE)
    folder = tmp_path_factory.mktemp("books")
    try:
        databases.script(DATABASE, PROGRAM % str(folder))
        yield folder
    finally:
        databases.drop(DATABASE)


@pytest.fixture(scope="module")
def notes(books) -> dict:
    """What each workbook was written by, and the routes of workbooks."""
    return json.loads((books / "notes.json").read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield each function of a file with the names that it calls itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
            yield node.name, {getattr(call, "attr", None) or getattr(call, "id", "") for call in calls}


def sources() -> dict[str, Path]:
    """Files of the add-ons without their tests."""
    found = {str(path.relative_to(ADDONS)): path for path in ADDONS.rglob("*.py")}
    return {name: path for name, path in found.items() if "/tests/" not in name and not name.startswith("test_")}


def written_by(calls: set[str]) -> set[str]:
    """Functions that call one of these: {``file:function``}."""
    files = {name: path for name, path in sources().items() if name not in TOOLS}
    return {f"{name}:{one}" for name, path in files.items() for one, called in functions(path) if called & calls}


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Formulas by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values(path: Path) -> dict[tuple[str, str], object]:
    """What cells show, by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


def differences(path: Path, recalculated: Path) -> list[str]:
    """Formulas whose stored value is not what LibreOffice computes."""
    said, found = values(path), values(recalculated)
    return [
        f"{path.name}, {sheet}!{cell}: {formula} shows {said[sheet, cell]}, is {found.get((sheet, cell))}"
        for (sheet, cell), formula in formulas(path).items()
        if not _same(said[sheet, cell], found.get((sheet, cell)))
    ]


def _same(one, other) -> bool:
    numbers = [isinstance(value, int | float) for value in (one, other)]
    return abs(one - other) < NEAR * max(1, abs(one)) if all(numbers) else (one or "") == (other or "")


def workbooks(folder: Path) -> list[Path]:
    """All of them; there are some."""
    found = sorted(folder.glob("*.xlsx"))
    assert found
    return found


def test_every_writer_and_route_has_a_case(notes):
    """XLSX is written by four files alone; whoever calls them, and whoever calls what they wrap, wrote one here."""
    importing = {name for name, path in sources().items() if "import xlsxwriter" in path.read_text(encoding="utf-8")}
    assert importing == TOOLS
    ran = {function for writers in notes["writers"].values() for function in writers}
    direct = written_by(WRITERS)
    assert len(direct) > 12
    wrapped = {one.split(":")[1] for one in direct if one.split(":")[1].startswith("_")}
    names = [one for path in sources().values() for one, _calls in functions(path)]
    unique = {name for name in wrapped if names.count(name) == 1}
    assert (direct | written_by(unique)) - ran == set()


def test_every_route_is_asked(notes):
    """Whatever route of ours has xlsx in its address; those of lists are asked for every list."""
    assert len(notes["rules"]) >= 14
    assert set(notes["rules"]) - set(notes["asked"]) == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_office_takes_each(books, version):
    assert office.validate(workbooks(books), version) == {}


def test_stored_values_are_what_formulas_give(books, tmp_path):
    found = workbooks(books)
    office.recalculate(found, tmp_path)
    assert sum(len(formulas(path)) for path in found) > 1000
    assert [line for path in found for line in differences(path, tmp_path / path.name)] == []


def altered(path: Path, target: Path, part: str, old: str, new: str) -> Path:
    """Write a workbook again with one thing changed in one of its parts."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            copy.writestr(name, text)
    return target


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_part_that_office_refuses_is_found(books, tmp_path, version):
    """An element that the schema does not know; a sheet without its data."""
    whole = workbooks(books)[0]
    strange = altered(whole, tmp_path / "strange.xlsx", SHEET, "<sheetData", "<unknownThing/><sheetData")
    torn = altered(whole, tmp_path / "torn.xlsx", SHEET, "</sheetData>", "")
    found = office.validate([whole, strange, torn], version)
    assert set(found) == {"strange.xlsx", "torn.xlsx"}


def test_a_wrong_stored_value_is_found(tmp_path):
    """2 + 3 that shows 6 before it is computed: LibreOffice computes it, whatever the file says."""
    import xlsxwriter

    office.ensure()
    for name, shown in (("right.xlsx", 5), ("wrong.xlsx", 6)):
        with xlsxwriter.Workbook(tmp_path / name) as book:
            sheet = book.add_worksheet("合计")
            sheet.write_column(0, 0, [2, 3])
            sheet.write_formula(2, 0, "=SUBTOTAL(109,A1:A2)", None, shown)
    computed = tmp_path / "computed"
    office.recalculate([tmp_path / "right.xlsx", tmp_path / "wrong.xlsx"], computed)
    assert differences(tmp_path / "right.xlsx", computed / "right.xlsx") == []
    [line] = differences(tmp_path / "wrong.xlsx", computed / "wrong.xlsx")
    assert "合计!A3" in line
    assert "shows 6, is 5" in line
