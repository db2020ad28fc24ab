from odoo import api, models


class LiquorKeyRotation(models.AbstractModel):
    _inherit = "liquor.key.rotation"

    @api.model
    def _get_columns(self):
        return [*super()._get_columns(), ("liquor.epcis.capture", "document_secret", "document_secret")]
