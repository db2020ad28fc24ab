from odoo import api, models
from odoo.fields import Domain

from ...engine.bulk.cells import CHOICE, DAY, NUMBER, RELATION, RELATIONS, TEXT, Column


class LiquorPolicyOverlay(models.Model):
    """Values of single shops in Excel: drafts as a whole, of what was approved the last day only."""

    _name = "liquor.policy.overlay"
    _inherit = ["liquor.policy.overlay", "liquor.bulk.editable"]

    _bulk_natural = ("policy_id", "partner_id", "kind", "date_start")
    _bulk_money = "cap"

    @api.model
    def _bulk_columns(self):
        return [
            Column("policy_id", RELATION, required=True),
            Column("partner_id", RELATION, required=True),
            Column("kind", CHOICE, required=True),
            Column("value", NUMBER, digits=6),
            Column("product_ids", RELATIONS),
            Column("date_start", DAY, required=True),
            Column("date_end", DAY),
            Column("reason", TEXT, required=True),
            Column("state", CHOICE, on_new=False, on_change=False),
        ]

    def _bulk_open(self):
        if self.state == "draft":
            return frozenset(column.name for column in self._bulk_columns() if column.on_change)
        return frozenset({"date_end"} if self.state == "active" else ())

    @api.model
    def _bulk_amounts(self, values):
        return {"cap": values["value"]} if values.get("kind") == "cap" and values.get("value") else {}

    @api.model
    def _bulk_group_label(self, _group):
        return dict(self._fields["kind"]._description_selection(self.env))["cap"]

    @api.model
    def _bulk_rivals(self):
        return Domain("state", "!=", "refused")
