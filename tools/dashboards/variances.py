"""三方核对与差异: what does not agree, by class, owner and age."""

from .board import COUNT, DAY, MONEY, TENTH, Board

MODEL, MENU = "liquor.variance", "liquor_channel.liquor_variance_menu"
OPEN = [["state", "in", ["open", "carried"]]]
MATCH = {
    "period": ("day", "date"),
    "region": ("partner_id.liquor_role_ids.territory_id", "many2one"),
    "distributor": ("partner_id", "many2one"),
}
MEASURES = ("__count", "amount", "quantity")
HEADS = ("Count", "At Stake", "Bottles")
#: days since the oldest thing behind it: heading, from, before
AGES = (("Up to 7 Days", 0, 8), ("8 to 30 Days", 8, 31), ("31 to 60 Days", 31, 61), ("Older than 60 Days", 61, None))


def describe(board: Board) -> None:
    """Describe the board."""
    board.filter("period", "date", "Since")
    board.filter(
        "region", "relation", "Region", modelName="liquor.territory", domainOfAllowedValues=[["kind", "!=", False]]
    )
    board.filter("distributor", "relation", "Party", modelName="res.partner")
    classes = board.pivot(MODEL, "Open by class", ["variance_class"], MEASURES, OPEN, match=MATCH, largest="amount")
    owners = board.pivot(MODEL, "Open by owner", ["owner_id"], MEASURES, OPEN, match=MATCH, largest="amount")
    states = board.pivot(MODEL, "By state", ["state"], MEASURES, match=MATCH)
    nobody = board.pivot(MODEL, "Without owner", ["state"], ["__count"], [*OPEN, ["owner_id", "=", False]], match=MATCH)
    ages = board.list(MODEL, "By age", ["day", "age_days"], OPEN, "day", MATCH)
    count = board.card("Open Variances", f'=PIVOT.VALUE({classes},"__count")', 23, COUNT, MENU)
    board.card("At Stake", f'=PIVOT.VALUE({classes},"amount")', 48200, COUNT, MENU)
    board.card("Without Owner", f'=PIVOT.VALUE({nobody},"__count")', 4, COUNT, MENU)
    board.card("Median Age (Days)", _median(ages, count), 12, TENTH, MENU)
    board.card("Oldest (Days)", f'=IF(SUM({count})=0,0,ODOO.LIST({ages},1,"age_days"))', 71, COUNT, MENU)
    board.title("Open Variances", "liquor_variance_menu")
    drawn = [("Open", 19), ("Carried Over", 4)]
    board.charts(
        board.chart("bar", "At Stake by Class", MODEL, ["variance_class"], "amount", drawn, OPEN, MATCH),
        board.chart("bar", "Count by Owner and State", MODEL, ["owner_id", "state"], "__count", drawn, match=MATCH),
    )
    _by_age(board)
    _largest(board)
    parts = (
        ("By State", "State", states, 4, BY_STATE),
        ("Open by Owner", "In Charge", owners, 8, BY_OWNER),
        ("Open by Class", "Class", classes, 16, BY_CLASS),
    )
    for title, head, pivot, rows, sample in parts:
        board.title(title, "liquor_variance_menu")
        board.table(
            (head, *HEADS),
            ('=_t("Total")', *(f'=PIVOT.VALUE({pivot},"{name}")' for name in MEASURES)),
            f"=PIVOT({pivot},{rows},FALSE,FALSE,100,FALSE)",
            rows,
            sample,
            ("", COUNT, MONEY, TENTH),
        )


def _median(ages: str, count: str) -> str:
    """The mean of the two in the middle, which is the one in the middle where the number is odd."""
    middle = [f'ODOO.LIST({ages},MAX(1,INT(({count}+{step})/2)),"age_days")' for step in (1, 2)]
    return f"=IF(SUM({count})=0,0,AVERAGE({','.join(middle)}))"


def _by_age(board: Board) -> None:
    """How many wait how long: each line is a source of its own, whose days count back from today."""
    board.title("Open by Age", "liquor_variance_menu")
    formulas = []
    for label, first, last in AGES:
        pivot = board.pivot(MODEL, label, ["state"], MEASURES, _since(first, last), match=MATCH)
        formulas.append((f'=_t("{label}")', *(f'=PIVOT.VALUE({pivot},"{name}")' for name in MEASURES)))
    board.lines(("Age", *HEADS), formulas, BY_AGE, ("", COUNT, MONEY, TENTH))


def _since(first: int, last: int | None) -> str:
    """Return the domain of what has been open for ``first`` and more days, and less than ``last``."""
    parts = ["('state', 'in', ['open', 'carried'])"]
    for days, operator in ((first, "<="), (last, ">")):
        if days:
            day = f"(context_today() - relativedelta(days={days})).strftime('%Y-%m-%d')"
            parts.append(f"('day', '{operator}', {day})")
    return f"[{', '.join(parts)}]"


def _largest(board: Board) -> None:
    columns = ("partner_id", "variance_class", "amount", "quantity", "day", "age_days", "owner_id", "what")
    largest = board.list(MODEL, "Largest", columns, OPEN, "amount", MATCH, falling=True)
    board.title("Largest", "liquor_variance_menu")
    board.table(
        ("Party", "Class", "At Stake", "Bottles", "Since", "Age (Days)", "In Charge", "What"),
        None,
        [f'=ODOO.LIST({largest},{{n}},"{column}")' for column in columns],
        12,
        LARGEST,
        ("", "", MONEY, TENTH, DAY, COUNT, "", ""),
    )


TOTAL = '=_t("Total")'
BY_CLASS = (
    (TOTAL, 23, 48200, 186),
    ('=_t("Shipped, not scanned")', 12, 31400, 144),
    ('=_t("Scanned, not shipped")', 11, 16800, 42),
)
BY_OWNER = (
    (TOTAL, 23, 48200, 186),
    ('=_t("Clerk")', 15, 30900, 150),
    ('=_t("Finance")', 8, 17300, 36),
)
BY_STATE = (
    (TOTAL, 41, 77300, 302),
    ('=_t("Open")', 19, 40100, 160),
    ('=_t("Carried Over")', 4, 8100, 26),
    ('=_t("Resolved")', 18, 29100, 116),
)
BY_AGE = (
    ('=_t("Up to 7 Days")', 9, 15200, 66),
    ('=_t("8 to 30 Days")', 10, 21700, 84),
    ('=_t("31 to 60 Days")', 3, 8900, 30),
    ('=_t("Older than 60 Days")', 1, 2400, 6),
)
LARGEST = (
    ('=_t("Distributor A")', '=_t("Shipped, not scanned")', 9600, 36, "2026-02-11", 33, '=_t("Clerk")', "S00041"),
    ('=_t("Distributor B")', '=_t("Scanned, not shipped")', 7200, 24, "2026-03-02", 14, '=_t("Finance")', "S00057"),
)
