from odoo import api, models
from odoo.tools import SQL

from ...engine.policies.bases import FactSum, PartySum


class LiquorFlowFact(models.Model):
    """Facts summed in the database: what cumulative policies, targets and estimates are computed from."""

    _inherit = "liquor.flow.fact"

    @api.model
    def _sums(self, company, kinds, first, last, partner_ids=None, by_day=False):
        """Bases of cumulative policies: facts from ``first`` to ``last`` summed in the database.

        :param partner_ids: only facts in which one of them is party or counterparty
        :param by_day: one sum a day, for whoever asks for the first order
        :return: list of FactSum; the sums are text, so that nothing is lost on the way to a Decimal
        """
        query = self._sums_query(company, kinds, first, last, partner_ids, by_day)
        if query is None:
            return []
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, counterparty_id, product_id, territory_id, purpose, currency_id,
                          SUM(bottles)::text, SUM(amount)::text, SUM(facts)::int8, SUM(untaxed)::text, day
                     FROM (%s) sums GROUP BY 1, 2, 3, 4, 5, 6, day, untaxed IS NULL""",
                query,
            )
        )
        return list(map(FactSum._make, rows))

    @api.model
    def _party_sums(self, company, kinds, first, last, partner_ids=None, by_day=False):
        """The same as ``_sums``, a row for each party with its products as columns: list of PartySum."""
        query = self._sums_query(company, kinds, first, last, partner_ids, by_day)
        if query is None:
            return []
        party = SQL("partner_id, counterparty_id, territory_id, purpose, currency_id, day")
        # in order of the products, so that parties with the same goods have the same column of products
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, string_agg(COALESCE(product_id::text, ''), ','), string_agg(bottles::text, ','),
                          string_agg(amount::text, ','), string_agg(COALESCE(untaxed::text, ''), ','),
                          string_agg(facts::text, ',')
                     FROM (%s ORDER BY %s, product_id) sums GROUP BY %s""",
                party,
                query,
                party,
                party,
            )
        )
        return [PartySum.of_texts(*row) for row in rows]

    def _sums_query(self, company, kinds, first, last, partner_ids, by_day):
        """SQL of sums by party, product, place and purpose; None where nothing gives such facts.

        What a source sums by itself is taken as it is: the same product may come in several rows.
        """
        self.env.flush_all()
        sources = self._sources_of(kinds)
        summed = [] if by_day else [pair for pair in sources if "over" in pair[1]]
        rest = [pair for pair in sources if pair not in summed]
        conditions = [
            SQL("f.company_id = %s", company.id),
            SQL("f.kind = ANY(%s)", list(kinds)),
            SQL("f.business_day BETWEEN %s AND %s", first, last),
        ]
        if partner_ids is not None:
            ids = list(partner_ids)
            conditions.append(SQL("(f.partner_id = ANY(%s) OR f.counterparty_id = ANY(%s))", ids, ids))
        conditions = SQL(" AND ").join(conditions)
        queries = []
        if summed:
            alike = [(place, source["over"]((first, last))) for place, source in summed]
            queries.append(self._summed_select(alike, conditions))
        if rest:
            queries.append(self._sums_select(rest, conditions, by_day))
        return SQL(" UNION ALL ").join(queries) if queries else None

    def _summed_select(self, sources, conditions):
        return SQL(
            """SELECT f.partner_id, f.counterparty_id, f.product_id, f.territory_id, f.purpose, f.currency_id,
                      NULL::date AS day, COALESCE(f.bottles, 0) AS bottles, COALESCE(f.amount, 0) AS amount,
                      f.facts, f.amount_untaxed AS untaxed FROM (%s) f WHERE %s""",
            self._union(sources, more=["facts"]),
            conditions,
        )

    def _sums_select(self, sources, conditions, by_day):
        # rows that know their amount without tax are summed apart from those that do not
        return SQL(
            """SELECT f.partner_id, f.counterparty_id, f.product_id, f.territory_id, f.purpose, f.currency_id,
                      %s AS day, SUM(COALESCE(f.bottles, 0)) AS bottles, SUM(COALESCE(f.amount, 0)) AS amount,
                      SUM(f.facts) AS facts, SUM(f.amount_untaxed) AS untaxed
                 FROM (%s) f WHERE %s GROUP BY 1, 2, 3, 4, 5, 6, 7, f.amount_untaxed IS NULL""",
            SQL("f.business_day") if by_day else SQL("NULL::date"),
            self._union(sources, more=["facts"]),
            conditions,
        )

    @api.model
    def _first_days(self, company, kinds, partner_ids, most):
        """The first days on which parties did something: list of (kind, partner id, business day), ``most`` each."""
        self.env.flush_all()
        sources = self._sources_of(kinds)
        if not sources or not partner_ids:
            return []
        return self.env.execute_query(
            SQL(
                """SELECT kind, partner_id, business_day FROM (
                       SELECT f.kind, f.partner_id, f.business_day,
                              row_number() OVER (PARTITION BY f.kind, f.partner_id ORDER BY f.business_day) AS place
                         FROM (%s) f
                        WHERE f.company_id = %s AND f.kind = ANY(%s) AND f.partner_id = ANY(%s)
                        GROUP BY 1, 2, 3
                   ) days WHERE place <= %s""",
                self._union(sources),
                company.id,
                list(kinds),
                list(partner_ids),
                most,
            )
        )
