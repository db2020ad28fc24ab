from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.stock_estimate.rate import Rate, Sample, shrunk


class LiquorOpeningRate(models.Model):
    """ρ: the share of drunk bottles whose opening was scanned, per product and county (trade.md R10).

    Learned from shops with two counts in the last 90 days, shrunk to the region (``engine/stock_estimate/rate.py``);
    written anew every night.
    """

    _name = "liquor.opening.rate"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Opening-scan Rate"
    _check_company_auto = True
    _order = "product_id, territory_id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    territory_id = fields.Many2one("liquor.territory", required=True, readonly=True, ondelete="cascade")
    region_id = fields.Many2one(
        "liquor.territory", readonly=True, ondelete="set null", help="Empty: learned from the whole company."
    )
    day = fields.Date("Told On", required=True, readonly=True)
    rate = fields.Float("Opening-scan Rate", digits=(6, 4), readonly=True, aggregator="avg")
    variance = fields.Float("Variance of the Rate", digits=(12, 8), readonly=True, aggregator=None)
    region_rate = fields.Float("Rate of the Region", digits=(6, 4), readonly=True, aggregator="avg")
    shops = fields.Integer("Shops Counted Twice", readonly=True)
    gone = fields.Integer("Bottles between Counts", readonly=True)

    _one = models.UniqueIndex("(company_id, product_id, territory_id)", "This product has a rate here already.")
    _bounds = models.Constraint(
        "CHECK (rate BETWEEN 0 AND 1 AND region_rate BETWEEN 0 AND 1 AND variance BETWEEN 0 AND 1 AND shops >= 0"
        " AND gone >= 0)",
        "A rate is a share.",
    )

    @api.model
    def _refresh(self, company):
        """Learn all rates of a company anew; return {(product id, territory id): Rate}."""
        samples = {}
        for product, territory, opened, gone in self.env["liquor.stock.flow"]._samples(company):
            samples.setdefault(product, {}).setdefault(territory, []).append(Sample(opened, gone))
        region_of = self._regions(company, {place for here in samples.values() for place in here})
        rates = {
            (product, territory): found
            for product, here in samples.items()
            for territory, found in self._rates_of(here, region_of).items()
        }
        self._store(company, rates, region_of)
        return {key: rate for key, (rate, _region) in rates.items()}

    def _regions(self, company, sampled):
        """{county where a shop is, or stood when it was counted: the territory above it, itself where none is}."""
        roles = self.env["liquor.channel.role"].sudo()
        groups = roles._read_group(
            [("company_id", "=", company.id), ("kind", "=", "terminal"), ("territory_id", "!=", False)],
            ["territory_id"],
        )
        territories = self.env["liquor.territory"].browse({territory.id for (territory,) in groups} | sampled)
        return {territory.id: (territory.parent_id or territory).id for territory in territories.sudo()}

    def _rates_of(self, here, region_of):
        """{county: (Rate, region id, 0 = the whole company)} of one product from its samples by county."""
        regions = {}
        for county, samples in here.items():
            regions.setdefault(region_of.get(county, county), []).append(samples)
        found = {}
        for county, region in region_of.items():
            own = here.get(county, [])
            known = regions.get(region)
            rate = shrunk(own, known or list(here.values()))
            if rate is not None:
                found[county] = rate, region if known else 0
        return found

    def _store(self, company, rates, region_of):
        self.env.cr.execute(SQL("DELETE FROM liquor_opening_rate WHERE company_id = %s", company.id))
        day = today(company)
        self._bulk_insert(
            ["company_id", "product_id", "territory_id", "region_id", "day", "rate", "variance", "region_rate",
             "shops", "gone"],
            [[company.id, product, territory, region or None, day, rate.value, rate.variance, rate.region, rate.shops,
              int(rate.gone)] for (product, territory), (rate, region) in sorted(rates.items())],
        )  # fmt: skip
        self.invalidate_model()

    @api.model
    def _known(self, company):
        """Stored rates: {(product id, territory id): Rate}."""
        found = self.sudo().search([("company_id", "=", company.id)])
        return {
            (one.product_id.id, one.territory_id.id): Rate(one.rate, one.variance, one.shops, one.gone, one.region_rate)
            for one in found
        }
