from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from odoo.addons.liquor_member.tools.business_day import business_day
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.transitions import DISTRIBUTOR, SUB, TERMINAL

COUNTED = (TERMINAL, DISTRIBUTOR, SUB)
STANDING = ("trial", "formal", "suspended")
MOST_LINES = 500
MOST = 10_000_000
"""Bottles of one product in one place."""
SCANS_LAST = timedelta(days=1)
"""A count by scanning is finished within so long."""
KINDS = [("terminal", "Terminal"), ("distributor", "Distributor"), ("sub_distributor", "Sub-distributor")]


class LiquorStockCount(models.Model):
    """盘点: what somebody found at a shop or distributor, for good (trade.md R10).

    A count is proof: it is written once, and a wrong one is answered by the next. It moves no goods; where it
    differs from the codes, the difference stands in its lines.
    """

    _name = "liquor.stock.count"
    _inherit = ["liquor.append.mixin"]
    _description = "Stock Count"
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("party_id.name", "business_day")

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    party_id = fields.Many2one("res.partner", string="Counted At", required=True, index=True, ondelete="restrict")
    party_kind = fields.Selection(KINDS, readonly=True, required=True)
    counted_by = fields.Selection(
        [("own", "Its Own People"), ("staff", "Field Staff")], readonly=True, required=True, default="staff"
    )
    user_id = fields.Many2one("res.users", string="Taken By", readonly=True, required=True, ondelete="restrict")
    taken_at = fields.Datetime("Counted On", readonly=True, required=True)
    business_day = fields.Date(readonly=True, required=True)
    key = fields.Char(readonly=True, copy=False, help="Sent twice, it counts once.")
    note = fields.Char()
    line_ids = fields.One2many("liquor.stock.count.line", "count_id", string="Products")

    _once = models.UniqueIndex("(user_id, key) WHERE key IS NOT NULL", "This count was sent before.")

    @api.depends("party_id.name", "business_day")
    def _compute_display_name(self):
        for count in self:
            count.display_name = f"{count.party_id.name or ''} · {count.business_day or ''}"

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Store counts with what the codes say at this moment; who counted, and when, is not the client's to say.

        :raises AccessError: another company, or no right to count
        :raises ValidationError: no party of the trade, no product, or figures out of bounds
        """
        self.check_access("create")
        companies = {vals.get("company_id") or self.env.company.id for vals in vals_list}
        if not companies <= set(self.env.companies.ids):
            raise AccessError(self.env._("A count belongs to a company of yours."))
        made = self.browse()
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            party = self.env["res.partner"].browse(vals.get("party_id") or 0).exists()
            typed = self._typed_lines(vals.get("line_ids") or ())
            made += self._take_count(company, party, self.env.user, typed, note=vals.get("note"))
        return self.browse(made.ids)

    def _typed_lines(self, commands):
        """{product id: bottles} of the lines of a form."""
        typed = {}
        for command in commands:
            values = command[2] if len(command) > 2 and command[0] == Command.CREATE else None
            if not isinstance(values, dict) or not isinstance(values.get("product_id"), int):
                raise ValidationError(self.env._("Each line of a count names a product."))
            bottles = values.get("typed_bottles") or 0
            if not isinstance(bottles, int) or not 0 <= bottles <= MOST or values["product_id"] in typed:
                raise ValidationError(
                    self.env._("A count has one line for each product, from 0 to 10,000,000 bottles.")
                )
            typed[values["product_id"]] = bottles
        return typed

    # --- taking a count -----------------------------------------------------------------------------------------

    @api.model
    def _take_count(self, company, party, user, typed, key=None, note=None, counted_by="staff", scanned=None):
        """Store one count: typed figures and what was scanned under its key.

        :param party: partner at whom is counted
        :param typed: {product id: bottles beside the scanned ones}
        :param key: reference of the count's scans
        :param scanned: {product id: (bottles, of which recorded elsewhere)}, where they are no events with the key
        :return: the count, also when the same key was sent before
        """
        known = self.sudo().search([("user_id", "=", user.id), ("key", "=", key)]) if key else self.sudo().browse()
        if known:
            return known
        kind = self._kind_of(company, party)
        if scanned is None:
            scanned = self._scanned(company, party, user, key) if key else {}
        products = self._products(company, typed.keys() | scanned.keys())
        now = fields.Datetime.now()
        recorded = self.env["liquor.custody"].sudo()._held_by(company, party)
        estimated = self.env["liquor.stock.estimate"].sudo()._stock_of(company, party, products.ids)
        head = {
            "company_id": company.id,
            "party_id": party.id,
            "party_kind": kind,
            "counted_by": counted_by,
            "user_id": user.id,
            "taken_at": now,
            "business_day": business_day(company, now),
            "key": key,
            "note": str(note or "")[:200],
        }
        lines = [
            self._prepare_line(head, product, typed, scanned, recorded, estimated) for product in products.sorted("id")
        ]
        with loser_retries(self.env, self._once.full_name(self)):
            # what a client creates comes this way too
            count = super(LiquorStockCount, self.sudo()).create([head])  # pylint: disable=super-method-mismatch
            count.flush_recordset()
        self.env["liquor.stock.count.line"].sudo().create([{**line, "count_id": count.id} for line in lines])
        count.invalidate_recordset(["line_ids"])
        self.env["liquor.stock.estimate"].sudo()._start_from(count)
        return count

    def _kind_of(self, company, party):
        roles = self.env["liquor.channel.role"].sudo().search([
            ("company_id", "=", company.id), ("partner_id", "=", party.id), ("kind", "in", COUNTED),
            ("state", "in", STANDING),
        ])  # fmt: skip
        if not roles:
            raise ValidationError(self.env._("Only at shops and distributors of this company is counted."))
        return min(roles.mapped("kind"), key=COUNTED.index)

    def _products(self, company, numbers):
        if not numbers or len(numbers) > MOST_LINES:
            raise UserError(self.env._("A count has 1 to 500 products."))
        products = self.env["product.product"].sudo().browse(sorted(numbers)).exists()
        if len(products) != len(numbers) or products.company_id - company:
            raise ValidationError(self.env._("A product of the count is not known."))
        return products

    def _prepare_line(self, head, product, typed, scanned, recorded, estimated):
        units, elsewhere = scanned.get(product.id, (0, 0))
        counted = typed.get(product.id, 0) + units
        return {
            "company_id": head["company_id"],
            "party_id": head["party_id"],
            "product_id": product.id,
            "taken_at": head["taken_at"],
            "typed_bottles": typed.get(product.id, 0),
            "scanned_bottles": units,
            "elsewhere_bottles": elsewhere,
            "counted_bottles": counted,
            "recorded_bottles": recorded.get(product.id, 0),
            "difference": counted - recorded.get(product.id, 0),
            "estimated": estimated.get(product.id, 0.0),
        }

    @api.model
    def _scanned(self, company, party, user, key):
        """{product id: (bottles, of which the codes say that somebody else holds them)} of a count's scans."""
        events = self.env["liquor.scan.event"].sudo().search([
            ("company_id", "=", company.id), ("kind", "=", "count"), ("status", "=", "accepted"),
            ("party_id", "=", party.id), ("user_id", "=", user.id), ("reference", "=", key),
            ("event_time", ">=", fields.Datetime.now() - SCANS_LAST),
        ])  # fmt: skip
        events -= events.search([("undo_of_id", "in", events.ids), ("status", "=", "accepted")]).undo_of_id
        found = {}
        for event in self.env["liquor.custody"].sudo()._outermost(events):
            bottles, elsewhere = found.get(event.product_id.id, (0, 0))
            strange = event.bottles if event.counterparty_id != party else 0
            found[event.product_id.id] = bottles + event.bottles, elsewhere + strange
        return found

    @api.model
    def _portal_domain(self, user):
        """Counts at the party that a user belongs to."""
        return [("party_id", "=", user.partner_id.commercial_partner_id.id)]
