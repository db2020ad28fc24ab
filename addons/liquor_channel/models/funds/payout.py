from odoo import models
from odoo.tools import SQL

#: the brand's part of what payouts take, by the fund that carries it; approved once, paid as often as it leaves
PARTS = """
    SELECT line.payout_id, accrued.fund_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0))
      FROM liquor_payout_line line
      JOIN liquor_earning earning ON earning.id = line.earning_id
      JOIN liquor_accrual_line accrued ON accrued.earning_id = earning.id AND accrued.fund_id IS NOT NULL
     WHERE line.payout_id = ANY(%s)
       AND (%s OR NOT EXISTS (SELECT FROM liquor_payout_line other WHERE other.earning_id = line.earning_id
                                 AND other.approved AND other.payout_id <> line.payout_id))
  GROUP BY 1, 2 ORDER BY 1, 2
"""


class LiquorPayout(models.Model):
    """Where the money of the funds stands whose earnings are paid."""

    _inherit = "liquor.payout"

    def _steer_funds(self, step, sign=1):
        """Move the money of the funds whose earnings are paid here: one movement a fund and payout."""
        for name in ("liquor.payout.line", "liquor.accrual.line", "liquor.earning"):
            self.env[name].flush_model()
        self.env["liquor.fund"].sudo()._steer([
            {
                "fund_id": fund,
                "step": step,
                "amount": sign * amount,
                "key": f"payout/{number}/{step}{'' if sign > 0 else '/back'}/{fund}",
                "origin": self.browse(number),
                "reason": self.browse(number).name,
            }
            for number, fund, amount in self.env.execute_query(SQL(PARTS, self.ids, step == "paid"))
        ])
