from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.business_day import company_zone, period_of, zone_day
from ...tools.unique_loser import loser_retries
from .append_mixin import TRIGGER_FUNCTION, TRIGGERS  # noqa: F401  (imported from here by scan events)
from .bulk_mixin import MAGIC

DECIDED_HERE = ("booked_day", "origin_period", "reverses_id")


class _OwnMany2one(fields.Many2one):
    """A relation to the model that inherits the mixin."""

    def _get_attrs(self, model_class, name):
        return {**super()._get_attrs(model_class, name), "comodel_name": model_class._name}


class LiquorLedgerMixin(models.AbstractModel):
    """Rows that are posted once and never changed (design.md 3.1).

    A ledger declares plain stored columns, relations with ``ondelete="restrict"`` and, in ``_ledger_amounts``,
    the columns whose sign turns in a reversal. What happens later to a row is a row of another table.
    """

    _name = "liquor.ledger.mixin"
    _inherit = ["liquor.append.mixin", "liquor.bulk.mixin"]
    _description = "Append-only Ledger"
    _check_company_auto = True
    _allow_sudo_commands = False
    _order = "id desc"

    _ledger_amounts = ("amount", "points")

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime(required=True, readonly=True, help="When it happened (UTC), not when it was entered.")
    business_day = fields.Date(required=True, readonly=True, help="Day of the event in the company's time zone.")
    booked_day = fields.Date(
        required=True, readonly=True, help="The business day, or the first open day where its period is closed."
    )
    origin_period = fields.Char(readonly=True, help="Period of the event, where it is booked in a later one.")
    rule_version = fields.Char(readonly=True, help="Version of the rule or policy that gave this figure.")
    origin_model = fields.Char("Origin Type", readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    reason = fields.Char(readonly=True)
    idempotency_key = fields.Char(required=True, readonly=True, copy=False)
    reverses_id = _OwnMany2one(string="Reversal of", readonly=True, copy=False, ondelete="restrict")

    _idempotency_key_unique = models.UniqueIndex("(idempotency_key)", "This was posted before.")
    _reverses_unique = models.UniqueIndex(
        "(reverses_id) WHERE reverses_id IS NOT NULL", "This entry has been reversed already."
    )
    _company_day_idx = models.Index("(company_id, business_day)")
    _origin_idx = models.Index("(origin_model, origin_id) WHERE origin_id IS NOT NULL")

    # --- posting ---------------------------------------------------------------------------------------------

    def _post(self, values_list, known=None):
        """Post entries exactly once.

        :param list values_list: a dict of column values per entry, with ``company_id`` and ``idempotency_key``;
            ``event_time`` (naive UTC) is now where it is missing. The business day, the booked day and the
            period of origin are decided here.
        :param dict known: what ``_ledger_known`` gave for the keys, where this transaction asked before
        :return: the entries in the order of ``values_list``; for a key that is known, the stored entry
        :raises ValueError: a key is missing, or a column is unknown or not the caller's to give
        :raises ConcurrencyError: a parallel transaction posted the same key; Odoo runs the call again
        """
        keys = [values.get("idempotency_key") for values in values_list]
        if not all(keys):
            raise ValueError(f"{self._name}: an entry without idempotency_key")
        for name in DECIDED_HERE:
            if any(name in values for values in values_list):
                raise ValueError(f"{self._name}: {name} is not the caller's to give")
        return self._ledger_insert(values_list, keys, known)

    def _ledger_insert(self, values_list, keys, known=None):
        stored = self._ledger_known(set(keys)) if known is None else dict(known)
        fresh = {}
        for key, values in zip(keys, values_list, strict=True):
            if key not in stored:
                fresh.setdefault(key, values)
        if fresh:
            columns, rows = self._ledger_rows(list(fresh.values()))
            guards = (self._idempotency_key_unique, self._reverses_unique)
            with loser_retries(self.env, *(guard.full_name(self) for guard in guards)):
                ids = self._bulk_insert(columns, rows)
            if self._constraint_methods:
                self.browse(ids)._validate_fields(columns)
            stored.update(zip(fresh, ids, strict=True))
        return self.browse(stored[key] for key in keys)

    def _ledger_known(self, keys):
        if not keys:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT idempotency_key, id FROM %s WHERE idempotency_key = ANY(%s)",
                    SQL.identifier(self._table),
                    list(keys),
                )
            )
        )

    def _ledger_rows(self, values_list):
        """Return columns and rows of ``values_list``, completed by days and by the fields' own defaults."""
        entries = self._ledger_with_days(values_list)
        given = {name for values in entries for name in values}
        bare = self.env(context={})[self._name]  # the caller's context decides nothing
        defaults = {
            name: field.default(bare)
            for name, field in self._fields.items()
            if field.store and field.default and name not in MAGIC
        }
        columns = sorted(given | set(defaults))
        return columns, [[values.get(name, defaults.get(name)) for name in columns] for values in entries]

    def _ledger_with_days(self, values_list):
        now = fields.Datetime.now()
        zones, booked_days, entries = {}, {}, []
        for values in values_list:
            company = self._ledger_company(values)
            if company.id not in zones:
                zones[company.id] = company_zone(company)
            moment = fields.Datetime.to_datetime(values.get("event_time")) or now
            day = fields.Date.to_date(values.get("business_day")) or zone_day(moment, zones[company.id])
            if (company.id, day) not in booked_days:
                booked_days[company.id, day] = company._liquor_open_day(day)
            entries.append({**values, "event_time": moment, **self._ledger_days(day, booked_days[company.id, day])})
        return entries

    def _ledger_days(self, day, booked_day):
        return {
            "business_day": day,
            "booked_day": booked_day,
            "origin_period": period_of(day) if booked_day != day else None,
        }

    def _ledger_company(self, values):
        company = values.get("company_id")
        if not company:
            raise ValueError(f"{self._name}: an entry without company_id")
        return self.env["res.company"].browse(company if isinstance(company, int) else company.id)

    # --- reversing -------------------------------------------------------------------------------------------

    def _reverse(self, reason, event_time=None):
        """Post the opposite of these entries, once for each.

        :param str reason: why, shown beside the reversal
        :param datetime event_time: when the cause happened (naive UTC); now by default
        :return: the reversals in the order of ``self``; of an entry reversed before, that reversal
        :raises UserError: an entry is itself a reversal
        :raises ConcurrencyError: a parallel transaction reversed the same entry
        """
        entries = self.sudo()
        if entries.filtered("reverses_id"):
            raise UserError(self.env._("A reversal cannot be reversed. Post a new entry."))
        names = self._ledger_copied_columns()
        values_list = [
            self._prepare_reversal_values(values, reason, event_time) for values in entries.read(names, load=None)
        ]
        reversals = entries._ledger_insert(values_list, [values["idempotency_key"] for values in values_list])
        return self.browse(reversals.ids)

    def _ledger_copied_columns(self):
        own = {"event_time", "business_day", "reason", "idempotency_key", *DECIDED_HERE, *MAGIC}
        return [name for name, field in self._fields.items() if field.store and name not in own]

    def _prepare_reversal_values(self, values, reason, event_time):
        """Return the values of the reversal of a row.

        :param dict values: the row's columns, relations as ids
        """
        origin = values.pop("id")
        for name in self._ledger_amounts:
            if name in values:
                values[name] = -values[name]
        return {
            **values,
            "event_time": event_time or fields.Datetime.now(),
            "reason": reason,
            "idempotency_key": f"reverse/{origin}",
            "reverses_id": origin,
        }
