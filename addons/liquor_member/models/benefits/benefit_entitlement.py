from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.business_day import today
from ...tools.unique_loser import loser_retries


class LiquorBenefitEntitlement(models.Model):
    """A benefit that a member may take, so many times within a period (可用权益)."""

    _name = "liquor.benefit.entitlement"
    _description = "Benefit Granted"
    _check_company_auto = True
    _order = "valid_to, id"
    _rec_names_search = ("benefit_id.name", "member_id.number")

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    benefit_id = fields.Many2one(
        "liquor.benefit", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    quantity = fields.Integer(required=True, readonly=True, default=1)
    claimed = fields.Integer("Taken", readonly=True, copy=False, default=0)
    valid_from = fields.Date(required=True, readonly=True)
    valid_to = fields.Date(required=True, readonly=True, index=True)
    state = fields.Selection(
        [("usable", "Usable"), ("used", "Used"), ("expired", "Expired")],
        compute="_compute_state",
        search="_search_state",
    )
    reason = fields.Char(readonly=True)
    rule_version = fields.Char(readonly=True)
    origin_model = fields.Char("Origin Type", readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    idempotency_key = fields.Char(required=True, readonly=True, copy=False)
    claim_ids = fields.One2many("liquor.benefit.claim", "entitlement_id")

    _idempotency_key_unique = models.UniqueIndex("(idempotency_key)", "This benefit was granted before.")
    _claimed_bounds = models.Constraint(
        "CHECK (quantity BETWEEN 1 AND 1000 AND claimed BETWEEN 0 AND quantity)", "Nothing is left of this benefit."
    )

    @api.depends("benefit_id.name", "member_id")
    def _compute_display_name(self):
        for entitlement in self:
            entitlement.display_name = f"{entitlement.benefit_id.name} · {entitlement.member_id.display_name}"

    @api.depends("claimed", "quantity", "valid_to")
    def _compute_state(self):
        for entitlement in self:
            over = entitlement.company_id and entitlement.valid_to < today(entitlement.company_id)
            used = entitlement.claimed >= entitlement.quantity
            entitlement.state = "used" if used else "expired" if over else "usable"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        day = today(self.env.company)
        queries = {
            "used": SQL("claimed >= quantity"),
            "expired": SQL("claimed < quantity AND valid_to < %s", day),
            "usable": SQL("claimed < quantity AND valid_to >= %s", day),
        }
        wanted = SQL(" OR ").join([queries[state] for state in value if state in queries] or [SQL("FALSE")])
        return [("id", "in", SQL("(SELECT id FROM liquor_benefit_entitlement WHERE %s)", wanted))]

    @api.model
    def _entitle(self, grants):
        """Grant gifts, each exactly once.

        :param list grants: dicts with ``member, benefit, key`` and optionally ``quantity, reason, rule_version,
            origin``
        :return: entitlements in order; for a known key the stored one
        :raises UserError: the benefit belongs to another club, or all of it have been granted
        """
        rows = self.sudo()
        keys = [grant["key"] for grant in grants]
        known = {row.idempotency_key: row for row in rows.search([("idempotency_key", "in", keys)])}
        fresh = {grant["key"]: grant for grant in grants if grant["key"] not in known}
        if fresh:
            rows._count_grants(list(fresh.values()))
            with loser_retries(self.env, self._idempotency_key_unique.full_name(self)):
                created = rows.create([rows._prepare_entitlement(grant) for grant in fresh.values()])
            known.update(zip(fresh, created, strict=True))
        return self.browse([known[key].id for key in keys])

    def _count_grants(self, grants):
        """Raise the counters of limited benefits: of two last ones at once, one is run again and refused."""
        counts = Counter()
        for grant in grants:
            if grant["benefit"].program_id != grant["member"].program_id:
                raise UserError(self.env._("This benefit belongs to another club."))
            counts[grant["benefit"].id] += grant.get("quantity") or 1
        for benefit in self.env["liquor.benefit"].browse(sorted(counts)):
            if benefit.stock_limit:
                benefit._take_from_limit(counts[benefit.id])

    def _prepare_entitlement(self, grant):
        member, benefit, origin = grant["member"], grant["benefit"], grant.get("origin")
        day = today(member.company_id)
        return {
            "member_id": member.id,
            "benefit_id": benefit.id,
            "company_id": member.company_id.id,
            "quantity": grant.get("quantity") or 1,
            "valid_from": day,
            "valid_to": day + timedelta(days=benefit.valid_days - 1),
            "reason": grant.get("reason"),
            "rule_version": grant.get("rule_version"),
            "origin_model": origin._name if origin else None,
            "origin_id": origin.id if origin else None,
            "idempotency_key": grant["key"],
        }

    def _take_one(self):
        """Take one of the entitlement; raises where nothing usable is left. Two taps at once give one claim."""
        self.ensure_one()
        self.flush_recordset()
        day = today(self.company_id)
        taken = self.env.execute_query(
            SQL(
                """UPDATE liquor_benefit_entitlement SET claimed = claimed + 1
                    WHERE id = %s AND claimed < quantity AND valid_from <= %s AND valid_to >= %s RETURNING id""",
                self.id,
                day,
                day,
            )
        )
        self.invalidate_recordset(["claimed", "state"])
        if not taken:
            raise UserError(self.env._("This benefit has been used or has expired."))

    def _put_back(self):
        """Put one back after a claim was cancelled."""
        for entitlement in self:
            entitlement.claimed -= 1
