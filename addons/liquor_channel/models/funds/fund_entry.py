from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.common.money import decimal

STAGES = [
    ("allocated", "Allocated"),
    ("free", "Free"),
    ("reserved", "Reserved"),
    ("accrued", "Accrued"),
    ("settled", "Settled"),
    ("paid", "Paid"),
    ("uncovered", "Without Cover"),
]


class LiquorFundEntry(models.Model):
    """One movement of a budget from a stage to another, for good; the balances of the fund are their sums.

    A correction is the opposite movement. Written by ``liquor.fund._move`` only.
    """

    _name = "liquor.fund.entry"
    _description = "Fund Entry"
    _inherit = ["liquor.ledger.mixin"]
    _order = "id desc"
    _rec_name = "reason"

    _ledger_amounts = ()

    fund_id = fields.Many2one(
        "liquor.fund", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    stage_from = fields.Selection(STAGES, string="From", required=True, readonly=True)
    stage_to = fields.Selection(STAGES, string="To", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")

    _amount_bounds = models.Constraint(
        "CHECK (amount > 0 AND amount <= 1000000000000)", "A movement is more than nothing."
    )
    _stages_differ = models.Constraint("CHECK (stage_from <> stage_to)", "A movement changes the stage.")

    def _reverse(self, reason, event_time=None):
        """Refuse: the balances of the fund move with it, so money goes back by an opposite movement.

        :raises UserError: always
        """
        raise UserError(self.env._("A movement of a fund goes back by an opposite movement."))

    def _standing(self, origin):
        """What of an origin's money stands in each stage of each fund, in one query.

        :param origin: the record the movements were made for
        :return: {(fund id, stage): Decimal}, without stages that are empty
        """
        return {(fund, stage): amount for (_origin, fund, stage), amount in self._standings(origin).items()}

    def _standings(self, origins):
        """The same of many records of one model, in one query: {(origin id, fund id, stage): Decimal}."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT origin_id, fund_id, stage, SUM(amount) FROM (
                        SELECT origin_id, fund_id, stage_to AS stage, amount FROM liquor_fund_entry
                         WHERE origin_model = %(model)s AND origin_id = ANY(%(origins)s)
                        UNION ALL
                        SELECT origin_id, fund_id, stage_from, -amount FROM liquor_fund_entry
                         WHERE origin_model = %(model)s AND origin_id = ANY(%(origins)s)) moved
                   GROUP BY 1, 2, 3 HAVING SUM(amount) > 0""",
                model=origins._name,
                origins=origins.ids,
            )
        )
        return {(origin, fund, stage): decimal(amount) for origin, fund, stage, amount in rows}
