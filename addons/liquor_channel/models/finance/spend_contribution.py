from odoo import fields, models
from odoo.tools import SQL

#: of the last so many days
DAYS = 365


class LiquorSpendContribution(models.Model):
    """Spend against sell-out, shop by shop (C72): the best yield first, with both shares summed up (Lorenz).

    Sell-out is what consumers opened and what shops and chains sold in the last 365 days, in bottles; of a shop whose
    figures come from its distributor's reports (trade.md R10) at least what he reports to have sold it.
    """

    _name = "liquor.spend.contribution"
    _description = "Spend by Contribution"
    _auto = False
    _order = "company_id, place"
    _rec_name = "partner_id"
    _depends = {"liquor.earning": ["company_id", "partner_id", "beneficiary_kind", "amount", "business_day"]}

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Shop", readonly=True)
    place = fields.Integer("Rank", readonly=True, aggregator=None)
    spend = fields.Monetary(readonly=True)
    bottles = fields.Float("Bottles Sold Out", digits=(16, 2), readonly=True)
    cost_per_bottle = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    spend_share = fields.Float("Share of Spend (%)", digits=(16, 2), readonly=True)
    bottle_share = fields.Float("Share of Sell-out (%)", digits=(16, 2), readonly=True)
    spend_up_to = fields.Float("Spend up to Here (%)", digits=(16, 2), readonly=True, aggregator=None)
    bottles_up_to = fields.Float("Sell-out up to Here (%)", digits=(16, 2), readonly=True, aggregator=None)

    @property
    def _table_query(self):
        facts = self.env["liquor.flow.fact"]
        return SQL(
            """WITH spend AS (
                   SELECT company_id, partner_id, SUM(amount) AS amount FROM liquor_earning
                    WHERE beneficiary_kind = 'terminal' AND business_day > CURRENT_DATE - %(days)s GROUP BY 1, 2),
               sold AS (
                   SELECT f.company_id, shop.id AS partner_id,
                          GREATEST(SUM(f.bottles) FILTER (WHERE f.kind <> 'reported'),
                                   SUM(f.bottles) FILTER (WHERE f.kind = 'reported')) AS bottles FROM (%(facts)s) f
                    CROSS JOIN LATERAL (SELECT CASE f.kind WHEN 'reported' THEN f.counterparty_id
                                                           ELSE f.partner_id END AS id) shop
                    WHERE f.kind IN ('opened', 'sold', 'reported') AND f.business_day > CURRENT_DATE - %(days)s
                      AND EXISTS (SELECT FROM liquor_channel_role r
                               LEFT JOIN liquor_terminal_kind k ON k.id = r.terminal_kind_id
                                   WHERE r.partner_id = shop.id AND r.company_id = f.company_id
                                     AND r.kind = 'terminal' AND (f.kind <> 'reported' OR NOT k.must_scan))
                 GROUP BY 1, 2),
               shop AS (
                   SELECT company_id, partner_id, COALESCE(spend.amount, 0) AS spend,
                          COALESCE(sold.bottles, 0) AS bottles
                     FROM spend FULL JOIN sold USING (company_id, partner_id)),
               ranked AS (
                   SELECT shop.*, ROW_NUMBER() OVER yield AS place, SUM(spend) OVER yield AS spend_sum,
                          SUM(bottles) OVER yield AS bottle_sum, SUM(spend) OVER whole AS spend_all,
                          SUM(bottles) OVER whole AS bottle_all
                     FROM shop
                   WINDOW whole AS (PARTITION BY company_id),
                          yield AS (PARTITION BY company_id
                                    ORDER BY (bottles > 0) DESC, spend / NULLIF(bottles, 0), spend, partner_id))
               SELECT partner_id::int8 * 10000 + company_id AS id, company_id, partner_id, place, spend, bottles,
                      spend / NULLIF(bottles, 0) AS cost_per_bottle,
                      100 * spend / NULLIF(spend_all, 0) AS spend_share,
                      100 * bottles / NULLIF(bottle_all, 0) AS bottle_share,
                      100 * spend_sum / NULLIF(spend_all, 0) AS spend_up_to,
                      100 * bottle_sum / NULLIF(bottle_all, 0) AS bottles_up_to
                 FROM ranked""",
            days=DAYS,
            facts=facts._union(facts._sources_of(("opened", "sold", "reported"))),
        )
