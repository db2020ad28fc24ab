from odoo import fields, models
from odoo.tools import SQL

from .product_share import MOVES, POSTED_GOODS

CHANNELS = [
    ("distributor", "Distributors"),
    ("sub_distributor", "Sub-distributors"),
    ("terminal", "Shops"),
    ("online", "Online Orders"),
    ("other", "Others"),
]


class LiquorChannelShare(models.Model):
    """How much of the revenue each type of channel makes (C68), by posted sales of a year.

    An order of kind e-commerce counts as online whoever bought it; else the buyer's role decides, and of a shop its
    kind. ``is_large`` marks channels at or above the company's threshold, 20 percent by default.
    """

    _name = "liquor.channel.share"
    _description = "Revenue by Type of Channel"
    _inherit = ("liquor.labelled.mixin",)
    _auto = False
    _order = "company_id, amount desc"
    _rec_name = "channel"
    _depends = {
        **MOVES,
        "liquor.channel.role": ["partner_id", "company_id", "kind", "terminal_kind_id", "state"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    channel = fields.Selection(CHANNELS, readonly=True)
    terminal_kind_id = fields.Many2one("liquor.terminal.kind", readonly=True)
    partner_count = fields.Integer("Buyers", readonly=True)
    amount = fields.Monetary("Revenue", readonly=True)
    share = fields.Float("Share of Revenue (%)", digits=(16, 2), readonly=True)
    is_large = fields.Boolean("Large Share", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """WITH sold AS (
                   SELECT m.company_id, m.commercial_partner_id AS partner_id,
                          COALESCE(m.liquor_purpose = 'online', FALSE) AS online, -SUM(i.balance) AS amount %(goods)s
                 GROUP BY 1, 2, 3),
               placed AS (
                   SELECT sold.company_id, sold.partner_id, sold.amount,
                          CASE WHEN sold.online THEN 'online'
                               WHEN role.kind IN ('distributor', 'sub_distributor', 'terminal') THEN role.kind
                               ELSE 'other' END AS channel,
                          CASE WHEN NOT sold.online AND role.kind = 'terminal' THEN role.terminal_kind_id END
                              AS shop_kind
                     FROM sold
                LEFT JOIN LATERAL (
                          SELECT r.kind, r.terminal_kind_id FROM liquor_channel_role r
                           WHERE r.partner_id = sold.partner_id AND r.company_id = sold.company_id
                             AND r.state <> 'candidate'
                           ORDER BY r.state = 'ended', r.kind, r.id DESC LIMIT 1) role ON TRUE),
               channels AS (
                   SELECT company_id, channel, shop_kind, COUNT(DISTINCT partner_id) AS partner_count,
                          SUM(amount) AS amount
                     FROM placed GROUP BY 1, 2, 3),
               shares AS (
                   SELECT channels.*, 100 * amount / NULLIF(GREATEST(SUM(amount) OVER whole, 0), 0) AS share
                     FROM channels WINDOW whole AS (PARTITION BY company_id))
               SELECT (s.company_id::int8 * 10 + array_position(%(channels)s::text[], s.channel)) * 100000
                          + COALESCE(s.shop_kind, 0) AS id,
                      s.company_id, s.channel, s.shop_kind AS terminal_kind_id, s.partner_count, s.amount, s.share,
                      COALESCE(s.share >= c.liquor_big_share, FALSE) AS is_large
                 FROM shares s JOIN res_company c ON c.id = s.company_id""",
            goods=POSTED_GOODS,
            channels=[channel for channel, _label in CHANNELS],
        )
