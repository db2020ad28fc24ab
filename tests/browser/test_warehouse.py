"""The warehouse at its scanner: a truck is loaded code by code, wrong ones stop, the network goes, nothing is lost.

The long one is the story of issue 4: 1,200 cases on five orders, four scans a second, one in a hundred wrong, sixty
seconds without network. Its figures go to ``.run/truck.json``.
"""

import io
import json
import random
import re
import statistics
import sys
import time

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from tools.environment.settings import RUN

from .truck_stage import TRUCK

PER_SECOND = 4
OFFLINE = 60
SENT = "**/web/dataset/call_kw/stock.picking/liquor_scan_take"


def loaded(site, mark: str, orders: int, cases: int, kinds: tuple = ("normal",)) -> dict:
    """A truck of ``orders`` orders of so many cases each."""
    head = f"MARK, ORDERS, CASES, KINDS = {mark!r}, {orders}, {cases}, {kinds!r}\n"
    return json.loads(re.search(r"TRUCK (\{.*\})", site.shell(head + TRUCK)).group(1))


class Scanner:
    """A wedge scanner at a page: it types and presses Enter, at its own pace, whatever the page does."""

    def __init__(self, page) -> None:
        self.page, self.calls, self.began = page, [], {}
        page.on("request", lambda call: "liquor_scan_take" in call.url and self.began.update({call: time.monotonic()}))
        page.on("requestfinished", self._finished)

    def _finished(self, call) -> None:
        if call in self.began:
            self.calls.append(time.monotonic() - self.began.pop(call))

    def open(self, picking: int) -> None:
        self.page.goto(f"/odoo/action-stock.action_picking_tree_all/{picking}")
        self.page.click("button[name=action_liquor_scan]")
        expect(self.page.locator(".o_liquor_code")).to_be_focused()

    def scan(self, code: str) -> None:
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Enter")

    def answered(self, within: int = 180_000) -> None:
        """Wait until nothing waits to be sent."""
        self.page.wait_for_function(
            "!Object.keys(localStorage).some((key) => key.startsWith('liquor_scan.queue|'))", timeout=within
        )
        expect(self.page.locator(".o_liquor_waiting")).to_be_hidden()

    def waiting(self) -> int:
        return self.page.evaluate(
            "Object.keys(localStorage).filter((key) => key.startsWith('liquor_scan.queue|')).length"
        )

    def close(self, picking: int) -> None:
        """Done, then validate."""
        self.page.locator(".o_liquor_buttons button.btn-success").click()
        self.page.click("button[name=button_validate]")
        expect(self.page.locator(".o_arrow_button_current")).to_contain_text("完成")


def widest(page, width: int) -> float:
    """Right edge of what reaches furthest in the scanning dialog on a screen of that width."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 568})
    reach = "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().right))"
    found = page.locator(".o_liquor_picking_scan, .o_liquor_picking_scan *").evaluate_all(reach)
    page.set_viewport_size(before)
    return found


def close_list(page, pickings: list[int]) -> tuple[list, list]:
    """Rows of goods and rows of wrong scans, as the workbook has them, without header and total."""
    answer = page.request.get(f"/liquor/close_list.xlsx?ids={','.join(map(str, pickings))}")
    assert answer.status == 200
    book = load_workbook(io.BytesIO(answer.body()))
    return tuple(
        [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)][: sheet.max_row - 2] for sheet in book
    )


def shipped(site, truck: dict) -> list[int]:
    """[events, different cases among them, cases whose holder is the buyer of their order] of the truck's wine."""
    query = f"""SELECT count(*), count(DISTINCT e.unit_index), count(*) FILTER (WHERE c.holder_id = p.partner_id)
                  FROM liquor_scan_event e JOIN stock_picking p ON p.name = e.reference
                  JOIN liquor_custody c ON c.batch_id = e.batch_id AND c.level = e.level AND c.unit_index = e.unit_index
                 WHERE e.kind = 'ship' AND e.status = 'accepted' AND e.batch_id = {truck["batch"]}"""
    return [int(part) for part in site.query(query).split("|")]


