from odoo import fields, models
from odoo.tools import SQL

from .spend import REGION

#: months shown, the running one included
MONTHS = 24
#: every party by month, then what came before; the running month is not over
COURSE = """
       WITH span AS (
           SELECT m::date AS month, (m + INTERVAL '1 month')::date AS following
             FROM generate_series(date_trunc('month', CURRENT_DATE) - %(months)s * INTERVAL '1 month',
                                  date_trunc('month', CURRENT_DATE), INTERVAL '1 month') m),
       moved AS (
           SELECT f.company_id, f.partner_id, date_trunc('month', f.business_day)::date AS month,
                  SUM(f.bottles / GREATEST(t.liquor_bottles_per_case, 1)) AS cases, SUM(f.amount) AS amount
             FROM (%(facts)s) f
             JOIN product_product p ON p.id = f.product_id
             JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE f.kind IN ('shipped', 'returned') GROUP BY 1, 2, 3),
       role AS (
           SELECT * FROM liquor_channel_role
            WHERE kind IN ('distributor', 'sub_distributor') AND state <> 'candidate'),
       party AS (
           SELECT company_id, partner_id FROM role UNION SELECT company_id, partner_id FROM moved),
       every AS (
           SELECT party.company_id, party.partner_id, span.month, span.following, latest.kind,
                  CASE WHEN latest.has_moved THEN (
                      SELECT place.territory_id FROM liquor_role_place place WHERE place.role_id = latest.id
                       ORDER BY place.date_start < span.following DESC, abs(place.date_start - span.following),
                                place.id DESC LIMIT 1)
                  ELSE latest.territory_id END AS territory_id, standing.id IS NOT NULL AS stands,
                  COALESCE(moved.cases, 0) AS cases, COALESCE(moved.amount, 0) AS amount,
                  moved.partner_id IS NOT NULL AS has_moved
             FROM party CROSS JOIN span
        LEFT JOIN moved ON moved.company_id = party.company_id AND moved.partner_id = party.partner_id
              AND moved.month = span.month
        LEFT JOIN LATERAL (
                  SELECT r.id, r.kind, r.territory_id, r.has_moved FROM role r
                   WHERE r.company_id = party.company_id AND r.partner_id = party.partner_id
                   ORDER BY r.state = 'ended', r.kind, r.id DESC LIMIT 1) latest ON TRUE
        LEFT JOIN LATERAL (
                  SELECT r.id FROM role r
                   WHERE r.company_id = party.company_id AND r.partner_id = party.partner_id
                     AND r.date_start < span.following AND COALESCE(r.date_end >= span.month, TRUE)
                     AND (r.state <> 'suspended' OR r.suspended_on > span.month) LIMIT 1) standing ON TRUE),
       course AS (
           SELECT every.*, LAG(cases) OVER earlier AS cases_before, LAG(cases, 12) OVER earlier AS year_before
             FROM every WINDOW earlier AS (PARTITION BY company_id, partner_id ORDER BY month))
       SELECT (c.partner_id::int8 * 10000 + c.company_id) * 4096
                  + ((extract(year FROM c.month) - 2000) * 12 + extract(month FROM c.month))::int8 AS id,
              c.company_id, c.partner_id, CASE WHEN c.stands THEN c.partner_id END AS standing_id, c.kind,
              c.territory_id, %(region)s AS region_id, c.month, c.following <= CURRENT_DATE AS is_over,
              c.cases, c.cases AS cases_each, c.amount, c.cases_before,
              c.cases - COALESCE(c.cases_before, 0) AS change, c.year_before AS cases_year_before
         FROM course c LEFT JOIN liquor_territory t ON t.id = c.territory_id
        WHERE (c.stands OR c.has_moved) AND c.month > CURRENT_DATE - %(shown)s * INTERVAL '1 month'"""


class LiquorDistributorVolume(models.Model):
    """Distributors month by month (C67): how many there are, what each was sent, and how that changes, by region.

    A row for each distributor and month in which he was in good standing or was sent something, less what he sent back.
    Months are those of goods: the day on which a delivery was done.
    """

    _name = "liquor.distributor.volume"
    _description = "Distributors by Month"
    _auto = False
    _order = "month desc, cases desc, partner_id"
    _rec_name = "partner_id"
    _depends = {
        "liquor.channel.role": [
            "partner_id", "company_id", "kind", "state", "territory_id", "date_start", "date_end", "suspended_on",
            "has_moved",
        ],
        "liquor.role.place": ["role_id", "territory_id", "date_start"],
        "liquor.territory": ["parent_path"],
        "product.template": ["liquor_bottles_per_case"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Distributor", readonly=True)
    standing_id = fields.Many2one(
        "res.partner", string="Number of Distributors", readonly=True, aggregator="count_distinct",
        help="In good standing on a day of the month.",
    )  # fmt: skip
    kind = fields.Selection([("distributor", "Distributor"), ("sub_distributor", "Sub-distributor")], readonly=True)
    territory_id = fields.Many2one("liquor.territory", readonly=True)
    region_id = fields.Many2one("liquor.territory", readonly=True)
    month = fields.Date(readonly=True)
    is_over = fields.Boolean(string="Month Is Over", readonly=True)
    cases = fields.Float(digits=(16, 2), readonly=True)
    cases_each = fields.Float("Cases per Distributor", digits=(16, 2), readonly=True, aggregator="avg")
    amount = fields.Monetary(readonly=True)
    cases_before = fields.Float("Cases the Month before", digits=(16, 2), readonly=True)
    change = fields.Float(digits=(16, 2), readonly=True)
    cases_year_before = fields.Float("Cases a Year before", digits=(16, 2), readonly=True)

    @property
    def _table_query(self):
        facts = self.env["liquor.flow.fact"]
        return SQL(
            COURSE,
            months=MONTHS + 12,
            shown=MONTHS,
            facts=facts._union(facts._sources_of(("shipped", "returned"))),
            region=REGION,
        )
