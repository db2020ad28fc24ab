from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.flow.windows import Window, merge

KINDS = [
    ("batch", "Code Batch"),
    ("window", "Bottles by Number"),
    ("lot", "Lot"),
    ("line", "Line and Time"),
]


class LiquorRecallSelection(models.Model):
    """What a recall is about, as people say it; the ranges follow from it."""

    _name = "liquor.recall.selection"
    _description = "Selection of a Recall"
    _inherit = ("liquor.labelled.mixin",)
    _check_company_auto = True
    _order = "recall_id, id"
    _rec_name = "kind"

    recall_id = fields.Many2one("liquor.recall", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, default="batch")
    batch_id = fields.Many2one("liquor.code.batch", ondelete="restrict", check_company=True)
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", check_company=True)
    first_code = fields.Char(store=False, help="Scan any code of the first unit.")
    last_code = fields.Char(store=False, help="Scan any code of the last unit.")
    first = fields.Integer("From Bottle", aggregator=None, help="Counted from 1.")
    last = fields.Integer("To Bottle", aggregator=None, help="Included.")
    line = fields.Char("Production Line", help="As the line names itself in its uploads.")
    time_from = fields.Datetime("Packed From")
    time_to = fields.Datetime("Packed Until")

    _bounds = models.Constraint(
        "CHECK (kind <> 'window' OR (first >= 1 AND last >= first AND last <= 1048576))",
        "The first bottle comes before the last one.",
    )
    _complete = models.Constraint(
        "CHECK ((kind NOT IN ('batch', 'window') OR batch_id IS NOT NULL) AND (kind <> 'lot' OR lot_id IS NOT NULL)"
        " AND (kind <> 'line' OR (line IS NOT NULL AND time_from IS NOT NULL AND time_to > time_from)))",
        "Name the batch, the lot, or the line with both times.",
    )

    @api.onchange("first_code")
    def _onchange_first_code(self):
        unit = self._unit(self.first_code)
        if unit:
            self.batch_id, self.first = unit.batch.id, unit.first + 1

    @api.onchange("last_code")
    def _onchange_last_code(self):
        unit = self._unit(self.last_code)
        if unit:
            self.batch_id, self.last = unit.batch.id, unit.last + 1

    def _unit(self, text):
        """The unit of a scanned code, of the user's companies only."""
        text = (text or "").strip()
        if not text:
            return None
        unit = self.env["liquor.code.batch"]._locate([text]).get(text)
        if not unit or unit.batch.company_id not in self.env.companies:
            raise UserError(self.env._("This is none of our codes. Scan again or type it in."))
        return unit

    @api.constrains("kind", "batch_id", "last")
    def _check_inside(self):
        for row in self.filtered(lambda row: row.kind == "window"):
            if row.last > row.batch_id.bottles:
                raise ValidationError(
                    self.env._(
                        "Batch %(batch)s ends with bottle %(bottles)s.",
                        batch=row.batch_id.name,
                        bottles=row.batch_id.bottles,
                    )
                )

    # --- a change of what is recalled takes its ranges away ---------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._reset()
        return rows

    def write(self, vals):
        self._reset()
        result = super().write(vals)
        self._reset()
        return result

    def unlink(self):
        self._reset()
        return super().unlink()

    def _reset(self):
        """Only a draft changes; whoever is to begin it sees ranges that were worked out anew."""
        recalls = self.recall_id.sudo()
        if recalls.filtered(lambda recall: recall.state != "draft"):
            raise UserError(self.env._("A recall that began stays as it is. Start another one."))
        recalls._forget_ranges()

    # --- windows ----------------------------------------------------------------------------------------------

    def _windows(self):
        """The bottles that these rows mean, merged; a constant number of queries.

        :return: list of engine ``Window``
        """
        rows = self.sudo()
        found = [Window(row.batch_id.id, row.first - 1, row.last - 1) for row in rows if row.kind == "window"]
        whole = rows.filtered(lambda row: row.kind == "batch").batch_id
        lots = rows.filtered(lambda row: row.kind == "lot").lot_id
        if lots:
            whole |= rows.env["liquor.code.batch"].search([
                ("lot_id", "in", lots.ids),
                ("company_id", "in", rows.company_id.ids),
            ])
        found += [Window(batch.id, 0, batch.bottles - 1) for batch in whole]
        lines = rows.filtered(lambda row: row.kind == "line")
        found += rows.env["liquor.recall.reader"]._packed_on([
            (row.company_id.id, row.line.strip(), row.time_from, row.time_to) for row in lines
        ])
        return merge(found)
