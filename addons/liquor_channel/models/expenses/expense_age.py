from odoo import fields, models
from odoo.tools import SQL


class LiquorExpenseAge(models.Model):
    """How long claims wait: count, amount, median and oldest age in days by kind and state (R15 核销周期)."""

    _name = "liquor.expense.age"
    _description = "Age of Expense Claims"
    _auto = False
    _order = "oldest_days desc, id"
    _rec_name = "kind_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind_id = fields.Many2one("liquor.expense.kind", readonly=True)
    state = fields.Selection(
        [("claimed", "Claimed"), ("checked", "Claim Checked"), ("paying", "Being Paid"), ("paid", "Paid")],
        readonly=True,
    )
    claim_count = fields.Integer("Claims", readonly=True, aggregator="sum")
    asked_amount = fields.Monetary("Claimed Amount", readonly=True, aggregator="sum")
    allowed_amount = fields.Monetary("Allowed", readonly=True, aggregator="sum")
    median_days = fields.Float("Median Age (Days)", readonly=True, aggregator="avg", digits=(8, 1))
    all_days = fields.Char(readonly=True, help="The ages behind the median, for the median of several rows.")
    oldest_days = fields.Integer("Oldest (Days)", readonly=True, aggregator="max")

    @property
    def _table_query(self):
        """Ages in calendar days of the company's time zone, from the claim to the payment or to now."""
        return SQL(
            """SELECT MIN(aged.id) AS id, aged.company_id, aged.currency_id, aged.kind_id, aged.state,
                      COUNT(*) AS claim_count, SUM(aged.asked_amount) AS asked_amount,
                      SUM(aged.allowed_amount) AS allowed_amount,
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY aged.days) AS median_days,
                      string_agg(aged.days::varchar, ',') AS all_days,
                      MAX(aged.days) AS oldest_days
                 FROM (SELECT e.id, e.company_id, c.currency_id, e.kind_id, e.state, e.asked_amount, e.allowed_amount,
                              GREATEST(0,
                                (COALESCE(e.paid_at, now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                                 AT TIME ZONE COALESCE(p.tz, 'Asia/Shanghai'))::date
                                - (e.claimed_at AT TIME ZONE 'UTC'
                                   AT TIME ZONE COALESCE(p.tz, 'Asia/Shanghai'))::date) AS days
                         FROM liquor_expense e
                         JOIN res_company c ON c.id = e.company_id
                         JOIN res_partner p ON p.id = c.partner_id
                        WHERE e.claimed_at IS NOT NULL
                          AND e.state IN ('claimed', 'checked', 'paying', 'paid')) aged
             GROUP BY aged.company_id, aged.currency_id, aged.kind_id, aged.state"""
        )

    def _read_group_select(self, aggregate_spec, query):
        """The middle of several rows is that of all their claims: neither the mean nor the largest of their medians."""
        if aggregate_spec.partition(":")[0] != "median_days":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            """(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY one.days)
                  FROM unnest(string_to_array(string_agg(%s, ','), ',')::int4[]) AS one(days))""",
            self._field_to_sql(self._table, "all_days", query),
        )
