from odoo import api, models
from odoo.tools import SQL


class LiquorEarning(models.Model):
    _inherit = "liquor.earning"

    @api.model
    def _payout_sums(self, partners, company):
        """Tell the wallet what is under way and what arrived: one query."""
        self.env["liquor.payout"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, SUM(amount) FILTER (WHERE state IN ('requested', 'batched', 'sent')),
                          SUM(amount) FILTER (WHERE state = 'ok')
                     FROM liquor_payout WHERE company_id = %s AND partner_id = ANY(%s) AND kind = 'reward'
                 GROUP BY partner_id""",
                company.id,
                partners.ids,
            )
        )
        return {partner: (float(under_way or 0), float(arrived or 0)) for partner, under_way, arrived in rows}
