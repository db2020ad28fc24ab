from odoo import models
from odoo.tools import SQL

#: the brand's part of what a settlement takes, by the fund that carries it
PARTS = """
    SELECT line.settlement_id, accrued.fund_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0))
      FROM liquor_settlement_line line
      JOIN liquor_earning earning ON earning.id = line.earning_id
      JOIN liquor_accrual_line accrued ON accrued.earning_id = earning.id AND accrued.fund_id IS NOT NULL
     WHERE line.settlement_id = ANY(%s) AND line.live
  GROUP BY 1, 2 ORDER BY 1, 2
"""


class LiquorSettlement(models.Model):
    """The funds follow: settled when it is posted, paid when it is paid, back when it is reversed."""

    _inherit = "liquor.settlement"

    def _accrue_lines(self):
        """What is posted is settled for its funds."""
        result = super()._accrue_lines()
        self._steer_funds("settled")
        return result

    def _move_to(self, state, **values):
        before = {settlement: settlement.state for settlement in self}
        result = super()._move_to(state, **values)
        if state == "paid":
            self._steer_funds("paid")
        if state == "reversed":
            self.filtered(lambda item: before[item] in ("paid", "closed"))._steer_funds("paid", -1)
            self._steer_funds("settled", -1)
        return result

    def _steer_funds(self, step, sign=1):
        """Move the money of the funds whose earnings are settled here: one movement a fund and settlement."""
        for name in ("liquor.settlement.line", "liquor.accrual.line", "liquor.earning"):
            self.env[name].flush_model()
        settlements = self.sudo()
        self.env["liquor.fund"].sudo()._steer([
            {
                "fund_id": fund,
                "step": step,
                "amount": sign * amount,
                "key": f"settlement/{number}/{step}{'' if sign > 0 else '/back'}/{fund}",
                "origin": settlements.browse(number),
                "reason": settlements.browse(number).name,
            }
            for number, fund, amount in self.env.execute_query(SQL(PARTS, self.ids))
        ])