def test_a_delivery_by_keyboard_list_and_without_network(role, stage, site):
    """Ten cases: wrong ones stop, one is taken back, six are pasted, three are scanned without network and reloaded."""
    truck = loaded(site, "T1", 1, 10)
    [picking], cases = truck["pickings"], truck["cases"]
    page = role(truck["login"])
    scanner, verdict = Scanner(page), page.locator(".o_liquor_verdict")
    scanner.open(picking)
    for code, colour in ((cases[0], "success"), (cases[0], "danger"), (truck["foreign"][0], "danger"),
                         ("NOCODE", "danger"), (cases[1], "success")):  # fmt: skip
        scanner.scan(code)
        expect(page.locator(".o_liquor_log li", has_text=code).first).to_be_visible()
        expect(verdict).to_have_class(re.compile(f"alert-{colour}"))
        scanner.answered()
    page.keyboard.press("Alt+z")  # the last one is taken back by keyboard alone
    expect(page.locator(".o_liquor_lines tbody tr td").nth(1)).to_have_text("6")
    page.locator("button[data-hotkey=l]").click()
    page.fill(".o_liquor_picking_scan textarea", "\n".join(cases[1:7]))
    page.locator(".o_liquor_picking_scan textarea + button").click()
    expect(page.locator(".o_liquor_lines tbody tr td").nth(1)).to_have_text("42")
    page.route(SENT, lambda call: call.abort())
    for code in cases[7:]:
        scanner.scan(code)
    expect(verdict).to_have_class(re.compile("alert-warning"))
    page.reload()
    expect(page.locator(".o_liquor_queue")).to_contain_text("3")
    page.unroute(SENT)
    scanner.open(picking)
    scanner.answered()
    expect(page.locator(".o_liquor_lines tbody tr td").nth(1)).to_have_text("60")
    assert widest(page, 320) <= 320, "the dialog fits a handheld"
    scanner.close(picking)
    assert shipped(site, truck) == [10, 10, 10]
    goods, wrong = close_list(page, [picking])
    assert [row[5:8] for row in goods] == [[60, 60, 0]]
    assert sorted(row[4] for row in wrong) == [1, 1, 1]


def planned(truck: dict) -> list[list[str]]:
    """What is scanned per order: its 240 cases and two or three of the twelve wrong codes at random places."""
    chance, orders = random.Random(4), []
    for order in range(5):
        scans = truck["cases"][order * 240 : (order + 1) * 240]
        for number in range(order, 12, 5):
            at = chance.randrange(20, len(scans))
            wrong = (truck["foreign"][number], f"4000{order}ABCDEFGHJK{number:02d}", scans[at - 15])
            scans.insert(at, wrong[number % 3])
        orders.append(scans)
    return orders


def load(scanner: Scanner, picking: int, scans: list[str], *, cut_at: int | None, figures: dict) -> None:
    """Scan an order at its pace; the network goes at scan ``cut_at`` and comes back after a minute."""
    scanner.open(picking)
    began, cut = time.monotonic(), None
    for number, code in enumerate(scans):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        if number == cut_at:
            scanner.page.context.set_offline(True)
            cut = time.monotonic()
        scanner.scan(code)
    typed = time.monotonic()
    figures["scans_per_second"].append(round(len(scans) / (typed - began), 2))
    if cut:
        time.sleep(max(0.0, cut + OFFLINE - time.monotonic()))
        figures |= {"offline_seconds": round(time.monotonic() - cut), "most_waiting": scanner.waiting()}
        scanner.page.context.set_offline(False)
        typed = time.monotonic()
    scanner.answered()
    figures["answered_after_the_last_scan_or_the_network"].append(round(time.monotonic() - typed, 1))
    scanner.close(picking)


@pytest.mark.story
def test_a_truck_of_1200_cases(role, stage, site):
    """1,200 cases on 5 orders, 4 scans a second, 12 wrong ones of three sorts, 60 seconds without network."""
    truck = loaded(site, "T5", 5, 240, ("normal", "normal", "tasting", "gift", "banquet"))
    page = role(truck["login"])
    scanner = Scanner(page)
    figures: dict = {"scans_per_second": [], "answered_after_the_last_scan_or_the_network": []}
    for order, scans in enumerate(planned(truck)):
        load(scanner, truck["pickings"][order], scans, cut_at=60 if order == 2 else None, figures=figures)
    calls = sorted(scanner.calls)
    goods, wrong = close_list(page, truck["pickings"])
    found = {}
    for row in wrong:
        found[row[3]] = found.get(row[3], 0) + row[4]
    figures |= {
        "calls": len(calls),
        "call_median": round(statistics.median(calls), 3),
        "call_p95": round(calls[int(len(calls) * 0.95)], 3),
        "events_cases_holders": shipped(site, truck),
        "close_list": [row[5:8] for row in goods],
        "wrong_by_reason": found,
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (RUN / "truck.json").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    assert figures["events_cases_holders"] == [1200, 1200, 1200]
    assert figures["close_list"] == [[1440, 1440, 0]] * 5
    assert sorted(found.values()) == [4, 4, 4]
    assert figures["offline_seconds"] >= OFFLINE
