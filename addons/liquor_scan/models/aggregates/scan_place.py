from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT = timedelta(days=90)
"""Exact places are personal data: kept this long, outside cases (spec codes.md, map)."""
AHEAD = 2
TABLE = "liquor_scan_place"


class LiquorScanPlace(models.AbstractModel):
    """Exact places of scans, in a table of its own by months: a month goes as a whole, without touching an event.

    Plain SQL: a partitioned table is no table to Odoo's registry (design.md 5). Columns: event_id, at (UTC, when we
    received it), lat, lon (degrees, WGS 84), accuracy (metres).
    """

    _name = "liquor.scan.place"
    _description = "Exact Places of Scans"

    def init(self):
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS liquor_scan_place (
                   event_id int4 NOT NULL, at timestamp NOT NULL, lat float8 NOT NULL, lon float8 NOT NULL,
                   accuracy int4 NOT NULL,
                   CONSTRAINT liquor_scan_place_bounds CHECK (
                       lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 AND accuracy BETWEEN 0 AND 100000000)
               ) PARTITION BY RANGE (at);
               CREATE INDEX IF NOT EXISTS liquor_scan_place_event_idx ON liquor_scan_place (event_id);
               CREATE TABLE IF NOT EXISTS liquor_scan_place_other PARTITION OF liquor_scan_place DEFAULT"""
        )
        self._make_months()
        return super().init()

    @api.model
    def _keep(self, rows):
        """Store places: rows of (event id, time of receipt, latitude, longitude, accuracy in metres)."""
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                "INSERT INTO liquor_scan_place (event_id, at, lat, lon, accuracy)"
                " SELECT * FROM unnest(%s::int4[], %s::timestamp[], %s::float8[], %s::float8[], %s::int4[])",
                *columns,
            )
        )

    @api.model
    def _cron_months(self):
        """Make the tables of the months to come and drop what is older than 90 days."""
        self._make_months()
        self._forget(fields.Datetime.now() - KEPT)

    @api.model
    def _make_months(self):
        start = fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        for number in range(AHEAD + 1):
            first = start + relativedelta(months=number)
            self._make_month(first, first + relativedelta(months=1))

    def _make_month(self, first, last):
        name = SQL.identifier(f"{TABLE}_{first:%Y%m}")
        # what came while nobody made the month lies in the rest, and ages there
        [(strays,)] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM liquor_scan_place_other WHERE at >= %s AND at < %s)", first, last)
        )
        if not strays:
            self.env.cr.execute(
                SQL(
                    "CREATE TABLE IF NOT EXISTS %s PARTITION OF liquor_scan_place FOR VALUES FROM (%s) TO (%s)",
                    name,
                    first,
                    last,
                )
            )

    @api.model
    def _forget(self, before):
        """Drop the months that ended before a moment, and the rows of others that lie before it."""
        for name, last in self._months():
            if last <= before:
                self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
        self.env.cr.execute(SQL("DELETE FROM liquor_scan_place WHERE at < %s", before))

    def _months(self):
        """Return [(table, first moment after it)]."""
        rows = self.env.execute_query(
            SQL(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                " WHERE i.inhparent = 'liquor_scan_place'::regclass AND c.relname ~ '_[0-9]{6}$' ORDER BY 1"
            )
        )
        months = [(name, fields.Datetime.to_datetime(f"{name[-6:-2]}-{name[-2:]}-01 00:00:00")) for (name,) in rows]
        return [(name, first + relativedelta(months=1)) for name, first in months]
