"""Search and paging in the rows of a frozen statement: plain data in, one page and its sums out.

A row is a mapping of texts as the snapshot holds them: ``day`` (ISO), ``amount`` (signed, text), ``label`` and others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    """One page of what was found; count and sums are those of everything found, on whatever page.

    ``total`` leaves out what is held, as the statement does; ``held`` is the sum of that.
    """

    rows: Sequence[Mapping]
    number: int
    pages: int
    count: int
    total: Decimal
    held: Decimal


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
    pages = max(1, -(-len(rows) // size))
    number = min(max(1, number), pages)
    sums = {False: Decimal(0), True: Decimal(0)}
    for row in rows:
        sums[bool(row.get("held"))] += Decimal(row["amount"])
    return Page(rows[(number - 1) * size : number * size], number, pages, len(rows), sums[False], sums[True])
