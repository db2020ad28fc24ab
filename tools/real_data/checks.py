"""Totals that have to tie to the cent, and the report of those that do not."""

from dataclasses import dataclass, field
from decimal import Decimal

from . import barcodes
from .company import FIRST_DAY, LAST_DAY
from .settle import bases, money, owed
from .sources import Product, Sale

#: what the page of the data says of its bar codes (ORIGIN.md); nobody here counted it
WRONG_CASE_CODES, SHORT_CASE_CODES, SHARED_BOTTLE_CODES = 13, 678, 1545


@dataclass(slots=True)
class Ties:
    """Collects comparisons; prints each as one line."""

    out: object
    failed: list[str] = field(default_factory=list)

    def tie(self, title: str, found, expected) -> None:
        """Compare a figure of the suite with the one of the file."""
        same = found == expected
        mark = "=" if same else "IS NOT"
        self.out.write(f"  {'ok ' if same else 'BAD'} {title:<52} {found:>18} {mark} {expected}\n")
        if not same:
            self.failed.append(title)


def check_codes(ties: Ties, items: list[Product], judged: barcodes.Judged) -> None:
    """The findings about bar codes against what is published of the file."""
    cases = [finding for finding in judged.findings if finding.field == "scc" and finding.finding != barcodes.SHARED]
    wrong = sum(len(finding.code) == 14 and finding.finding == barcodes.WRONG_DIGIT for finding in cases)
    ties.tie("case codes of 14 digits, wrong check digit", wrong, WRONG_CASE_CODES)
    short = sum(len(finding.code) < 14 for finding in cases)
    ties.tie("short case codes: repaired, empty or wrong", short, SHORT_CASE_CODES)
    repaired = [finding.repaired for finding in cases if finding.repaired]
    ties.tie(
        "repaired case codes with a right check digit", sum(map(barcodes.has_check_digit, repaired)), len(repaired)
    )
    # one of the values in the file is “no code”
    ties.tie("bottle codes of several products", barcodes.shared_codes(items) + 1, SHARED_BOTTLE_CODES)


def sums(env, company) -> list[tuple]:
    """Return (store, amount, facts) of everything reported, from the facts that policies read."""
    rows = env["liquor.flow.fact"]._sums(company, ("reported", "returned"), FIRST_DAY, LAST_DAY)
    return [(row.partner, Decimal(str(row.amount)), row.facts) for row in rows]


def check_bases(ties: Ties, env, company, version, stores: dict, sales: list[Sale]) -> None:
    """The suite's bases against the file: in all, and for each store and year."""
    facts = sums(env, company)
    ties.tie("sum of all bases", money([sum(row[1] for row in facts)]), sum(sale.dollars for sale in sales))
    ties.tie("lines that count", sum(row[2] for row in facts), len(sales))
    expected, number_of = bases(sales), {partner.id: number for number, partner in stores.items()}
    found = {}
    for year in (FIRST_DAY.year, LAST_DAY.year):
        period = version._by_base(LAST_DAY.replace(year=year))
        for (span, _basis, _returns), group in period.items():
            for (_version, partner), base in group._bases(company, span.start, span.end, None).items():
                found[number_of[partner], year] = money([base.measure])
    ties.tie("bases by store and year that agree", sum(found.get(key) == base for key, base in expected.items()),
             len(expected))  # fmt: skip


def check_earnings(ties: Ties, env, company, stores: dict, sales: list[Sale]) -> None:
    """What the ledger owes each store and year against a second computation."""
    expected = {key: owed(base) for key, base in bases(sales).items()}
    groups = env["liquor.earning"]._read_group(
        [("company_id", "=", company.id)], ["partner_id", "business_day:year"], ["amount:sum"]
    )
    number_of = {partner.id: number for number, partner in stores.items()}
    found = {(number_of[partner.id], day.year): money([amount]) for partner, day, amount in groups}
    wrong = [key for key, amount in expected.items() if found.get(key, Decimal(0)) != amount]
    ties.tie("stores and years with another rebate", len(wrong), 0)
    ties.tie("sum of all rebates", sum(found.values(), Decimal(0)), sum(expected.values(), Decimal(0)))


def check_ledger(ties: Ties, env, company) -> None:
    """Journal entries balance; accounts, sub-ledger and payouts say the same."""
    env.flush_all()
    [(unbalanced,)] = _query(env, """SELECT count(*) FROM (SELECT move_id FROM account_move_line
        WHERE company_id = %s GROUP BY move_id HAVING SUM(balance) <> 0) m""", company)  # fmt: skip
    ties.tie("journal entries that do not balance", unbalanced, 0)
    [(earned,)] = _query(env, "SELECT SUM(amount) FROM liquor_earning WHERE company_id = %s", company)
    [(accrued,)] = _query(env, "SELECT SUM(amount) FROM liquor_accrual_line WHERE company_id = %s", company)
    [(expensed,)] = _query(
        env,
        """SELECT SUM(l.balance) FROM account_move_line l
             JOIN account_move m ON m.id = l.move_id
             JOIN account_account a ON a.id = l.account_id
            WHERE m.company_id = %s AND m.liquor_accrual_run_id IS NOT NULL
              AND a.account_type IN ('income', 'expense')""",
        company,
    )
    ties.tie("accrued = earned", money([accrued or 0]), money([earned or 0]))
    ties.tie("general ledger = earned", money([expensed or 0]), money([earned or 0]))


def _query(env, text: str, company) -> list:
    env.cr.execute(text, [company.id])
    return env.cr.fetchall()
