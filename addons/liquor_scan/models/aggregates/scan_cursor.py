from odoo import api, fields, models
from odoo.tools import SQL


class LiquorScanCursor(models.Model):
    """How far an incremental reader has read (design.md 3.9): the first transaction it has not taken yet."""

    _name = "liquor.scan.cursor"
    _description = "Reading Mark"
    _log_access = False
    _rec_name = "name"

    name = fields.Char(required=True, readonly=True)
    next_xid = fields.Char(required=True, readonly=True)

    _name_unique = models.UniqueIndex("(name)", "This reader has its mark already.")

    @api.model
    def _take_range(self, name):
        """Return (first, last) transaction ids to read now, last not included, and move the mark behind them.

        Holds the reader's row until the end of the transaction, so that two runs never read the same rows.

        :raises psycopg2.errors.LockNotAvailable: another run is reading
        """
        self.env.cr.execute(
            SQL("INSERT INTO liquor_scan_cursor (name, next_xid) VALUES (%s, '0') ON CONFLICT DO NOTHING", name)
        )
        [(first,)] = self.env.execute_query(
            SQL("SELECT next_xid FROM liquor_scan_cursor WHERE name = %s FOR UPDATE NOWAIT", name)
        )
        last = self._upper()
        self.env.cr.execute(SQL("UPDATE liquor_scan_cursor SET next_xid = %s WHERE name = %s", last, name))
        self.invalidate_model(flush=False)
        return first, last

    @api.model
    def _mark(self, name):
        """Return the first transaction id that a reader has not taken yet, as text; "0" before its first run."""
        self.flush_model()
        found = self.env.execute_query(SQL("SELECT next_xid FROM liquor_scan_cursor WHERE name = %s", name))
        return found[0][0] if found else "0"

    @api.model
    def _upper(self):
        """Return the transaction id below which everything is committed or gone, as text."""
        return self.env.execute_query(SQL("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))[0][0]
