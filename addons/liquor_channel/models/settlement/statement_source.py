from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...engine.common.money import decimal
from ...engine.settlement.statement import Movement

#: part in the account mapping -> (account of the statement, sign): what is owed to the distributor is positive there.
#: His share of costs lowers what he gets for expenses (费用).
ACCOUNT_PARTS = {
    "rebate_accrued": ("rebate", -1),
    "expense_owed": ("expense", -1),
    "cofunding_due": ("expense", -1),
    "deposit": ("deposit", -1),
}


class LiquorStatementSource(models.AbstractModel):
    """What stands on the accounts of distributors: read once for all of them, for settlements and 往来对账单."""

    _name = "liquor.statement.source"
    _description = "Accounts of Distributors"

    @api.model
    def _collect(self, company, partners, first, last, in_kind=False):
        """Return ``{partner id: ({account: opening}, [Movement])}``: as many queries for one partner as for 1,000.

        Posted journal items of goods (receivables), rebates, expenses and deposits, in the company's currency.

        :param date first: first day of the period, by the day of the entry; ``last`` likewise
        :param bool in_kind: also goods in kind, in cases, as the account ``in_kind``
        """
        parts = self._account_parts(company)
        found = {partner: ({}, []) for partner in partners.ids}
        for partner, account_id, amount in self._opening_rows(company, partners, list(parts), first):
            name, sign = parts[account_id]
            self._add_opening(found[partner][0], name, sign * decimal(amount))
        for partner, account_id, day, *texts, amount in self._movement_rows(
            company, partners, list(parts), first, last
        ):
            name, sign = parts[account_id]
            found[partner][1].append(Movement(name, day, sign * decimal(amount), *(text or "" for text in texts)))
        if in_kind:
            self._collect_in_kind(found, company, partners, first, last)
        return found

    def _add_opening(self, openings, name, amount):
        openings[name] = openings.get(name, Decimal(0)) + amount

    def _account_parts(self, company):
        """Return ``{account id: (account of the statement, sign)}``: receivables are the goods account."""
        accounts = self.env["liquor.account.mapping"]._accounts(company)
        receivable = self.env["account.account"].search([
            ("company_ids", "parent_of", company.id),
            ("account_type", "=", "asset_receivable"),
        ])
        parts = {account.id: ("goods", 1) for account in receivable}
        parts.update({accounts[role].id: meaning for role, meaning in ACCOUNT_PARTS.items()})
        return parts

    def _opening_rows(self, company, partners, account_ids, first):
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT partner_id, account_id, SUM(balance) FROM account_move_line
                    WHERE company_id = %s AND partner_id = ANY(%s) AND parent_state = 'posted'
                      AND account_id = ANY(%s) AND date < %s GROUP BY partner_id, account_id""",
                company.id,
                partners.ids,
                account_ids,
                first,
            )
        )

    def _movement_rows(self, company, partners, account_ids, first, last):
        self.env["account.move"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT l.partner_id, l.account_id, l.date, m.name, COALESCE(m.ref, m.invoice_origin),
                          CASE WHEN m.liquor_settlement_id IS NOT NULL THEN 'settlement/' || m.liquor_settlement_id
                               WHEN m.move_type IN ('out_invoice', 'out_refund') THEN 'invoice/' || m.id
                               ELSE 'entry/' || m.id END,
                          SUM(l.balance)
                     FROM account_move_line l JOIN account_move m ON m.id = l.move_id
                    WHERE l.company_id = %s AND l.partner_id = ANY(%s) AND l.parent_state = 'posted'
                      AND l.account_id = ANY(%s) AND l.date BETWEEN %s AND %s
                 GROUP BY l.partner_id, l.account_id, l.date, m.id HAVING SUM(l.balance) <> 0""",
                company.id,
                partners.ids,
                account_ids,
                first,
                last,
            )
        )

    @api.model
    def _earnings_domain(self, company, partner, kind, number):
        """Return the domain of a distributor's earnings behind a movement: of an accrual entry, or the one earning.

        :param kind: ``entry`` (number of a journal entry) or ``earning``
        """
        domain = [
            ("company_id", "=", company.id),
            "|",
            ("partner_id", "=", partner.id),
            ("funder_id", "=", partner.id),
        ]
        if kind == "earning":
            return [*domain, ("id", "=", number)]
        lines = self.env["liquor.accrual.line"].sudo()._search([("move_line_id.move_id", "=", number)])
        return [*domain, ("id", "in", lines.subselect("earning_id"))]

    # ------------------------------------------------------------------ goods in kind
    def _collect_in_kind(self, found, company, partners, first, last):
        for partner, day, cases, reference, label, origin in self._in_kind_rows(company, partners, first, last):
            if day is None:
                self._add_opening(found[partner][0], "in_kind", decimal(cases))
            else:
                amount = decimal(cases)
                found[partner][1].append(Movement("in_kind", day, amount, reference or "", label or "", origin or ""))

    @api.model
    def _in_kind_queries(self, company):
        """Sources of goods in kind: SQL of (partner_id, day, cases, reference, label, origin) of one company.

        Positive = owed to the distributor, negative = delivered. Override and append.
        """
        return [self._in_kind_earned(company), self._in_kind_of_shops(company), self._in_kind_delivered(company)]

    def _in_kind_earned(self, company):
        """Goods that policies owe (trade.md R4: owed in cases)."""
        return SQL(
            """SELECT e.partner_id, e.booked_day AS day,
                      e.goods_bottles / GREATEST(t.liquor_bottles_per_case, 1) AS cases,
                      COALESCE(%s, e.reason) AS reference, e.component AS label, 'earning/' || e.id AS origin
                 FROM liquor_earning e
                 JOIN product_product p ON p.id = e.goods_product_id
                 JOIN product_template t ON t.id = p.product_tmpl_id
            LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
            LEFT JOIN liquor_policy y ON y.id = v.policy_id
                WHERE e.company_id = %s AND e.form = 'goods' AND e.goods_bottles <> 0
                  AND e.beneficiary_kind IN ('distributor', 'sub_distributor')""",
            self.env["liquor.policy"]._field_to_sql("y", "name"),
            company.id,
        )

    def _in_kind_of_shops(self, company):
        """Goods of shops that he hands out: they are owed to him from the approval of their paper on."""
        return SQL(
            """SELECT d.distributor_id AS partner_id, d.approved_on AS day,
                      sol.product_uom_qty / GREATEST(t.liquor_bottles_per_case, 1) AS cases,
                      d.name AS reference, shop.name AS label, 'order/' || sol.order_id AS origin
                 FROM liquor_shop_delivery d
                 JOIN res_partner shop ON shop.id = d.partner_id
                 JOIN sale_order_line worth ON worth.liquor_shop_delivery_id = d.id
                 JOIN sale_order_line sol ON sol.order_id = worth.order_id AND sol.id <> worth.id
                      AND sol.liquor_shop_delivery_id IS NULL AND sol.display_type IS NULL
                      AND sol.price_unit * sol.product_uom_qty = -worth.price_unit
                 JOIN product_product p ON p.id = sol.product_id
                 JOIN product_template t ON t.id = p.product_tmpl_id
                WHERE d.company_id = %s AND d.way = 'distributor' AND d.state IN ('approved', 'delivered')""",
            company.id,
        )

    def _in_kind_delivered(self, company):
        """Goods that left on orders of goods rebates, and what came back of them."""
        facts = self.env["liquor.flow.fact"]
        return SQL(
            """SELECT f.partner_id, f.business_day AS day,
                      -f.bottles / GREATEST(t.liquor_bottles_per_case, 1) AS cases,
                      so.name AS reference, NULL AS label, 'order/' || so.id AS origin
                 FROM (%s) f
                 JOIN stock_move move ON move.id = f.source_id
                 JOIN sale_order_line sol ON sol.id = move.sale_line_id
                 JOIN sale_order so ON so.id = sol.order_id
                 JOIN product_product p ON p.id = f.product_id
                 JOIN product_template t ON t.id = p.product_tmpl_id
                WHERE f.company_id = %s AND f.purpose = 'goods_rebate'""",
            facts._union([(0, facts._fact_moves())]),
            company.id,
        )

    def _in_kind_rows(self, company, partners, first, last):
        """Rows of the sources, those before ``first`` summed without a day.

        Each line is rounded by itself, so that the closing of a month is the opening of the next.
        """
        self.env.flush_all()
        lines = SQL(
            """SELECT s.partner_id, s.day, s.reference, s.label, s.origin, ROUND(SUM(s.cases)::numeric, 2) AS cases
                 FROM (%s) s WHERE s.partner_id = ANY(%s) AND s.day <= %s GROUP BY 1, 2, 3, 4, 5""",
            SQL(" UNION ALL ").join(self._in_kind_queries(company)),
            partners.ids,
            last,
        )
        return self.env.execute_query(
            SQL(
                """WITH line AS (%s)
                   SELECT partner_id, day, cases, reference, label, origin FROM line WHERE day >= %s AND cases <> 0
                   UNION ALL
                   SELECT partner_id, NULL, SUM(cases), NULL, NULL, NULL
                     FROM line WHERE day < %s GROUP BY partner_id""",
                lines,
                first,
                first,
            )
        )
