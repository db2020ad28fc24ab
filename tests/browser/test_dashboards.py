"""The dashboards on a copy of the demo world: finance opens each, and its figures are those of the database."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page
from tools.dashboards.build import DESCRIPTIONS, FOLDER
from tools.demo_world.logins import BY_NAME
from tools.environment import demo, served
from tools.environment.settings import WORLD_DATABASE
from tools.screenshots import camera

pytestmark = pytest.mark.story
DATABASE = "liquor_boards"
PATIENCE = 240_000  # the server builds the bundle of spreadsheets when it is asked for it first
#: Odoo's own package lacks this file; it says so on every page
KNOWN = ("selfie_segmentation",)
CELLS = """(id) => {
    const loader = window.odoo?.__WOWL_DEBUG__?.root?.env?.services?.spreadsheet_dashboard_loader;
    const board = loader && loader.getActiveDashboard();
    if (!board || board.data.id !== id || !board.model) return null;
    const found = {}, getters = board.model.getters;
    for (const sheetId of getters.getSheetIds()) {
        const size = getters.getSheetSize(sheetId), name = getters.getSheetName(sheetId);
        for (let row = 0; row < size.numberOfRows; row++)
            for (let col = 0; col < size.numberOfCols; col++) {
                const cell = getters.getEvaluatedCell({ sheetId, row, col });
                if (cell.type !== "empty" && cell.value !== "")
                    found[`${name}!${String.fromCharCode(65 + col)}${row + 1}`] =
                        [cell.type, cell.value, cell.message || "", cell.formattedValue];
            }
    }
    return { sample: Boolean(board.isSample), cells: found };
}"""
# What each source of a dashboard gives, by the same rights: {board: {pivot: [total, rows]}}.
SOURCES = """
import json
from datetime import date
from odoo.tools.safe_eval import safe_eval
from dateutil.relativedelta import relativedelta
user = env["res.users"].search([("login", "=", "finance")])
today, first = date.fromisoformat(%(today)r), date.fromisoformat(%(first)r)
words = {"context_today": lambda: today, "relativedelta": relativedelta}
context = {"allowed_company_ids": user.company_id.ids, "lang": "zh_CN", "tz": "Asia/Shanghai"}
own = env(user=user, su=False, context=context)
boards = {}
for name in %(names)r:
    board = env.ref(f"liquor_channel.dashboard_{name}")
    data = json.loads(board.spreadsheet_data)
    periods = [one["id"] for one in data["globalFilters"] if one.get("defaultValue") == "year_to_date"]
    boards[name] = {"id": board.id, "pivots": {}}
    for number, pivot in data["pivots"].items():
        domain = pivot["domain"]
        domain = safe_eval(domain, words) if isinstance(domain, str) else [tuple(one) for one in domain]
        for key in periods:
            if key in pivot["fieldMatching"]:
                chain = pivot["fieldMatching"][key]["chain"]
                domain = [*domain, (chain, ">=", first), (chain, "<=", today)]
        names = [one["id"] for one in pivot["measures"]]
        measures = [name if name == "__count" or ":" in name else name + ":sum" for name in names]
        groups = [":".join(filter(None, (row["fieldName"], row.get("granularity")))) for row in pivot["rows"]]
        model = own[pivot["model"]]
        total = [float(value or 0) for value in model._read_group(domain, [], measures)[0]]
        rows = [[float(value or 0) for value in row[1:]] for row in model._read_group(domain, groups, measures)]
        boards[name]["pivots"][number] = [total, rows]
