"""资金与费用: each yuan of the budgets and its stage; expenses by state, and how long claims wait."""

from .board import COUNT, MONEY, TENTH, Board

STAGES = ("allocated", "free", "reserved", "accrued", "settled", "paid", "uncovered")
WAITING = ("claimed", "checked", "paying")
WAITS = [["state", "in", list(WAITING)]]
EXPENSES = {
    "period": ("date_start", "date"),
    "region": ("territory_id", "many2one"),
    "distributor": ("distributor_id", "many2one"),
}
AMOUNTS = ("__count", "amount", "approved_amount", "asked_amount", "allowed_amount")
EXPENSE = "liquor.expense"


def describe(board: Board) -> None:
    """Describe the board."""
    board.filter("period", "date", "Period", defaultValue="year_to_date")
    board.filter(
        "region", "relation", "Region", modelName="liquor.territory", domainOfAllowedValues=[["kind", "=", "city"]]
    )
    board.filter("distributor", "relation", "Distributor", modelName="res.partner")
    funds = board.pivot("liquor.fund", "Funds", ["name"], STAGES, largest="allocated")
    states = board.pivot(EXPENSE, "Expenses by state", ["state"], AMOUNTS, match=EXPENSES)
    kinds = board.pivot(EXPENSE, "Expenses by kind", ["kind_id"], AMOUNTS, match=EXPENSES, largest="amount")
    waiting = board.pivot(EXPENSE, "Claims that wait", ["state"], ["__count", "asked_amount"], WAITS, match=EXPENSES)
    fund, claims = "liquor_channel.fund_menu", "liquor_channel.expense_age_menu"
    board.card("Allocated", f'=PIVOT.VALUE({funds},"allocated")', 1500000, COUNT, fund)
    board.card("Free", f'=PIVOT.VALUE({funds},"free")', 1046000, COUNT, fund)
    count = board.card("Claims Waiting", f'=PIVOT.VALUE({waiting},"__count")', 14, COUNT, claims)
    everything = _oldest_first(board, "Claims by age", WAITS)
    board.card("Median Age (Days)", "=" + _median(everything, count), 9.5, TENTH, claims)
    board.card("Oldest (Days)", f'=IF(SUM({count})=0,0,ODOO.LIST({everything},1,"age_days"))', 27, COUNT, claims)
    board.title("Funds by Stage", "fund_menu")
    board.charts(*_charts(board))
    board.table(
        ("Fund", "Allocated", "Free", "Reserved", "Accrued", "Settled", "Paid", "Without Cover"),
        ('=_t("Total")', *(f'=PIVOT.VALUE({funds},"{stage}")' for stage in STAGES)),
        f"=PIVOT({funds},5,FALSE,FALSE,100,FALSE)",
        5,
        FUNDS,
        ("", *[MONEY] * 7),
    )
    _ages(board, waiting)
    _longest(board, everything)
    parts = (("Expenses by State", "State", states, BY_STATE, 10), ("Expenses by Kind", "Kind", kinds, BY_KIND, 10))
    for title, head, pivot, sample, rows in parts:
        board.title(title, "expense_menu")
        board.table(
            (head, "Count", "Applied For", "Approved", "Claimed", "Allowed"),
            ('=_t("Total")', *(f'=PIVOT.VALUE({pivot},"{name}")' for name in AMOUNTS)),
            f"=PIVOT({pivot},{rows},FALSE,FALSE,100,FALSE)",
            rows,
            sample,
            ("", COUNT, *[MONEY] * 4),
        )


def _oldest_first(board: Board, name: str, domain) -> str:
    columns = ("name", "title", "distributor_id", "kind_id", "state", "asked_amount", "claimed_at", "age_days")
    return board.list(EXPENSE, name, columns, domain, "claimed_at", EXPENSES)


def _median(claims: str, count: str) -> str:
    """The mean of the two in the middle, which is the one in the middle where the number is odd."""
    middle = [f'ODOO.LIST({claims},MAX(1,INT(({count}+{step})/2)),"age_days")' for step in (1, 2)]
    return f"IF(SUM({count})=0,0,AVERAGE({','.join(middle)}))"


