from odoo import models
from odoo.tools import SQL

from .spend_return import ASKED
from .spend_return_compute import SHOPS_AT_ONCE

#: most rewards, and most movements, of the days of a return that is computed while its user waits
LARGE_EARNINGS = 20_000
LARGE_MOVEMENTS = 100_000
FIGURES = (
    *("state", "computed_at", "computed_by_id", "computed_to", "computed_snapshot", "known_since", "spend"),
    *("measured_spend", "incremental_bottles", "incremental_margin", "return_percent", "opened_bottles"),
    *("received_cases", "cost_per_opened", "cost_per_case"),
)


class LiquorSpendReturn(models.Model):
    """A large return is computed by a run, beside: what stood there stands until all of the new one is there."""

    _inherit = "liquor.spend.return"

    def _compute_or_start(self):
        """Compute at once, or queue a run and return it.

        :raises UserError: the first day is not over
        """
        self._last_day()
        if not self.sudo()._is_large():
            self.sudo()._compute_returns()
            return None
        return self.env["liquor.run"]._start(
            "spend_return",
            self.env._("Return on spend %(days)s", days=self.name),
            parameters={"return": self.id, "batch": SHOPS_AT_ONCE},
            company=self.company_id,
            key=str(self.id),
        )

    def _is_large(self):
        """Whether there is more than somebody waits for; counted no further than that."""
        facts = self.env["liquor.flow.fact"]
        movements = SQL("(%s) f", facts._union(facts._sources_of(("opened", "sold", "reported", "received"))))
        return any(
            self.env.execute_query(
                SQL(
                    """SELECT COUNT(*) > %(most)s FROM (SELECT FROM %(rows)s
                        WHERE company_id = %(company)s AND business_day BETWEEN %(first)s AND %(last)s
                        LIMIT %(most)s + 1) counted""",
                    rows=rows,
                    most=most,
                    company=self.company_id.id,
                    first=self.date_from,
                    last=self.date_to,
                )
            )[0][0]
            for rows, most in ((SQL("liquor_earning"), LARGE_EARNINGS), (movements, LARGE_MOVEMENTS))
        )

    def _begin_beside(self):
        """Store the money of a return that will take the place of this one; an earlier one is given up."""
        self.with_context(active_test=False).search([("computed_for_id", "=", self.id)]).unlink()
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in ASKED}
        beside = self.create({**values, "active": False, "computed_for_id": self.id})
        beside._begin()
        return beside

    def _hand_over(self, asked):
        """Put the new lines in the place of the old ones, unless something else was asked for meanwhile."""
        asked.lock_for_update()
        if all(asked[name] == self[name] for name in ASKED):
            asked.line_ids.unlink()
            asked.margin_ids.unlink()
            self.env.flush_all()
            for table in ("liquor_spend_return_line", "liquor_spend_return_margin"):
                self.env.cr.execute(
                    SQL("UPDATE %s SET return_id = %s WHERE return_id = %s", SQL.identifier(table), asked.id, self.id)
                )
            self.env.invalidate_all(flush=False)
            asked.write({name: self._fields[name].convert_to_write(self[name], self) for name in FIGURES})
        self.unlink()
