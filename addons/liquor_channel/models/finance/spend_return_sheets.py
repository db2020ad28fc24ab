from odoo import models

from ...engine.common.money import decimal
from ...tools.workbook import Formula, Sheet

#: figures of every sheet; the ratios behind them are formulas of the row
SUMS = (
    "earned", "carried", "spend", "measured_spend", "sold_bottles", "baseline_bottles", "incremental_bottles",
    "incremental_margin", "opened_bottles", "received_cases",
)  # fmt: skip
#: where they stand behind ``first`` columns of words: spend, measured, margin, opened, cases
PLACES = (2, 3, 7, 8, 9)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class LiquorSpendReturn(models.Model):
    """The workbook of a return: sums by each dimension, every line with its baseline, and the margins used."""

    _inherit = "liquor.spend.return"

    def _return_sheets(self):
        """Return the sheets; ratios are formulas, so that they stay ratios of sums whatever is filtered or added."""
        self.ensure_one()
        groups = [
            (self.env._("Programmes"), "programme"),
            (self.env._("Cities"), "region_id"),
            (self.env._("Distributors"), "distributor_id"),
            (self.env._("Shops"), "partner_id"),
        ]
        return [*(self._sheet_of(name, field) for name, field in groups), self._sheet_lines(), self._sheet_margins()]

    def _heads(self):
        lines = self.env["liquor.spend.return.line"]
        names = (*SUMS, "return_percent", "cost_per_opened", "cost_per_case")
        labels = lines.fields_get(names, ["string"])
        return [labels[name]["string"] for name in names]

    def _sheet_of(self, name, field):
        lines = self.env["liquor.spend.return.line"]
        label = lines.fields_get([field], ["string"])[field]["string"]
        rows = lines._read_group(
            [("return_id", "=", self.id)], [field], [f"{one}:sum" for one in SUMS], order="spend:sum DESC"
        )
        return Sheet(
            name,
            [label, *self._heads()],
            [(self._named(key), *self._figures(sums, 1)) for key, *sums in rows],
            totals=range(1, len(SUMS) + 1),
            total=self.env._("Total"),
        )

    def _named(self, key):
        return (key.display_name if isinstance(key, models.BaseModel) else key) or self.env._("Without")

    def _figures(self, sums, first):
        """Figures of a row behind ``first`` columns of words, then its three ratios."""
        values = [decimal(value) for value in sums]
        spend, measured, margin, opened, cases = (LETTERS[first + place] for place in PLACES)
        ratios = (
            (f"({margin}{{row}}-{measured}{{row}})*100", measured, (values[7] - values[3]) * 100, values[3]),
            (f"{spend}{{row}}", opened, values[2], values[8]),
            (f"{spend}{{row}}", cases, values[2], values[9]),
        )
        return [*values, *(self._ratio(*one) for one in ratios)]

    def _ratio(self, text, column, amount, quantity):
        formula = f'=IF({column}{{row}}>0,{text}/{column}{{row}},"")'
        return Formula(formula, amount / quantity) if quantity > 0 else None

    def _sheet_lines(self):
        """Every line with what it is compared with; what has no return says why."""
        words = ("programme", "partner_id", "distributor_id", "region_id", "date_from", "date_to", "why")
        lines = self.line_ids
        labels = lines.fields_get(words, ["string"])
        rows = (
            (
                line.programme,
                line.partner_id.display_name,
                line.distributor_id.display_name,
                line.region_id.display_name,
                line.date_from,
                line.date_to,
                line.why,
                *self._figures([line[name] for name in SUMS], len(words)),
            )
            for line in lines
        )
        header = [*(labels[name]["string"] for name in words), *self._heads()]
        return Sheet(
            self.env._("Lines"),
            header,
            rows,
            totals=range(len(words), len(words) + len(SUMS)),
            total=self.env._("Total"),
        )

    def _sheet_margins(self):
        names = ("product_id", "territory_id", "price", "cost", "margin", "source", "note")
        margins = self.margin_ids
        labels = margins.fields_get(names, ["string"])
        sources = dict(margins._fields["source"]._description_selection(self.env))
        rows = [
            (
                one.product_id.display_name,
                one.territory_id.display_name,
                *(decimal(value) for value in (one.price, one.cost, one.margin)),
                sources[one.source],
                one.note,
            )
            for one in margins
        ]
        return Sheet(self.env._("Margins"), [labels[name]["string"] for name in names], rows)
