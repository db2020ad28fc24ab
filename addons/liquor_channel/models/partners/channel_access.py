import json

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.own_transaction import own_transaction

KEPT_IDS = 200


class LiquorChannelAccess(models.Model):
    """Who looked at sensitive channel data (payee accounts, grades) and who changed them, for good (C73).

    A look is written before the answer leaves, in a transaction of its own: no error and no context of a client makes
    it undone. A change is written in the transaction that changes. Rows are sealed every minute as all proof is.
    """

    _name = "liquor.channel.access"
    _description = "Access to Sensitive Data"
    _inherit = ("liquor.labelled.mixin", "liquor.append.mixin")
    _order = "id desc"
    _rec_name = "action"

    # no relation: the row is written beside the caller's transaction, and outlives the account
    user_number = fields.Integer(required=True, readonly=True, index=True)
    login = fields.Char(string="User", required=True, readonly=True)
    event_time = fields.Datetime(string="At", required=True, readonly=True, index=True)
    action = fields.Selection(
        [("view", "Viewed"), ("export", "Exported"), ("change", "Changed")], required=True, readonly=True
    )
    model = fields.Char(required=True, readonly=True)
    subject = fields.Char(readonly=True, help="Which fields.")
    record_ids = fields.Text(string="Records", readonly=True, help="Ids, at most 200 of them.")
    record_count = fields.Integer(readonly=True)
    detail = fields.Text(readonly=True, help="What was grouped or searched, or old and new values.")

    @api.model
    def _note(self, action, model, subject, ids, detail=""):
        """Write a look in a transaction of its own, once per request."""
        values = self._prepare(action, model, subject, ids, detail)
        columns = SQL(", ").join(SQL.identifier(name) for name in values)
        statement = SQL("INSERT INTO liquor_channel_access (%s) VALUES %s", columns, tuple(values.values()))
        key = f"access/{self.env.uid}/{action}/{model}/{subject}/{values['record_ids']}/{detail}"
        own_transaction(self.env, key, lambda cr: cr.execute(statement))

    @api.model
    def _note_change(self, model, subject, ids, detail):
        """Write a change in the transaction that changes."""
        self.sudo().create(self._prepare("change", model, subject, ids, detail))

    def _prepare(self, action, model, subject, ids, detail):
        return {
            "user_number": self.env.uid,
            "login": self.env.user.login,
            "event_time": fields.Datetime.now(),
            "action": action,
            "model": model,
            "subject": subject,
            "record_ids": json.dumps(list(ids)[:KEPT_IDS]),
            "record_count": len(ids),
            "detail": detail,
        }
