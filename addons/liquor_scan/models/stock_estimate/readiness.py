from decimal import Decimal

from odoo import api, models

from ...engine.stock_estimate.rate import of_region


class LiquorReadiness(models.Model):
    """Whether a region's openings are scanned is told by ρ of its counties (trade.md R10, channel.md C23)."""

    _inherit = "liquor.readiness"

    @api.model
    def _opening_rate(self, company, territory):
        counties = set(self.env["liquor.territory"].sudo().search([("id", "child_of", territory.id)]).ids)
        rates = self.env["liquor.opening.rate"]._known(company)
        share = of_region([rate for (_product, county), rate in rates.items() if county in counties])
        return None if share is None else Decimal(str(share * 100)).quantize(Decimal("0.01"))
