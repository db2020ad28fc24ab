from odoo import api, models
from odoo.tools import SQL

from ...engine.flow.units import Packed, Unit

# Units of every level of a batch's scheme; `size` is its bottles.
LEVELS = SQL(
    "(SELECT DISTINCT b.id AS batch, v.bottles AS size FROM liquor_code_batch b"
    " JOIN liquor_code_level v ON v.scheme_id = b.scheme_id)"
)
LINK = SQL(
    "l.id, l.child_batch_id, l.child_level, l.child_index, l.parent_batch_id, l.parent_level, l.parent_index,"
    " l.packed_at, l.unpacked_at, l.method"
)


def hop_of(row):
    """Engine ``Packed`` of a row of ``LINK``."""
    return Packed(Unit(*row[1:4]), Unit(*row[4:7]), row[7], row[8], row[9])


class LiquorCodeLink(models.Model):
    """What lies below a package, whatever its level."""

    _inherit = "liquor.code.link"

    @api.model
    def _below(self, units):
        """Links of what lies, or by its number should lie, in the units: all times, all levels down; one query.

        :param units: engine ``Unit``s
        :return: list of ``Packed``, for engine ``Contents``
        """
        if not units:
            return []
        self.flush_model()
        columns = [list(column) for column in zip(*set(units), strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE levels AS %(levels)s,
                inside (batch, size, first, last, depth) AS (
                    SELECT u.batch, u.size, u.idx::int8 * u.size, (u.idx::int8 + 1) * u.size - 1, 0
                      FROM unnest(%(batch)s::int4[], %(level)s::int4[], %(index)s::int4[]) AS u(batch, size, idx)
                    UNION
                    SELECT l.child_batch_id, l.child_level, l.child_index::int8 * l.child_level,
                           (l.child_index::int8 + 1) * l.child_level - 1, i.depth + 1
                      FROM inside i
                      JOIN levels v ON v.batch = i.batch AND v.size <= i.size
                      JOIN liquor_code_link l ON l.parent_batch_id = i.batch AND l.parent_level = v.size
                       AND l.parent_index BETWEEN i.first / v.size AND i.last / v.size
                     WHERE i.depth < 8
                )
                SELECT DISTINCT %(link)s
                  FROM inside i
                  JOIN levels v ON v.batch = i.batch AND v.size <= i.size
                  JOIN liquor_code_link l ON l.parent_batch_id = i.batch AND l.parent_level = v.size
                   AND l.parent_index BETWEEN i.first / v.size AND i.last / v.size
                UNION
                SELECT %(link)s
                  FROM inside i
                  JOIN levels v ON v.batch = i.batch AND v.size < i.size
                  JOIN liquor_code_link l ON l.child_batch_id = i.batch AND l.child_level = v.size
                   AND l.child_index BETWEEN i.first / v.size AND i.last / v.size
                """,
                levels=LEVELS,
                link=LINK,
                batch=columns[0],
                level=columns[1],
                index=columns[2],
            )
        )
        return [hop_of(row) for row in rows]
