from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.forget import forget

from ...engine.flow.units import Turn, Unit, turns

KEPT = timedelta(days=2)
"""Longer than any transaction that could still need the row to fail."""


class LiquorCustodyTurn(models.Model):
    """Who moves a package takes all turns at it; who moves something in it takes one of them.

    A pallet and a case in it are two rows of custody, so two shops could each read "free" and both be accepted.
    At REPEATABLE READ the second to raise the same row fails, runs again and sees what the first one did. Goods
    side by side in a package hold different slots and never meet: a lorry of cases of one pallet and the guests
    at one table pass without waiting. Technical and without company: a code batch has one.
    """

    _name = "liquor.custody.turn"
    _description = "Turn at a Package"
    _log_access = False
    _rec_name = "unit_index"

    batch_id = fields.Many2one("liquor.code.batch", required=True, readonly=True, ondelete="restrict")
    level = fields.Integer(required=True, readonly=True)
    unit_index = fields.Integer(required=True, readonly=True)
    slot = fields.Integer(required=True, readonly=True, default=0)
    turns = fields.Integer(required=True, readonly=True)
    taken_at = fields.Datetime(required=True, readonly=True)

    _unit_unique = models.UniqueIndex("(batch_id, level, unit_index, slot)", "This package has its row already.")
    _bounds = models.Constraint("CHECK (turns > 0 AND slot >= 0)", "A turn is counted from one.")

    @api.model
    def _take(self, units):
        """Take the turns at the units and at the packages that they lie in now.

        :param units: engine ``Unit``s that are about to move
        :raises psycopg2.errors.SerializationFailure: a parallel transaction moved one of the units, something in
            one of them or a package around; Odoo runs the call again
        """
        if not units:
            return
        columns = [
            list(column) for column in zip(*((*turn.unit, turn.slot) for turn in self._turns(units)), strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO liquor_custody_turn AS t (batch_id, level, unit_index, slot, turns, taken_at)
                SELECT u.batch, u.level, u.idx, u.slot, 1, %s
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[]) AS u(batch, level, idx, slot)
                 ORDER BY u.batch, u.level, u.idx, u.slot
                ON CONFLICT (batch_id, level, unit_index, slot)
                DO UPDATE SET turns = t.turns + 1, taken_at = EXCLUDED.taken_at
                """,
                self.env.cr.now(),
                *columns,
            )
        )
        self.invalidate_model(flush=False)

    def _turns(self, units) -> set[Turn]:
        """What the units need, by where they lie now; two queries."""
        units = set(units)
        batches = self.env["liquor.code.batch"].sudo().browse({unit.batch for unit in units})
        collect = self.env["liquor.scan.collect"]
        levels_of = collect._levels_of(batches)
        packed = self.env["liquor.code.link"].sudo()._packed(units, levels_of)
        around = collect._parents_now(units, packed, levels_of)
        return set().union(*(turns(unit, around[unit]) for unit in units))

    @api.model
    def _take_of_events(self, values_list):
        """Take the turns of accepted events that move their unit or undo what moved it."""
        self._take([
            Unit(values["batch_id"], values["level"], values["unit_index"])
            for values in values_list
            if values["status"] == "accepted" and (values.get("custody_state") or values.get("undo_of_id"))
        ])

    @api.autovacuum
    def _gc_turns(self):
        """Forget packages that nobody moves any more."""
        return forget(self, "taken_at", KEPT)
