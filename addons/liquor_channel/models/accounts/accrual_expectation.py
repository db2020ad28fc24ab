from odoo import api, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today


class LiquorAccrualRun(models.Model):
    _inherit = "liquor.accrual.run"

    @api.model
    def _expectations(self, company, day, rows):
        """Return what the campaigns in the books expect, as the engine's inputs, ``rows`` counted as earned.

        A run for days gone by leaves them alone: what was shipped since then is in the books already.
        """
        if day < today(company):
            return []
        open_ones = self.env["liquor.reward.expectation"].sudo().search([
            ("company_id", "=", company.id), ("state", "in", ("open", "closing")), ("date_start", "<=", day)
        ])  # fmt: skip
        return open_ones._to_engine(rows, day)

    def _link(self, entries, moves, amounts):
        """Note what was booked for each campaign, with its estimate (trade.md R7: for the close file)."""
        result = super()._link(entries, moves, amounts)
        expected = [
            (entry, move) for entry, move in zip(entries, moves, strict=True) if entry.expectation_id is not None
        ]
        if expected:
            self._take_expectations([entry.expectation_id for entry, _move in expected])
            self.env["liquor.expectation.entry"].sudo().create([
                self._prepare_expectation_entry(entry, move) for entry, move in expected
            ])
        return result

    def _take_expectations(self, ids):
        """Write the campaigns' rows: a run that read them before another one booked fails here and runs again."""
        self.env["liquor.reward.expectation"].flush_model()
        self.env.cr.execute(SQL("UPDATE liquor_reward_expectation SET policy_id = policy_id WHERE id = ANY(%s)", ids))

    def _prepare_expectation_entry(self, entry, move):
        expectation = self.env["liquor.reward.expectation"].sudo().browse(entry.expectation_id)
        return {
            "company_id": self.company_id.id,
            "currency_id": self.company_id.currency_id.id,
            "expectation_id": expectation.id,
            "run_id": self.id,
            "move_id": move.id,
            "amount": float(next(line.balance for line in entry.lines if line.role == "reward_contra")),
            "cases": float(entry.cases),
            "expected_percent": expectation.expected_percent,
            "rate_source": expectation.rate_source,
        }
