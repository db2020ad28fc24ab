from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.business_day import business_day
from ...tools.unique_loser import loser_retries

LIMIT = 1_000_000


class LiquorQualifyingEvent(models.Model):
    """What counts for levels, classes and quotas: bottles bought or opened, each with its proof (spec 2, R14).

    A bottle gives at most one purchase credit and one opening credit. Purchases always qualify; an opening
    qualifies only where nobody has bought the same bottle, up to the club's cap a day.
    """

    _name = "liquor.qualifying.event"
    _description = "Qualifying Event"
    _inherit = ["liquor.bulk.mixin"]
    _check_company_auto = True
    _order = "event_time desc, id desc"
    _rec_name = "product_id"

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    source = fields.Selection(
        [("order", "Our order"), ("scan", "Scan"), ("report", "Distributor's report")], required=True, readonly=True
    )
    credit = fields.Selection([("purchase", "Purchase"), ("opening", "Opening")], required=True, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    bottles = fields.Integer(required=True, readonly=True, help="Negative for what came back.")
    case_bottles = fields.Integer("Bottles a Case", required=True, readonly=True, default=6)
    cases = fields.Float(readonly=True, digits=(16, 4))
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime(required=True, readonly=True)
    business_day = fields.Date(required=True, readonly=True)
    bottle_key = fields.Char("Bottle", readonly=True, help="Identity of the bottle, whatever code proved it.")
    event_key = fields.Char("Evidence", readonly=True, help="The order line, report line or scan that proves it.")
    origin_model = fields.Char("Origin Type", readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    qualifies = fields.Boolean("Counts for Levels", readonly=True, default=True)
    reversed_at = fields.Datetime("Reversed", readonly=True)
    reverse_reason = fields.Char(readonly=True)

    _bottle_unique = models.UniqueIndex(
        "(company_id, bottle_key, credit) WHERE bottle_key IS NOT NULL AND reversed_at IS NULL",
        "This bottle has given this credit already.",
    )
    _event_unique = models.UniqueIndex(
        "(company_id, event_key) WHERE event_key IS NOT NULL", "This evidence has been counted already."
    )
    _member_window_idx = models.Index("(program_id, business_day) WHERE qualifies AND reversed_at IS NULL")
    _member_day_idx = models.Index("(member_id, business_day)")
    _bounds = models.Constraint(
        f"CHECK (bottles BETWEEN -{LIMIT} AND {LIMIT} AND bottles <> 0 AND case_bottles BETWEEN 1 AND 10000"
        " AND amount BETWEEN -1e12 AND 1e12 AND cases BETWEEN -1e6 AND 1e6)",
        "Bottles or amount are out of bounds.",
    )

    @api.model
    def _record(self, values_list):
        """Record credits of members; the first proof of a bottle wins, later ones return the row that stands.

        :param list values_list: dicts with ``member_id, source, credit, product_id, bottles`` and optionally
            ``amount, currency_id, event_time`` (naive UTC), ``bottle_key``, ``event_key``, ``origin_model``,
            ``origin_id``; ids or records
        :return: one row per dict, in order; where the bottle's credit is somebody's already, his row
        :raises UserError: bottles are 0 or out of bounds
        :raises ConcurrencyError: the same bottle is being credited by a parallel transaction
        """
        prepared = self.sudo()._prepare_records(values_list)
        known = self.sudo()._known(prepared)
        fresh = {}
        for values in prepared:
            key = self._key(values)
            if key not in known and key not in fresh:
                fresh[key] = values
        created = self.sudo()._insert(list(fresh.values()))
        known.update(zip(fresh, created, strict=True))
        created._settle_consequences(created.union(*known.values()))
        return self.browse([known[self._key(values)].id for values in prepared])

    @staticmethod
    def _key(values):
        if values["bottle_key"]:
            return (values["company_id"], values["credit"], values["bottle_key"])
        if values["event_key"]:
            return (values["company_id"], "event", values["event_key"])
        return id(values)

    def _prepare_records(self, values_list):
        ids = [getattr(values["member_id"], "id", values["member_id"]) for values in values_list]
        members = {member.id: member for member in self.env["liquor.member"].browse(ids)}
        products = self.env["product.product"].browse({
            getattr(values["product_id"], "id", values["product_id"]) for values in values_list
        })
        cases = {product.id: product.product_tmpl_id._liquor_case_bottles() for product in products}
        return [
            self._prepare_record(values, members[number], cases)
            for values, number in zip(values_list, ids, strict=True)
        ]

    def _prepare_record(self, values, member, cases):
        bottles = values["bottles"]
        whole = isinstance(bottles, int) or (isinstance(bottles, float) and bottles.is_integer())
        if isinstance(bottles, bool) or not whole or not 0 < abs(bottles) <= LIMIT:
            raise UserError(self.env._("A whole number of bottles between 1 and %(limit)s is needed.", limit=LIMIT))
        moment = fields.Datetime.to_datetime(values.get("event_time")) or fields.Datetime.now()
        product = getattr(values["product_id"], "id", values["product_id"])
        currency = values.get("currency_id") or member.company_id.currency_id
        return {
            "member_id": member.id,
            "program_id": member.program_id.id,
            "company_id": member.company_id.id,
            "source": values["source"],
            "credit": values["credit"],
            "product_id": product,
            "bottles": int(bottles),
            "case_bottles": cases[product],
            "cases": bottles / cases[product],
            "amount": values.get("amount") or 0,
            "currency_id": getattr(currency, "id", currency),
            "event_time": moment,
            "business_day": business_day(member.company_id, moment),
            "bottle_key": values.get("bottle_key") or None,
            "event_key": values.get("event_key") or None,
            "origin_model": values.get("origin_model") or None,
            "origin_id": values.get("origin_id") or None,
            "qualifies": True,
        }

    def _known(self, prepared):
        """Return key -> live row for the bottles and the evidence of the prepared values."""
        bottles = [values["bottle_key"] for values in prepared if values["bottle_key"]]
        events = [values["event_key"] for values in prepared if values["event_key"]]
        companies = list({values["company_id"] for values in prepared})
        mine = [
            Domain("bottle_key", "in", bottles) & Domain("reversed_at", "=", False) if bottles else Domain.FALSE,
            Domain("event_key", "in", events) if events else Domain.FALSE,
        ]
        known = {}
        for row in self.search(Domain("company_id", "in", companies) & Domain.OR(mine)):
            if row.bottle_key and not row.reversed_at:
                known[row.company_id.id, row.credit, row.bottle_key] = row
            if row.event_key:
                known[row.company_id.id, "event", row.event_key] = row
        return known

    def _insert(self, values_list):
        if not values_list:
            return self.browse()
        columns = list(values_list[0])
        guards = (self._bottle_unique, self._event_unique)
        with loser_retries(self.env, *(guard.full_name(self) for guard in guards)):
            ids = self._bulk_insert(columns, [[values[name] for name in columns] for values in values_list])
        return self.browse(ids)

    # --- what follows from new rows --------------------------------------------------------------------------

    def _settle_consequences(self, rows):
        """Decide which openings qualify, bring levels up to date, and tell the siblings.

        :param rows: these, and what stood before for the same bottles
        """
        if not self:
            return
        self._settle_openings(rows)
        for program, events in self.grouped("program_id").items():
            if program.use_levels:
                program._evaluate_levels(events.member_id)
        self.env["liquor.member"].sudo()._post_attribution(self)

    def _settle_openings(self, rows):
        self._set_qualifies(self._openings_of_bought(rows), False)
        openings = self.filtered(lambda event: event.credit == "opening" and event.qualifies)
        if openings:
            self._set_qualifies(openings._beyond_cap(), False)

    def _openings_of_bought(self, rows):
        """Return live openings of bottles that somebody has bought: the purchase counts, not the opening."""
        rows = rows.filtered(lambda row: row.bottle_key and not row.reversed_at)
        bought = {(row.company_id, row.bottle_key) for row in rows if row.credit == "purchase"}
        return rows.filtered(lambda row: row.credit == "opening" and (row.company_id, row.bottle_key) in bought)

    def _beyond_cap(self):
        """Return those of the new openings that exceed the club's cap of counted openings a day (R14)."""
        rows = self._read_group(
            [
                ("member_id", "in", self.member_id.ids),
                ("business_day", "in", list(set(self.mapped("business_day")))),
                ("credit", "=", "opening"),
                ("qualifies", "=", True),
                ("reversed_at", "=", False),
                ("id", "not in", self.ids),
            ],
            ["member_id", "business_day:day"],
            ["bottles:sum"],
        )
        counted = Counter({(member.id, day): bottles for member, day, bottles in rows})
        beyond = self.browse()
        for event in self.sorted("id"):
            key = (event.member_id.id, event.business_day)
            if counted[key] + event.bottles > event.program_id.opening_cap:
                beyond |= event
            else:
                counted[key] += event.bottles
        return beyond

    def _set_qualifies(self, events, value):
        changed = events.filtered(lambda event: event.qualifies != value)
        if changed:
            changed.write({"qualifies": value})

    # --- reversing -------------------------------------------------------------------------------------------

    def _reverse(self, reason):
        """Take credits back (a return, a wrong scan); the bottle may then be credited to somebody else."""
        live = self.sudo().filtered(lambda event: not event.reversed_at)
        live.write({"reversed_at": fields.Datetime.now(), "reverse_reason": reason})
        bottles = [event.bottle_key for event in live if event.credit == "purchase" and event.bottle_key]
        if bottles:
            openings = self.sudo().search([
                ("bottle_key", "in", bottles),
                ("credit", "=", "opening"),
                ("reversed_at", "=", False),
            ])
            self._set_qualifies(openings, True)
            live |= openings
        for program, events in live.grouped("program_id").items():
            if program.use_levels:
                program._evaluate_levels(events.member_id)

    def write(self, vals):
        """Evidence is not edited: only a reversal and its consequence for counting are noted later."""
        if not self.env.su or set(vals) - {"reversed_at", "reverse_reason", "qualifies"}:
            raise UserError(self.env._("A qualifying event is evidence: it cannot be changed, only reversed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        raise UserError(self.env._("A qualifying event is evidence: it cannot be deleted, only reversed."))
