"""One dashboard as o-spreadsheet reads it: a sheet to look at and a sheet of figures behind its cards.

Rows and columns count from 0 in the code and from 1 in formulas, as spreadsheets do.
"""

from dataclasses import dataclass, field

VERSION = "18.5.10"
LOOK, FIGURES = "Dashboard", "Data"
WIDTHS = (225, 145, 105, 105, 105, 105, 105, 105)
CARD_WIDTH, CARD_HEIGHT, GAP = 192, 101, 10
#: pixels from the top to the first title
CARDS_END = 125
TITLE_HEIGHT, ROW_HEIGHT = 40, 24
CARD_FONT = 22
TITLE, HEAD, HEAD_RIGHT, TEXT, TOTAL = 1, 2, 3, 4, 5
STYLES = {
    str(TITLE): {"textColor": "#01666b", "bold": True, "fontSize": 16},
    str(HEAD): {"bold": True, "fontSize": 11, "textColor": "#434343", "verticalAlign": "middle"},
    str(HEAD_RIGHT): {
        "bold": True, "fontSize": 11, "textColor": "#434343", "verticalAlign": "middle", "align": "right",
    },
    str(TEXT): {"textColor": "#434343", "verticalAlign": "middle"},
    str(TOTAL): {"textColor": "#434343", "verticalAlign": "middle", "bold": True, "fillColor": "#f2f2f2"},
}  # fmt: skip
BORDERS = {"1": {"bottom": {"style": "thin", "color": "#CCCCCC"}}}
FORMATS = {"1": "#,##0.00", "2": "#,##0", "3": "0.0%", "4": "yyyy-mm-dd", "5": "#,##0.0"}
MONEY, COUNT, PERCENT, DAY, TENTH = "1", "2", "3", "4", "5"
LOCALE = {
    "name": "English (US)", "code": "en_US", "thousandsSeparator": ",", "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy", "timeFormat": "hh:mm:ss", "formulaArgSeparator": ",", "weekStart": 7,
}  # fmt: skip
#: what opens when a part of a chart is pressed
ACTIONS = {
    "liquor.spend": "liquor_spend_action",
    "liquor.agreement.target": "agreement_target_action",
    "liquor.expense": "expense_action",
    "liquor.fund.entry": "fund_entry_action",
    "liquor.variance": "liquor_variance_action",
}
TABLE = {
    "hasFilters": False, "totalRow": False, "firstColumn": False, "lastColumn": False, "numberOfHeaders": 1,
    "bandedRows": True, "bandedColumns": False, "automaticAutofill": True, "styleId": "None",
}  # fmt: skip


def name_of(row: int, column: int) -> str:
    """Return a cell's name.

    >>> name_of(11, 2)
    'C12'
    """
    return f"{chr(ord('A') + column)}{row + 1}"


def term(text: str) -> str:
    """Return the formula of a text that is shown in the user's language."""
    return f'=_t("{text}")'


@dataclass(slots=True)
class Sheet:
    """Cells, styles and figures of one sheet."""

    id: str
    name: str
    rows: int
    cells: dict = field(default_factory=dict)
    styles: dict = field(default_factory=dict)
    formats: dict = field(default_factory=dict)
    borders: dict = field(default_factory=dict)
    figures: list = field(default_factory=list)
    tables: list = field(default_factory=list)
    heights: dict = field(default_factory=dict)

    def put(self, row: int, column: int, content, style: int = 0, form: str = "") -> str:
        """Write a cell and return its name."""
        cell = name_of(row, column)
        self.cells[cell] = str(content)
        if style:
            self.styles[cell] = style
        if form:
            self.formats[cell] = form
        return cell

    def data(self, visible: bool) -> dict:
        """Return the sheet as o-spreadsheet reads it."""
        return {
            "id": self.id,
            "name": self.name,
            "colNumber": 12,
            "rowNumber": max(self.rows, 40),
            "rows": {str(row): {"size": size} for row, size in sorted(self.heights.items())},
            "cols": {str(column): {"size": width} for column, width in enumerate(WIDTHS)} if visible else {},
            "merges": [],
            "cells": self.cells,
            "styles": self.styles,
            "formats": self.formats,
            "borders": self.borders,
            "conditionalFormats": [],
            "dataValidationRules": [],
            "figures": self.figures,
            "tables": self.tables,
            "areGridLinesVisible": not visible,
            "isVisible": True,
            "headerGroups": {"ROW": [], "COL": []},
            "comments": {},
        }


