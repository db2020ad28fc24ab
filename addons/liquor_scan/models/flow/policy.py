from odoo import models


class LiquorPolicy(models.Model):
    _inherit = "liquor.policy"

    def _after_rise(self, fact_keys):
        """Take back what went back of receipts that counted nothing at that time."""
        result = super()._after_rise(fact_keys)
        self.env["liquor.scan.payer"]._take_back_late(fact_keys)
        return result
