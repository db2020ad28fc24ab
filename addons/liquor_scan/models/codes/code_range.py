from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...engine.codes.ranges import Span, overlap
from .kinds import KINDS


class LiquorCodeRange(models.Model):
    """A span of bottles of a batch that was activated or voided; written once."""

    _name = "liquor.code.range"
    _description = "Code Range"
    _check_company_auto = True
    _order = "batch_id desc, first, id"
    _rec_names_search = ("batch_id.name",)

    batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one(related="batch_id.product_id")
    kind = fields.Selection(KINDS, readonly=True, help="Empty: all codes of these bottles.")
    first = fields.Integer("First Bottle", required=True, readonly=True, aggregator=None, help="Counted from 0.")
    last = fields.Integer("Last Bottle", required=True, readonly=True, aggregator=None, help="Included.")
    bottles = fields.Integer(compute="_compute_bottles", store=True)
    state = fields.Selection([("active", "Activated"), ("void", "Void")], required=True, readonly=True)
    roll = fields.Char(readonly=True, help="Label of the roll or carton the codes came on.")
    cause = fields.Selection(
        [("spoiled", "Spoiled in Printing or Bottling"), ("leaked", "Leaked"), ("other", "Other")],
        readonly=True,
        help="Why codes were voided; spoilage is compared with the over-issue of the print order.",
    )
    reason = fields.Char(readonly=True)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, ondelete="restrict")
    done_at = fields.Datetime("Done on", required=True, readonly=True)

    _bounds = models.Constraint(
        "CHECK (first >= 0 AND last >= first AND last < 1048576)", "The first bottle comes before the last one."
    )
    _batch_first_idx = models.Index("(batch_id, first)")

    @api.depends("first", "last")
    def _compute_bottles(self):
        for span in self:
            span.bottles = span.last - span.first + 1

    @api.depends("batch_id", "first", "last")
    def _compute_display_name(self):
        for span in self:
            span.display_name = f"{span.batch_id.name} {span.first + 1}-{span.last + 1}"

    @api.constrains("last", "batch_id")
    def _check_inside(self):
        for span in self:
            if span.last >= span.batch_id.bottles:
                raise ValidationError(
                    self.env._(
                        "Batch %(batch)s ends with bottle %(bottles)s.",
                        batch=span.batch_id.name,
                        bottles=span.batch_id.bottles,
                    )
                )

    def write(self, vals):
        if set(vals) - {"bottles"}:
            raise UserError(self.env._("A range stays as it was booked. Void the codes instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        raise UserError(self.env._("A range stays as it was booked. Void the codes instead."))

    @api.model
    def _spans(self, batches):
        """Return {batch id: [Span]} with one query."""
        spans = {}
        rows = self.sudo().search_fetch(
            Domain("batch_id", "in", batches.ids), ["batch_id", "state", "first", "last", "kind"]
        )
        for row in rows:
            spans.setdefault(row.batch_id.id, []).append(Span(row.state, row.first, row.last, row.kind or None))
        return spans

    @api.model
    def _book(self, batch, state, first, last, kind=None, roll=None, reason=None, cause=None):
        """Activate or void the bottles first to last of a batch.

        Takes the batch's row first, so that two people cannot book the same roll at once.

        :raises UserError: the span overlaps one that was booked before
        """
        batch.sudo().lock_for_update(allow_referencing=True)
        new = Span(state, first, last, kind or None)
        other = overlap(self._spans(batch).get(batch.id, []), new)
        if other:
            raise UserError(
                self.env._(
                    "Bottles %(first)s to %(last)s of batch %(batch)s were booked before.",
                    first=max(other.first, first) + 1,
                    last=min(other.last, last) + 1,
                    batch=batch.name,
                )
            )
        return self.sudo().create({
            "batch_id": batch.id,
            "company_id": batch.company_id.id,
            "state": state,
            "first": first,
            "last": last,
            "kind": kind,
            "roll": roll,
            "reason": reason,
            "cause": (cause or "other") if state == "void" else False,
            "done_by_id": self.env.uid,
            "done_at": fields.Datetime.now(),
        })
