from odoo import api, models


class LiquorKeyRotation(models.AbstractModel):
    _inherit = "liquor.key.rotation"

    @api.model
    def _get_columns(self):
        """Payee accounts, names and ID numbers are sealed too."""
        return [
            *super()._get_columns(),
            ("liquor.payee", "account_secret", "account_secret"),
            ("liquor.prize.identity", "secret", "secret"),
        ]
