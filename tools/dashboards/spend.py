"""费用与返利总览: what was earned, accrued, settled and paid by month, kind of policy and city; spend against sales."""

from .board import COUNT, DAY, MONEY, PERCENT, TENTH, Board

STEPS = ("earned", "accrued", "settled", "paid")
HEADS = ("Earned", "Accrued", "Settled", "Paid", "Invoiced", "Spend/Sales")
SPEND = {
    "period": ("day", "date"),
    "region": ("region_id", "many2one"),
    "distributor": ("distributor_id", "many2one"),
}
SALES = {
    "period": ("business_day", "date"),
    "region": ("region_id", "many2one"),
    "distributor": ("partner_id", "many2one"),
}
INVOICED = [["kind", "=", "invoiced"]]
ROLLING = [["is_rolling", "=", True]]
PLACES = {"region": ("region_id", "many2one"), "distributor": ("distributor_id", "many2one")}
#: of the return that is kept up to date; ratios are computed of the sums by the server
RETURNS = ("spend", "measured_spend", "incremental_bottles", "incremental_margin", "return_percent:avg",
           "cost_per_opened:avg", "cost_per_case:avg")  # fmt: skip
RETURN_HEADS = (
    "Programme",
    "Spend",
    "Measured",
    "Bottles More",
    "Margin",
    "Return in Percent",
    "Per Bottle Opened",
    "Per Case Received",
)  # fmt: skip


def describe(board: Board) -> None:
    """Describe the board."""
    board.filter("period", "date", "Period", defaultValue="year_to_date")
    board.filter(
        "region", "relation", "Region", modelName="liquor.territory", domainOfAllowedValues=[["kind", "=", "city"]]
    )
    board.filter("distributor", "relation", "Distributor", modelName="res.partner")
    months = board.pivot("liquor.spend", "Spend by month", ["day:month"], STEPS, match=SPEND)
    kinds = board.pivot("liquor.spend", "Spend by kind", ["source"], STEPS, match=SPEND, largest="earned")
    regions = board.pivot("liquor.spend", "Spend by region", ["region_id"], STEPS, match=SPEND, largest="earned")
    sales = board.pivot(
        "liquor.flow.fact", "Invoiced by month", ["business_day:month"], ["amount_untaxed"], INVOICED, match=SALES
    )
    places = board.pivot(
        "liquor.flow.fact", "Invoiced by region", ["region_id"], ["amount_untaxed"], INVOICED, match=SALES
    )
    _cards(board, months, sales)
    board.charts(_by_month(board), _by_kind(board))
    board.title("Spend by Kind of Policy", "liquor_spend_menu")
    board.table(
        ("Kind of Policy", *HEADS[:4]),
        ('=_t("Total")', *(f'=PIVOT.VALUE({kinds},"{step}")' for step in STEPS)),
        f"=PIVOT({kinds},6,FALSE,FALSE,100,FALSE)",
        6,
        KINDS,
        ("", *[MONEY] * 4),
    )
    board.title("Spend by Region", "liquor_spend_menu")
    # Both sources name a city alike: what was invoiced in it is looked up by the name.
    around = board.behind(f"=PIVOT({places},100,FALSE,FALSE,100,FALSE)", 2, 100)
    _by_steps(board, "Region", regions, places, f"VLOOKUP(A{{row}},{around},2,FALSE)", REGIONS, 10)

    _returns(board)
    board.title("Spend by Month", "liquor_spend_menu")
    in_month = f'PIVOT.VALUE({sales},"amount_untaxed","business_day:month",A{{row}})'
    _by_steps(board, "Month", months, sales, in_month, MONTHS, 12)


def _returns(board: Board) -> None:
    """Return on spend (C9) and 费效比 (R15) of each programme; the first line says of which days, against which."""
    asked = ("choice", "date_from", "date_to", "spend", "measured_spend", "return_percent", "cost_per_opened",
             "cost_per_case")  # fmt: skip
    days = board.list("liquor.spend.return", "Return on spend: days", asked, ROLLING, "date_to")
    lines = board.pivot(
        "liquor.spend.return.line", "Return by programme", ["programme"], RETURNS, ROLLING, match=PLACES,
        largest="spend",
    )  # fmt: skip
    board.title("Return on Spend", "spend_return_menu")
    board.table(
        ("Compared With", "From", "To", "Spend", "Measured", "Return in Percent", *RETURN_HEADS[-2:]),
        None,
        [f'=ODOO.LIST({days},{{n}},"{name}")' for name in asked],
        2,
        RETURN_DAYS,
        ("", DAY, DAY, MONEY, MONEY, TENTH, MONEY, MONEY),
    )
    board.table(
        RETURN_HEADS,
        ('=_t("Total")', *(f'=PIVOT.VALUE({lines},"{name}")' for name in RETURNS)),
        f"=PIVOT({lines},12,FALSE,FALSE,100,FALSE)",
        12,
        RETURN_LINES,
        ("", MONEY, MONEY, TENTH, MONEY, TENTH, MONEY, MONEY),
    )


