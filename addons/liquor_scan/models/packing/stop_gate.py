from odoo import api, models
from odoo.tools import SQL


class LiquorStopGate(models.Model):
    _inherit = "liquor.stop.gate"

    @api.model
    def _stops(self):
        self.env["liquor.packing.check"].flush_model(["state", "company_id"])
        stopped = SQL(
            "EXISTS (SELECT FROM liquor_packing_check c WHERE c.company_id = g.company_id AND c.state = 'stopped')"
        )
        return {**super()._stops(), "roll": stopped}
