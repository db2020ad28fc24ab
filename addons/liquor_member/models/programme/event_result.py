from decimal import Decimal

from odoo import api, fields, models

from ...engine.programme.new_guests import Event, misses_in_a_row
from ...tools.unique_loser import loser_retries


class LiquorEventResult(models.Model):
    """What an event of a club brought: guests and how many of them joined (带新率, C70).

    Events in a row below the club's rate stop the money of the next one, until somebody says what changes.
    """

    _name = "liquor.event.result"
    _description = "Result of an Event"
    _inherit = ["liquor.guarded.mixin"]
    _check_company_auto = True
    _order = "day desc, id desc"

    name = fields.Char("Event", required=True, readonly=True)
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    day = fields.Date(required=True, readonly=True)
    guests = fields.Integer(required=True, readonly=True, aggregator="sum")
    new_guests = fields.Integer(required=True, readonly=True, aggregator="sum")
    rate = fields.Float("New (%)", compute="_compute_rate")
    review_id = fields.Many2one("liquor.event.review", readonly=True, index="btree_not_null", ondelete="restrict")
    key = fields.Char(required=True, readonly=True, copy=False)

    _key_unique = models.UniqueIndex("(key)", "The result of this event is known.")
    _bounds = models.Constraint(
        "CHECK (guests BETWEEN 1 AND 100000 AND new_guests BETWEEN 0 AND guests)",
        "No more guests can be new than came.",
    )
    _program_idx = models.Index("(program_id, day, id)")

    @api.depends("guests", "new_guests")
    def _compute_rate(self):
        for result in self:
            result.rate = 100 * result.new_guests / result.guests if result.guests else 0.0

    @api.model
    def _record(self, program, name, day, guests, new_guests, key):
        """Note what an event brought, once per key; called by who pays for events.

        :return: the result, the stored one for a known key
        :raises ConcurrencyError: a parallel transaction noted it
        """
        known = self.sudo().search([("key", "=", key)], limit=1)
        if known:
            return known
        with loser_retries(self.env, self._key_unique.full_name(self)):
            return self.sudo().create({
                "name": name,
                "program_id": program.id,
                "company_id": program.company_id.id,
                "day": day,
                "guests": guests,
                "new_guests": new_guests,
                "key": key,
            })

    @api.model
    def _misses(self, program):
        """How many of the club's latest events in a row stayed below its rate, since the last review."""
        results = self.sudo().search(
            [("program_id", "=", program.id), ("review_id", "=", False)], limit=program.event_misses
        )
        events = [Event(result.guests, result.new_guests) for result in results]
        return misses_in_a_row(events, Decimal(repr(program.event_new_rate)))

    @api.model
    def _why_paused(self, program):
        """Return why the club's next event gets no money, or nothing."""
        misses = self._misses(program)
        if misses < program.event_misses:
            return ""
        return self.env._(
            "The last %(count)s events of %(club)s brought less than %(rate)s %% new guests. "
            "A member manager says first what changes.",
            count=misses,
            club=program.name,
            rate=f"{program.event_new_rate:g}",
        )