class Board:
    """A dashboard under construction: cards on top, then charts and tables, each below the one before."""

    def __init__(self, name: str, *, sample: bool) -> None:
        self.name, self.sample = name, sample
        self.look = Sheet(f"{name}_look", LOOK, 0)
        self.figures = Sheet(f"{name}_data", FIGURES, 0)
        self.filters: list[dict] = []
        self.pivots: dict[str, dict] = {}
        self.lists: dict[str, dict] = {}
        self.menus: dict[str, str] = {}
        self._cards = self._charts = self._behind = 0
        self._row = 0
        self.look.heights[0] = CARDS_END

    # ------------------------------------------------------------------ what is asked for
    def filter(self, key: str, kind: str, label: str, **more) -> None:
        """Add a filter above the dashboard; sources name it by ``key``."""
        self.filters.append({"id": f"{self.name}_{key}", "type": kind, "label": label, **more})

    def _matching(self, match: dict[str, tuple[str, str]]) -> dict:
        found = {}
        for key, (chain, kind) in match.items():
            found[f"{self.name}_{key}"] = {"chain": chain, "type": kind, **({"offset": 0} if "date" in kind else {})}
        return found

    def pivot(self, model: str, name: str, rows, measures, domain=(), columns=(), match=None, largest: str = "") -> str:
        """Add a source of sums and return its number.

        :param rows: names of fields, ``day:month`` for months
        :param match: filter's key -> (chain of fields, kind of field)
        :param largest: the measure by which the rows go down
        """
        number = str(len(self.pivots) + 1)
        order = {"measure": largest, "order": "desc", "domain": []}
        self.pivots[number] = {
            "type": "ODOO",
            "id": number,
            "formulaId": number,
            "name": name,
            "model": model,
            "domain": domain if isinstance(domain, str) else list(domain),
            "context": {},
            "measures": [{"id": measure, "fieldName": measure.split(":")[0], **_aggregator(measure)}
                         for measure in measures],
            "rows": [_dimension(row) for row in rows],
            "columns": [_dimension(column) for column in columns],
            "sortedColumn": order if largest else None,
            "fieldMatching": self._matching(match or {}),
        }  # fmt: skip
        return number

    def list(self, model: str, name: str, columns, domain, order: str, match=None, falling: bool = False) -> str:
        """Add a source of records and return its number."""
        number = str(len(self.lists) + 1)
        self.lists[number] = {
            "id": number,
            "name": name,
            "model": model,
            "columns": list(columns),
            "domain": list(domain),
            "context": {},
            "orderBy": [{"name": order, "asc": not falling}],
            "fieldMatching": self._matching(match or {}),
        }
        return number

    # ------------------------------------------------------------------ what is seen
    def card(self, title: str, formula: str, sample, form: str = "", menu: str = "") -> str:
        """Add a card with one figure and return where the figure stands, for other formulas.

        :param sample: the figure of the sample
        """
        row = self._cards
        self.figures.put(row, 0, term(title))
        cell = self.figures.put(row, 1, sample if self.sample else formula, form=form)
        figure = f"{self.name}_card_{row}"
        self.look.figures.append({
            "id": figure,
            "tag": "chart",
            "col": 0,
            "row": 0,
            "offset": {"x": row * (CARD_WIDTH + GAP), "y": 11},
            "width": CARD_WIDTH,
            "height": CARD_HEIGHT,
            "data": {
                "type": "scorecard",
                "title": {"text": title, "bold": True, "color": "#434343"},
                "background": ("#EFF6FF", "#FFF7ED", "#ECFDF5")[row % 3],
                "keyValue": f"{FIGURES}!{cell}",
                "keyDescr": {"text": "", "fontSize": CARD_FONT},
                "humanize": False,
                "baselineMode": "text",
                "baselineColorUp": "#00A04A",
                "baselineColorDown": "#DC6965",
                "chartId": figure,
            },
        })
        if menu:
            self.menus[figure] = menu
        self._cards += 1
        self._row = max(self._row, 1)
        return cell

    def behind(self, spill: str, columns: int, rows: int) -> str:
        """Put a source behind the cards, for look-ups, and return its cells; a sample looks nothing up."""
        first = 3 + self._behind
        self._behind += columns + 1
        if not self.sample:
            self.figures.put(0, first, spill)
        return f"{FIGURES}!${chr(65 + first)}$1:${chr(64 + first + columns)}${rows}"

    def title(self, text: str, menu: str) -> None:
        """Begin a part; its title leads to the records behind it, by a menu of ours."""
        row = self._row
        self.look.put(row, 0, f"[{text}](odoo://ir_menu_xml_id/liquor_channel.{menu})", TITLE)
        self.look.heights[row] = TITLE_HEIGHT
        self.look.borders[f"A{row + 1}:H{row + 1}"] = 1
        self._row += 1

    def charts(self, *charts: dict, height: int = 320) -> None:
        """Add charts side by side; each is what ``bar`` or ``pie`` returns."""
        width = (1000 - GAP * (len(charts) - 1)) // len(charts)
        for place, chart in enumerate(charts):
            figure = f"{self.name}_chart_{self._charts}"
            self.look.figures.append({
                "id": figure,
                "tag": "chart",
                "col": 0,
                "row": self._row,
                "offset": {"x": place * (width + GAP), "y": 5},
                "width": width,
                "height": height,
                "data": {**chart, "chartId": figure},
            })
            self._charts += 1
        self.look.heights[self._row] = height + 2 * GAP
        self._row += 1

    def chart(self, kind: str, title: str, model: str, group_by, measure: str, sample, domain=(), match=None) -> dict:
        """Return a chart of records; the sample is drawn from (label, figure) pairs.

        :param kind: bar or pie
        """
        common = {
            "title": {"text": title, "bold": True, "color": "#434343"},
            "background": "#FFFFFF",
            "legendPosition": "top" if kind == "pie" or len(group_by) > 1 else "none",
        }
        if self.sample:
            return {**common, **self._drawn(kind, sample)}
        return {
            **common,
            "type": f"odoo_{kind}",
            "actionXmlId": f"liquor_channel.{ACTIONS[model]}",
            "dataSets": [],
            "verticalAxisPosition": "left",
            "stacked": True,
            "metaData": {
                "resModel": model, "groupBy": list(group_by), "measure": measure, "order": None, "mode": kind,
            },
            "searchParams": {
                "comparison": None, "context": {}, "domain": list(domain), "groupBy": list(group_by), "orderBy": [],
            },
            "fieldMatching": self._matching(match or {}),
        }  # fmt: skip

    def _drawn(self, kind: str, sample) -> dict:
        first = max((int(cell[1:]) for cell in self.figures.cells), default=0) + 1
        for row, (label, figure) in enumerate(sample, start=first):
            self.figures.put(row, 0, term(label))
            self.figures.put(row, 1, figure)
        last = first + len(sample)
        return {
            "type": kind,
            "dataSetsHaveTitle": False,
            "dataSets": [{"dataRange": f"{FIGURES}!B{first + 1}:B{last}"}],
            "labelRange": f"{FIGURES}!A{first + 1}:A{last}",
            "stacked": True,
            "aggregated": False,
        }

    def table(self, heads, total, spill: str, rows: int, sample, forms=(), beside=None) -> None:
        """Add a table: heads, a total above, and the rows of a source.

        :param total: formulas of the first line, or nothing
        :param spill: formula that fills the rows, or formulas by row (``{row}`` the row's number, ``{n}`` from 1)
        :param beside: column -> formula of each row, ``{row}`` being its number
        :param sample: rows of the sample
        :param forms: formats of the columns
        """
        top = self._row
        forms = (*forms, *[""] * (len(heads) - len(forms)))
        for column, head in enumerate(heads):
            self.look.put(top, column, term(head), HEAD_RIGHT if column and forms[column] else HEAD)
        first = top + 1
        if total:
            for column, formula in enumerate(total):
                content = sample[0][column] if self.sample else formula
                self.look.put(first, column, content, TOTAL, forms[column])
            sample, first = sample[1:], first + 1
        for place in range(rows):
            row = first + place
            self._line(row, place, spill, sample, forms, beside or {})
            self.look.heights[row] = ROW_HEIGHT
        self.look.tables.append({
            "range": f"A{top + 1}:{name_of(first + rows - 1, len(heads) - 1)}", "type": "static", "config": TABLE,
        })  # fmt: skip
        self._row = first + rows + 1

    def lines(self, heads, formulas, sample, forms) -> None:
        """Add a table whose every line has formulas of its own; ``{row}`` in them is the row's number."""
        top = self._row
        for column, head in enumerate(heads):
            self.look.put(top, column, term(head), HEAD_RIGHT if forms[column] else HEAD)
        for row, line in enumerate(sample if self.sample else formulas, start=top + 1):
            for column, content in enumerate(line):
                self.look.put(row, column, str(content).format(row=row + 1), TEXT, forms[column])
            self.look.heights[row] = ROW_HEIGHT
        self._row = top + len(formulas) + 2

    def _line(self, row: int, place: int, spill, sample, forms, beside: dict) -> None:
        words = {"row": row + 1, "n": place + 1}
        for column, form in enumerate(forms):
            cell = name_of(row, column)
            self.look.styles[cell] = TEXT
            if form:
                self.look.formats[cell] = form
            content = ""
            if self.sample:
                content = sample[place][column] if place < len(sample) else ""
            elif column in beside:
                content = beside[column].format(**words)
            elif not isinstance(spill, str):
                content = spill[column].format(**words)
            elif column == 0 and place == 0:
                content = spill
            if content != "":
                self.look.put(row, column, content)

    def data(self) -> dict:
        """Return the whole dashboard."""
        self.look.rows = self._row + 2
        self.figures.rows = 120
        return {
            "version": VERSION,
            "sheets": [self.look.data(True), self.figures.data(False)],
            "styles": STYLES,
            "formats": FORMATS,
            "borders": BORDERS,
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "settings": {"locale": LOCALE},
            "pivots": {} if self.sample else self.pivots,
            "pivotNextId": len(self.pivots) + 1,
            "customTableStyles": {},
            "globalFilters": [] if self.sample else self.filters,
            "lists": {} if self.sample else self.lists,
            "listNextId": len(self.lists) + 1,
            "chartOdooMenusReferences": self.menus,
        }


def _dimension(name: str) -> dict:
    """Months go down, so that the newest are seen where there are many."""
    field_name, _colon, granularity = name.partition(":")
    return {"fieldName": field_name, **({"granularity": granularity, "order": "desc"} if granularity else {})}


def _aggregator(measure: str) -> dict:
    _name, _colon, aggregator = measure.partition(":")
    return {"aggregator": aggregator} if aggregator else {}
