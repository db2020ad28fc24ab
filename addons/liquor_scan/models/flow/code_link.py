from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.units import Packed, Unit, arithmetic_parents

METHODS = [("line", "Line"), ("manual", "By Hand"), ("inferred", "Inferred")]


class LiquorCodeLink(models.Model):
    """One unit lies in another, as a line or a person saw it: packing that arithmetic cannot know.

    A link outranks arithmetic from its start on. It ends when the unit is taken out; it is never deleted.
    """

    _name = "liquor.code.link"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Packing Link"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "upload"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    child_batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    child_level = fields.Integer("Bottles per Unit", required=True, readonly=True, aggregator=None)
    child_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    parent_batch_id = fields.Many2one(
        "liquor.code.batch",
        string="Package Batch",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_level = fields.Integer("Bottles per Package", required=True, readonly=True, aggregator=None)
    parent_index = fields.Integer("Package Number", required=True, readonly=True, aggregator=None)
    method = fields.Selection(METHODS, required=True, readonly=True)
    packed_at = fields.Datetime(required=True, readonly=True)
    unpacked_at = fields.Datetime(readonly=True)
    upload = fields.Char("Upload Number", required=True, readonly=True, index=True)
    line = fields.Char("Production Line", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")

    _one_live = models.UniqueIndex(
        "(child_batch_id, child_level, child_index) WHERE unpacked_at IS NULL", "This unit lies in a package already."
    )
    _child_idx = models.Index("(child_batch_id, child_level, child_index)")
    _parent_idx = models.Index("(parent_batch_id, parent_level, parent_index)")
    _packed_idx = models.Index("USING brin (packed_at)")
    _larger = models.Constraint("CHECK (parent_level > child_level)", "A package holds more than what lies in it.")
    _window = models.Constraint("CHECK (unpacked_at >= packed_at)", "Nothing is taken out before it was packed.")

    @api.model
    def _packed(self, units, levels_of):
        """Every package the units ever lay in, arithmetic and linked, with its time window; one query.

        :param units: engine ``Unit``s
        :param levels_of: {batch id: levels of its scheme}; a batch without pre-association has none
        :return: list of ``Packed``
        """
        seeds = set(units)
        for unit in units:
            seeds.update(arithmetic_parents(unit, levels_of.get(unit.batch, ())))
        linked = self._linked_upwards(seeds) if seeds else []
        for hop in linked:
            seeds.update((hop.child, hop.parent))
            seeds.update(arithmetic_parents(hop.parent, levels_of.get(hop.parent.batch, ())))
        first_link = {}
        for hop in linked:
            known = first_link.get(hop.child)
            first_link[hop.child] = min(known, hop.start) if known else hop.start
        return linked + [
            Packed(child, parent, None, first_link.get(child))
            for child in seeds
            for parent in arithmetic_parents(child, levels_of.get(child.batch, ()))[:1]
        ]

    def _linked_upwards(self, seeds):
        self.flush_model()
        columns = [list(column) for column in zip(*seeds, strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE up AS (
                    SELECT l.*, 1 AS depth
                      FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS s(batch, level, idx)
                      JOIN liquor_code_link l
                        ON l.child_batch_id = s.batch AND l.child_level = s.level AND l.child_index = s.idx
                    UNION
                    SELECT l.*, up.depth + 1
                      FROM up JOIN liquor_code_link l
                        ON l.child_batch_id = up.parent_batch_id AND l.child_level = up.parent_level
                       AND l.child_index = up.parent_index
                     WHERE up.depth < 8
                )
                SELECT DISTINCT child_batch_id, child_level, child_index,
                       parent_batch_id, parent_level, parent_index, packed_at, unpacked_at, method
                  FROM up
                """,
                *columns,
            )
        )
        return [Packed(Unit(*row[:3]), Unit(*row[3:6]), row[6], row[7], row[8]) for row in rows]

    @api.model
    def _inside(self, units):
        """Units that lie in the given packages by live links, all levels down: {package: [Unit]}; one query."""
        if not units:
            return {}
        self.flush_model()
        columns = [list(column) for column in zip(*set(units), strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE down AS (
                    SELECT s.batch, s.level, s.idx, l.child_batch_id, l.child_level, l.child_index, 1 AS depth
                      FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS s(batch, level, idx)
                      JOIN liquor_code_link l
                        ON l.parent_batch_id = s.batch AND l.parent_level = s.level AND l.parent_index = s.idx
                     WHERE l.unpacked_at IS NULL
                    UNION ALL
                    SELECT d.batch, d.level, d.idx, l.child_batch_id, l.child_level, l.child_index, d.depth + 1
                      FROM down d JOIN liquor_code_link l
                        ON l.parent_batch_id = d.child_batch_id AND l.parent_level = d.child_level
                       AND l.parent_index = d.child_index
                     WHERE l.unpacked_at IS NULL AND d.depth < 8
                )
                SELECT batch, level, idx, child_batch_id, child_level, child_index FROM down
                """,
                *columns,
            )
        )
        found = {}
        for row in rows:
            found.setdefault(Unit(*row[:3]), []).append(Unit(*row[3:]))
        return found

    def _store(self, rows):
        """Insert links; a parallel upload of the same unit is retried and then refused.

        Takes the turns at the packages and at what goes into them, where it lies now: nobody moves them meanwhile.
        """
        self.env["liquor.custody.turn"].sudo()._take({
            Unit(*row[start : start + 3]) for row in rows for start in (1, 4)
        })
        columns = [
            "company_id", "child_batch_id", "child_level", "child_index", "parent_batch_id", "parent_level",
            "parent_index", "method", "packed_at", "upload", "line", "user_id",
        ]  # fmt: skip
        with loser_retries(self.env, self._one_live.full_name(self)):
            return self._bulk_insert(columns, rows)

    @api.model
    def _move_out(self, units, moment):
        """Units lie in their package no longer: ends their live links.

        Takes the turns at them and at the packages that they leave.
        """
        self.env["liquor.custody.turn"].sudo()._take(units)
        columns = [list(column) for column in zip(*units, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                UPDATE liquor_code_link l
                   SET unpacked_at = GREATEST(%s, l.packed_at)
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS o(batch, level, idx)
                 WHERE l.child_batch_id = o.batch AND l.child_level = o.level AND l.child_index = o.idx
                   AND l.unpacked_at IS NULL
                """,
                moment,
                *columns,
            )
        )
        self.invalidate_model()

    @api.model
    def _take_out(self, entries):
        """A package was opened: what lay in it lies in it no longer.

        :param entries: list of (package unit, moment)
        """
        if not entries:
            return
        columns = [list(column) for column in zip(*((*unit, moment) for unit, moment in entries), strict=True)]
        self.env.cr.execute(
            SQL(
                """
                UPDATE liquor_code_link l
                   SET unpacked_at = GREATEST(o.moment, l.packed_at)
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::timestamp[]) AS o(batch, level, idx, moment)
                 WHERE l.parent_batch_id = o.batch AND l.parent_level = o.level AND l.parent_index = o.idx
                   AND l.unpacked_at IS NULL
                """,
                *columns,
            )
        )
        self.invalidate_model()
