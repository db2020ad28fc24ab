from odoo import api, models


class LiquorEarningState(models.Model):
    _inherit = "liquor.earning.state"

    @api.model
    def _set(self, earnings, state, reason):
        """Points are handed out when their reward can be had."""
        words = super()._set(earnings, state, reason)
        fresh = words.filtered(lambda word: word.result == "available").earning_id
        fresh.filtered(lambda earning: earning.form == "points")._hand_out_points()
        return words
