from odoo import api, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.sequence_names import take_names
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import ZERO, decimal

COLUMNS = [
    "name", "company_id", "currency_id", "partner_id", "date_from", "date_to", "payment_method", "state", "author_id",
    "amount_total", "amount_held",
]  # fmt: skip
#: distributors with something to settle, lowest id first; what is held waits and settles nothing by itself, and
#: expenses are paid by themselves.
#: Left out: who was sent this period already, and what stands in a settlement of another period, be it a draft.
UNSETTLED = """
    SELECT e.partner_id, SUM(e.amount)
      FROM liquor_earning e
 LEFT JOIN LATERAL (SELECT result FROM liquor_earning_state
                     WHERE earning_id = COALESCE(e.reverses_id, e.id) ORDER BY id DESC LIMIT 1) s ON TRUE
     WHERE e.company_id = %(company)s AND e.booked_day <= %(last_day)s AND e.partner_id > %(after)s
       AND e.beneficiary_kind IN ('distributor', 'sub_distributor') AND e.amount <> 0
       AND e.origin_model IS DISTINCT FROM 'liquor.expense'
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
    def _settle(self, company, partners, terms):
        """Prepare the settlements of a period of many distributors: as many queries for one as for 1,000.

        A draft of the period is prepared again; one that was sent stays as it is.

        :param dict terms: ``date_from``, ``date_to`` (ISO days), ``payment_method``
        :return: the settlements that were prepared, drafts
        :raises ConcurrencyError: a parallel transaction made one of them; Odoo runs the call again
        """
        settlements = self.env["liquor.settlement"]
        known = settlements.search([
            ("company_id", "=", company.id),
            ("partner_id", "in", partners.ids),
            ("date_from", "=", terms["date_from"]),
            ("date_to", "=", terms["date_to"]),
            ("state", "not in", ("cancelled", "reversed")),
            ("reverses_id", "=", False),
        ])
        drafts = known.filtered(lambda item: item.state == "draft")
        if drafts:
            drafts.action_prepare()
        return drafts + settlements._make(company, partners - known.partner_id, terms)

    @api.model
    def _make(self, company, partners, terms):
        """Make and prepare drafts as ``create`` and ``action_prepare`` do, at once, each row written once.

        Only the chatter's line "created" is left out.
        """
        settlements = self.env["liquor.settlement"]
        settlements.check_access("create")
        if not partners:
            return settlements
        lines = self._lines_of_new(company, partners, terms["date_to"])
        terms = (terms["date_from"], terms["date_to"], terms["payment_method"], "draft", self.env.uid)
        names = take_names(self.env, settlements._name, company, len(partners))
        rows = [
            (name, company.id, company.currency_id.id, partner, *terms, *totals)
            for name, partner, totals in zip(names, partners.ids, _totals(lines, len(partners)), strict=True)
        ]
        with loser_retries(self.env, settlements._period_unique.full_name(settlements)):
            made = settlements.browse(settlements._bulk_insert(COLUMNS, rows))
        made.check_access("create")
        made._track_discard()
        made._follow_as_author()
        made.sudo()._insert_lines(lines)
        return made

    def _lines_of_new(self, company, partners, last_day):
        wanted = SQL(
            """SELECT place, NULL::int4, %s::int4, id, %s::date
                 FROM unnest(%s) WITH ORDINALITY AS wanted (id, place)""",
            company.id,
            last_day,
            partners.ids,
        )
        return self.env["liquor.settlement"].sudo()._collect_lines(wanted)

    def _follow_as_author(self):
        """Let the author follow, by the conditions of ``mail.thread.create``."""
        user, context = self.env.user, self.env.context
        wanted = not (context.get("tracking_disable") or context.get("mail_create_nosubscribe"))
        if wanted and user.active and not user.share:
            followers = self.env["mail.followers"].sudo()
            followers._insert_followers(self._name, self.ids, user.partner_id.ids, check_existing=False)


def _totals(lines, count):
    """Total and what is held of each of ``count`` settlements, of lines whose first value is the place from 1.

    >>> _totals([(2, 7, 10.5, False, None, True), (2, 8, 3.0, True, None, False)], 2)
    [(Decimal('0'), Decimal('0')), (Decimal('10.5'), Decimal('3.0'))]
    """
    totals, held = [ZERO] * count, [ZERO] * count
    for place, *_values, amount, is_held, _reason, _live in lines:
        sums = held if is_held else totals
        sums[place - 1] += decimal(amount)
    return list(zip(totals, held, strict=True))
