from odoo import api, fields, models
from odoo.tools import SQL, sql

from ...engine.common.money import decimal
from ...engine.funds import stages
from ...engine.funds.course import Course, steer

#: step of a document -> column that sums it
COLUMNS = {"earned": "course_earned", "settled": "course_settled", "paid": "course_paid"}


class LiquorFund(models.Model):
    """Money of policies: carried when it is accrued, settled and paid with the papers, back when they are reversed.

    The three sums below decide where the money stands (``engine/funds/course.py``); each document moves them once.
    """

    _inherit = "liquor.fund"

    course_earned = fields.Monetary("Owed by Documents", readonly=True, copy=False)
    course_settled = fields.Monetary("Settled by Documents", readonly=True, copy=False)
    course_paid = fields.Monetary("Paid by Documents", readonly=True, copy=False)

    _course_bounds = models.Constraint(
        "CHECK ("
        + " AND ".join(f"COALESCE({column}, 0) BETWEEN -1000000000000 AND 1000000000000" for column in COLUMNS.values())
        + ")",
        "The documents of a fund are out of bounds.",
    )

    def init(self):
        """Let funds of an earlier release know what was accrued: nothing of it had been settled or paid."""
        super().init()
        if not sql.table_exists(self.env.cr, "liquor_fund_entry"):
            return
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_fund f SET course_earned = held.amount
                     FROM (SELECT fund_id, SUM(CASE WHEN stage_to = 'accrued' THEN amount ELSE -amount END) AS amount
                             FROM liquor_fund_entry
                            WHERE origin_model IN ('liquor.accrual.run', 'liquor.benefit.funding') GROUP BY 1) held
                    WHERE held.fund_id = f.id AND f.course_earned IS NULL AND f.course_settled IS NULL"""
            )
        )

    @api.model
    def _spend(self, values_list):
        """Let funds carry what is owed already, or get back what was clawed back; never refuses.

        What is not free on a hard stop is shown as without cover. Each row is known by its key.

        :param values_list: dicts of ``fund_id``, ``amount`` (signed), ``key``, ``origin``, ``reason``
        :return: entries
        """
        return self._steer([{**values, "step": "earned"} for values in values_list])

    @api.model
    def _steer(self, values_list):
        """Move money of policies along with a document, exactly once per key; a constant number of reads.

        :param values_list: dicts as of ``_spend``, with ``step`` (earned | settled | paid); a negative amount is that
            of a document that is taken back
        :return: entries
        """
        entries = self.env["liquor.fund.entry"].sudo()
        known = entries._ledger_known({f"{values['key']}/0" for values in values_list})
        fresh = [values for values in values_list if f"{values['key']}/0" not in known and values["amount"]]
        if not fresh:
            return entries.browse()
        funds = self.browse({self._fund_of(values).id for values in fresh}).sudo()
        balances, courses = funds._locked(), funds._courses()
        moves = []
        for values in fresh:
            fund = self._fund_of(values)
            before = courses[fund.id]
            courses[fund.id] = before.moved(values["step"], decimal(values["amount"]))
            steps = steer(before, courses[fund.id], balances[fund.id], fund.stop == "hard")
            balances[fund.id] = stages.apply(balances[fund.id], steps, fund.stop == "hard")
            moves += [
                {
                    **values,
                    "key": f"{values['key']}/{number}",
                    "stage_from": step.stage_from,
                    "stage_to": step.stage_to,
                    "amount": step.amount,
                }
                for number, step in enumerate(steps)
            ]
        funds._write_courses(courses)
        return self._move(moves)

    def _courses(self):
        """Return {fund id: Course}; the rows are locked already."""
        columns = SQL(", ").join(SQL("COALESCE(%s, 0)", SQL.identifier(column)) for column in COLUMNS.values())
        rows = self.env.execute_query(SQL("SELECT id, %s FROM liquor_fund WHERE id = ANY(%s)", columns, self.ids))
        return {row[0]: Course(*map(decimal, row[1:])) for row in rows}

    def _write_courses(self, courses):
        rows = [(fund, *(getattr(course, step) for step in COLUMNS)) for fund, course in courses.items()]
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_fund f SET course_earned = given.earned, course_settled = given.settled,
                          course_paid = given.paid
                     FROM unnest(%s::int[], %s::numeric[], %s::numeric[], %s::numeric[])
                          given (id, earned, settled, paid)
                    WHERE given.id = f.id""",
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.invalidate_recordset(list(COLUMNS.values()), flush=False)

    def _give_back(self, values):
        """Return paid money of one document to the fund: what was without cover is covered first.

        :param dict values: ``fund_id``, ``amount`` (positive), ``key``, ``origin``, ``reason``
        :return: entries
        """
        fund = self._fund_of(values)
        amount = decimal(values["amount"])
        covering = min(amount, fund._locked()[fund.id]["uncovered"])
        parts = [("uncovered", covering), ("free", amount - covering)]
        return self._move([
            {**values, "key": f"{values['key']}/{stage}", "stage_from": "paid", "stage_to": stage, "amount": part}
            for stage, part in parts
            if part
        ])
