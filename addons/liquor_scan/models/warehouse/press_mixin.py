from odoo import api, fields, models

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.warehouse.loading import shown
from ..flow.reasons import REASONS, reason_text

COLUMNS = [
    "company_id", "user_id", "client_id", "body_hash", "kind", "code", "reason", "product_id", "bottles",
    "received_time",
]  # fmt: skip


class LiquorPressMixin(models.AbstractModel):
    """What the scanning dialog sent and what it was answered, the wrong ones too: said once, answered once.

    A handheld repeats what it got no answer for, under the same number. The model names in ``_pressed_on`` the
    record that the dialog was open for and in ``_kept_columns`` what it keeps besides.
    """

    _name = "liquor.press.mixin"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Answered Scan of a Handheld"
    _order = "id desc"
    _rec_name = "code"

    _pressed_on = ""
    _kept_columns = ()

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

    @api.model
    def _reason_selection(self):
        return [(reason, reason_text(self.env, reason)) for reason in REASONS]

    @api.model
    def _of_user(self, user, client_ids):
        """Stored answers of a user: {client id: answer}; one query."""
        found = self.search([("user_id", "=", user.id), ("client_id", "in", list(client_ids))])
        return {answer.client_id: answer for answer in found}

    @api.model
    def _answer_once(self, record, user, presses, work):
        """Do what was not done before and answer everything, in the order of ``presses``.

        :param record: what the dialog is open for
        :param work: called with the presses that nobody sent before, keeps their rows
        """
        stored = self._of_user(user, {press.client_id for press in presses})
        fresh = {}
        for press in presses:
            if press.client_id not in stored:
                fresh.setdefault(press.client_id, press)
        if fresh:
            work(list(fresh.values()))
        kept = {**stored, **(self._of_user(user, fresh) if fresh else {})}
        given, result = set(stored), []
        for press in presses:
            answer = kept[press.client_id]
            same = answer.body_hash == press.body_hash and answer[self._pressed_on] == record
            result += answer._show(press.client_id in given) if same else self._reused(press)._show()
            given.add(press.client_id)
        return result

    def _reused(self, press):
        return self.new({
            "client_id": press.client_id,
            "kind": "undo" if press.undo_of else "scan",
            "code": shown(press.code, ""),
            "reason": "id_reused",
        })

    @api.model
    def _keep(self, rows):
        """Store answers, each a dict of columns.

        :raises ConcurrencyError: a parallel call sent one of the numbers, or did what only one can do; Odoo runs
            this one again, which repeats
        """
        columns = [*COLUMNS, self._pressed_on, *self._kept_columns]
        if rows:
            with loser_retries(self.env, *self._lost_names()):
                self._bulk_insert(columns, [[row.get(name) for name in columns] for row in rows])

    def _lost_names(self):
        """Return the names of the unique indexes that a parallel call may win."""
        return [self._once.full_name(self)]

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
