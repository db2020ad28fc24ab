from odoo import api, models
from odoo.fields import Domain

from ...engine.bulk.cells import CHOICE, DAY, RELATION, TEXT, Column


class LiquorTerminalTransfer(models.Model):
    """Transfers of shops in Excel: drafts; asking the giver and deciding stay acts of people."""

    _name = "liquor.terminal.transfer"
    _inherit = ["liquor.terminal.transfer", "liquor.bulk.editable"]

    _bulk_natural = ("terminal_id", "category_id")

    @api.model
    def _bulk_columns(self):
        return [
            Column("terminal_id", RELATION, on_change=False, required=True),
            Column("from_id", RELATION, required=True),
            Column("to_id", RELATION, required=True),
            Column("category_id", RELATION),
            Column("day", DAY, required=True),
            Column("reason", TEXT, required=True),
            Column("state", CHOICE, on_new=False, on_change=False),
        ]

    def _bulk_open(self):
        names = {"from_id", "to_id", "category_id", "day", "reason"}
        return frozenset(names if self.state == "draft" else ())

    @api.model
    def _bulk_rivals(self):
        return Domain("state", "in", ("draft", "asked"))
