from odoo import api, fields, models
from odoo.exceptions import UserError

from .points_cause import LEDGER, cause_of, refuse

BOUND = {"program_id", "partner_id", "liquor_member_id", "active", "expiration_date", "code"}


class LoyaltyCard(models.Model):
    """The card of a member shows what the points ledger says; nobody writes it but the ledger, or a sales order
    through our overrides, which name the cause (design 5; X1, X2, X8)."""

    _inherit = "loyalty.card"

    liquor_member_id = fields.Many2one(
        "liquor.member", "Member", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    _liquor_member_unique = models.UniqueIndex(
        "(liquor_member_id) WHERE liquor_member_id IS NOT NULL", "A member has one card."
    )
    _liquor_points_bounds = models.Constraint(
        "CHECK (liquor_member_id IS NULL OR points BETWEEN 0 AND 1e9)", "Points of a member are never below 0."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Cards of a club come from joining it."""
        if cause_of(self.env) != LEDGER:
            programs = {vals.get("program_id") or self.env.context.get("active_id") for vals in vals_list} - {
                None,
                False,
            }
            clubs = (
                self
                .env["liquor.member.program"]
                .sudo()
                .search_count(
                    [("loyalty_program_id", "in", [number for number in programs if isinstance(number, int)])], limit=1
                )
            )
            if clubs or any("liquor_member_id" in vals for vals in vals_list):
                refuse(self.env)
        return super().create(vals_list)

    def write(self, vals):
        """Route points of members' cards to the ledger; refuse everybody else."""
        members = self.sudo().filtered("liquor_member_id") if vals.keys() & (BOUND | {"points"}) else self.browse()
        if not members:
            if "liquor_member_id" in vals and cause_of(self.env) != LEDGER:
                refuse(self.env)
            return super().write(vals)
        cause = cause_of(self.env)
        if cause is None or (vals.keys() & BOUND and cause != LEDGER):
            refuse(self.env)
        if "points" not in vals or cause == LEDGER:
            return super().write(vals)
        members._liquor_move_to(vals["points"], cause)
        rest = {name: value for name, value in vals.items() if name != "points"}
        others = self.browse(set(self.ids) - set(members.ids))
        return (super(LoyaltyCard, others).write(vals) if others else True) and (not rest or super().write(rest))

    def _liquor_move_to(self, points, cause):
        """Post what makes the cards show ``points``: a spending, or giving back what the same cause had spent."""
        entries = self.env["liquor.point.entry"].sudo()
        origin = self.env[cause.model].sudo().browse(cause.record_id)
        moves = []
        for card in self:
            delta = points - card.points
            if delta != int(delta):
                raise UserError(self.env._("Points of a member are whole numbers."))
            if delta:
                card._liquor_check_owner(origin)
                moves.append(card._liquor_prepare_move(int(delta), cause, origin))
        if moves:
            entries._move(moves)

    def _liquor_check_owner(self, origin):
        if "partner_id" in origin._fields and origin.partner_id != self.partner_id:
            raise UserError(
                self.env._("%(card)s belongs to another customer.", card=self.liquor_member_id.display_name)
            )

    def _liquor_prepare_move(self, delta, cause, origin):
        earlier = (
            self
            .env["liquor.point.entry"]
            .sudo()
            .search_count([("member_id", "=", self.liquor_member_id.id), ("cause", "=", cause.key)])
        )
        return {
            "member": self.liquor_member_id,
            "kind": "spend" if delta < 0 else "give_back",
            "points": abs(delta),
            "cause": cause.key,
            "key": f"{cause.key}/{self.id}/{earlier + 1}",
            "origin": origin,
            "reason": origin.display_name,
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_member_card(self):
        if self.sudo().filtered("liquor_member_id"):
            refuse(self.env)

    def action_loyalty_update_balance(self):
        """The native wizard types a balance: refuse before it opens."""
        if self.liquor_member_id:
            refuse(self.env)
        return super().action_loyalty_update_balance()
