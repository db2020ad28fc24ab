from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

LONGEST = 100


class LiquorShopPlace(models.Model):
    """A shop's second place, such as a store-room: asked for by the shop, approved by a clerk (trade.md R9 g).

    The distance of a scan is that to the nearer one of both. Whoever asked does not decide.
    """

    _name = "liquor.shop.place"
    _inherit = ("liquor.guarded.mixin",)
    _description = "Second Place of a Shop"
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Shop", required=True, index=True, ondelete="restrict")
    name = fields.Char(required=True, help="What the shop calls it, for example store-room.")
    street = fields.Char("Address")
    latitude = fields.Float(digits=(10, 7), required=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), required=True, aggregator=None)
    accuracy = fields.Integer("Accuracy (m)", aggregator=None, help="Of the phone that told the place.")
    state = fields.Selection(
        [("asked", "To Be Approved"), ("approved", "Approved"), ("refused", "Refused"), ("ended", "Ended")],
        required=True,
        readonly=True,
        default="asked",
        copy=False,
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, default=lambda self: self.env.user, ondelete="restrict"
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True, copy=False)

    _one_asked = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'asked'", "A place of this shop waits for approval already."
    )
    _one_approved = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'approved'", "This shop has a second place already: end it first."
    )
    _on_earth = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180 AND (latitude <> 0 OR longitude <> 0)"
        " AND COALESCE(accuracy, 0) BETWEEN 0 AND 1000000)",
        "This is no place on Earth.",
    )
    _approver_is_not_the_author = models.Constraint(
        "CHECK (state NOT IN ('approved', 'refused') OR (decided_by_id IS NOT NULL AND decided_by_id <> author_id))",
        "A place is approved by somebody else than who asked for it.",
    )

    @api.constrains("partner_id", "company_id")
    def _check_shop(self):
        for company, places in self.grouped("company_id").items():
            shops = (
                self
                .env["liquor.channel.role"]
                .sudo()
                .search([
                    ("company_id", "=", company.id),
                    ("partner_id", "in", places.partner_id.ids),
                    ("kind", "=", "terminal"),
                    ("state", "!=", "ended"),
                ])
                .partner_id
            )
            if places.partner_id - shops:
                raise ValidationError(self.env._("A second place belongs to a shop of this company."))

    def write(self, vals):
        """What was approved is what the shop asked for: its facts do not change afterwards."""
        facts = {"company_id", "partner_id", "latitude", "longitude", "accuracy"} & vals.keys()
        if facts and self.filtered(lambda place: place.state != "asked"):
            raise UserError(self.env._("A place that was decided does not change: end it and ask for another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda place: place.state != "asked"):
            raise UserError(self.env._("A place that was decided stays on record: end it."))

    # --- steps -----------------------------------------------------------------------------------------------

    def action_approve(self):
        """Let scans at this place count as at the shop."""
        self._decide("approved", "asked")

    def action_refuse(self):
        """Leave the shop with its one place."""
        self._decide("refused", "asked")

    def action_end(self):
        """The shop has this place no longer."""
        self._decide("ended", "approved")

    def _decide(self, state, before):
        self.check_access("write")
        if not self.env.user.has_group("liquor_channel.group_clerk"):
            raise AccessError(self.env._("Only a channel clerk decides about places of shops."))
        if state != "ended" and self.env.user in self.author_id:
            raise UserError(self.env._("Somebody else than who asked for a place decides about it."))
        self.sudo()._step(state, before)

    def _step(self, state, before):
        """Change the state once: of two who decide at the same moment one is told that it is decided."""
        self.flush_recordset()
        with loser_retries(self.env, self._one_approved.full_name(self)):
            taken = self.env.execute_query(
                SQL(
                    "UPDATE liquor_shop_place SET state = %s, decided_by_id = %s, decided_at = %s"
                    " WHERE id = ANY(%s) AND state = %s RETURNING id",
                    state,
                    self.env.uid,
                    fields.Datetime.now(),
                    list(self.ids),
                    before,
                )
            )
        self.invalidate_recordset()
        if len(taken) != len(self):
            raise UserError(self.env._("This place is decided already."))

    # --- the shop's own page -----------------------------------------------------------------------------------

    @api.model
    def _portal_domain(self, user):
        """Places of the shop that a user belongs to."""
        return [("partner_id", "=", user.partner_id.commercial_partner_id.id)]

    @api.model
    def _ask(self, role, values, user):
        """A shop asks for a second place.

        :param role: its ``liquor.channel.role``
        :param values: texts of a form: name, street, latitude, longitude, accuracy
        :raises UserError: no place, or one that waits or stands already
        """
        name = str(values.get("name") or "").strip()[:LONGEST]
        place = [_number(values.get(key)) for key in ("latitude", "longitude", "accuracy")]
        if not name or None in place[:2] or not any(place[:2]) or abs(place[0]) > 90 or abs(place[1]) > 180:
            raise UserError(self.env._("Name the place, stand there and let the phone tell where it is."))
        domain = Domain("partner_id", "=", role.partner_id.id) & Domain("company_id", "=", role.company_id.id)
        if self.sudo().search_count(domain & Domain("state", "in", ("asked", "approved")), limit=1):
            raise UserError(self.env._("You have a second place already, or one that waits for approval."))
        with loser_retries(self.env, self._one_asked.full_name(self)):
            made = self.sudo().create({
                "company_id": role.company_id.id,
                "partner_id": role.partner_id.id,
                "name": name,
                "street": str(values.get("street") or "").strip()[:LONGEST],
                "latitude": place[0],
                "longitude": place[1],
                "accuracy": round(min(max(place[2] or 0, 0), 1_000_000)),
                "author_id": user.id,
            })
            made.flush_recordset()
        return made

    @api.model
    def _of(self, company, partners):
        """Approved second places: {partner id: [(latitude, longitude)]}."""
        found = self.sudo().search_fetch(
            [("company_id", "=", company.id), ("partner_id", "in", partners), ("state", "=", "approved")],
            ["partner_id", "latitude", "longitude"],
        )
        return {
            shop.id: [(place.latitude, place.longitude) for place in places]
            for shop, places in found.grouped("partner_id").items()
        }


def _number(text):
    """A number of a form, None for anything else.

    >>> _number("34.5"), _number("x"), _number("nan"), _number(None)
    (34.5, None, None, None)
    """
    try:
        number = float(str(text)[:30])
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
