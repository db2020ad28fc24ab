from odoo import api, models
from odoo.tools import SQL

from ...engine.flow.custody import Movement
from ...engine.flow.units import Unit, arithmetic_parents
from ...engine.flow.windows import Contents
from ..flow.code_link_below import LEVELS, LINK, hop_of


class LiquorRecallReader(models.AbstractModel):
    """Reads for recalls, set-based: links around windows and below units, movements, claims."""

    _name = "liquor.recall.reader"
    _description = "Reading for Recalls"

    # --- what is recalled -------------------------------------------------------------------------------------

    @api.model
    def _packed_on(self, runs):
        """Windows of the bottles that lines packed in their times.

        :param list runs: (company id, line, from, until), times naive UTC, the end not included
        :return: list of engine ``Window``, not merged
        """
        if not runs:
            return []
        self.env["liquor.code.link"].flush_model()
        columns = [list(column) for column in zip(*runs, strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT l.child_batch_id, l.child_level, l.child_index, l.packed_at
                  FROM unnest(%s::int4[], %s::varchar[], %s::timestamp[], %s::timestamp[])
                    AS r(company, line, since, until)
                  JOIN liquor_code_link l ON l.company_id = r.company AND l.line = r.line
                   AND l.packed_at >= r.since AND l.packed_at < r.until
                """,
                *columns,
            )
        )
        units = {(Unit(*row[:3]), row[3]) for row in rows}
        contents = Contents(self.env["liquor.code.link"]._below({unit for unit, _moment in units}))
        return [window for unit, moment in units for window in contents.at(unit, moment)]

    @api.model
    def _touched(self, units, moment):
        """Units that hold a bottle of goods that are stopped, at that moment.

        :param units: engine ``Unit``s
        :return: {Unit: recall id}
        """
        if not units:
            return {}
        contents, ordered = Contents(self.env["liquor.code.link"]._below(units)), list(units)
        spans = [(number, *window) for number, unit in enumerate(ordered) for window in contents.at(unit, moment)]
        if not spans:
            return {}
        columns = [list(column) for column in zip(*spans, strict=True)]
        self.env["liquor.recall.range"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.number, max(r.id)
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[]) AS s(number, batch, first, last)
                  JOIN liquor_recall_range g ON g.batch_id = s.batch AND g.first <= s.last AND g.last >= s.first
                  JOIN liquor_recall r ON r.id = g.recall_id AND r.stops
                 GROUP BY s.number
                """,
                *columns,
            )
        )
        return {ordered[number]: recall for number, recall in rows}

    # --- where it is ------------------------------------------------------------------------------------------

    @api.model
    def _read(self, windows):
        """(movements, links) of the windows' bottles and of all they ever lay in; two queries.

        :param list windows: engine ``Window``s
        """
        links = self._links_above(windows)
        sizes = self._sizes({window.batch for window in windows} | {hop.parent.batch for hop in links})
        ranges = {
            (window.batch, size, window.first // size, window.last // size)
            for window in windows
            for size in sizes[window.batch]
        }
        for hop in links:
            for unit in (hop.parent, *arithmetic_parents(hop.parent, sizes[hop.parent.batch])):
                ranges.add((unit.batch, unit.level, unit.index, unit.index))
        return self._movements(ranges), links

    def _sizes(self, batches):
        """{batch id: sizes of its scheme's levels}; the schemes are read once."""
        records = self.env["liquor.code.batch"].sudo().browse(sorted(batches))
        return self.env["liquor.scan.collect"]._levels_of(records)

    def _links_above(self, windows):
        columns = [list(column) for column in zip(*windows, strict=True)]
        self.env["liquor.code.link"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE levels AS %(levels)s,
                up AS (
                    SELECT %(link)s, 0 AS depth
                      FROM unnest(%(batch)s::int4[], %(first)s::int4[], %(last)s::int4[]) AS w(batch, first, last)
                      JOIN levels v ON v.batch = w.batch
                      JOIN liquor_code_link l ON l.child_batch_id = w.batch AND l.child_level = v.size
                       AND l.child_index BETWEEN w.first / v.size AND w.last / v.size
                    UNION
                    SELECT %(link)s, up.depth + 1
                      FROM up
                      JOIN levels v ON v.batch = up.parent_batch_id AND v.size >= up.parent_level
                      JOIN liquor_code_link l ON l.child_batch_id = v.batch AND l.child_level = v.size
                       AND l.child_index = (up.parent_index::int8 * up.parent_level) / v.size
                     WHERE up.depth < 8
                )
                SELECT DISTINCT ON (id) * FROM up
                """,
                levels=LEVELS,
                link=LINK,
                batch=columns[0],
                first=columns[1],
                last=columns[2],
            )
        )
        return [hop_of(row) for row in rows]

    def _movements(self, ranges):
        """Accepted movements of units, not undone, as engine ``Movement``s; one query.

        :param ranges: {(batch, level, first index, last index)}
        """
        self.env["liquor.scan.event"].flush_model()
        columns = [list(column) for column in zip(*ranges, strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT e.id, e.event_time, e.batch_id, e.level, e.unit_index, e.kind,
                       COALESCE(e.holder_id, 0), e.holder_kind, e.custody_state,
                       COALESCE(e.counterparty_id, 0), COALESCE(e.counterparty_kind, '')
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[]) AS r(batch, level, first, last)
                  JOIN liquor_scan_event e ON e.batch_id = r.batch AND e.level = r.level
                   AND e.unit_index BETWEEN r.first AND r.last
                 WHERE e.status = 'accepted' AND e.custody_state IS NOT NULL
                   AND NOT EXISTS (SELECT FROM liquor_scan_event v
                                    WHERE v.undo_of_id = e.id AND v.status = 'accepted')
                """,
                *columns,
            )
        )
        return [Movement(row[0], row[1], Unit(*row[2:5]), *row[5:]) for row in rows]

    @api.model
    def _claimants(self, windows):
        """{(batch, bottle): member id} of the claims of the windows' bottles; one query."""
        columns = [list(column) for column in zip(*windows, strict=True)]
        self.env["liquor.code.claim"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.batch_id, c.index, c.member_id
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS w(batch, first, last)
                  JOIN liquor_code_claim c ON c.batch_id = w.batch AND c.kind = 'cap_inner'
                   AND c.index BETWEEN w.first AND w.last
                """,
                *columns,
            )
        )
        return {(batch, index): member for batch, index, member in rows}
