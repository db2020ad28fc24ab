from odoo import fields, models
from odoo.tools import SQL


class LiquorSpend(models.Model):
    """How much is spent by rules that are the same for everybody, and how much by others (C18)."""

    _inherit = "liquor.spend"
    _depends = {
        "liquor.earning": ["trace", "policy_version_id"],
        "liquor.policy.version": ["territory_ids", "terminal_kind_ids", "partner_ids"],
    }

    scope = fields.Selection(
        [
            ("one_shop", "One Shop's Own Value"),
            ("uplift", "With an Uplift"),
            ("chosen", "Chosen Regions, Kinds or Partners"),
            ("uniform", "The Same for Everybody"),
            ("none", "No Policy"),
        ],
        readonly=True,
        help="What made the rule different for this party, the most particular first.",
    )

    @property
    def _table_query(self):
        """The trace of an earning says what was special in it; its terms say for whom they are."""
        return SQL(
            """SELECT s.*, CASE WHEN e.policy_version_id IS NULL THEN 'none'
                                WHEN e.trace LIKE '%%"overlays": [[%%' THEN 'one_shop'
                                WHEN e.trace LIKE '%%"uplifts": [[%%' THEN 'uplift'
                                WHEN %s THEN 'chosen' ELSE 'uniform' END AS scope
                 FROM (%s) s LEFT JOIN liquor_earning e ON e.id = s.earning_id""",
            SQL(" OR ").join(self._chosen_by(name) for name in ("territory_ids", "terminal_kind_ids", "partner_ids")),
            super()._table_query,
        )

    def _chosen_by(self, name):
        field = self.env["liquor.policy.version"]._fields[name]
        return SQL(
            "e.policy_version_id IN (SELECT %s FROM %s)", SQL.identifier(field.column1), SQL.identifier(field.relation)
        )
