from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import business_day, today


class LiquorWithdrawalDay(models.Model):
    """What a partner asked for on one day: the counter row that keeps the day's cap (design.md 3.4)."""

    _name = "liquor.withdrawal.day"
    _description = "Withdrawals of a Day"
    _order = "day desc, id desc"
    _check_company_auto = True
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)

    _day_unique = models.UniqueIndex("(company_id, partner_id, day)", "One row a day.")
    _amount_bounds = models.Constraint("CHECK (amount BETWEEN 0 AND 1000000000000)", "The amount is out of bounds.")

    @api.model
    def _take(self, company, partner, amount):
        """Count a withdrawal of today.

        :raises UserError: the day's cap would be passed
        """
        if partner.id not in self._take_many(company, {partner.id: amount}):
            cap = company.currency_id.format(company.liquor_withdraw_day_cap)
            raise UserError(self.env._("On one day at most %(cap)s can be withdrawn.", cap=cap))

    @api.model
    def _take_many(self, company, amounts):
        """Count withdrawals of today, one statement for all.

        :param amounts: {partner id: amount}
        :return: the partners whose cap is kept; nothing is counted for the others
        """
        rows = sorted(amounts.items())
        kept = self.env.execute_query(
            SQL(
                """INSERT INTO liquor_withdrawal_day AS d (company_id, partner_id, day, amount)
                    SELECT %(company)s, r.partner, %(day)s, r.amount
                      FROM unnest(%(partners)s::int4[], %(amounts)s::numeric[]) AS r (partner, amount)
                     WHERE r.amount <= %(cap)s
                    ON CONFLICT (company_id, partner_id, day) DO UPDATE SET amount = d.amount + EXCLUDED.amount
                    WHERE d.amount + EXCLUDED.amount <= %(cap)s RETURNING partner_id""",
                company=company.id,
                day=today(company),
                partners=[partner for partner, _amount in rows],
                amounts=[amount for _partner, amount in rows],
                cap=company.liquor_withdraw_day_cap,
            )
        )
        self.invalidate_model(["amount"])
        return {partner for (partner,) in kept}

    @api.model
    def _taken(self, company, partners):
        """What was asked for today: {partner id: amount}; one query."""
        rows = self.search([
            ("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("day", "=", today(company))
        ])  # fmt: skip
        return {row.partner_id.id: row.amount for row in rows}

    @api.model
    def _give_back(self, payouts):
        """Take payouts that did not arrive off the counter of the day they were asked for, in one statement."""
        sums = defaultdict(float)
        for payout in payouts:
            day = business_day(payout.company_id, payout.requested_at)
            sums[payout.company_id.id, payout.partner_id.id, day] += payout.amount
        if sums:
            columns = list(zip(*((*key, amount) for key, amount in sums.items()), strict=True))
            self.env.cr.execute(
                SQL(
                    """UPDATE liquor_withdrawal_day d SET amount = GREATEST(0, d.amount - r.amount)
                         FROM unnest(%s::int4[], %s::int4[], %s::date[], %s::numeric[])
                              AS r (company, partner, day, amount)
                        WHERE d.company_id = r.company AND d.partner_id = r.partner AND d.day = r.day""",
                    *map(list, columns),
                )
            )
        self.invalidate_model(["amount"])

    @api.autovacuum
    def _gc_old_days(self):
        """Drop counters that nobody needs any more."""
        self.env.cr.execute("DELETE FROM liquor_withdrawal_day WHERE day < CURRENT_DATE - 60")
