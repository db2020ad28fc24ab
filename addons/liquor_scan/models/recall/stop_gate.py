from odoo import api, models
from odoo.tools import SQL


class LiquorStopGate(models.Model):
    _inherit = "liquor.stop.gate"

    @api.model
    def _stops(self):
        self.env["liquor.recall"].flush_model(["stops", "company_id"])
        recalled = SQL("EXISTS (SELECT FROM liquor_recall r WHERE r.company_id = g.company_id AND r.stops)")
        return {**super()._stops(), "recall": recalled}
