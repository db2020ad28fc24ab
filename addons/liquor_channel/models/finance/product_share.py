from odoo import fields, models
from odoo.tools import SQL

#: of the last so many days
DAYS = 365
#: goods on posted invoices and credit notes, without tax, in the company's currency
POSTED_GOODS = SQL(
    """FROM account_move_line i
       JOIN account_move m ON m.id = i.move_id
       JOIN product_product p ON p.id = i.product_id
       JOIN product_template t ON t.id = p.product_tmpl_id
      WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund') AND i.display_type = 'product'
        AND t.type = 'consu' AND m.invoice_date > CURRENT_DATE - %s""",
    DAYS,
)
MOVES = {
    "account.move": ["state", "move_type", "invoice_date", "commercial_partner_id", "company_id", "liquor_purpose"],
    "account.move.line": ["balance", "product_id", "display_type", "move_id"],
    "res.company": ["liquor_big_share"],
}


class LiquorProductShare(models.Model):
    """How much of a distributor's revenue one product makes (大单品集中度, C68), by posted sales of a year.

    ``is_large`` marks products at or above the company's threshold, 20 percent by default.
    """

    _name = "liquor.product.share"
    _description = "Product Concentration by Distributor"
    _auto = False
    _order = "partner_id, place"
    _rec_name = "product_id"
    _depends = {**MOVES, "liquor.channel.role": ["partner_id", "company_id", "kind"]}

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Distributor", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("product.category", string="Series", readonly=True)
    place = fields.Integer("Rank", readonly=True, aggregator=None)
    amount = fields.Monetary("Revenue", readonly=True)
    share = fields.Float("Share of His Revenue (%)", digits=(16, 2), readonly=True, aggregator=None)
    is_large = fields.Boolean("Large Share", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """WITH sold AS (
                   SELECT m.company_id, m.commercial_partner_id AS partner_id, i.product_id,
                          t.categ_id AS category_id, -SUM(i.balance) AS amount %(goods)s
                      AND EXISTS (SELECT FROM liquor_channel_role r
                                   WHERE r.partner_id = m.commercial_partner_id AND r.company_id = m.company_id
                                     AND r.kind IN ('distributor', 'sub_distributor'))
                 GROUP BY 1, 2, 3, 4),
               shares AS (
                   SELECT sold.*, 100 * amount / NULLIF(GREATEST(SUM(amount) OVER party, 0), 0) AS share,
                          ROW_NUMBER() OVER (PARTITION BY company_id, partner_id ORDER BY amount DESC, product_id)
                              AS place
                     FROM sold WINDOW party AS (PARTITION BY company_id, partner_id))
               SELECT (s.partner_id::int8 * 10000 + s.company_id) * 4096 + s.place AS id, s.company_id, s.partner_id,
                      s.product_id, s.category_id, s.place, s.amount, s.share,
                      COALESCE(s.share >= c.liquor_big_share, FALSE) AS is_large
                 FROM shares s JOIN res_company c ON c.id = s.company_id""",
            goods=POSTED_GOODS,
        )
