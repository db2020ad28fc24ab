from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.stock_estimate.estimate import MONTH_DAYS, Flow, estimate, share

BASES = [
    ("count", "Count"),
    ("openings", "Openings"),
    ("reorder", "Re-order Interval"),
    ("report", "Flow Report"),
]
COLUMNS = [
    "company_id", "partner_id", "product_id", "territory_id", "day", "count_line_id", "count_day", "counted",
    "received", "opened", "stock", "low", "high", "rate", "rate_shops", "basis", "velocity", "velocity_basis",
    "sales_month", "stock_ratio", "window_received", "window_opened", "opening_share",
]  # fmt: skip
MOST = 10**9


class LiquorStockEstimate(models.Model):
    """推算库存: what a shop has of a product, told and not counted, with band, ρ and the day of the count (R10).

    ``stock = counted + received - opened / ρ`` (``engine/stock_estimate/estimate.py``); written anew every night, and
    for what is counted at once.
    """

    _name = "liquor.stock.estimate"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Stock Estimate"
    _check_company_auto = True
    _order = "partner_id, product_id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Shop", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    territory_id = fields.Many2one("liquor.territory", readonly=True, ondelete="set null")
    day = fields.Date("Told On", required=True, readonly=True)
    count_line_id = fields.Many2one("liquor.stock.count.line", "Count", readonly=True, ondelete="restrict")
    count_day = fields.Date("Last Count", readonly=True)
    counted = fields.Integer(readonly=True)
    received = fields.Integer("Received Since", readonly=True)
    opened = fields.Integer("Opened Since", readonly=True)
    stock = fields.Float("Estimated Stock", digits=(16, 1), readonly=True)
    low = fields.Float("At Least", digits=(16, 1), readonly=True, aggregator=None)
    high = fields.Float("At Most", digits=(16, 1), readonly=True, aggregator=None)
    rate = fields.Float("Scan Rate", digits=(6, 4), readonly=True, aggregator="avg", help="ρ of product and county.")
    rate_shops = fields.Integer("Shops Counted Twice", readonly=True, aggregator=None)
    basis = fields.Selection(BASES, "Told From", readonly=True)
    velocity = fields.Float("Bottles a Day", digits=(12, 3), readonly=True)
    velocity_basis = fields.Selection(BASES, "Velocity Told From", readonly=True)
    sales_month = fields.Float("Sales of 30 Days", digits=(16, 1), readonly=True)
    stock_ratio = fields.Float(
        "Stock-sales Ratio", digits=(12, 2), readonly=True, aggregator=None, help="Months that the stock lasts."
    )
    window_received = fields.Integer("Received in 90 Days", readonly=True)
    window_opened = fields.Integer("Opened in 90 Days", readonly=True)
    opening_share = fields.Float(
        "Opening Rate", digits=(8, 4), readonly=True, aggregator=None, help="Opened of what was received in 90 days."
    )

    _one = models.UniqueIndex("(company_id, partner_id, product_id)", "This product of the shop is told already.")
    _product_idx = models.Index("(company_id, product_id)")
    _bounds = models.Constraint(
        f"CHECK (low >= 0 AND stock BETWEEN low AND high AND high <= {MOST} AND rate BETWEEN 0 AND 1)",
        "An estimate lies inside its band.",
    )

    # --- bringing up to date -----------------------------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Learn the rates of each company and tell its shops' stock anew."""
        self.env["liquor.stock.day"].sudo()._advance()
        companies = self.env["liquor.channel.role"].sudo()._read_group([("kind", "=", "terminal")], ["company_id"])
        for number, (company,) in enumerate(companies, 1):
            self._refresh(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number):
                break

    @api.model
    def _refresh(self, company):
        """Tell the stock of all shops of a company; a constant number of queries.

        :return: number of estimates
        """
        rates = self.env["liquor.opening.rate"].sudo()._refresh(company)
        day = today(company)
        rows = [self._prepare_row(company, flow, rates, day) for flow in self.env["liquor.stock.flow"]._flows(company)]
        self.env.cr.execute(SQL("DELETE FROM liquor_stock_estimate WHERE company_id = %s", company.id))
        self.sudo()._bulk_insert(COLUMNS, rows)
        self.invalidate_model()
        return len(rows)

    def _prepare_row(self, company, flow, rates, day):
        rate = rates.get((flow.product, flow.territory))
        known = Flow(
            flow.counted,
            flow.count_day or flow.first_day or day,
            flow.received,
            flow.opened,
            None if flow.must_scan else flow.reported,
            tuple(flow.receipts),
            tuple((opened, rates.get((flow.product, place))) for place, opened in flow.elsewhere.items()),
        )
        found = estimate(known, rate if flow.must_scan else None, day)
        opening_share = share(flow.window_opened, flow.window_received)
        stock = round(found.stock, 1)
        return [
            company.id, flow.partner, flow.product, flow.territory or None, day, flow.count_line or None,
            flow.count_day, flow.counted, flow.received, flow.opened, stock, min(stock, round(found.low, 1)),
            max(stock, round(found.high, 1)), rate.value if rate else None, rate.shops if rate else 0, found.basis,
            found.velocity, found.velocity_basis if found.velocity is not None else None,
            None if found.velocity is None else found.velocity * MONTH_DAYS, found.months,
            flow.window_received, flow.window_opened, opening_share,
        ]  # fmt: skip

    @api.model
    def _start_from(self, count):
        """A count was taken at a shop: from now on its figure is where the estimate begins; one statement."""
        if count.party_kind != "terminal":
            return
        lines = count.line_ids
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO liquor_stock_estimate AS told
                       (company_id, partner_id, product_id, day, count_line_id, count_day, counted, received, opened,
                        stock, low, high, basis, create_uid, create_date, write_uid, write_date)
                SELECT %(company)s, %(partner)s, line.product, %(day)s, line.id, %(day)s, line.bottles, 0, 0,
                       line.bottles, line.bottles, line.bottles, 'count', %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(products)s::int4[], %(lines)s::int4[], %(bottles)s::int4[])
                    AS line(product, id, bottles)
                ON CONFLICT (company_id, partner_id, product_id) DO UPDATE
                   SET day = EXCLUDED.day, count_line_id = EXCLUDED.count_line_id, count_day = EXCLUDED.count_day,
                       counted = EXCLUDED.counted, received = 0, opened = 0, stock = EXCLUDED.stock,
                       low = EXCLUDED.low, high = EXCLUDED.high, basis = 'count',
                       stock_ratio = EXCLUDED.stock / NULLIF(told.sales_month, 0),
                       write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                """,
                company=count.company_id.id,
                partner=count.party_id.id,
                day=count.business_day,
                uid=self.env.uid,
                now=self.env.cr.now(),
                products=[line.product_id.id for line in lines],
                lines=lines.ids,
                bottles=[line.counted_bottles for line in lines],
            )
        )
        self.invalidate_model()

    # --- reading -------------------------------------------------------------------------------------------------

    @api.model
    def _stock_of(self, company, partner, products):
        """Estimated stock of a shop: {product id: bottles}."""
        found = self.search([
            ("company_id", "=", company.id), ("partner_id", "=", partner.id), ("product_id", "in", list(products))
        ])  # fmt: skip
        return {one.product_id.id: one.stock for one in found}

    @api.model
    def _portal_domain(self, user):
        """Estimates of the shop that a user belongs to, and of shops that his company supplies today."""
        party = user.partner_id.commercial_partner_id
        companies = self.env["liquor.channel.role"].sudo().search([("partner_id", "=", party.id)]).company_id
        shops = self.env["liquor.channel.assignment"].sudo()._shops_of(party, companies)
        return [("partner_id", "in", (party | shops).ids)]
