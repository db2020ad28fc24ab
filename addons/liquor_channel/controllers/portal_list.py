"""One list of a portal page: one search stands behind the rows it shows, their totals and the workbook."""

from collections.abc import Callable
from dataclasses import dataclass

from ..tools.workbook import Sheet
from .portal_common import DISTRIBUTOR_KINDS, PAGE_SIZE, own_domain, positive
from .portal_filter import EXPORT_ROWS


@dataclass(frozen=True)
class Column:
    """A column of the workbook.

    :param value: field of a row, with dots, or a function of the row
    :param total: added up; a stored field also over all pages, on the page
    """

    title: str
    value: str | Callable
    total: bool = False


class PortalList:
    """A party's own rows in one company, narrowed by what the reader asks for; a subclass says which.

    Paging and totals cost the same queries for one row and for ten thousand.
    """

    model = ""
    order = "id desc"
    kinds = DISTRIBUTOR_KINDS
    #: what the reader may search by: find, days, product, state
    searches = ("find", "days")
    #: states that no party sees
    hidden = ("draft",)
    #: what stands in the address besides what is searched by
    more = ""
    #: whether the search stands there when nothing was found and nothing was asked for
    always = False

    def __init__(self, role_sudo, wanted):
        self.env, self.role_sudo, self.wanted = role_sudo.env, role_sudo, wanted
        self.company, self.partner_sudo = role_sudo.company_id, role_sudo.partner_id
        self.records_sudo = self.env[self.model].sudo().with_company(self.company)

    # ------------------------------------------------------------------ what a subclass says
    def own(self):
        """Return the domain of what is the party's own."""
        return own_domain(self.records_sudo, self.company)

    def narrowed(self):
        """Return the domain of what the reader asks for."""
        return []

    def choices(self):
        """Return (value, words) of the states to choose from."""
        words = self.records_sudo._fields["state"]._description_selection(self.env)
        return [pair for pair in words if pair[0] not in self.hidden]

    def chosen(self, state):
        """Return the domain of one of ``choices``."""
        return [("state", "=", state)]

    def shown(self, records_sudo):
        """Return the rows as the page and the workbook read them."""
        return records_sudo

    def title(self):
        """Return the name of the sheet."""
        return self.env._("List")

    def columns(self):
        """Return the columns of the workbook."""
        return []

    # ------------------------------------------------------------------ what is the same for all
    def domain(self):
        """Return the domain of everything that was found."""
        known = self.wanted.state and self.wanted.state in dict(self.choices())
        return [*self.own(), *self.narrowed(), *(self.chosen(self.wanted.state) if known else [])]

    def words(self, *fields):
        """Return the domain of the words that the reader typed, in one of the fields."""
        if not self.wanted.find:
            return []
        return ["|"] * (len(fields) - 1) + [(field, "ilike", self.wanted.find) for field in fields]

    def page(self, number=1, size=PAGE_SIZE):
        """Return ``(rows, paging values)``; a number behind the last page gives the last one."""
        count, figures = self._found()
        pages = max(1, -(-count // size))
        number = min(max(1, positive(number)), pages)
        records_sudo = self.records_sudo.search(self.domain(), order=self.order, limit=size, offset=(number - 1) * size)
        paging = {"page": number, "pages": pages, "has_next": number < pages, "count": count, "figures": figures}
        return self.shown(records_sudo), {**paging, "too_many": count > EXPORT_ROWS}

    def _found(self):
        """Return how many there are and ``(title, amount, currency)`` of what is added up; one query."""
        fields = self.records_sudo._fields
        summed = [column for column in self.columns() if column.total and self._is_stored(column)]
        by_currency = ["currency_id"] if "currency_id" in fields and fields["currency_id"].store else []
        groups = self.records_sudo._read_group(
            self.domain(), by_currency, ["__count", *(f"{column.value}:sum" for column in summed)]
        )
        count, figures = 0, []
        for group in groups:
            currency = group[0] if by_currency else self.company.currency_id
            number, *amounts = group[len(by_currency) :]
            count += number
            for column, amount in zip(summed, amounts, strict=True):
                is_money = fields[column.value].type == "monetary"
                figures.append((column.title, amount or 0, currency if is_money else None))
        return count, [figure for figure in figures if figure[1]]

    def _is_stored(self, column):
        return isinstance(column.value, str) and self.records_sudo._fields[column.value].store

    def sheet(self):
        """Return the workbook's sheet: everything that was found, with totals unless currencies are mixed."""
        records_sudo = self.records_sudo.search(self.domain(), order=self.order, limit=EXPORT_ROWS)
        columns, totals = self.columns(), True
        if "currency_id" in records_sudo._fields and len(records_sudo.currency_id) > 1:
            columns, totals = [*columns, Column(self.env._("Currency"), "currency_id.name")], False
        words = {}
        return Sheet(
            self.title(),
            [column.title for column in columns],
            [[self._cell(row, column.value, words) for column in columns] for row in self.shown(records_sudo)],
            totals=[place for place, column in enumerate(columns) if column.total] if totals else (),
            total=self.env._("Total"),
        )

    def _cell(self, row, value, words):
        """Return a value for a cell; a choice by its word, which ``words`` keeps from row to row."""
        if callable(value):
            return value(row)
        for name in value.split("."):
            field, row = row._fields[name], row[name]
        if field.type != "selection":
            return row
        if field not in words:
            words[field] = dict(field._description_selection(self.env))
        return words[field].get(row, "")
