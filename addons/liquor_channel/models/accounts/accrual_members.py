from odoo import api, models
from odoo.tools import SQL

from ...engine.accounts.member_rewards import MemberReward
from ...engine.common.money import decimal

READ_HERE = (
    "liquor.cash.entry", "liquor.point.entry", "liquor.point.allocation", "liquor.point.worth", "liquor.member",
    "liquor.member.posting", "liquor.reward.expectation", "liquor.earning",
)  # fmt: skip
POSTING_COLUMNS = [
    "company_id", "currency_id", "run_id", "move_id", "program_id", "partner_id", "cash_entry_id", "point_entry_id",
    "allocation_id", "step", "worth_id", "expectation_id", "amount",
]  # fmt: skip
#: the open campaign of a movement: that of what it takes back, else the one of its club, its days and its product
CAMPAIGN = """
    SELECT x.id FROM liquor_reward_expectation x
     WHERE x.company_id = o.company_id AND x.state IN ('open', 'closing')
       AND CASE WHEN op.id IS NOT NULL THEN x.id = op.expectation_id
                ELSE o.business_day BETWEEN x.date_start AND x.date_end
                     AND (x.policy_id = %s OR x.reward = %s AND x.program_id = o.program_id
                          AND (NOT EXISTS (SELECT FROM liquor_reward_expectation_product_product_rel p
                                            WHERE p.liquor_reward_expectation_id = x.id)
                               OR EXISTS (SELECT FROM liquor_reward_expectation_product_product_rel p
                                           WHERE p.liquor_reward_expectation_id = x.id
                                             AND p.product_product_id = o.product_id))) END
  ORDER BY x.policy_id IS NULL, x.id LIMIT 1
"""
CASH = """
    SELECT 'member_cash', 'cash_entry_id', c.id, c.amount, c.booked_day,
           CASE WHEN c.amount < 0 THEN 'taken' ELSE 'earned' END, c.program_id, m.partner_id, x.id, NULL, NULL, NULL
      FROM liquor_cash_entry c
      JOIN liquor_member m ON m.id = c.member_id
      JOIN liquor_cash_entry o ON o.id = COALESCE(c.reverses_id, c.id)
 LEFT JOIN liquor_member_posting op ON op.cash_entry_id = c.reverses_id
 LEFT JOIN LATERAL (%(campaign)s) x ON TRUE
     WHERE c.company_id = %(company)s AND c.booked_day <= %(day)s AND c.kind IN ('earn', 'claw_back')
       AND NOT EXISTS (SELECT FROM liquor_member_posting p WHERE p.cash_entry_id = c.id)
  ORDER BY c.id
"""
#: lots of points with the worth they were, or will be, booked by, and what of each was taken before each allocation
LOTS = """
    WITH lot AS (
        SELECT o.*, op.id AS posted, COALESCE(op.worth_id, w.id) AS worth_id, COALESCE(booked.worth, w.worth) AS worth,
               e.territory_id, v.policy_id, x.id AS campaign
          FROM liquor_point_entry o
     LEFT JOIN liquor_member_posting op ON op.point_entry_id = o.id
     LEFT JOIN liquor_point_worth booked ON booked.id = op.worth_id
     LEFT JOIN LATERAL (SELECT w.id, w.worth FROM liquor_point_worth w
                         WHERE w.program_id = o.program_id AND w.date_start <= o.business_day
                      ORDER BY w.date_start DESC LIMIT 1) w ON TRUE
     LEFT JOIN liquor_earning e ON o.origin_model = 'liquor.earning' AND e.id = o.origin_id
     LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
     LEFT JOIN LATERAL (%(campaign)s) x ON TRUE
         WHERE o.company_id = %(company)s AND o.is_lot AND o.program_id = ANY(%(programs)s)
           AND (op.id IS NULL
                OR EXISTS (SELECT FROM liquor_point_allocation a
                        LEFT JOIN liquor_member_posting p ON p.allocation_id = a.id
                            WHERE a.lot_id = o.id AND p.id IS NULL))),
    taking AS (
        SELECT a.id, a.lot_id, a.entry_id,
               SUM(a.points) OVER (PARTITION BY a.lot_id ORDER BY a.id) AS upto, a.points
          FROM liquor_point_allocation a WHERE a.lot_id IN (SELECT id FROM lot WHERE worth > 0))
    SELECT 'member_points', 'point_entry_id', lot.id, round(lot.points * lot.worth::numeric, %(digits)s),
           lot.booked_day, 'earned', lot.program_id, NULL, lot.campaign, lot.worth_id, lot.territory_id, lot.policy_id
      FROM lot WHERE lot.posted IS NULL AND lot.worth > 0 AND lot.booked_day <= %(day)s
     UNION ALL
    SELECT 'member_points', 'allocation_id', t.id,
           round((t.upto - t.points) * lot.worth::numeric, %(digits)s) - round(t.upto * lot.worth::numeric, %(digits)s),
           GREATEST(e.booked_day, lot.booked_day),
           CASE e.kind WHEN 'claw_back' THEN 'taken' WHEN 'expire' THEN 'expired' ELSE 'used' END,
           lot.program_id, NULL, CASE WHEN e.kind = 'claw_back' THEN lot.campaign END, lot.worth_id,
           lot.territory_id, lot.policy_id
      FROM taking t
      JOIN lot ON lot.id = t.lot_id
      JOIN liquor_point_entry e ON e.id = t.entry_id
     WHERE GREATEST(e.booked_day, lot.booked_day) <= %(day)s
       AND NOT EXISTS (SELECT FROM liquor_member_posting p WHERE p.allocation_id = t.id)
  ORDER BY 2, 3
"""