print("SOURCES " + json.dumps(boards))
"""
# Headline figures once more, from the tables themselves.
FIGURES = {
    "spend!B2": "SELECT SUM(amount) FROM liquor_earning WHERE company_id = {company} AND business_day >= '{first}'",
    "spend!B4": """SELECT COALESCE(SUM(e.amount), 0) FROM liquor_earning e
                    WHERE e.company_id = {company} AND e.business_day >= '{first}' AND (e.id IN (
                          SELECT l.earning_id FROM liquor_payout_line l JOIN liquor_payout p ON p.id = l.payout_id
                           WHERE l.live AND p.state = 'ok')
                       OR e.id IN (
                          SELECT l.earning_id FROM liquor_settlement_line l
                            JOIN liquor_settlement s ON s.id = l.settlement_id
                           WHERE l.live AND s.state IN ('paid', 'closed'))
                       OR e.id IN (SELECT earning_id FROM liquor_expense WHERE state = 'paid'))""",
    "targets!B1": "SELECT COUNT(*) FROM liquor_agreement_target WHERE company_id = {company} AND state = 'accepted'",
    "targets!B5": """SELECT SUM(gap) FROM liquor_agreement_target
                      WHERE company_id = {company} AND state = 'accepted' AND measure = 'cases'""",
    "funds!B1": "SELECT SUM(allocated) FROM liquor_fund WHERE company_id = {company}",
    "funds!B2": """SELECT SUM(allocated + uncovered - reserved - accrued - settled - paid) FROM liquor_fund
                    WHERE company_id = {company}""",
    "funds!B3": "SELECT COUNT(*) FROM ({waiting}) w",
    "funds!B4": "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM ({waiting}) w",
    "funds!B5": "SELECT MAX(days) FROM ({waiting}) w",
    "variances!B1": "SELECT COUNT(*) FROM ({open}) v",
    "variances!B2": "SELECT SUM(amount) FROM ({open}) v",
    "variances!B3": "SELECT COUNT(*) FROM ({open}) v WHERE owner_id IS NULL",
    "variances!B4": "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM ({open}) v",
    "variances!B5": "SELECT MAX(days) FROM ({open}) v",
}
WAITING = """SELECT '{today}'::date - (claimed_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date AS days
               FROM liquor_expense WHERE company_id = {company} AND state IN ('claimed', 'checked', 'paying')
                AND date_start >= '{first}'"""
OPEN = """SELECT amount, owner_id, GREATEST('{today}'::date - day, 0) AS days FROM liquor_variance
           WHERE company_id = {company} AND state IN ('open', 'carried')"""


def days() -> dict[str, str]:
    """Today in Shanghai and the first day of its year, which the boards' period begins with."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    return {"today": today.isoformat(), "first": today.replace(month=1, day=1).isoformat()}


@pytest.fixture(scope="module")
def world() -> Iterator[served.Site]:
    """Serve a copy of the demo world as it was built."""
    demo.ensure_world()
    served.copy(WORLD_DATABASE, DATABASE)
    with served.serve(DATABASE) as one:
        yield one


@pytest.fixture(scope="module")
def sources(world) -> dict:
    """What the boards' sources give when they are read directly."""
    printed = world.shell(SOURCES % {**days(), "names": [*DESCRIPTIONS]})
    return json.loads(re.search(r"SOURCES (\{.*\})", printed).group(1))


@pytest.fixture(scope="module")
def boards(world, chromium, sources) -> Iterator[dict]:
    """Open every board as finance: name -> its cells, once nothing is loading; nothing may fail in the browser."""
    errors: list[str] = []
    session = camera.context(chromium, world.url, phone=False)
    session.set_default_timeout(PATIENCE)
    page = session.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: line.type == "error" and errors.append(line.text))
    page.on("response", lambda answer: answer.status >= 400 and errors.append(f"{answer.url}: {answer.status}"))
    camera.log_in(page, "finance", BY_NAME["finance"].password)
    found = {name: opened(page, source["id"]) for name, source in sources.items()}
    session.close()
    assert [error for error in errors if not any(word in error for word in KNOWN)] == []
    yield found


def opened(page: Page, board: int) -> dict:
    """Open a board and return its cells when they have not changed for a second and none is loading."""
    page.goto(f"/odoo/dashboards?dashboard_id={board}")
    before = None
    for _again in range(PATIENCE // 1000):
        page.wait_for_timeout(1000)
        now = page.evaluate(CELLS, board)
        if now and now == before and not any("oading" in str(cell) for cell in now["cells"].values()):
            return now
        before = now
    raise AssertionError(f"board {board} is still loading: {before}")


def values(cells: dict, column: int, row: int, count: int) -> list[float]:
    """Return ``count`` figures of a line, from a column on; an empty cell is nothing."""
    names = [f"Dashboard!{chr(65 + column + place)}{row}" for place in range(count)]
    return [round(float(cells[name][1]), 2) if name in cells else 0.0 for name in names]


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_no_cell_fails_and_it_is_no_sample(boards, name):
    assert not boards[name]["sample"]
    assert {cell: found for cell, found in boards[name]["cells"].items() if found[0] == "error"} == {}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_table_is_what_its_source_gives(boards, sources, name):
    """The totals line and every row of each table, whichever order they stand in."""
    cells, compared = boards[name]["cells"], 0
    formulas = json.loads((FOLDER / f"{name}_dashboard.json").read_text(encoding="utf-8"))["sheets"][0]["cells"]
    for cell, formula in formulas.items():
        spill = re.match(r"=PIVOT\((\d+),(\d+),", formula)
        if not spill:
            continue
        row, room = int(cell[1:]), int(spill.group(2))
        total, rows = sources[name]["pivots"][spill.group(1)]
        assert values(cells, 1, row - 1, len(total)) == pytest.approx(total, abs=0.005), formula
        seen = [values(cells, 1, line, len(total)) for line in range(row, row + room) if f"Dashboard!A{line}" in cells]
        assert len(seen) == min(len(rows), room), formula
        if len(rows) <= room:
            assert sorted(seen) == [pytest.approx(line, abs=0.005) for line in sorted(rows)], formula
        compared += 1
    assert compared >= 2


@pytest.mark.parametrize("place", FIGURES)
def test_headline_is_what_the_tables_hold(boards, world, place):
    name, cell = place.split("!")
    company = world.query("SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'main_company'")
    facts = {**days(), "company": company}
    facts.update(waiting=WAITING.format(**facts), open=OPEN.format(**facts))
    wanted = float(world.query(FIGURES[place].format(**facts)))
    assert float(boards[name]["cells"].get(f"Data!{cell}", (0, 0))[1]) == pytest.approx(wanted, abs=0.005)


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_the_demo_world_shows_figures(boards, name):
    """Most cards show something, in Chinese."""
    cells = boards[name]["cells"]
    cards = [cells[f"Data!B{row}"][1] for row in range(1, 6) if f"Data!B{row}" in cells]
    assert sum(bool(card) for card in cards) >= 3
    titles = [cell[1] for place, cell in cells.items() if re.fullmatch(r"Data!A[1-5]", place)]
    assert len(titles) == 5 and all(re.search(r"[\u4e00-\u9fff]", title) for title in titles), titles
