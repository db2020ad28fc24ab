from odoo import models
from odoo.tools import SQL

#: minutes that the clock of a device may be ahead of ours
CLOCK_MINUTES = 60
#: joins an earning ``g`` to the scan ``e`` that it is for, by the key of the scan: one look for each earning
EVENT_OF_EARNING = SQL(
    "e.id = CASE WHEN g.fact_key LIKE 'liquor.scan.event/%%' THEN split_part(g.fact_key, '/', 2)::int END"
)


class LiquorVarianceMatch(models.AbstractModel):
    """What single codes add to the three-way match (channel.md d2: per code): V1, V3, V5, V6 and V16."""

    _inherit = "liquor.variance.match"

    def _fact_models(self):
        return [*super()._fact_models(), "liquor.scan.event"]

    def _goods_queries(self, company, day, before):
        return [
            *super()._goods_queries(company, day, before),
            ("v01", self._held_scans(company, ("not_shipped",), before("v01"))),
            ("v03", self._held_scans(company, ("other_distributor", "sent_to_another_shop"), day)),
            ("v05", self._unit_rewarded_twice(company)),
            ("v06", self._rewarded_then_void(company)),
            ("v16", self._held_scans(company, ("outside_shop",), day)),
            ("v16", self._clock_ahead(company)),
        ]

    def _held_scans(self, company, reasons, last):
        """Scans that wait for one of these reasons since ``last`` or longer, and were not taken up again."""
        return SQL(
            """SELECT 'scan/' || e.id, COALESCE(e.amount, 0), COALESCE(e.bottles, 0), e.business_day, e.party_id,
                      e.product_id, 'liquor.scan.event', e.id, e.reason
                 FROM liquor_scan_event e
                WHERE e.company_id = %s AND e.status = 'held' AND e.reason = ANY(%s) AND e.business_day <= %s
                  AND NOT EXISTS (SELECT FROM liquor_scan_event a
                                   WHERE a.batch_id = e.batch_id AND a.level = e.level AND a.unit_index = e.unit_index
                                     AND a.kind = e.kind AND a.status = 'accepted' AND a.id > e.id)""",
            company.id,
            list(reasons),
            last,
        )

    def _unit_rewarded_twice(self, company):
        """V5: one code, one kind of movement, paid by one policy for more than one event.

        What one event paid twice is found by its fact already.
        """
        return SQL(
            """SELECT 'unit/' || x.batch_id || '/' || x.level || '/' || x.unit_index || '/' || x.fact_kind || '/'
                             || x.policy_version_id || '/' || x.beneficiary_kind,
                      SUM(x.amount) - MAX(x.amount), MAX(x.bottles), MIN(x.business_day), MAX(x.partner_id),
                      MAX(x.product_id), 'liquor.earning', MAX(x.id), x.fact_kind
                 FROM (SELECT g.id, g.fact_key, g.amount, g.partner_id, g.policy_version_id, g.beneficiary_kind,
                              e.batch_id, e.level, e.unit_index, e.fact_kind, e.bottles, e.business_day, e.product_id
                         FROM liquor_earning g
                         JOIN liquor_scan_event e ON %s
                        WHERE g.company_id = %s AND g.type = 'earn' AND g.policy_version_id IS NOT NULL
                          AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = g.id)) x
             GROUP BY x.batch_id, x.level, x.unit_index, x.fact_kind, x.policy_version_id, x.beneficiary_kind
               HAVING COUNT(DISTINCT x.fact_key) > 1""",
            EVENT_OF_EARNING,
            company.id,
        )

    def _rewarded_then_void(self, company):
        """V6: paid for a bottle or case whose codes were voided afterwards."""
        return SQL(
            """SELECT 'void/' || g.id, g.amount, COALESCE(e.bottles, 0), e.business_day, g.partner_id, e.product_id,
                      'liquor.earning', g.id, 'void'
                 FROM liquor_earning g
                 JOIN liquor_scan_event e ON %s
                WHERE g.company_id = %s AND g.type = 'earn' AND g.amount > 0
                  AND NOT EXISTS (SELECT FROM liquor_earning r WHERE r.reverses_id = g.id)
                  AND EXISTS (SELECT FROM liquor_code_range c
                               WHERE c.batch_id = e.batch_id AND c.state = 'void'
                                 AND c.first <= (e.unit_index + 1) * e.level - 1 AND c.last >= e.unit_index * e.level
                                 AND NOT EXISTS (SELECT FROM liquor_code_range n
                                                  WHERE n.batch_id = c.batch_id AND n.state = 'active' AND n.id > c.id
                                                    AND n.kind IS NOT DISTINCT FROM c.kind
                                                    AND n.first <= c.first AND n.last >= c.last))""",
            EVENT_OF_EARNING,
            company.id,
        )

    def _clock_ahead(self, company):
        """V16: the device said a time that had not come."""
        return SQL(
            """SELECT 'clock/' || e.id, COALESCE(e.amount, 0), COALESCE(e.bottles, 0), e.business_day, e.party_id,
                      e.product_id, 'liquor.scan.event', e.id, to_char(e.device_time, 'YYYY-MM-DD HH24:MI')
                 FROM liquor_scan_event e
                WHERE e.company_id = %s AND e.status = 'accepted' AND e.kind <> 'void'
                  AND e.device_time > e.received_time + make_interval(mins => %s)""",
            company.id,
            CLOCK_MINUTES,
        )
