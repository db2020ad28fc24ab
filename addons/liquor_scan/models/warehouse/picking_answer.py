from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ..flow.reasons import REASONS, reason_text

KEPT = timedelta(days=400)
"""Thirteen months: as long as a device may repeat itself, and as the close list of a transfer is asked for."""
COLUMNS = [
    "picking_id", "company_id", "user_id", "client_id", "body_hash", "kind", "code", "reason", "product_id", "bottles",
    "received_time",
]  # fmt: skip


class LiquorPickingAnswer(models.Model):
    """What every scan on a transfer was answered, the wrong ones too: said once, answered once.

    A handheld repeats what it got no answer for, under the same number.
    """

    _name = "liquor.picking.answer"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Answer to a Scan on a Transfer"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "code"

    picking_id = fields.Many2one(
        "stock.picking", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    client_id = fields.Char("Sender's Number", required=True, readonly=True)
    body_hash = fields.Char(required=True, readonly=True)
    kind = fields.Selection([("scan", "Scan"), ("undo", "Taken Back")], required=True, readonly=True)
    code = fields.Char(readonly=True)
    reason = fields.Selection("_reason_selection", readonly=True, help="Why it was refused; empty where it was right.")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    bottles = fields.Integer(readonly=True)
    received_time = fields.Datetime(required=True, readonly=True)
    undone = fields.Boolean("Taken Back Later", readonly=True)

    _once = models.UniqueIndex("(user_id, client_id)", "This number was sent before.")
    _received_idx = models.Index("USING brin (received_time)")

    @api.model
    def _reason_selection(self):
        return [(reason, reason_text(self.env, reason)) for reason in REASONS]

    @api.model
    def _of_user(self, user, client_ids):
        """Stored answers of a user: {client id: answer}; one query."""
        found = self.search([("user_id", "=", user.id), ("client_id", "in", list(client_ids))])
        return {answer.client_id: answer for answer in found}

    @api.model
    def _keep(self, rows):
        """Store answers, each a dict of ``COLUMNS``.

        :raises ConcurrencyError: a parallel call sent one of the numbers; Odoo runs this one again, which repeats
        """
        if rows:
            with loser_retries(self.env, self._once.full_name(self)):
                self._bulk_insert(COLUMNS, [[row.get(name) for name in COLUMNS] for row in rows])

    def _show(self, repeated=False):
        """The answers as the dialog reads them, in the order of the records."""
        return [
            {
                "id": answer.client_id,
                "kind": answer.kind,
                "code": answer.code or "",
                "ok": not answer.reason,
                "reason": answer.reason or "",
                "message": reason_text(self.env, answer.reason or ""),
                "product": answer.product_id.display_name or "",
                "bottles": answer.bottles,
                "repeated": repeated,
            }
            for answer in self
        ]

    @api.autovacuum
    def _gc_answers(self):
        """Forget what nobody asks for any more."""
        limit = 10000
        self.env.cr.execute(
            SQL(
                "DELETE FROM liquor_picking_answer WHERE id IN (SELECT id FROM liquor_picking_answer"
                " WHERE received_time < %s ORDER BY id LIMIT %s)",
                fields.Datetime.now() - KEPT,
                limit,
            )
        )
        return self.env.cr.rowcount, self.env.cr.rowcount == limit