def _charts(board: Board) -> tuple[dict, dict]:
    used = [("Reserved", 121000), ("Accrued", 164000), ("Settled", 52000), ("Paid", 117000)]
    return (
        board.chart("pie", "Moved into the Stage", "liquor.fund.entry", ["stage_to"], "amount", used,
                    [["stage_to", "in", ["reserved", "accrued", "settled", "paid"]]],
                    {"period": ("business_day", "date")}),
        board.chart("bar", "Expenses Applied for, by State", EXPENSE, ["state", "kind_id"], "amount",
                    [("Claimed", 96000), ("Claim Checked", 41000), ("Paid", 117000)], match=EXPENSES),
    )  # fmt: skip


def _ages(board: Board, waiting: str) -> None:
    """How long claims wait in each step: number, median and oldest."""
    board.title("Age of Claims", "expense_age_menu")
    labels = {"claimed": "Claimed", "checked": "Claim Checked", "paying": "Being Paid"}
    formulas = []
    for state in WAITING:
        claims = _oldest_first(board, f"Claims by age: {state}", [["state", "=", state]])
        formulas.append((
            f'=_t("{labels[state]}")',
            f'=PIVOT.VALUE({waiting},"__count","state","{state}")',
            f'=PIVOT.VALUE({waiting},"asked_amount","state","{state}")',
            "=" + _median(claims, "B{row}"),
            f'=IF(SUM(B{{row}})=0,0,ODOO.LIST({claims},1,"age_days"))',
        ))
    board.lines(
        ("State", "Count", "Claimed", "Median (Days)", "Longest (Days)"),
        formulas,
        AGES,
        ("", COUNT, MONEY, TENTH, COUNT),
    )


def _longest(board: Board, claims: str) -> None:
    board.title("Waiting Longest", "expense_menu")
    columns = ("title", "distributor_id", "name", "kind_id", "state", "asked_amount", "age_days")
    board.table(
        ("What For", "Distributor", "Number", "Kind", "State", "Claimed", "Age (Days)"),
        None,
        [f'=ODOO.LIST({claims},{{n}},"{column}")' for column in columns],
        10,
        LONGEST,
        ("", "", "", "", "", MONEY, COUNT),
    )


TOTAL = '=_t("Total")'
FUNDS = (
    (TOTAL, 1500000, 1046000, 121000, 164000, 52000, 117000, 0),
    ('=_t("Channel Expenses")', 1200000, 788000, 121000, 140000, 40000, 111000, 0),
    ('=_t("Member Operations")', 300000, 258000, 0, 24000, 12000, 6000, 0),
)
BY_STATE = (
    (TOTAL, 27, 318000, 271000, 192000, 158000),
    ('=_t("Approved")', 6, 64000, 61000, 0, 0),
    ('=_t("Claimed")', 8, 96000, 90000, 88000, 0),
    ('=_t("Claim Checked")', 4, 41000, 38000, 36000, 34000),
    ('=_t("Paid")', 9, 117000, 82000, 68000, 124000),
)
BY_KIND = (
    (TOTAL, 27, 318000, 271000, 192000, 158000),
    ('=_t("Display")', 14, 143000, 126000, 91000, 77000),
    ('=_t("Tasting event")', 13, 175000, 145000, 101000, 81000),
)
AGES = (
    ('=_t("Claimed")', 8, 88000, 11, 27),
    ('=_t("Claim Checked")', 4, 36000, 8, 16),
    ('=_t("Being Paid")', 2, 14000, 4.5, 6),
)
LONGEST = (
    ('=_t("Display")', '=_t("Distributor A")', "FY202603-0007", '=_t("Display")', '=_t("Claimed")', 12000, 27),
    ('=_t("Tasting event")', '=_t("Distributor B")', "FY202603-0011", '=_t("Tasting event")', '=_t("Claimed")',
     9000, 22),
)  # fmt: skip
