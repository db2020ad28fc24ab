from odoo import models


class LiquorVarianceMatch(models.AbstractModel):
    _inherit = "liquor.variance.match"

    def _fact_models(self):
        return [*super()._fact_models(), "liquor.member.attribution"]
