from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.columns import column, columns

from ...engine.common.money import decimal
from ...engine.earnings.periods import period_of
from ..policies.policy_version import PAYING
from ..policies.version_terms import CUMULATIVE
from .policy_bases import NO_RETURNS
from .policy_claim import Booked


class LiquorPolicyVersion(models.Model):
    _inherit = "liquor.policy.version"

    earning_count = fields.Integer(compute="_compute_earning_count")

    def _compute_earning_count(self):
        counts = dict(
            self.env["liquor.earning"]._read_group(
                [("policy_version_id", "in", self.ids)], ["policy_version_id"], ["__count"]
            )
        )
        for version in self:
            version.earning_count = counts.get(version, 0)

    def _check_end_after_use(self, day):
        rows = (
            self
            .env["liquor.earning"]
            .sudo()
            ._read_group([("policy_version_id", "in", self.ids)], [], ["business_day:max"])
        )
        if day and rows[0][0] and day < rows[0][0]:
            raise UserError(self.env._("This version has paid up to %(day)s and cannot end before.", day=rows[0][0]))
        return super()._check_end_after_use(day)

    def action_open_earnings(self):
        """Open what these terms gave."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.earning_action")
        return {**action, "domain": [("policy_version_id", "in", self.ids)], "context": {}}

    def action_bring_up_to_date(self):
        """Compute the running period now, in the background; the run of the last company is opened."""
        self.check_access("write")
        run = self.env["liquor.run"]
        for company, versions in self.grouped("company_id").items():
            run = run._start(
                "bring_up_to_date",
                self.env._("Compute %(name)s", name=", ".join(versions[:3].mapped("display_name"))),
                len(versions._candidates()),
                {"versions": versions.ids, "day": today(company).isoformat()},
                company=company,
                key=",".join(map(str, sorted(versions.ids))),
            )
        return run._show() if run else None

    def _candidates(self, after=0, limit=None):
        """Return who may be owed something by these versions: parties of their kind, and whoever was paid before."""
        for name in ("liquor.channel.role", "liquor.earning"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM liquor_channel_role
                    WHERE company_id = ANY(%(companies)s) AND kind = ANY(%(kinds)s) AND partner_id > %(after)s
                    UNION
                   SELECT partner_id FROM liquor_earning
                    WHERE policy_version_id = ANY(%(versions)s) AND partner_id > %(after)s
                    ORDER BY 1 LIMIT %(limit)s""",
                companies=self.company_id.ids,
                kinds=list(set(self.mapped("beneficiary_kind"))),
                versions=self.ids,
                after=after,
                limit=limit,
            )
        )
        return self.env["res.partner"].browse([number for (number,) in rows])

    @api.model
    def _cron_bring_up_to_date(self):
        """Every day: the running period of each cumulative version, and the one that ended last, for late data."""
        versions = self.sudo().search([("policy_id.kind", "in", CUMULATIVE), ("state", "in", ("active", "frozen"))])
        self.env["ir.cron"]._commit_progress(remaining=len(versions))
        for version in versions:
            day = today(version.company_id)
            running = period_of(day, version.period, version.date_start)
            if version.date_start < running.start:
                version._bring_up_to_date(fields.Date.subtract(running.start, days=1))
            version._bring_up_to_date(day)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _bring_up_to_date(self, day=None, partners=None):
        """Book what tiered versions owe for the period that contains ``day`` and have not booked yet.

        new line = f(what the period has given up to that day) - what is booked. So returns, late data and a tier
        that is lost give a line of their own, and a second call gives nothing. Facts are summed in the database;
        the number of queries does not depend on the number of partners or facts.

        :param day: business day of the versions' company; today by default. A day before the last one booked counts
            as that one, so that nothing is computed backwards.
        :param partners: only these beneficiaries (res.partner), or everybody
        :return: the new earnings
        :raises ConcurrencyError: the same period is booked by another transaction; Odoo runs the call again
        """
        versions = self.sudo()._living()
        new = []
        for company, own in versions.grouped("company_id").items():
            new += own._bring_company_up_to_date(company, day or today(company), partners).ids
        return self.env["liquor.earning"].browse(new)

    def _bring_company_up_to_date(self, company, day, partners):
        values_list = self._open_deltas(company, day, partners)
        earnings = self.env["liquor.earning"]._book(values_list) if values_list else self.env["liquor.earning"]
        self.browse({values["policy_version_id"] for values in values_list})._freeze()
        return earnings

    def _living(self):
        """Those in force that are computed on a period."""
        rows = zip(self._ids, self._kinds(), column(self, "state"), strict=True)
        return self.browse(key for key, kind, state in rows if kind in CUMULATIVE and state in PAYING)

    def _open_deltas(self, company, day, partners=None):
        """Values of the lines that versions in force still owe for the period of ``day``; nothing is booked.

        :param company: of all these versions
        """
        live = self._living()
        if not live:
            return []
        versions = live | live._excluded_ones(day)
        # a common cap is shared by all: whoever is asked for, everybody is computed
        shared = versions.filtered("cap_total")
        claims = []
        for own, only in ((versions - shared, partners), (shared, None)):
            for (period, _basis, _returns), group in own._by_base(day).items():
                claims += group._claims(company, period, day, only)
        return self._prepare_deltas(company, self._shared_out(self._without_excluded(claims)))

    def _excluded_ones(self, day):
        """Versions in force on ``day`` that exclude, or are excluded by, one of these."""
        groups = self.policy_id.group_id
        if not groups:
            return self.browse()
        return groups.policy_ids.version_ids.filtered(
            lambda v: (
                v.kind in CUMULATIVE
                and v.state in ("active", "frozen")
                and v.date_start <= day
                and (not v.date_end or v.date_end >= day)
            )
        )

    def _by_base(self, day):
        """Group versions that are computed from the same sums."""
        groups, periods = {}, {}
        names = ("date_start", "date_end", "period", "count_returns", "basis")
        for key, (first, last, length, count_returns, basis) in zip(self._ids, columns(self, *names), strict=True):
            if first > day:
                continue
            cut = (length, first, last or None)
            if cut not in periods:
                periods[cut] = period_of(min(day, last) if last else day, *cut)
            returns = bool(count_returns) and basis not in NO_RETURNS
            groups.setdefault((periods[cut], basis, returns), []).append(key)
        return {base: self.browse(ids) for base, ids in groups.items()}

    def _booked(self, period, partners):
        """Sums of the period in the ledger: {(version id, partner id): Booked}."""
        condition = SQL("AND partner_id = ANY(%s)", partners.ids) if partners is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                """SELECT policy_version_id, partner_id, SUM(amount), SUM(funder_amount), SUM(goods_bottles), COUNT(*),
                          MAX(business_day), MAX(agreement_id) FILTER (WHERE funder_amount <> 0), MAX(id)
                   FROM liquor_earning WHERE policy_version_id = ANY(%s) AND component = %s %s GROUP BY 1, 2""",
                self.ids,
                period.label,
                condition,
            )
        )
        return {
            (version, partner): Booked(decimal(amount), decimal(carried), decimal(units), *rest)
            for version, partner, amount, carried, units, *rest in rows
        }
