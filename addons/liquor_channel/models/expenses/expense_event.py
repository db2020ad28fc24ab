from odoo import fields, models
from odoo.exceptions import UserError


class LiquorExpense(models.Model):
    """Events of a club: its rule about new guests decides whether they get money (channel.md C70)."""

    _inherit = "liquor.expense"

    program_id = fields.Many2one(
        "liquor.member.program",
        "Club",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="An event for this club: its guests and new members are counted.",
    )
    has_guests = fields.Boolean(related="kind_id.has_guests")

    _guest_bounds = models.Constraint(
        """CHECK (COALESCE(guests, 0) BETWEEN 0 AND 100000
            AND COALESCE(new_guests, 0) BETWEEN 0 AND COALESCE(guests, 0))""",
        "No more guests can be new than came.",
    )

    def _check_event_not_paused(self):
        """Ask the club before event money is promised."""
        result = super()._check_event_not_paused()
        if self.has_guests and self.program_id:
            reason = self.env["liquor.event.result"].sudo()._why_paused(self.program_id)
            if reason:
                raise UserError(reason)
        return result

    def _claim(self, asked, user):
        """Refuse a claim of an event that does not say who came."""
        if self.has_guests and self.program_id and not self.guests:
            raise UserError(self.env._("Say how many guests came and how many of them joined the club."))
        return super()._claim(asked, user)

    def _record_guests(self):
        """Tell the club what the event brought, once."""
        result = super()._record_guests()
        if self.has_guests and self.program_id and self.guests:
            self.env["liquor.event.result"].sudo()._record(
                self.program_id, self.title, self.date_end, self.guests, self.new_guests, f"expense/{self.id}"
            )
        return result
