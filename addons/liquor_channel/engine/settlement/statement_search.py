"""Search and paging in the rows of a frozen statement: plain data in, one page and its sums out.

A row is a mapping of texts as the snapshot holds them: ``day`` (ISO), ``amount`` (signed, text), ``label`` and others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

#: texts of a row that the search reads
TEXTS = ("day", "label", "product", "reference", "reason", "amount")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rows are narrowed to: every word of ``text`` occurs, the day lies within, ``admits`` says yes."""

    text: str = ""
    first: date | None = None
    last: date | None = None
    admits: Callable[[Mapping], bool] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found; count and sums are those of everything found, on whatever page."""

    found: Sequence[Mapping]
    number: int
    size: int

    @property
    def rows(self) -> Sequence[Mapping]:
        """Rows of this page."""
        return self.found[(self.number - 1) * self.size : self.number * self.size]

    @property
    def pages(self) -> int:
        """Number of pages, one where nothing was found."""
        return max(1, -(-len(self.found) // self.size))

    @property
    def count(self) -> int:
        """Number of rows found."""
        return len(self.found)

    @property
    def total(self) -> Decimal:
        """Sum of what was found, without what is held, as the statement counts."""
        return _sum(row for row in self.found if not row.get("held"))

    @property
    def held(self) -> Decimal:
        """Sum of what was found and is held."""
        return _sum(row for row in self.found if row.get("held"))


def _sum(rows: Iterable[Mapping]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))


def find(rows: Sequence[Mapping], wanted: Wanted) -> list[Mapping]:
    """Return the rows that are wanted, in their order.

    >>> rows = [{"day": "2026-03-01", "label": "Cellar 10", "amount": "15.00"},
    ...         {"day": "2026-03-09", "label": "Blue", "amount": "-2.00"}]
    >>> [row["amount"] for row in find(rows, Wanted("cellar 03-01"))]
    ['15.00']
    >>> [row["amount"] for row in find(rows, Wanted(first=date(2026, 3, 2)))]
    ['-2.00']
    """
    words = wanted.text.casefold().split()
    if not (words or wanted.first or wanted.last or wanted.admits):
        return list(rows)
    first = wanted.first.isoformat() if wanted.first else ""
    last = wanted.last.isoformat() if wanted.last else "9999"
    return [
        row
        for row in rows
        if first <= row["day"] <= last
        and (not wanted.admits or wanted.admits(row))
        and (not words or _has_words(row, words))
    ]


def _has_words(row: Mapping, words: Sequence[str]) -> bool:
    text = "\n".join(row.get(name, "") for name in TEXTS).casefold()
    return all(word in text for word in words)


def page_of(rows: Sequence[Mapping], number: int, size: int) -> Page:
    """Return a page; a number behind the last page gives the last one.

    >>> page = page_of([{"amount": "1.10"}, {"amount": "-0.30"}, {"amount": "2.00", "held": True}], 9, 2)
    >>> page.number, page.pages, page.count, str(page.total), str(page.held), len(page.rows)
    (2, 2, 3, '0.80', '2.00', 1)
    >>> page_of([], 1, 2).pages
    1
    """
    page = Page(rows, 1, size)
    return replace(page, number=min(max(1, number), page.pages))
