from odoo import models


class LiquorPayoutBatch(models.Model):
    """The funds follow: settled when a batch is approved, paid when the money leaves, back when it did not arrive."""

    _inherit = "liquor.payout.batch"

    def _post_approval(self):
        result = super()._post_approval()
        self.payout_ids._steer_funds("settled")
        return result

    def _post_payment(self):
        result = super()._post_payment()
        self.payout_ids._steer_funds("paid")
        return result

    def _post_return(self, payouts):
        result = super()._post_return(payouts)
        payouts._steer_funds("paid", -1)
        return result
