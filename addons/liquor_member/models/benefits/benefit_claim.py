import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import secrets_box
from ...tools.business_day import today
from ...tools.rate_limit import HOUR, Limit, take

CODE_DIGITS = 10
# ten digits and this many tries: guessing one of a thousand waiting gifts takes a shop years
TRIES_AN_HOUR = 120


class LiquorBenefitClaim(models.Model):
    """A gift taken on the phone, with a one-time code by which a shop hands it over.

    States: ready (code shown) -> done (handed over) | cancelled (by the member, before) | expired.
    """

    _name = "liquor.benefit.claim"
    _description = "Benefit Claim"
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("benefit_id.name", "member_id.number")

    entitlement_id = fields.Many2one(
        "liquor.benefit.entitlement", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    benefit_id = fields.Many2one(
        "liquor.benefit", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("ready", "To be picked up"), ("done", "Picked up"), ("cancelled", "Cancelled"), ("expired", "Expired")],
        required=True,
        readonly=True,
        default="ready",
    )
    taken_at = fields.Datetime("Taken", required=True, readonly=True)
    valid_to = fields.Date("Pick Up Until", required=True, readonly=True)
    cost = fields.Monetary(readonly=True)
    code_index = fields.Char(readonly=True, copy=False, groups=".")
    code_cipher = fields.Char(readonly=True, copy=False, groups=".")
    redeemed_at = fields.Datetime("Handed Over", readonly=True)
    redeemed_by_id = fields.Many2one("res.users", "Handed Over By", readonly=True, ondelete="restrict")
    shop_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")

    _code_unique = models.UniqueIndex("(code_index) WHERE code_index IS NOT NULL", "This code is taken.")
    _cost_bounds = models.Constraint("CHECK (cost BETWEEN 0 AND 1e9)", "The cost is out of bounds.")
    _ready_idx = models.Index("(valid_to) WHERE state = 'ready'")

    @api.depends("benefit_id.name", "member_id")
    def _compute_display_name(self):
        for claim in self:
            claim.display_name = f"{claim.benefit_id.name} · {claim.member_id.display_name}"

    # --- the member's side -------------------------------------------------------------------------------------

    @api.model
    def _take(self, entitlement):
        """Take a gift: one of the entitlement becomes a claim with a pick-up code.

        :raises UserError: it has been used or has expired
        """
        entitlement = entitlement.sudo()
        entitlement._take_one()
        claim = self.sudo().create({
            "entitlement_id": entitlement.id,
            "member_id": entitlement.member_id.id,
            "benefit_id": entitlement.benefit_id.id,
            "company_id": entitlement.company_id.id,
            "taken_at": fields.Datetime.now(),
            "valid_to": entitlement.valid_to,
            "cost": entitlement.benefit_id.unit_cost,
        })
        claim._give_code()
        return claim

    def _give_code(self):
        box = secrets_box.box()
        code = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
        self.write({
            "code_index": box.blind_index(code, self._name),
            "code_cipher": box.encrypt(code, (self._name, self.id, "code")),
        })

    def _code(self):
        """Return the pick-up code, for the phone of the member himself; nothing once it is used."""
        self.ensure_one()
        if self.state != "ready" or not self.sudo().code_cipher:
            return ""
        return secrets_box.box().decrypt(self.sudo().code_cipher, (self._name, self.id, "code"))

    def _cancel(self):
        """Give a gift back before it was picked up; the code is dead, the entitlement is whole again."""
        self.ensure_one()
        if not self.sudo()._close("cancelled"):
            raise UserError(self.env._("This gift has been picked up or has expired."))
        self.sudo().entitlement_id._put_back()

    def _close(self, state):
        """Leave the state "ready", each claim exactly once; return those that it was us to close."""
        self.flush_recordset()
        closed = self.env.execute_query(
            SQL(
                "UPDATE liquor_benefit_claim SET state = %s, code_index = NULL, code_cipher = NULL"
                " WHERE id = ANY(%s) AND state = 'ready' RETURNING id",
                state,
                self.ids,
            )
        )
        self.invalidate_recordset()
        return self.browse([number for (number,) in closed])

    # --- the shop's side (called by liquor_channel's portal page) ---------------------------------------------

    @api.model
    def _redeem(self, code, shop_partner, user):
        """Hand a gift over: the code is consumed, once, by one statement.

        :param code: as the shop typed or scanned it
        :param record shop_partner: the shop, from the user's session, never from the request's body
        :param record user: who hands over
        :return: the claim, in sudo
        :raises UserError: wrong, used or expired code (one answer for all), or this partner hands out no gifts
        """
        shop = self.env["liquor.member"].sudo()._pickup_shop(shop_partner.sudo())
        if not shop:
            raise UserError(self.env._("This shop does not hand out gifts."))
        if take(self.env, f"redeem/{shop.id}", [Limit(f"redeem/{shop.id}", TRIES_AN_HOUR, HOUR)]):
            raise UserError(self.env._("Too many codes within an hour. Please wait a little."))
        digits = "".join(ch for ch in code if ch.isdigit()) if isinstance(code, str) and len(code) <= 40 else ""
        claim = self.sudo()._consume(digits, shop, user) if len(digits) == CODE_DIGITS and digits.isascii() else None
        if not claim:
            raise UserError(self.env._("This code is wrong, has been used or has expired."))
        claim._check_handover()
        claim._post_funding()
        return claim

    def _consume(self, code, shop, user):
        """Return the claim whose code was consumed by this very call, or None."""
        self.flush_model()
        companies = self.env["liquor.member"]._pickup_companies(shop)
        rows = self.env.execute_query(
            SQL(
                """UPDATE liquor_benefit_claim
                      SET state = 'done', redeemed_at = %s, redeemed_by_id = %s, shop_id = %s,
                          code_index = NULL, code_cipher = NULL
                    WHERE code_index = %s AND state = 'ready' AND redeemed_at IS NULL
                      AND company_id = ANY(%s) AND valid_to >= %s
                RETURNING id""",
                fields.Datetime.now(),
                user.id,
                shop.id,
                secrets_box.box().blind_index(code, self._name),
                companies.ids,
                today(companies[:1]),
            )
        )
        claim = self.browse([number for (number,) in rows])
        claim.invalidate_recordset()
        return claim or None

    def _check_handover(self):
        """Hook: what else must be known before a gift leaves the shop; whoever refuses raises. Nothing here."""

    def _post_funding(self):
        """Hook: the cost of a benefit handed over is split between brand and distributor. Nothing here."""

    # --- time passes ---------------------------------------------------------------------------------------------

    @api.model
    def _cron_expire(self, batch=500):
        """Close claims that nobody picked up in time."""
        claims = self.sudo()._overdue(batch)
        while claims:
            claims._close("expired")
            remaining = self.sudo()._overdue(batch)
            if not self.env["ir.cron"]._commit_progress(len(claims), remaining=len(remaining)):
                break
            claims = remaining

    def _overdue(self, limit):
        companies = self.env["liquor.member.program"].search([("active", "in", (True, False))]).company_id
        days = {company: today(company) for company in companies}
        domain = ["|"] * (len(days) - 1)
        for company, day in days.items():
            domain += ["&", ("company_id", "=", company.id), ("valid_to", "<", day)]
        return self.search([("state", "=", "ready"), *domain], limit=limit)
