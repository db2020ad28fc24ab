from uuid import uuid4

from odoo import fields, models

from ...engine.points.lots import MAX_POINTS


class LiquorPointAllocation(models.Model):
    """Which lot a spending took how many points from; negative points went back to the lot."""

    _name = "liquor.point.allocation"
    _description = "Points Allocation"
    _inherit = ["liquor.ledger.mixin"]
    _order = "id"
    _rec_name = "entry_id"

    entry_id = fields.Many2one(
        "liquor.point.entry", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    lot_id = fields.Many2one(
        "liquor.point.entry", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    points = fields.Integer(required=True, readonly=True)

    _bounds = models.Constraint(
        f"CHECK (points BETWEEN -{MAX_POINTS} AND {MAX_POINTS} AND points <> 0)", "Points are out of bounds."
    )

    def _allocate(self, allocations, ids, company_of):
        """Post the engine's allocations.

        :param dict ids: provisional number of an entry -> id of the posted one
        :param company_of: function that gives the company of an entry id
        """
        made = [(ids.get(a.entry, a.entry), ids.get(a.lot, a.lot), a.points) for a in allocations]
        return self._post([
            {
                "company_id": company_of(entry),
                "entry_id": entry,
                "lot_id": lot,
                "points": points,
                "idempotency_key": f"allocation/{uuid4().hex}",
            }
            for entry, lot, points in made
        ])
