from uuid import uuid4

from odoo import fields, models


class LiquorMemberLevelLog(models.Model):
    """Every change of level with its window and evidence total: the level of any past day can be told (M10)."""

    _name = "liquor.member.level.log"
    _description = "Level Change"
    _rec_name = "member_id"
    _inherit = ["liquor.ledger.mixin"]

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(
        [("upgrade", "Upgrade"), ("downgrade", "Downgrade"), ("manual", "Set by hand")], required=True, readonly=True
    )
    old_level_id = fields.Many2one(
        "liquor.member.level", "From", readonly=True, ondelete="restrict", check_company=True
    )
    new_level_id = fields.Many2one("liquor.member.level", "To", readonly=True, ondelete="restrict", check_company=True)
    value = fields.Float("Reached", readonly=True, digits=(16, 2))
    window_start = fields.Date(readonly=True)
    window_end = fields.Date(readonly=True)

    _value_bounds = models.Constraint("CHECK (value BETWEEN -1e12 AND 1e12)", "The value is out of bounds.")

    def _post_changes(self, program, decisions, days):
        """Log the engine's decisions of one club."""
        return self._post([self._prepare_log_values(program, decision, days) for decision in decisions])

    def _prepare_log_values(self, program, decision, days):
        return {
            "company_id": program.company_id.id,
            "program_id": program.id,
            "member_id": decision.member,
            "kind": decision.kind,
            "old_level_id": decision.old,
            "new_level_id": decision.new,
            "value": float(decision.value),
            "window_start": days[0],
            "window_end": days[1],
            "rule_version": f"{program.dimension}/{program.level_period}",
            "idempotency_key": f"level/{uuid4()}",
        }

    def _after_change(self):
        """Hand out what a higher level brings: the difference only, once per member and benefit."""
        benefits = self.env["liquor.benefit"].sudo()
        ups = self.filtered(lambda log: log.kind == "upgrade")
        if ups:
            benefits._grant_for_levels(ups.member_id)
