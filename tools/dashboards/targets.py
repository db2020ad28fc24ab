"""目标达成: targets of contracts, what is done, how much is missing, by distributor and series."""

from .board import COUNT, DAY, MONEY, PERCENT, Board

ACCEPTED = ["state", "=", "accepted"]
MATCH = {
    "period": ("date_end", "date"),
    "region": ("agreement_id.right_ids.territory_id", "many2one"),
    "distributor": ("party_id", "many2one"),
}
#: what is counted in the same measure adds up: cases with cases, money with money
IN_CASES, IN_MONEY = [["measure", "=", "cases"], ACCEPTED], [["measure", "=", "amount"], ACCEPTED]
MEASURES = ("goal", "done", "gap")
HEADS = ("Target", "Done", "Missing", "Completion")


def describe(board: Board) -> None:
    """Describe the board."""
    board.filter("period", "date", "Period")
    board.filter(
        "region", "relation", "Region", modelName="liquor.territory", domainOfAllowedValues=[["kind", "=", "city"]]
    )
    board.filter("distributor", "relation", "Party", modelName="res.partner")
    model, link = "liquor.agreement.target", "liquor_channel.agreement_target_menu"
    cases = board.pivot(model, "Targets in cases", ["party_id"], MEASURES, IN_CASES, match=MATCH, largest="goal")
    series = board.pivot(model, "Cases by series", ["category_id"], MEASURES, IN_CASES, match=MATCH, largest="goal")
    money = board.pivot(model, "Targets in money", ["party_id"], MEASURES, IN_MONEY, match=MATCH, largest="goal")
    counts = board.pivot(model, "Targets reached", ["measure"], ["__count"], [ACCEPTED], match=MATCH)
    reached = board.pivot(
        model, "Targets reached", ["measure"], ["__count"], [ACCEPTED, ["rate", ">=", 100]], match=MATCH
    )
    board.card("Targets", f'=PIVOT.VALUE({counts},"__count")', 18, COUNT, link)
    board.card("Reached", f'=PIVOT.VALUE({reached},"__count")', 5, COUNT, link)
    board.card("Completion in Cases", _rate(cases), 0.742, PERCENT, link)
    board.card("Completion in Money", _rate(money), 0.681, PERCENT, link)
    board.card("Cases Missing", f'=PIVOT.VALUE({cases},"gap")', 3240, COUNT, link)
    board.title("Completion", "agreement_target_menu")
    drawn = [("Distributor A", 81.0), ("Distributor B", 64.0), ("Distributor C", 72.0)]
    board.charts(
        board.chart("bar", "Done, in Cases", model, ["party_id", "label"], "done", drawn, IN_CASES, MATCH),
        board.chart("bar", "Missing, in Cases", model, ["party_id", "label"], "gap", drawn, IN_CASES, MATCH),
    )
    _behind_most(board, model)
    parts = (
        ("Targets in Cases by Party", "Party", cases, COUNT, PARTIES),
        ("Targets in Money by Party", "Party", money, COUNT, MONEYS),
        ("Targets in Cases by Series", "Series", series, COUNT, SERIES),
    )
    for title, head, pivot, form, sample in parts:
        board.title(title, "agreement_target_menu")
        board.table(
            (head, *HEADS),
            ('=_t("Total")', *(f'=PIVOT.VALUE({pivot},"{name}")' for name in MEASURES), _rate(pivot)),
            f"=PIVOT({pivot},10,FALSE,FALSE,100,FALSE)",
            10,
            sample,
            ("", form, form, form, PERCENT),
            {4: '=IF(A{row}="","",IFERROR(C{row}/B{row},""))'},
        )


def _rate(pivot: str) -> str:
    return f'=IFERROR(PIVOT.VALUE({pivot},"done")/PIVOT.VALUE({pivot},"goal"),"")'


def _behind_most(board: Board, model: str) -> None:
    """List the targets that are furthest behind, with what closing the gap is worth."""
    columns = ("party_id", "category_id", "label", "goal", "done", "gap", "worth", "date_end")
    behind = board.list(model, "Furthest behind", [*columns, "rate"], [ACCEPTED, ["rate", "<", 100]], "rate", MATCH)
    board.title("Furthest Behind", "agreement_target_menu")
    board.table(
        ("Party", "Series", "Period", "Target", "Done", "Missing", "Worth", "Until"),
        None,
        [f'=ODOO.LIST({behind},{{n}},"{column}")' for column in columns],
        12,
        FURTHEST,
        ("", "", "", COUNT, COUNT, COUNT, MONEY, DAY),
    )


TOTAL = '=_t("Total")'
PARTIES = (
    (TOTAL, 12560, 9320, 3240, 0.742),
    ('=_t("Distributor A")', 6000, 4860, 1140, 0.81),
    ('=_t("Distributor B")', 3600, 2304, 1296, 0.64),
    ('=_t("Distributor C")', 2960, 2156, 804, 0.728),
)
SERIES = (
    (TOTAL, 12560, 9320, 3240, 0.742),
    ('=_t("Series A")', 7200, 5760, 1440, 0.8),
    ('=_t("Series B")', 5360, 3560, 1800, 0.664),
)
MONEYS = (
    (TOTAL, 9600000, 6537600, 3062400, 0.681),
    ('=_t("Distributor A")', 5600000, 4032000, 1568000, 0.72),
    ('=_t("Distributor B")', 4000000, 2505600, 1494400, 0.6264),
)
FURTHEST = (
    ('=_t("Distributor B")', '=_t("Series B")', "2026-Q1", 1800, 990, 810, 16200, "2026-03-31"),
    ('=_t("Distributor C")', '=_t("Series A")', "2026-Q1", 1480, 962, 518, 9300, "2026-03-31"),
)
