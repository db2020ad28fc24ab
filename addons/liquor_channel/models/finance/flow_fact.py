from odoo import fields, models
from odoo.tools import SQL

from .spend import REGION


class LiquorFlowFact(models.Model):
    """The city of a movement, by the rule of spend: what was invoiced in its counties stands in its row."""

    _inherit = "liquor.flow.fact"
    _depends = {"liquor.territory": ["parent_path"]}

    region_id = fields.Many2one("liquor.territory", string="City", readonly=True)

    @property
    def _table_query(self):
        """A scalar look-up, which PostgreSQL leaves out where nobody reads the city."""
        return SQL(
            "SELECT f.*, (SELECT %s FROM liquor_territory t WHERE t.id = f.territory_id) AS region_id FROM (%s) f",
            REGION,
            super()._table_query,
        )
