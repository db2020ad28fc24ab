from odoo import models
from odoo.tools import SQL


class LiquorVarianceMatch(models.AbstractModel):
    _inherit = "liquor.variance.match"

    def _was_rerated(self):
        """What was paid in days that a re-rating took is in order: its difference is booked."""
        return SQL(
            """EXISTS (SELECT FROM liquor_policy_version_rerated_rel r
                         JOIN liquor_policy_version n ON n.id = r.version_id
                        WHERE r.rerated_id = v.id AND n.date_start <= e.business_day)"""
        )
