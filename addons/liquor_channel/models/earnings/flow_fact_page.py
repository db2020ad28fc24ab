from odoo import api, models
from odoo.tools import SQL

from .flow_fact import FACT_COLUMNS


class LiquorFlowFact(models.Model):
    """A page of the facts that were counted together, read by the database alone."""

    _inherit = "liquor.flow.fact"

    @api.model
    def _page_of(self, company, kinds, first, last, groups, limit=None, offset=0):
        """Return facts of these groups, the newest first, in one query however many there are.

        :param groups: FactSum rows as ``_sums`` gives them, of the same company, kinds and days
        :return: list of fact dicts
        """
        sources = self._sources_of(kinds)
        if not sources or not groups:
            return []
        keys = {
            (one.partner or 0, one.counterparty or 0, one.product or 0, one.territory or 0, one.currency or 0,
             one.purpose or "")
            for one in groups
        }  # fmt: skip
        parties = list({number for key in keys for number in key[:2]} - {0})
        *numbers, purposes = (list(column) for column in zip(*sorted(keys), strict=True))
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT %s FROM (%s) f
                     JOIN unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::text[])
                          AS g (partner, counterparty, product, territory, currency, purpose)
                       ON COALESCE(f.partner_id, 0) = g.partner AND COALESCE(f.counterparty_id, 0) = g.counterparty
                      AND COALESCE(f.product_id, 0) = g.product AND COALESCE(f.territory_id, 0) = g.territory
                      AND COALESCE(f.currency_id, 0) = g.currency AND COALESCE(f.purpose, '') = g.purpose
                    WHERE f.company_id = %s AND f.kind = ANY(%s) AND f.business_day BETWEEN %s AND %s
                      AND (f.partner_id = ANY(%s) OR f.counterparty_id = ANY(%s))
                 ORDER BY f.business_day DESC, f.id DESC LIMIT %s OFFSET %s""",
                SQL(", ").join(SQL("f.%s", SQL.identifier(name)) for name in FACT_COLUMNS),
                self._union(sources),
                *numbers,
                purposes,
                company.id,
                list(kinds),
                first,
                last,
                parties,
                parties,
                limit,
                offset,
            )
        )
        facts = [dict(zip(FACT_COLUMNS, row, strict=True)) for row in rows]
        for fact in facts:
            for name in ("bottles", "amount"):
                fact[name] = float(fact[name] or 0)
        return facts
