from odoo import api, models
from odoo.tools import SQL

#: distributors with something to settle, lowest id first; what is held waits and settles nothing by itself.
#: Left out: who was sent this period already, and what stands in a settlement of another period, be it a draft.
UNSETTLED = """
    SELECT e.partner_id, SUM(e.amount)
      FROM liquor_earning e
 LEFT JOIN LATERAL (SELECT result FROM liquor_earning_state
                     WHERE earning_id = COALESCE(e.reverses_id, e.id) ORDER BY id DESC LIMIT 1) s ON TRUE
     WHERE e.company_id = %(company)s AND e.booked_day <= %(last_day)s AND e.partner_id > %(after)s
       AND e.beneficiary_kind IN ('distributor', 'sub_distributor') AND e.amount <> 0
       AND COALESCE(s.result, e.payable) <> 'held'
       AND NOT EXISTS (SELECT 1 FROM liquor_settlement_line l JOIN liquor_settlement t ON t.id = l.settlement_id
                        WHERE l.earning_id = e.id AND l.live
                          AND (t.state <> 'draft' OR t.date_from <> %(first_day)s OR t.date_to <> %(last_day)s))
       AND NOT EXISTS (SELECT 1 FROM liquor_settlement t
                        WHERE t.company_id = e.company_id AND t.partner_id = e.partner_id
                          AND t.date_from = %(first_day)s AND t.date_to = %(last_day)s AND t.reverses_id IS NULL
                          AND t.state NOT IN ('draft', 'cancelled', 'reversed'))
  GROUP BY e.partner_id ORDER BY e.partner_id LIMIT %(limit)s
"""


class LiquorSettlementMonth(models.AbstractModel):
    """Settlements of many distributors at once; asked again, it makes nothing twice."""

    _name = "liquor.settlement.month"
    _description = "Settlements of a Month"

    @api.model
    def _unsettled(self, company, first_day, last_day, *, after=0, limit=None):
        """Return ``[(distributor, amount)]`` with earnings up to the last day that can be settled: one query.

        :param date first_day: business day of the company, as ``last_day``
        :param int after: only partners with a greater id
        """
        for name in ("liquor.earning", "liquor.earning.state", "liquor.settlement", "liquor.settlement.line"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                UNSETTLED,
                company=company.id,
                first_day=first_day,
                last_day=last_day,
                after=after,
                limit=limit,
            )
        )
        return [(self.env["res.partner"].browse(number), amount) for number, amount in rows]

    @api.model
    def _settle(self, company, partner, terms):
        """Prepare one distributor's settlement of a period, and send it where wanted.

        A draft of the period is prepared again; one that was sent stays as it is.

        :param dict terms: ``date_from``, ``date_to`` (ISO days), ``payment_method``, ``send``
        :return: the settlement
        :raises UserError: it cannot be sent, for instance because a dispute is open
        """
        settlements = self.env["liquor.settlement"]
        period = {"date_from": terms["date_from"], "date_to": terms["date_to"]}
        owner = {"company_id": company.id, "partner_id": partner.id}
        domain = [(name, "=", value) for name, value in {**period, **owner}.items()]
        domain += [("state", "not in", ("cancelled", "reversed")), ("reverses_id", "=", False)]
        settlement = settlements.search(domain, limit=1)
        if settlement.state in (False, "draft"):
            settlement = settlement or settlements.create({
                **period,
                **owner,
                "payment_method": terms["payment_method"],
            })
            settlement.action_prepare()
            if terms.get("send"):
                settlement.action_send()
        return settlement
