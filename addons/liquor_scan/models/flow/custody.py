from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import business_day
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.custody import Row
from ...engine.flow.transitions import TRANSFER_DAYS
from ...engine.flow.units import Unit, spans
from .labels import PURPOSES
from .scan_event import CUSTODY_STATES, PARTY_KINDS

COLUMNS = [
    "company_id",
    "batch_id",
    "level",
    "unit_index",
    "product_id",
    "bottles",
    "holder_id",
    "holder_kind",
    "state",
    "since",
    "event_id",
    "giver_id",
    "giver_kind",
    "purpose",
]


class LiquorCustody(models.Model):
    """Present holder of every unit that was scanned by itself; what lies in it goes with it.

    Kept by the scans, rebuilt from the events and compared by the audit. A unit that asks to be moved to another
    shop carries ``pending_id`` until its holder consents, objects, or seven days have passed.
    """

    _name = "liquor.custody"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Custody of a Unit"
    _check_company_auto = True
    _order = "since desc, id desc"
    _rec_name = "batch_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    level = fields.Integer("Bottles per Unit", required=True, readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    product_id = fields.Many2one("product.product", readonly=True, index=True, ondelete="restrict", check_company=True)
    bottles = fields.Integer(readonly=True)
    holder_id = fields.Many2one("res.partner", readonly=True, index=True, ondelete="restrict")
    holder_kind = fields.Selection(PARTY_KINDS, required=True, readonly=True)
    state = fields.Selection(CUSTODY_STATES, required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    event_id = fields.Many2one("liquor.scan.event", string="Proof", required=True, readonly=True, ondelete="restrict")
    giver_id = fields.Many2one("res.partner", string="From", readonly=True, ondelete="restrict")
    giver_kind = fields.Selection(PARTY_KINDS, readonly=True)
    purpose = fields.Selection(PURPOSES, readonly=True, help="Kind of the order under which it left the maker.")
    pending_id = fields.Many2one("res.partner", string="Asked For By", readonly=True, ondelete="restrict")
    pending_since = fields.Datetime(readonly=True)
    pending_event_id = fields.Many2one("liquor.scan.event", readonly=True, ondelete="restrict")

    _unit_unique = models.UniqueIndex("(batch_id, level, unit_index)", "This unit has a holder already.")
    _pending_idx = models.Index("(pending_since) WHERE pending_id IS NOT NULL")
    _unconfirmed_idx = models.Index("(since) WHERE state = 'in_transit'")

    # --- buttons and the weekly decision ---------------------------------------------------------------------

    def action_open_unit(self):
        """Open the card of this unit."""
        self.ensure_one()
        return self.env["liquor.unit.card"]._open_for(self.batch_id, self.level, self.unit_index)

    def action_accept_transfer(self):
        """Move goods to the shop that asked for them, as if their holder had agreed."""
        self.check_access("read")
        if not self.env.user.has_group("liquor_scan.group_scan_manager"):
            raise AccessError(self.env._("Only a codes manager decides a transfer for a shop."))
        self.sudo()._transfer_now(self.env.user, "manager")

    def action_refuse_transfer(self):
        """Leave goods where they are."""
        self.check_access("read")
        if not self.env.user.has_group("liquor_scan.group_scan_manager"):
            raise AccessError(self.env._("Only a codes manager decides a transfer for a shop."))
        self.sudo()._ask_no_more([Unit(row.batch_id.id, row.level, row.unit_index) for row in self])

    def _transfer_now(self, user, reference):
        """Post the transfer events of rows somebody asks for; nobody earns by them."""
        now = fields.Datetime.now()
        values_list = [row._prepare_transfer_values(user, reference, now) for row in self if row.pending_id]
        return self.env["liquor.scan.event"].sudo()._record(values_list)

    def _prepare_transfer_values(self, user, reference, now):
        moment = max(now, self.since)
        return {
            "company_id": self.company_id.id,
            "kind": "transfer",
            "status": "accepted",
            "batch_id": self.batch_id.id,
            "level": self.level,
            "unit_index": self.unit_index,
            "product_id": self.product_id.id,
            "bottles": self.bottles,
            "party_id": self.holder_id.id,
            "party_kind": self.holder_kind,
            "counterparty_id": self.holder_id.id,
            "counterparty_kind": self.holder_kind,
            "holder_id": self.pending_id.id,
            "holder_kind": "terminal",
            "custody_state": "held",
            "user_id": user.id,
            "event_time": moment,
            "device_time": moment,
            "received_time": now,
            "business_day": business_day(self.company_id, moment),
            "source": "warehouse",
            "place_source": "none",
            "purpose": self.purpose,
            "reference": reference,
        }

    @api.model
    def _cron_transfers(self):
        """Transfers nobody objected to for seven days take effect (trade.md R9 b)."""
        overdue = [
            ("pending_id", "!=", False),
            ("pending_since", "<=", fields.Datetime.now() - timedelta(days=TRANSFER_DAYS)),
        ]
        rows = self.search(overdue, limit=1000)
        rows._transfer_now(self.env.user, "7 days")
        self.env["ir.cron"]._commit_progress(len(rows), remaining=self.search_count(overdue))

    # --- reading and writing rows ----------------------------------------------------------------------------

    @api.model
    def _around(self, units, levels_of):
        """Rows of units, of the packages around them and of what was scanned out of them, in one query.

        :param units: iterable of engine ``Unit``; packages are given by the caller
        :param levels_of: {batch id: levels of its scheme}
        :return: list of (Unit, Row, pending partner id, purpose)
        """
        self.env["liquor.custody"].flush_model()
        columns = spans(units, levels_of)
        if not columns[0]:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT c.*
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[]) AS r(batch, level, first, last),
                       -- OFFSET 0: one look into the index a range. As a join, each range meets its whole batch.
                       LATERAL (SELECT batch_id, level, unit_index, holder_id, holder_kind, state, since,
                                       event_id, giver_id, giver_kind, pending_id, purpose
                                  FROM liquor_custody
                                 WHERE batch_id = r.batch AND level = r.level
                                   AND unit_index BETWEEN r.first AND r.last OFFSET 0) AS c
                """,
                *columns,
            )
        )
        return [
            (
                Unit(*row[:3]),
                Row(row[3] or 0, row[4], row[5], row[6], row[7], row[8] or 0, row[9] or ""),
                row[10] or 0,
                row[11] or "",
            )
            for row in rows
        ]

    @api.model
    def _advance(self, events):
        """Let events move the goods: one UPDATE and one INSERT, whatever their number.

        :param list events: (event id, column values); those without a holder state move nothing
        :raises ConcurrencyError: a parallel transaction scanned one of the units for the first time
        """
        latest = {}
        for number, values in events:
            if values["status"] != "accepted" or not values.get("custody_state"):
                continue
            key = values["batch_id"], values["level"], values["unit_index"]
            order = values["event_time"], number
            if key not in latest or order > latest[key][0]:
                latest[key] = order, number, values
        if latest:
            known = self._update_rows(latest)
            self._insert_rows([entry for key, entry in latest.items() if key not in known])
            self.invalidate_model()

    def _update_rows(self, latest):
        """Move units that have a row; return the keys of all that have one, moved or not."""
        rows = [
            (
                *key,
                values.get("holder_id") or None,
                values["holder_kind"],
                values["custody_state"],
                values["event_time"],
                number,
                values.get("counterparty_id") or None,
                values.get("counterparty_kind") or None,
                values.get("purpose") or None,
            )
            for key, (_order, number, values) in latest.items()
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        known = self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    SELECT * FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[], %s::varchar[], %s::varchar[],
                                         %s::timestamp[], %s::int4[], %s::int4[], %s::varchar[], %s::varchar[])
                      AS m(batch, level, idx, holder, holder_kind, state, since, event, giver, giver_kind, purpose)
                ), updated AS (
                    UPDATE liquor_custody c
                       SET holder_id = m.holder, holder_kind = m.holder_kind, state = m.state, since = m.since,
                           event_id = m.event, giver_id = m.giver, giver_kind = m.giver_kind,
                           purpose = m.purpose, pending_id = NULL, pending_since = NULL, pending_event_id = NULL,
                           write_date = %s, write_uid = %s
                      FROM moved m
                     WHERE c.batch_id = m.batch AND c.level = m.level AND c.unit_index = m.idx
                       AND (c.since, c.event_id) < (m.since, m.event)
                )
                SELECT c.batch_id, c.level, c.unit_index FROM liquor_custody c
                  JOIN moved m ON c.batch_id = m.batch AND c.level = m.level AND c.unit_index = m.idx
                """,
                *columns,
                self.env.cr.now(),
                self.env.uid,
            )
        )
        return set(known)

    def _insert_rows(self, entries):
        rows = [
            [
                values["company_id"],
                values["batch_id"],
                values["level"],
                values["unit_index"],
                values.get("product_id"),
                values.get("bottles"),
                values.get("holder_id"),
                values["holder_kind"],
                values["custody_state"],
                values["event_time"],
                number,
                values.get("counterparty_id"),
                values.get("counterparty_kind"),
                values.get("purpose"),
            ]
            for _order, number, values in entries
        ]
        if rows:
            with loser_retries(self.env, self._unit_unique.full_name(self)):
                self._bulk_insert(COLUMNS, rows)

    @api.model
    def _ask_for(self, entries):
        """Note which party asks for which unit: (Unit, partner id, event id, moment)."""
        if not entries:
            return
        rows = [(*unit, partner, event, moment) for unit, partner, event, moment in entries]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                UPDATE liquor_custody c
                   SET pending_id = m.partner, pending_since = m.moment, pending_event_id = m.event
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[], %s::int4[], %s::timestamp[])
                    AS m(batch, level, idx, partner, event, moment)
                 WHERE c.batch_id = m.batch AND c.level = m.level AND c.unit_index = m.idx AND c.pending_id IS NULL
                """,
                *columns,
            )
        )
        self.invalidate_model()

    @api.model
    def _ask_no_more(self, units):
        """The holder objected: nobody asks for these units any longer."""
        if not units:
            return
        columns = [list(column) for column in zip(*units, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                UPDATE liquor_custody c
                   SET pending_id = NULL, pending_since = NULL, pending_event_id = NULL
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS m(batch, level, idx)
                 WHERE c.batch_id = m.batch AND c.level = m.level AND c.unit_index = m.idx
                """,
                *columns,
            )
        )
        self.invalidate_model()

    # --- from the events -------------------------------------------------------------------------------------

    @api.model
    def _sql_from_events(self, condition):
        """SQL of the custody that the events prove: last accepted movement of each unit that was not undone."""
        return SQL(
            """
            SELECT DISTINCT ON (e.batch_id, e.level, e.unit_index)
                   e.batch_id, e.level, e.unit_index, e.holder_id, e.holder_kind, e.custody_state AS state,
                   e.event_time AS since, e.id AS event_id, e.counterparty_id AS giver_id,
                   e.counterparty_kind AS giver_kind, e.purpose
              FROM liquor_scan_event e
             WHERE e.status = 'accepted' AND e.custody_state IS NOT NULL AND %s
               AND NOT EXISTS (SELECT 1 FROM liquor_scan_event v
                                WHERE v.undo_of_id = e.id AND v.status = 'accepted')
             ORDER BY e.batch_id, e.level, e.unit_index, e.event_time DESC, e.id DESC
            """,
            condition,
        )

    @api.model
    def _step_back(self, units):
        """After an undo: units hold again what their remaining events prove; one statement."""
        if not units:
            return
        columns = [list(column) for column in zip(*units, strict=True)]
        wanted = SQL("SELECT * FROM unnest(%s::int4[], %s::int4[], %s::int4[])", *columns)
        self.env.cr.execute(
            SQL(
                """
                WITH proven AS (%s),
                     gone AS (
                    DELETE FROM liquor_custody c
                     WHERE (c.batch_id, c.level, c.unit_index) IN (%s)
                       AND NOT EXISTS (SELECT 1 FROM proven p WHERE p.batch_id = c.batch_id
                                          AND p.level = c.level AND p.unit_index = c.unit_index))
                UPDATE liquor_custody c
                   SET holder_id = p.holder_id, holder_kind = p.holder_kind, state = p.state, since = p.since,
                       event_id = p.event_id, giver_id = p.giver_id, giver_kind = p.giver_kind,
                       purpose = p.purpose, pending_id = NULL, pending_since = NULL, pending_event_id = NULL
                  FROM proven p
                 WHERE c.batch_id = p.batch_id AND c.level = p.level AND c.unit_index = p.unit_index
                """,
                self._sql_from_events(SQL("(e.batch_id, e.level, e.unit_index) IN (%s)", wanted)),
                wanted,
            )
        )
        self.invalidate_model()

    @api.model
    def _differences(self, limit=100):
        """Units whose stored custody is not what the events prove, for the audit.

        :return: list of (batch id, level, unit number, stored holder, proven holder)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(p.batch_id, c.batch_id), COALESCE(p.level, c.level),
                       COALESCE(p.unit_index, c.unit_index), c.holder_id, p.holder_id
                  FROM (%s) p
                  FULL JOIN liquor_custody c
                    ON c.batch_id = p.batch_id AND c.level = p.level AND c.unit_index = p.unit_index
                 WHERE c.id IS NULL OR p.batch_id IS NULL
                    OR (c.holder_id, c.holder_kind, c.state, c.since, c.event_id)
                       IS DISTINCT FROM (p.holder_id, p.holder_kind, p.state, p.since, p.event_id)
                 LIMIT %s
                """,
                self._sql_from_events(SQL("TRUE")),
                limit,
            )
        )

    @api.model
    def _trace(self, code, at=None):
        """The chain of one unit until a moment: see ``liquor.unit.trace``.

        :param str code: any code of the unit as scanned or typed
        :param datetime at: naive UTC; now by default
        :return: engine answer as a dict, or None for what is no code of ours
        """
        return self.env["liquor.unit.trace"]._chain(code, at)
