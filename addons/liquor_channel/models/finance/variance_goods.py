from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..partners.role_place import place_on

#: of the last so many days: what was earned before was matched before
MATCHED_DAYS = 400


class LiquorVarianceGoods(models.AbstractModel):
    """Classes about goods: shipped against scanned against earned. They read ``liquor.flow.fact``; codes add theirs.

    Each query gives key, amount, quantity, day, partner_id, product_id, origin_model, origin_id, note.
    """

    _name = "liquor.variance.goods"
    _description = "Variances of Goods"

    @api.model
    def _goods_queries(self, company, day, before):
        return [
            ("v01", self._scanned_never_shipped(company)),
            ("v02", self._shipped_not_scanned(company, before("v02"))),
            ("v03", self._received_outside(company)),
            ("v04", self._opened_without_receipt(company)),
            ("v05", self._rewarded_twice(company)),
            ("v06", self._rewarded_then_undone(company, day)),
            ("v07", self._party_not_live(company)),
            ("v16", self._implausible(company)),
        ]

    def _facts_of(self, company, *kinds):
        """SQL of the facts of some kinds of one company: only the sources that give them are read."""
        facts = self.env["liquor.flow.fact"]
        return SQL(
            "(SELECT * FROM (%s) f WHERE f.company_id = %s AND f.kind = ANY(%s))",
            facts._union(facts._sources_of(kinds) or list(enumerate(facts._fact_queries()))[:1]),
            company.id,
            list(kinds),
        )

    def _shipped(self, company, last=None):
        """SQL of distributor, product, bottles, price and first day of what left for him and did not come back."""
        return SQL(
            """(SELECT f.partner_id AS distributor, f.product_id, SUM(f.bottles) AS bottles,
                       SUM(f.amount) / NULLIF(SUM(f.bottles), 0) AS price, MIN(f.business_day) AS day
                  FROM %s f
                 WHERE f.source_model = 'stock.move' AND (%s::date IS NULL OR f.business_day <= %s::date)
                 GROUP BY 1, 2)""",
            self._facts_of(company, "shipped", "returned"),
            last,
            last,
        )

    def _received(self, company):
        """SQL of the same of what shops received of a distributor and did not give back."""
        return SQL(
            """(SELECT f.counterparty_id AS distributor, f.product_id, SUM(f.bottles) AS bottles,
                       SUM(f.amount) / NULLIF(SUM(f.bottles), 0) AS price, MIN(f.business_day) AS day
                  FROM %s f WHERE f.source_model <> 'stock.move' AND f.counterparty_id IS NOT NULL GROUP BY 1, 2)""",
            self._facts_of(company, "received", "returned"),
        )

    def _proven(self, company):
        """SQL of distributor, product and bottles that are proven to have left him.

        The same goods may be scanned by a shop and reported by its distributor: of the two the larger counts, shop by
        shop. A report that names no shop may tell of any of them, so that it only counts where it tells of more.
        """
        return SQL(
            """(SELECT p.distributor, p.product_id, GREATEST(
                           SUM(GREATEST(p.received, p.reported)) FILTER (WHERE p.shop IS NOT NULL), SUM(p.reported)
                       ) AS bottles
                  FROM (SELECT m.distributor, m.shop, m.product_id,
                               SUM(m.received) AS received, SUM(m.reported) AS reported
                          FROM (SELECT f.counterparty_id AS distributor, f.partner_id AS shop, f.product_id,
                                       f.bottles AS received, 0 AS reported
                                  FROM %s f WHERE f.source_model <> 'stock.move' AND f.counterparty_id IS NOT NULL
                                 UNION ALL
                                SELECT f.partner_id, f.counterparty_id, f.product_id, 0, f.bottles
                                  FROM %s f WHERE f.source_model <> 'stock.move') m
                      GROUP BY 1, 2, 3) p
              GROUP BY 1, 2)""",
            self._facts_of(company, "received", "returned"),
            self._facts_of(company, "reported"),
        )

    def _scanned_never_shipped(self, company):
        """V1: shops received more from a distributor than he was ever sent."""
        return SQL(
            """SELECT 'flow/' || r.distributor || '/' || r.product_id,
                      (r.bottles - COALESCE(s.bottles, 0)) * COALESCE(r.price, s.price, 0),
                      r.bottles - COALESCE(s.bottles, 0), r.day, r.distributor, r.product_id, NULL, NULL, ''
                 FROM %s r LEFT JOIN %s s ON s.distributor = r.distributor AND s.product_id = r.product_id
                WHERE r.bottles > COALESCE(s.bottles, 0)""",
            self._received(company),
            self._shipped(company),
        )

    def _shipped_not_scanned(self, company, last):
        """V2: shipped up to ``last``, and to this day neither received by a shop nor reported as sold."""
        return SQL(
            """SELECT 'flow/' || s.distributor || '/' || s.product_id, (s.bottles - x.proven) * COALESCE(s.price, 0),
                      s.bottles - x.proven, s.day, s.distributor, s.product_id, NULL, NULL, ''
                 FROM %s s
            LEFT JOIN %s p ON p.distributor = s.distributor AND p.product_id = s.product_id
           CROSS JOIN LATERAL (SELECT COALESCE(p.bottles, 0) AS proven) x
                WHERE s.bottles > x.proven""",
            self._shipped(company, last),
            self._proven(company),
        )

    def _received_outside(self, company):
        """V3: a shop received goods of a distributor outside his territory; one row for the two."""
        return SQL(
            """SELECT 'place/' || f.counterparty_id || '/' || f.partner_id, SUM(COALESCE(f.amount, 0)), SUM(f.bottles),
                      MIN(f.business_day), f.counterparty_id, NULL, 'res.partner', f.partner_id, shop.name
                 FROM %s f
                 JOIN res_partner shop ON shop.id = f.partner_id
                 JOIN liquor_territory place ON place.id = f.territory_id
                WHERE EXISTS (SELECT FROM liquor_channel_role o
                               WHERE o.partner_id = f.counterparty_id AND o.company_id = f.company_id
                                 AND o.kind IN ('distributor', 'sub_distributor') AND o.territory_id IS NOT NULL)
                  AND NOT EXISTS (SELECT FROM liquor_channel_role o JOIN liquor_territory t ON t.id = %s
                                   WHERE o.partner_id = f.counterparty_id AND o.company_id = f.company_id
                                     AND o.kind IN ('distributor', 'sub_distributor')
                                     AND place.parent_path LIKE t.parent_path || '%%')
             GROUP BY f.counterparty_id, f.partner_id, shop.name""",
            self._facts_of(company, "received"),
            place_on(SQL("o"), SQL("f.business_day")),
        )

    def _opened_without_receipt(self, company):
        """V4: opened where nobody held it, or more than the shop ever received."""
        return SQL(
            """SELECT 'flow/' || COALESCE(o.partner_id, 0) || '/' || o.product_id, o.amount,
                      o.bottles - COALESCE(r.bottles, 0), o.day, o.partner_id, o.product_id, NULL, NULL, ''
                 FROM (SELECT f.partner_id, f.product_id, SUM(f.bottles) AS bottles, MIN(f.business_day) AS day,
                              SUM(COALESCE(f.amount, 0)) AS amount
                         FROM %s f GROUP BY 1, 2) o
            LEFT JOIN (SELECT f.partner_id, f.product_id, SUM(f.bottles) AS bottles
                         FROM %s f WHERE f.source_model <> 'stock.move' GROUP BY 1, 2) r
                   ON r.partner_id = o.partner_id AND r.product_id = o.product_id
                WHERE o.bottles > COALESCE(r.bottles, 0)""",
            self._facts_of(company, "opened"),
            self._facts_of(company, "received", "returned"),
        )

    def _rewarded_twice(self, company):
        """V5: the same movement paid by one policy to two parties of one kind."""
        return SQL(
            """SELECT 'fact/' || e.policy_version_id || '/' || e.beneficiary_kind || '/' || e.fact_key,
                      SUM(e.amount) - MAX(e.amount), SUM(e.bottles) - MAX(e.bottles), MIN(e.business_day),
                      MAX(e.partner_id), MAX(e.product_id), 'liquor.earning', MAX(e.id), e.fact_key
                 FROM liquor_earning e
                WHERE e.company_id = %s AND e.type = 'earn' AND e.policy_version_id IS NOT NULL
                  AND e.fact_key IS NOT NULL
                  AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = e.id)
             GROUP BY e.policy_version_id, e.beneficiary_kind, e.fact_key, e.component
               HAVING COUNT(DISTINCT e.partner_id) > 1""",
            company.id,
        )

    @api.model
    def _fact_models(self):
        """Models whose movements are facts for good: a key of theirs that is no fact any more was undone."""
        return ["sale.order.line", "stock.move", "account.move.line", "liquor.flow.report.line"]

    def _rewarded_then_undone(self, company, day):
        """V6: paid for a movement that is none any more, and not taken back.

        EXCEPT reads each side once; a join would compare every earning with every movement where the planner has no
        statistics yet.
        """
        kinds = [kind for kind, _label in self.env["liquor.flow.fact"]._fields["kind"].selection]
        return SQL(
            """WITH lost AS MATERIALIZED (
                      SELECT e.fact_key FROM liquor_earning e
                       WHERE e.company_id = %(company)s AND e.type = 'earn' AND e.amount > 0
                         AND split_part(e.fact_key, '/', 1) = ANY(%(models)s) AND e.business_day > %(first)s
                      EXCEPT SELECT f.key FROM %(facts)s f)
               SELECT 'earning/' || e.id, e.amount, e.bottles, e.business_day, e.partner_id, e.product_id,
                      'liquor.earning', e.id, e.fact_key
                 FROM liquor_earning e JOIN lost ON lost.fact_key = e.fact_key
                WHERE e.company_id = %(company)s AND e.type = 'earn' AND e.amount > 0 AND e.business_day > %(first)s
                  AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = e.id)""",
            company=company.id,
            models=self._fact_models(),
            first=day - timedelta(days=MATCHED_DAYS),
            facts=self._facts_of(company, *kinds),
        )

    def _party_not_live(self, company):
        """V7: earned on a day on which the party had no role in good standing; one row a party and kind."""
        return SQL(
            """SELECT 'role/' || e.partner_id || '/' || e.beneficiary_kind, SUM(e.amount), SUM(e.bottles),
                      MIN(e.business_day), e.partner_id, NULL, 'res.partner', e.partner_id, COUNT(*)::text
                 FROM liquor_earning e
                WHERE e.company_id = %s AND e.type = 'earn' AND e.amount > 0
                  AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = e.id)
                  AND NOT EXISTS (SELECT FROM liquor_channel_role o
                                   WHERE o.partner_id = e.partner_id AND o.company_id = e.company_id
                                     AND o.kind = e.beneficiary_kind AND o.state <> 'candidate'
                                     AND (o.date_start IS NULL OR o.date_start <= e.business_day)
                                     AND (o.date_end IS NULL OR o.date_end >= e.business_day)
                                     AND (o.state <> 'suspended' OR o.suspended_on > e.business_day))
             GROUP BY e.partner_id, e.beneficiary_kind""",
            company.id,
        )

    def _implausible(self, company):
        """V16: a movement that has not happened yet."""
        return SQL(
            """SELECT 'fact/' || f.key, COALESCE(f.amount, 0), f.bottles, f.business_day, f.partner_id, f.product_id,
                      f.source_model, f.source_id, f.key
                 FROM %s f WHERE f.event_time > (now() AT TIME ZONE 'UTC') + INTERVAL '1 day'""",
            self._facts_of(company, "received", "opened", "sold", "reported", "returned"),
        )
