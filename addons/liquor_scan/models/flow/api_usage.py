from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.liquor_member.tools.forget import forget

KEPT = timedelta(days=90)


class LiquorApiUsage(models.Model):
    """Calls and events of a client per minute: counted in a transaction of its own, kept for 90 days."""

    _name = "liquor.api.usage"
    _description = "Use of the API"
    _order = "minute desc, id desc"
    _log_access = False
    _rec_name = "minute"

    client_id = fields.Many2one("liquor.api.client", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    minute = fields.Datetime(required=True, readonly=True)
    calls = fields.Integer(readonly=True)
    events = fields.Integer(readonly=True)

    _minute_unique = models.UniqueIndex("(client_id, minute)", "This minute is counted already.")

    @api.autovacuum
    def _gc_usage(self):
        """Drop counters older than 90 days."""
        return forget(self, "minute", KEPT)
