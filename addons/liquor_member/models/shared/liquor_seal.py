import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.shared.seals import FIRST, Seal, find_breaks

_logger = logging.getLogger(__name__)


class LiquorSeal(models.Model):
    """Seals of the append-only tables, one per table and minute in which rows came (design.md 3.14).

    Technical and without company: a table is sealed as a whole.
    """

    _name = "liquor.seal"
    _inherit = ["liquor.append.mixin", "liquor.labelled.mixin"]
    _description = "Seal"
    _order = "id desc"
    _rec_name = "table_name"

    _sealed = False

    table_name = fields.Selection(
        selection="_selection_table", string="What Was Sealed", required=True, readonly=True, index=True
    )
    columns = fields.Char(required=True, readonly=True, help="Columns that the hashes cover, those of that time.")
    xid_from = fields.Char("From Transaction", required=True, readonly=True)
    xid_to = fields.Char("To Transaction", required=True, readonly=True, help="Not included.")
    row_count = fields.Integer("Rows", required=True, readonly=True)
    root = fields.Char("Root Hash", required=True, readonly=True)
    previous = fields.Char("Previous Seal", required=True, readonly=True)
    seal_hash = fields.Char("Hash of the Seal", required=True, readonly=True)

    _one_successor = models.UniqueIndex("(table_name, previous)", "A seal has one successor.")

    @api.model
    def _selection_table(self):
        """Return (table, what people call its rows)."""
        models_sudo = self.env["ir.model"].sudo()
        named = [(self.env[name]._table, models_sudo._get(name).name) for name in self._append_models()]
        return sorted(named, key=lambda pair: pair[1])

    # --- sealing ---------------------------------------------------------------------------------------------

    @api.model
    def _seal_all(self):
        """Seal what every append-only table got since its last seal; each table is committed by itself."""
        cron = self.env["ir.cron"]
        names = [name for name in self._append_models() if self.env[name]._sealed]
        for left, name in reversed(list(enumerate(reversed(names)))):
            self._seal_model(self.env[name])
            cron._commit_progress(1, remaining=left)

    def _seal_model(self, model):
        last = self.search([("table_name", "=", model._table)], order="id desc", limit=1)
        xid_from = int(last.xid_to) if last else 0
        xid_to = self._get_upper()
        if xid_to < xid_from:
            _logger.error(
                "%s was sealed up to transaction %s, but this server is at %s: the database was restored into a"
                " younger cluster. Stop Odoo and advance its transaction counter (docs/operations.md, restoring).",
                model._table,
                xid_from,
                xid_to,
            )
            return self.browse()
        columns = ",".join(sorted(field.name for field in model._fields.values() if field.store and field.column_type))
        count, root = self._compute_root(model._table, columns, xid_from, xid_to)
        if not count:
            return self.browse()
        seal = Seal(model._table, columns, xid_from, xid_to, count, root, last.seal_hash or FIRST)
        return self.create(self._prepare_seal_values(seal))

    def _prepare_seal_values(self, seal):
        return {
            "table_name": seal.table,
            "columns": seal.columns,
            "xid_from": str(seal.xid_from),
            "xid_to": str(seal.xid_to),
            "row_count": seal.row_count,
            "root": seal.root,
            "previous": seal.previous,
            "seal_hash": seal.digest(),
        }

    def _get_upper(self):
        """Return the transaction below which every one has ended: rows of running ones come with a later seal."""
        [[upper]] = self.env.execute_query(SQL("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
        return int(upper)

    def _compute_root(self, table, columns, xid_from, xid_to):
        """Return number and root hash of the rows that these transactions wrote."""
        [[count, root]] = self.env.execute_query(
            SQL(
                "SELECT count(t.id), %(root)s FROM %(table)s AS t"
                " WHERE t.xid >= %(first)s::xid8 AND t.xid < %(last)s::xid8",
                root=self._root_sql(columns),
                table=SQL.identifier(table),
                first=str(xid_from),
                last=str(xid_to),
            )
        )
        return count, root

    def _root_sql(self, columns):
        """Return the aggregate over rows ``t``: hash of the row hashes in the order of the ids."""
        names = SQL(", ").join(SQL.identifier("t", name) for name in columns.split(","))
        row = SQL("sha256(convert_to(jsonb_build_array(%s)::text, 'UTF8'))", names)
        rows = SQL("string_agg(%s, ''::bytea ORDER BY t.id) FILTER (WHERE t.id IS NOT NULL)", row)
        return SQL("encode(sha256(coalesce(%s, ''::bytea)), 'hex')", rows)

    # --- checking --------------------------------------------------------------------------------------------

    @api.model
    def _verify(self):
        """Recompute every seal and return what does not fit, for the audit: one query per table and its columns.

        :return: tuples (table, id of the seal, kind of break)
        """
        breaks = []
        for table, seals in self._read_group([], ["table_name"], ["id:recordset"]):
            ordered = seals.sorted("id")
            now = {}
            for columns, alike in ordered.grouped("columns").items():
                now.update(self._recompute(table, columns, alike))
            pairs = [(seal._as_engine(), seal.seal_hash) for seal in ordered]
            found = find_breaks(pairs, [now[seal.id] for seal in ordered])
            breaks += [(table, ordered[position].id, kind) for position, kind in found]
        return breaks

    def _recompute(self, table, columns, seals):
        """Return ``{id of seal: (rows, root)}`` as the table is today."""
        rows = self.env.execute_query(
            SQL(
                "SELECT s.id, count(t.id), %(root)s FROM liquor_seal AS s LEFT JOIN %(table)s AS t"
                " ON t.xid >= s.xid_from::xid8 AND t.xid < s.xid_to::xid8 WHERE s.id = ANY(%(ids)s) GROUP BY s.id",
                root=self._root_sql(columns),
                table=SQL.identifier(table),
                ids=seals.ids,
            )
        )
        return {number: (count, root) for number, count, root in rows}

    def _as_engine(self):
        return Seal(
            self.table_name,
            self.columns,
            int(self.xid_from),
            int(self.xid_to),
            self.row_count,
            self.root,
            self.previous,
        )
