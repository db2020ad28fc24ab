from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.flow.proof import event_hash
from ...engine.flow.units import Unit
from ..codes.kinds import KINDS
from .labels import EVENT_REASONS, PURPOSES

EVENT_KINDS = [
    ("pack", "Packed"),
    ("store", "Put into Store"),
    ("ship", "Shipped"),
    ("receive", "Received"),
    ("transfer", "Transferred"),
    ("return", "Returned"),
    ("unpack", "Opened Package"),
    ("sell", "Sold"),
    ("open", "Opened Bottle"),
    ("count", "Counted"),
    ("check", "Checked"),
    ("void", "Undone"),
]
PARTY_KINDS = [
    ("maker", "Maker"),
    ("distributor", "Distributor"),
    ("sub_distributor", "Sub-distributor"),
    ("terminal", "Terminal"),
    ("guide", "Shopping Guide"),
    ("waiter", "Waiter"),
    ("field", "Field Staff"),
    ("consumer", "Consumer"),
]
CUSTODY_STATES = [
    ("held", "With the Holder"),
    ("in_transit", "Awaiting Confirmation"),
    ("opened", "Package Opened"),
    ("gone", "Sold or Opened"),
]


class LiquorScanEvent(models.Model):
    """One proven event about one unit; written once, never changed (docs/architecture.md, flow).

    Accepted events move goods and pay; held ones are evidence and do neither. What is refused leaves a row in
    ``liquor.scan.request`` only. A mistake is undone by a further event of kind ``void``.
    """

    _name = "liquor.scan.event"
    _inherit = ["liquor.append.mixin", "liquor.bulk.mixin"]
    _description = "Scan Event"
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("batch_id.name", "product_id", "party_id.name")

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    kind = fields.Selection(EVENT_KINDS, required=True, readonly=True)
    status = fields.Selection([("accepted", "Accepted"), ("held", "Held")], required=True, readonly=True)
    reason = fields.Selection(EVENT_REASONS, readonly=True, help="Why it is held.")
    batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    level = fields.Integer("Bottles per Unit", required=True, readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    code_kind = fields.Selection(KINDS, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict", check_company=True)
    bottles = fields.Integer(readonly=True)
    party_id = fields.Many2one("res.partner", string="Scanned By", readonly=True, ondelete="restrict")
    party_kind = fields.Selection(PARTY_KINDS, readonly=True)
    counterparty_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    counterparty_kind = fields.Selection(PARTY_KINDS, readonly=True)
    holder_id = fields.Many2one(
        "res.partner", string="Holder Afterwards", readonly=True, ondelete="restrict", help="Empty: nothing moved."
    )
    holder_kind = fields.Selection(PARTY_KINDS, readonly=True)
    custody_state = fields.Selection(CUSTODY_STATES, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime(
        required=True, readonly=True, help="When it happened (UTC), never before what led to it."
    )
    device_time = fields.Datetime(readonly=True, help="What the device said (UTC).")
    received_time = fields.Datetime(required=True, readonly=True, help="When we received it (UTC).")
    business_day = fields.Date(required=True, readonly=True, help="Day of the event in the company's time zone.")
    source = fields.Selection(
        [("api", "API"), ("portal", "Phone"), ("warehouse", "Warehouse"), ("public", "Public Page")],
        required=True,
        readonly=True,
    )
    place_source = fields.Selection(
        [("gps", "GPS"), ("ip", "Network Address"), ("declared", "Registered Place"), ("none", "Unknown")],
        required=True,
        readonly=True,
    )
    accuracy = fields.Integer("Accuracy (m)", readonly=True, aggregator=None)
    territory_id = fields.Many2one(
        "liquor.territory", readonly=True, ondelete="restrict", help="Of the party, at the time of the event."
    )
    grade = fields.Char(readonly=True, groups="liquor_channel.group_clerk,liquor_channel.group_finance")
    fact_kind = fields.Selection(
        [("received", "Received"), ("opened", "Opened"), ("sold", "Sold"), ("returned", "Returned")], readonly=True
    )
    amount = fields.Monetary(readonly=True, help="Value by the price ladder of the business day.")
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    ladder_id = fields.Many2one("liquor.price.ladder", readonly=True, ondelete="restrict")
    purpose = fields.Selection(PURPOSES, readonly=True)
    reference = fields.Char(readonly=True)
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    undo_of_id = fields.Many2one("liquor.scan.event", readonly=True, ondelete="restrict")
    content_hash = fields.Char(required=True, readonly=True)

    # design.md 5: look-ups by unit have no date, listings by time have no unit
    _unit_idx = models.Index("(batch_id, level, unit_index, event_time)")
    _time_idx = models.Index("USING brin (event_time)")
    _party_idx = models.Index("(party_id, event_time) WHERE party_id IS NOT NULL")
    _one_undo = models.UniqueIndex(
        "(undo_of_id) WHERE undo_of_id IS NOT NULL AND status = 'accepted'", "This event has been undone already."
    )
    _bounds = models.Constraint(
        "CHECK (level BETWEEN 1 AND 1000000 AND unit_index BETWEEN 0 AND 2000000000 "
        "AND COALESCE(bottles, 0) BETWEEN 0 AND 1000000 AND COALESCE(amount, 0) BETWEEN 0 AND 1000000000)",
        "An event names one unit of a batch, with an amount of at most 1,000,000,000.",
    )

    @api.depends("kind", "batch_id.name", "unit_index", "business_day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """What happened to which unit, and when: units of a batch are counted from 1, as on their cards."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            unit = f"{event.batch_id.name}-{event.unit_index + 1}"
            event.display_name = f"{kinds.get(event.kind, '')} · {unit} · {event.business_day or ''}"

    def action_open_unit(self):
        """Open the card of the unit this event is about."""
        self.ensure_one()
        return self.env["liquor.unit.card"]._open_for(self.batch_id, self.level, self.unit_index)

    def _record(self, values_list):
        """Store events and move custody, for callers that have decided already (the scan service, claims).

        :param list values_list: dicts of column values; ``content_hash`` is made here
        :return: ids in the order of ``values_list``
        :raises ConcurrencyError: a parallel transaction moved one of the units
        :raises psycopg2.errors.SerializationFailure: it moved something in the same package
        """
        if not values_list:
            return []
        self.env["liquor.custody.turn"].sudo()._take_of_events(values_list)
        columns = sorted({name for values in values_list for name in values} | {"content_hash"})
        rows = []
        for values in values_list:
            values["content_hash"] = event_hash(values)
            rows.append([values.get(name) for name in columns])
        ids = self._bulk_insert(columns, rows)
        self.env["liquor.custody"]._advance([(number, values) for number, values in zip(ids, values_list, strict=True)])
        return ids

    @api.model
    def _latest_facts(self, units, kind):
        """Latest accepted event of a kind of fact per unit that was not undone: {Unit: (event id, bottles)}."""
        if not units:
            return {}
        columns = [list(column) for column in zip(*units, strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (e.batch_id, e.level, e.unit_index)
                       e.batch_id, e.level, e.unit_index, e.id, e.bottles
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS u(batch, level, idx)
                  JOIN liquor_scan_event e
                    ON e.batch_id = u.batch AND e.level = u.level AND e.unit_index = u.idx
                 WHERE e.fact_kind = %s AND e.status = 'accepted'
                   AND NOT EXISTS (SELECT 1 FROM liquor_scan_event v
                                    WHERE v.undo_of_id = e.id AND v.status = 'accepted')
                 ORDER BY e.batch_id, e.level, e.unit_index, e.event_time DESC, e.id DESC
                """,
                *columns,
                kind,
            )
        )
        return {Unit(*row[:3]): (row[3], row[4]) for row in rows}

    def _own_hash(self):
        """The content hash these events should have, for the audit: {id: hash}."""
        names = [name for name, field in self._fields.items() if field.store and name not in ("id", "content_hash")]
        found = {}
        for values in self.sudo().read(names, load=None):
            found[values.pop("id")] = event_hash(values)
        return found
