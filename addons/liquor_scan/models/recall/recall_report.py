from odoo import models

PRINTED = 500
COUNTED = ("stock_bottles", "open_bottles", "returned_bottles", "used_bottles", "unprinted_bottles")


class LiquorRecall(models.Model):
    """What the report of a recall or drill says, for its workbook and its print."""

    _inherit = "liquor.recall"

    def _report_totals(self):
        """[(column's name, bottles)] whose sum is the recall."""
        self.ensure_one()
        return [(self._fields[name]._description_string(self.env), self[name]) for name in COUNTED]

    def _report_holders(self):
        """[(situation, kind, who, bottles)] in words, a row a holder; members by number only."""
        self.ensure_one()
        holders = self.sudo().holder_ids
        labels = {
            name: dict(holders._fields[name]._description_selection(self.env)) for name in ("situation", "holder_kind")
        }
        return [
            (
                labels["situation"][row.situation],
                labels["holder_kind"].get(row.holder_kind, ""),
                row.member_id.number or row.holder_id.display_name or "",
                row.bottles,
            )
            for row in holders
        ]

    def _report_print(self):
        """What the print shows; of the windows the first 500, the workbook has them all.

        :return: {"totals", "holders", "windows" as ``_report_rows``, "left_out": windows that are not printed}
        """
        self.check_access("read")
        windows = list(self._report_rows())
        return {
            "totals": self._report_totals(),
            "holders": self._report_holders(),
            "windows": windows[:PRINTED],
            "left_out": len(windows[PRINTED:]),
        }
