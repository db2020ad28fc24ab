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

    def _report_holders(self, rows=None):
        """[(situation, kind, who, bottles)] in words, a row a holder; members by number only."""
        self.ensure_one()
        holders = self.sudo().holder_ids if rows is None else rows
        labels = {
            name: dict(holders._fields[name]._description_selection(self.env)) for name in ("situation", "holder_kind")
        }
        return [
            (
                labels["situation"][row.situation],
                self.env._("Member") if row.member_id else labels["holder_kind"].get(row.holder_kind, ""),
                row.member_id.number or row.holder_id.display_name or "",
                row.bottles,
            )
            for row in holders
        ]

    def _report_print(self):
        """What the print shows: members of one situation in one row, of the windows the first 500.

        The workbook has them all.

        :return: {"totals", "holders", "windows" as ``_report_rows``, "left_out": windows that are not printed}
        """
        self.check_access("read")
        windows = list(self._report_rows())
        return {
            "totals": self._report_totals(),
            "holders": self._report_shorter(),
            "windows": windows[:PRINTED],
            "left_out": len(windows[PRINTED:]),
        }

    def _report_shorter(self):
        """``_report_holders`` with the members of a situation as one row that says how many they are."""
        rows = self.sudo().holder_ids
        with_members = rows.filtered("member_id")
        shorter = self._report_holders(rows - with_members)
        for group in with_members.grouped("situation").values():
            [(situation, kind, _who, _bottles)] = self._report_holders(group[:1])
            who = self.env._("%(count)s members", count=len(group.member_id))
            shorter.append((situation, kind, who, sum(group.mapped("bottles"))))
        return shorter
