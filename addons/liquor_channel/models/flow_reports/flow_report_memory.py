from odoo import fields, models
from odoo.tools import SQL

from ...engine.flow_reports import parsing


class LiquorFlowReport(models.Model):
    """What is known from the reporter's files before: what his columns mean, and which days he has reported."""

    _inherit = "liquor.flow.report"

    overlap_count = fields.Integer(
        "Rows on Days Reported Before",
        readonly=True,
        copy=False,
        help="Rows of this reporter's other files on the days of this one: it may say the same again in other words.",
    )
    overlap_first = fields.Date("First of These Days", readonly=True, copy=False)
    overlap_last = fields.Date("Last of These Days", readonly=True, copy=False)

    def _guess_fields(self, header):
        """Return {position: field}: kept from the last file that this reporter loaded, else guessed by the words."""
        kept = self._kept_mapping()
        found = {kept[text]: place for place, text in enumerate(map(parsing.normalise, header)) if kept.get(text)}
        taken = {text for text in kept if kept[text] is None} | {parsing.normalise(header[at]) for at in found.values()}
        for name, place in parsing.guess_mapping(header).items():
            if name not in found and parsing.normalise(header[place]) not in taken:
                found[name] = place
        return {place: name for name, place in found.items()}

    def _kept_mapping(self):
        """Return {title: field, None where it means nothing} of the last file that was loaded; else nothing."""
        last = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "in", ("loading", "loaded")),
            ],
            order="loaded_at desc, id desc",
            limit=1,
        )
        return {parsing.normalise(column.header): column.field or None for column in last.column_ids}

    def _overlap(self, good):
        """Return how much the reporter's other files say about the days of these rows, in one query."""
        days = list({move.day for move in good})
        [(count, first, last)] = self.env.execute_query(
            SQL(
                """SELECT count(*), min(business_day), max(business_day) FROM liquor_flow_report_line
                    WHERE live AND company_id = %s AND reporter_id = %s AND report_id <> %s
                      AND business_day = ANY(%s::date[])""",
                self.company_id.id,
                self.partner_id.id,
                self.id,
                days,
            )
        )
        return {"overlap_count": count, "overlap_first": first, "overlap_last": last}
