"""Search of the portal's lists: a period, a product and words, as given in the address."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from odoo.addons.liquor_member.tools.business_day import day_bounds

from ..engine.settlement.statement_search import Wanted

EXPORT_ROWS = 10_000


def read_day(text):
    """Return an ISO day as typed into a browser's date field, or nothing.

    >>> read_day("2026-03-31"), read_day("31.3."), read_day(None)
    (datetime.date(2026, 3, 31), None, None)
    """
    try:
        day = date.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


@dataclass(frozen=True)
class ListFilter:
    """What a list is narrowed to; whatever cannot be read narrows nothing."""

    first: date | None = None
    last: date | None = None
    product: str = ""
    find: str = ""
    state: str = ""

    @classmethod
    def of(cls, params):
        """Read a filter from the parameters of a request."""
        return cls(
            read_day(params.get("first")),
            read_day(params.get("last")),
            str(params.get("product") or "").strip()[:100],
            str(params.get("find") or "").strip()[:100],
            str(params.get("state") or "")[:20],
        )

    def __bool__(self):
        return bool(self.first or self.last or self.product or self.find or self.state)

    @property
    def query(self):
        """The filter as the end of an address."""
        values = {name: getattr(self, name) for name in ("first", "last", "product", "find", "state")}
        return "".join(f"&{urlencode({name: value})}" for name, value in values.items() if value)

    def days(self, field):
        """Return the domain of the period on a date field."""
        bounds = [(field, ">=", self.first)] if self.first else []
        return bounds + ([(field, "<=", self.last)] if self.last else [])

    def moments(self, field, company):
        """Return the domain of the period on a moment in UTC, by the company's business days."""
        bounds = [(field, ">=", day_bounds(company, self.first)[0])] if self.first else []
        return bounds + ([(field, "<", day_bounds(company, self.last)[1])] if self.last else [])

    def products(self, path):
        """Return the domain of the product, searched by name and code."""
        if not self.product:
            return []
        return ["|", (f"{path}.name", "ilike", self.product), (f"{path}.default_code", "ilike", self.product)]

    def rows(self, admits=None):
        """Return what rows of a frozen statement are wanted.

        :param admits: a further test of a row
        """
        return Wanted(self.find, self.first, self.last, admits)
