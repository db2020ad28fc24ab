from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts.grouping import EntryLine
from ...engine.accounts.point_use import Cohort, never_used
from ...engine.common.money import decimal

#: points of a club in the books by a day, by month given, with the estimate of the day (else the first one ever)
COHORTS = """
    SELECT COALESCE(SUM(p.amount) FILTER (WHERE p.step IN ('earned', 'taken')), 0),
           -COALESCE(SUM(p.amount) FILTER (WHERE p.step = 'used'), 0),
           -COALESCE(SUM(p.amount) FILTER (WHERE p.step = 'expired'), 0), rate.percent
      FROM liquor_member_posting p
      JOIN account_move m ON m.id = p.move_id AND m.date <= %(day)s
 LEFT JOIN liquor_point_allocation a ON a.id = p.allocation_id
      JOIN liquor_point_entry lot ON lot.id = COALESCE(p.point_entry_id, a.lot_id)
CROSS JOIN LATERAL (SELECT r.percent FROM liquor_point_use_rate r WHERE r.program_id = p.program_id
                 ORDER BY r.date_start > lot.business_day, abs(r.date_start - lot.business_day) LIMIT 1) rate
     WHERE p.program_id = %(program)s AND p.cash_entry_id IS NULL
  GROUP BY date_trunc('month', lot.business_day), rate.percent
"""


class LiquorPointUseEntry(models.Model):
    """What of a club's points nobody is expected to use, booked each month as the difference to before; for good."""

    _name = "liquor.point.use.entry"
    _description = "Points That Nobody Will Use"
    _inherit = ["liquor.append.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "program_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    day = fields.Date("Up to", required=True, readonly=True)
    rate_id = fields.Many2one(
        "liquor.point.use.rate", "Estimate", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    percent = fields.Float(
        "Expected to Be Used (%)", digits=(5, 2), required=True, readonly=True, aggregator=None
    )  # fmt: skip
    rate_source = fields.Char("Source of the Estimate", required=True, readonly=True)
    full_worth = fields.Monetary(required=True, readonly=True, aggregator=None)
    unused = fields.Monetary("Not Expected to Be Used", required=True, readonly=True, aggregator=None)
    amount = fields.Monetary("Booked Now", required=True, readonly=True, aggregator="sum")
    move_ids = fields.One2many("account.move", "liquor_point_use_entry_id", "Journal Entry", readonly=True)

    _number_unique = models.UniqueIndex("(program_id, number)", "This was booked meanwhile.")
    _bounds = models.Constraint(
        "CHECK (unused BETWEEN 0 AND full_worth AND full_worth <= 1000000000000"
        " AND amount BETWEEN -1000000000000 AND 1000000000000)",
        "What nobody will use lies between nothing and the full worth.",
    )

    @api.model
    def _true_up(self, company, day):
        """Book what changed since the month before, for each club with an estimate; a second call finds nothing.

        A day before one that is booked gives nothing: nothing is computed backwards.

        :return: the new rows
        """
        made = self.browse()
        rates = self.env["liquor.point.use.rate"].sudo()
        for program in rates.search([("company_id", "=", company.id), ("date_start", "<=", day)]).program_id:
            last = self.sudo().search([("program_id", "=", program.id)], order="number desc", limit=1)
            if not last or last.day <= day:
                made |= self.sudo().with_company(company)._book_change(company, program, day, last)
        return made

    def _book_change(self, company, program, day, last):
        rate = self.env["liquor.point.use.rate"].search(
            [("program_id", "=", program.id), ("date_start", "<=", day)], order="date_start desc", limit=1
        )
        full, unused = never_used(
            self._cohorts(program, day), decimal(rate.percent), company.currency_id.decimal_places
        )  # fmt: skip
        change = unused - decimal(last.unused)
        if not change:
            return self.browse()
        # months given before the first estimate are judged by that one, others by their own
        self.env["liquor.point.use.rate"].search([("program_id", "=", program.id), ("date_start", "<=", day)])._keep()
        with loser_retries(self.env, self._number_unique.full_name(self)):
            made = self.create({
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "program_id": program.id,
                "number": last.number + 1,
                "day": day,
                "rate_id": rate.id,
                "percent": rate.percent,
                "rate_source": rate.source,
                "full_worth": float(full),
                "unused": float(unused),
                "amount": float(change),
            })
            self.env.flush_all()
        made._post_change(change)
        return made

    def _cohorts(self, program, day):
        self.env.flush_all()
        rows = self.env.execute_query(SQL(COHORTS, day=day, program=program.id))
        return [Cohort(*map(decimal, row)) for row in rows]

    def _post_change(self, change):
        """Dr 2204.J / Cr 6001.T by what more nobody will use; red where it is less."""
        label = self.env._("Points of %(club)s that nobody will use, %(day)s", club=self.program_id.name, day=self.day)
        red, weights = change < 0, {(0, 0): abs(change)}
        lines = [
            EntryLine("member_points", None, change, red, weights),
            EntryLine("reward_contra", None, -change, red, weights),
        ]
        self.env["liquor.entry.lines"]._post_entry(
            self.company_id,
            lines,
            label,
            {"liquor_point_use_entry_id": self.id},
            journal=self.env["liquor.account.mapping"]._journals(self.company_id)["accrual"],
            day=self.day,
        )
