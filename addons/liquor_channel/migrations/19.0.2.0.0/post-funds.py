"""Funds of a release before 19.0.2: accruals learn which fund carries them, and the money stands where its papers say.

Until then an accrual took its money from the fund of the policy and forgot it, and nothing followed settlements,
payouts and hand-overs of benefits. Afterwards what ``make audit`` calls funds.course and funds.standing holds.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

VERSION = "19.0.2.0.0"
#: what a run moved for each fund
MOVED = """
    SELECT origin_id AS run_id, fund_id,
           SUM(CASE WHEN stage_to = 'accrued' THEN amount WHEN stage_from = 'accrued' THEN -amount ELSE 0 END) AS amount
      FROM liquor_fund_entry WHERE origin_model = 'liquor.accrual.run' GROUP BY 1, 2
"""
#: a line was carried by the policy's present fund, where its run moved that one
CARRIED = f"""
    WITH moved AS ({MOVED})
    UPDATE liquor_accrual_line line SET fund_id = policy.fund_id
      FROM liquor_earning earning
      JOIN liquor_policy_version version ON version.id = earning.policy_version_id
      JOIN liquor_policy policy ON policy.id = version.policy_id, moved
     WHERE line.fund_id IS NULL AND earning.id = line.earning_id
       AND moved.run_id = line.run_id AND moved.fund_id = policy.fund_id
"""
#: a policy that has another fund by now, or none: its lines of a run were carried by the one fund of which exactly
#: their sum is missing
GUESSED = f"""
    WITH moved AS ({MOVED}),
    known AS (
        SELECT line.run_id, line.fund_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0)) AS amount
          FROM liquor_accrual_line line JOIN liquor_earning earning ON earning.id = line.earning_id
         WHERE line.fund_id IS NOT NULL GROUP BY 1, 2),
    missing AS (
        SELECT moved.run_id, moved.fund_id, moved.amount - COALESCE(known.amount, 0) AS amount
          FROM moved LEFT JOIN known ON known.run_id = moved.run_id AND known.fund_id = moved.fund_id
         WHERE moved.amount <> COALESCE(known.amount, 0)),
    open AS (
        SELECT line.run_id, version.policy_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0)) AS amount,
               array_agg(line.id) AS lines
          FROM liquor_accrual_line line
          JOIN liquor_earning earning ON earning.id = line.earning_id
          JOIN liquor_policy_version version ON version.id = earning.policy_version_id
         WHERE line.fund_id IS NULL GROUP BY 1, 2),
    pair AS (
        SELECT open.lines, min(missing.fund_id) AS fund_id
          FROM open JOIN missing ON missing.run_id = open.run_id AND missing.amount = open.amount
      GROUP BY open.run_id, open.policy_id, open.lines HAVING count(*) = 1)
    UPDATE liquor_accrual_line line SET fund_id = pair.fund_id FROM pair WHERE line.id = ANY(pair.lines)
"""
#: what the papers say of each fund: owed, settled, paid
PAPERS = """
    WITH part AS (
        SELECT line.fund_id, line.earning_id, earning.amount - COALESCE(earning.funder_amount, 0) AS amount
          FROM liquor_accrual_line line JOIN liquor_earning earning ON earning.id = line.earning_id
         WHERE line.fund_id IS NOT NULL),
    stands AS (
        SELECT part.fund_id, part.amount,
               EXISTS (SELECT FROM liquor_settlement_line line
                         JOIN liquor_settlement paper ON paper.id = line.settlement_id
                        WHERE line.earning_id = part.earning_id AND line.live
                          AND paper.state IN ('posted', 'paid', 'closed'))
            OR EXISTS (SELECT FROM liquor_payout_line line WHERE line.earning_id = part.earning_id AND line.approved)
               AS settled,
               EXISTS (SELECT FROM liquor_settlement_line line
                         JOIN liquor_settlement paper ON paper.id = line.settlement_id
                        WHERE line.earning_id = part.earning_id AND line.live AND paper.state IN ('paid', 'closed'))
            OR EXISTS (SELECT FROM liquor_payout_line line JOIN liquor_payout paper ON paper.id = line.payout_id
                        WHERE line.earning_id = part.earning_id AND line.live AND paper.state IN ('sent', 'ok'))
               AS paid
          FROM part
         UNION ALL
        SELECT funding.fund_id, funding.amount - COALESCE(funding.funder_amount, 0), TRUE, TRUE
          FROM liquor_benefit_funding funding
          JOIN liquor_benefit_posting posting ON posting.funding_id = funding.id
         WHERE funding.fund_id IS NOT NULL)
    SELECT fund.id, fund.kind,
           COALESCE(SUM(stands.amount), 0) - COALESCE(fund.course_earned, 0),
           COALESCE(SUM(stands.amount) FILTER (WHERE stands.settled), 0) - COALESCE(fund.course_settled, 0),
           COALESCE(SUM(stands.amount) FILTER (WHERE stands.paid), 0) - COALESCE(fund.course_paid, 0)
      FROM liquor_fund fund LEFT JOIN stands ON stands.fund_id = fund.id
  GROUP BY fund.id ORDER BY fund.id
"""
ORIGINS = {"channel": "liquor.accrual.run", "member_operations": "liquor.benefit.funding"}


def migrate(cr, version):
    """Run once, at the update; a second run finds nothing to do."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    cr.execute(SQL(CARRIED))
    cr.execute(SQL(GUESSED))
    env["liquor.accrual.line"].invalidate_model(["fund_id"])
    steps = []
    for fund, kind, *differences in env.execute_query(SQL(PAPERS)):
        origin = _origin(env, fund, ORIGINS[kind])
        steps += [
            {
                "fund_id": fund,
                "step": step,
                "amount": amount,
                "key": f"migration/{VERSION}/{fund}/{step}",
                "origin": origin,
                "reason": f"Update to {VERSION}: where the money stands by its papers",
            }
            for step, amount in zip(("earned", "settled", "paid"), differences, strict=True)
            if amount and origin
        ]
    env["liquor.fund"].sudo()._steer(steps)


def _origin(env, fund, model):
    """The last paper of the fund's company: a movement names one."""
    company = env["liquor.fund"].browse(fund).company_id
    return env[model].sudo().search([("company_id", "=", company.id)], order="id desc", limit=1)