def _cards(board: Board, months: str, sales: str) -> None:
    spend, match = "liquor_channel.liquor_spend_menu", "liquor_channel.flow_fact_menu"
    invoiced = board.card("Invoiced", f'=PIVOT.VALUE({sales},"amount_untaxed")', 4180000, COUNT, match)
    earned = board.card("Earned", f'=PIVOT.VALUE({months},"earned")', 376200, COUNT, spend)
    board.card("Settled", f'=PIVOT.VALUE({months},"settled")', 301500, COUNT, spend)
    board.card("Paid", f'=PIVOT.VALUE({months},"paid")', 268900, COUNT, spend)
    board.card("Spend/Sales", f'=IFERROR({earned}/{invoiced},"")', 0.09, PERCENT, spend)


def _by_month(board: Board) -> dict:
    sample = [(row[0], row[1]) for row in MONTHS[1:]]
    return board.chart("bar", "Earned by Month", "liquor.spend", ["day:month", "source"], "earned", sample, match=SPEND)


def _by_kind(board: Board) -> dict:
    sample = [(row[0].removeprefix('=_t("').removesuffix('")'), row[1]) for row in KINDS[1:]]
    return board.chart("pie", "Earned by Kind of Policy", "liquor.spend", ["source"], "earned", sample, match=SPEND)


def _by_steps(board: Board, head: str, pivot: str, sales: str, invoiced: str, sample, rows: int) -> None:
    """Add a table of the four steps beside what was invoiced of the same month or city."""
    board.table(
        (head, *HEADS),
        (
            '=_t("Total")',
            *(f'=PIVOT.VALUE({pivot},"{step}")' for step in STEPS),
            f'=PIVOT.VALUE({sales},"amount_untaxed")',
            f'=IFERROR(PIVOT.VALUE({pivot},"earned")/PIVOT.VALUE({sales},"amount_untaxed"),"")',
        ),
        f"=PIVOT({pivot},{rows},FALSE,FALSE,100,FALSE)",
        rows,
        sample,
        ("", *[MONEY] * 5, PERCENT),
        {5: f'=IFERROR(IF(A{{row}}="","",{invoiced}),"")', 6: '=IFERROR(B{row}/F{row},"")'},
    )


TOTAL = '=_t("Total")'
MONTHS = (
    (TOTAL, 376200, 376200, 301500, 268900, 4180000, 0.09),
    ("2026-01", 118400, 118400, 118400, 112600, 1310000, 0.0904),
    ("2026-02", 96300, 96300, 96300, 91200, 1120000, 0.086),
    ("2026-03", 161500, 161500, 86800, 65100, 1750000, 0.0923),
)
KINDS = (
    (TOTAL, 376200, 376200, 301500, 268900),
    ('=_t("Per Unit")', 198700, 198700, 176200, 161300),
    ('=_t("Tiered")', 121900, 121900, 86400, 74100),
    ('=_t("Expense")', 55600, 55600, 38900, 33500),
)
REGIONS = (
    (TOTAL, 376200, 376200, 301500, 268900, 4180000, 0.09),
    ('=_t("Region A")', 228600, 228600, 188300, 170400, 2560000, 0.0893),
    ('=_t("Region B")', 147600, 147600, 113200, 98500, 1620000, 0.0911),
)
RETURN_DAYS = (('=_t("As long before the period")', "2026-03-04", "2026-03-31", 128400, 128400, 62.4, 9.18, 55.35),)
RETURN_LINES = (
    (TOTAL, 128400, 128400, 2606, 208520, 62.4, 9.18, 55.35),
    ('=_t("Per Unit")', 76100, 76100, 1805, 144400, 89.8, 5.44, 32.8),
    ('=_t("Tiered")', 52300, 52300, 801, 64120, 22.6, 3.74, 22.55),
)