class LiquorAccrualRun(models.Model):
    """What members are owed: cash-back, and points of the clubs that say what a point is worth (trade.md R7)."""

    _inherit = "liquor.accrual.run"

    @api.model
    def _member_rewards(self, company, day):
        """Return movements of the members' ledgers that no entry says, booked up to a day; two queries."""
        for name in READ_HERE:
            self.env[name].flush_model()
        programs = self.env["liquor.point.worth"].sudo().search([("company_id", "=", company.id)]).program_id.ids
        parts = {
            "company": company.id, "day": day, "programs": programs, "digits": company.currency_id.decimal_places
        }  # fmt: skip
        rows = self.env.execute_query(SQL(CASH, campaign=SQL(CAMPAIGN, None, "cash"), **parts))
        if programs:
            campaign = SQL(CAMPAIGN, SQL("v.policy_id"), "points")
            rows += self.env.execute_query(SQL(LOTS, campaign=campaign, **parts))
        return super()._member_rewards(company, day) + [self._to_member_reward(*row) for row in rows if row[3]]

    def _to_member_reward(self, kind, source, number, amount, day, step, program, partner, campaign, worth, *place):
        territory, policy = place
        return MemberReward(
            kind, source, number, decimal(amount), day, step, program_id=program, partner_id=partner,
            expectation_id=campaign, worth_id=worth, territory_id=territory, policy_id=policy,
        )  # fmt: skip

    def _link(self, entries, moves, amounts):
        """Remember by which entry each movement is booked."""
        result = super()._link(entries, moves, amounts)
        rows = [
            self._prepare_posting(reward, move)
            for entry, move in zip(entries, moves, strict=True)
            for reward in entry.rewards
        ]
        if rows:
            worths = {reward.worth_id for entry in entries for reward in entry.rewards if reward.worth_id}
            self.env["liquor.point.worth"].sudo().browse(worths)._keep()
            self.env["liquor.member.posting"].sudo()._bulk_insert(POSTING_COLUMNS, rows)
        return result

    def _prepare_posting(self, reward, move):
        sources = ("cash_entry_id", "point_entry_id", "allocation_id")
        return (
            self.company_id.id, self.company_id.currency_id.id, self.id, move.id, reward.program_id, reward.partner_id,
            *(reward.id if source == reward.source else None for source in sources),
            reward.step, reward.worth_id, reward.expectation_id, float(reward.amount),
        )  # fmt: skip
