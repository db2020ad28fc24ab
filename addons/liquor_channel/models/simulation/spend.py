from odoo import fields, models
from odoo.tools import SQL


class LiquorSpend(models.Model):
    """Which spend went to a pilot and which to its control group, so that a return can be read by group (C22)."""

    _inherit = "liquor.spend"
    _depends = {
        "liquor.policy.pilot": ["policy_id", "company_id", "date_start", "date_end", "state"],
        "liquor.policy.pilot.shop": ["pilot_id", "partner_id", "is_control"],
    }

    pilot_id = fields.Many2one(
        "liquor.policy.pilot",
        readonly=True,
        help="The pilot that the shop took part in on that day; of several the one that tries this policy, else the "
        "last one drawn.",
    )
    pilot_group = fields.Selection(
        [("pilot", "Pilot"), ("control", "Control Group")],
        readonly=True,
        help="What a shop of a pilot got on its days, by whatever programme.",
    )

    @property
    def _table_query(self):
        """Scalar look-ups, which PostgreSQL leaves out where nobody reads them."""
        return SQL(
            "SELECT g.*, %s AS pilot_id, %s AS pilot_group FROM (%s) g",
            self._of_pilot(SQL("pilot.id")),
            self._of_pilot(SQL("CASE WHEN shop.is_control THEN 'control' ELSE 'pilot' END")),
            super()._table_query,
        )

    def _of_pilot(self, column):
        return SQL(
            """(SELECT %s FROM liquor_policy_pilot_shop shop
                  JOIN liquor_policy_pilot pilot ON pilot.id = shop.pilot_id AND pilot.state <> 'draft'
                 WHERE shop.partner_id = g.partner_id AND g.beneficiary_kind = 'terminal'
                   AND pilot.company_id = g.company_id AND g.day BETWEEN pilot.date_start AND pilot.date_end
              ORDER BY pilot.policy_id IS NOT DISTINCT FROM g.policy_id DESC, pilot.id DESC LIMIT 1)""",
            column,
        )
