from odoo import api, models
from odoo.tools import SQL

#: hours in which the other side confirms a red letter (trade.md R6)
RED_LETTER_DAYS = 3


class LiquorVarianceMoney(models.AbstractModel):
    """Classes about money: earned, settled, booked, paid, and carried by funds and distributors."""

    _name = "liquor.variance.money"
    _description = "Variances of Money"

    @api.model
    def _money_queries(self, company, day, before):
        return [
            ("v08", self._paid_is_not_computed(company)),
            ("v09", self._settlement_is_not_its_lines(company)),
            ("v10", self._ledgers_differ(company)),
            ("v11", self._payout_without_result(company, before("v11"))),
            ("v12", self._share_not_settled(company, before("v12"))),
            ("v12", self._share_above_cap(company)),
            ("v13", self._note_without_red_letter(company, day)),
            ("v13", self._red_above_blue(company)),
            ("v14", self._fund_overdrawn(company)),
            ("v15", self._policy_ended(company)),
        ]

    def _paid_is_not_computed(self, company):
        """V8: an earning per unit is not what its own trace computes; period policies are computed anew in Python."""
        return SQL(
            """SELECT 'earning/' || e.id, abs(e.amount - x.granted), 0, e.business_day, e.partner_id, e.product_id,
                      'liquor.earning', e.id, x.granted::text
                 FROM liquor_earning e
           CROSS JOIN LATERAL (SELECT e.trace::jsonb AS t) j
           CROSS JOIN LATERAL (SELECT COALESCE(j.t ->> 'granted', j.t ->> 'amount')::numeric AS granted) x
                WHERE e.company_id = %s AND e.type = 'earn' AND e.form = 'money' AND e.trace LIKE '{%%'
                  AND j.t ->> 'kind' = 'per_unit' AND x.granted <> e.amount
                  AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = e.id)""",
            company.id,
        )

    def _settlement_is_not_its_lines(self, company):
        """V9: the total of a settlement, or a line of it, is not what was earned."""
        return SQL(
            """SELECT 'settlement/' || s.id, abs(COALESCE(s.amount_total, 0) - COALESCE(SUM(e.amount), 0)), 0,
                      s.date_to, s.partner_id, NULL, 'liquor.settlement', s.id, s.name
                 FROM liquor_settlement s
            LEFT JOIN liquor_settlement_line l ON l.settlement_id = s.id AND l.live
            LEFT JOIN liquor_earning e ON e.id = l.earning_id
                WHERE s.company_id = %s AND s.reverses_id IS NULL AND s.state NOT IN ('cancelled', 'reversed')
             GROUP BY s.id
               HAVING COALESCE(s.amount_total, 0) <> COALESCE(SUM(e.amount), 0)
                   OR bool_or(l.amount IS DISTINCT FROM e.amount AND l.id IS NOT NULL)""",
            company.id,
        )

    def _ledgers_differ(self, company):
        """V10: sub-ledger and general ledger differ on an account of a partner (``liquor.tie.out``)."""
        return SQL(
            """SELECT 'account/' || t.role || '/' || COALESCE(t.partner_id, 0), abs(t.difference), 0, NULL::date,
                      t.partner_id, NULL, 'account.account', t.account_id, t.role
                 FROM (%s) t WHERE t.company_id = %s AND t.difference <> 0""",
            self.env["liquor.tie.out"]._table_query,
            company.id,
        )

    def _payout_without_result(self, company, last):
        """V11: a payout that was sent and whose result the bank never gave."""
        return SQL(
            """SELECT 'payout/' || p.id, p.amount, 0, b.sent_at::date, p.partner_id, NULL, 'liquor.payout', p.id, p.name
                 FROM liquor_payout p JOIN liquor_payout_batch b ON b.id = p.batch_id
                WHERE p.company_id = %s AND p.state = 'sent' AND b.sent_at::date <= %s""",
            company.id,
            last,
        )

    def _share_not_settled(self, company, last):
        """V12: what a distributor carries is open on 1221.F for too long."""
        account = self.env["liquor.account.mapping"].sudo().search([
            ("company_id", "=", company.id), ("role", "=", "cofunding_due")
        ]).account_id  # fmt: skip
        return SQL(
            """SELECT 'share/' || i.partner_id, SUM(i.amount_residual), 0, MIN(i.date), i.partner_id, NULL,
                      'res.partner', i.partner_id, ''
                 FROM account_move_line i
                WHERE i.company_id = %s AND i.account_id = ANY(%s) AND i.parent_state = 'posted'
                  AND i.date <= %s AND NOT i.reconciled AND i.partner_id IS NOT NULL
             GROUP BY i.partner_id HAVING SUM(i.amount_residual) > 0""",
            company.id,
            account.ids,
            last,
        )

    def _share_above_cap(self, company):
        """V12: a distributor carries more than his agreement allows."""
        return SQL(
            """SELECT 'cap/' || e.agreement_id, SUM(e.funder_amount) - cap.amount, 0, MIN(e.business_day),
                      a.distributor_id, NULL, 'liquor.agreement', e.agreement_id, a.name
                 FROM liquor_earning e
                 JOIN liquor_agreement a ON a.id = e.agreement_id
                 JOIN (SELECT agreement_id, SUM(cap_amount) AS amount FROM liquor_agreement_line
                        GROUP BY agreement_id HAVING MIN(COALESCE(cap_amount, 0)) > 0) cap
                   ON cap.agreement_id = e.agreement_id
                WHERE e.company_id = %s
             GROUP BY e.agreement_id, a.id, cap.amount HAVING SUM(e.funder_amount) > cap.amount""",
            company.id,
        )

    @api.model
    def _red_letter_done(self):
        """SQL: what of the credit note ``m`` has its red letter, tax included; the queue says it (trade.md R6)."""
        return SQL(
            """(SELECT COALESCE(SUM(r.amount + r.amount_tax), 0) FROM liquor_red_allocation r
                 WHERE r.note_id = m.id AND r.state = 'issued')"""
        )

    def _note_without_red_letter(self, company, day):
        """V13: a credit note, or a part of it, whose red letter was not issued in 72 hours."""
        return SQL(
            """SELECT 'note/' || n.id, n.left_over, 0, n.invoice_date, n.commercial_partner_id, NULL,
                      'account.move', n.id, n.name
                 FROM (SELECT m.id, m.name, m.invoice_date, m.commercial_partner_id,
                              m.amount_total - %s AS left_over
                         FROM account_move m
                        WHERE m.company_id = %s AND m.move_type = 'out_refund' AND m.state = 'posted'
                          AND (m.liquor_settlement_id IS NOT NULL AND m.reversed_entry_id IS NULL
                               OR m.liquor_charge_id IS NOT NULL AND EXISTS (
                                   SELECT FROM liquor_red_allocation r WHERE r.note_id = m.id AND r.state <> 'dropped'))
                          AND m.invoice_date <= %s::date - %s
                          AND NOT EXISTS (SELECT FROM account_move back WHERE back.reversed_entry_id = m.id
                                             AND back.state = 'posted')) n
                WHERE n.left_over > 0""",
            self._red_letter_done(),
            company.id,
            day,
            RED_LETTER_DAYS,
        )

    def _red_above_blue(self, company):
        """V13: red letters and returns take more of a blue invoice than it says, or other than its counter says."""
        return SQL(
            """SELECT 'blue/' || b.id, GREATEST(b.red + b.returned - b.amount_untaxed, abs(b.red - b.counted)), 0,
                      b.invoice_date, b.commercial_partner_id, NULL, 'account.move', b.id, b.name
                 FROM (SELECT m.id, m.name, m.invoice_date, m.commercial_partner_id, m.amount_untaxed,
                              COALESCE(m.liquor_red_amount, 0) AS counted,
                              COALESCE((SELECT SUM(r.amount) FROM liquor_red_allocation r
                                         WHERE r.invoice_id = m.id AND r.state <> 'dropped'), 0) AS red,
                              COALESCE((SELECT SUM(back.amount_untaxed) FROM account_move back
                                         WHERE back.reversed_entry_id = m.id AND back.state = 'posted'
                                           AND NOT EXISTS (SELECT FROM liquor_red_allocation r
                                                WHERE r.note_id = back.id AND r.state <> 'dropped')), 0) AS returned
                         FROM account_move m
                        WHERE m.company_id = %s AND m.move_type = 'out_invoice'
                          AND (m.liquor_red_amount > 0 OR EXISTS (SELECT FROM liquor_red_allocation r
                                WHERE r.invoice_id = m.id AND r.state <> 'dropped'))) b
                WHERE (b.red > 0 AND b.red + b.returned > b.amount_untaxed) OR b.red <> b.counted""",
            company.id,
        )

    def _fund_overdrawn(self, company):
        """V14: more is owed from a fund than it was given."""
        return SQL(
            """SELECT 'fund/' || f.id, GREATEST(COALESCE(f.uncovered, 0), -COALESCE(f.free, 0)), 0, f.date_start,
                      NULL, NULL, 'liquor.fund', f.id, f.name
                 FROM liquor_fund f
                WHERE f.company_id = %s AND (COALESCE(f.uncovered, 0) > 0 OR COALESCE(f.free, 0) < 0)""",
            company.id,
        )

    def _policy_ended(self, company):
        """V15: earned by a version on a day after its last one."""
        return SQL(
            """SELECT 'version/' || v.id, abs(SUM(e.amount)), SUM(e.bottles), MIN(e.business_day), NULL, NULL,
                      'liquor.policy.version', v.id, %s
                 FROM liquor_earning e
                 JOIN liquor_policy_version v ON v.id = e.policy_version_id
                 JOIN liquor_policy p ON p.id = v.policy_id
                WHERE e.company_id = %s AND v.date_end IS NOT NULL AND e.business_day > v.date_end AND e.type = 'earn'
                  AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = e.id) AND NOT %s
             GROUP BY v.id, p.id""",
            self.env["liquor.policy"]._field_to_sql("p", "name"),
            company.id,
            self._was_rerated(),
        )

    def _was_rerated(self):
        """SQL about an earning ``e`` of version ``v``: its day belongs to terms that replaced these since."""
        return SQL("FALSE")
