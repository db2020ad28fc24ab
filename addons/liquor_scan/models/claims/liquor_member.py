from odoo import api, models


class LiquorMember(models.Model):
    _inherit = "liquor.member"

    @api.model
    def _post_attribution(self, events):
        """Credit shop, guide and distributor with openings that a claim proves, and with the joining behind them."""
        result = super()._post_attribution(events)
        claimed = events.sudo().filtered(
            lambda event: event.credit == "opening" and event.origin_model == "liquor.code.claim"
        )
        if claimed:
            claims = self.env["liquor.code.claim"].sudo()
            claims_of = {event: claims.browse(event.origin_id) for event in claimed}
            self.env["liquor.member.attribution"].sudo()._attribute(claims_of)
        return result
