from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import day_bounds, today

from ...engine.common.money import ZERO, decimal, split
from ...engine.earnings.periods import Period, period_of
from ...engine.policies import tiers
from ...engine.policies.bases import Base, Surroundings, Term, sum_bases

NO_RETURNS = ("invoiced", "opened")
DISTRIBUTORS = ("distributor", "sub_distributor")


@dataclass(frozen=True, slots=True)
class Booked:
    """What the ledger says already."""

    amount: Decimal = ZERO
    carried: Decimal = ZERO
    lines: int = 0
    last_day: date | None = None
    agreement: int | None = None


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
        """Every day: the running period of each tiered version, and the one that ended last, for late data."""
        versions = self.sudo().search([("policy_id.kind", "=", "tiered"), ("state", "in", ("active", "frozen"))])
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
        new = self.env["liquor.earning"]
        versions = self.sudo().filtered(lambda v: v.policy_id.kind == "tiered" and v.state in ("active", "frozen"))
        for company, own in versions.grouped("company_id").items():
            for (period, _basis, _returns), group in own._by_base(day or today(company)).items():
                new += group._bring_group_up_to_date(company, period, day or today(company), partners)
        return self.env["liquor.earning"].browse(new.ids)

    def _by_base(self, day):
        """Group versions that are computed from the same sums."""
        groups = {}
        for version in self:
            if version.date_start > day:
                continue
            last_day = min(day, version.date_end) if version.date_end else day
            period = period_of(last_day, version.period, version.date_start, version.date_end or None)
            returns = version.count_returns and version.basis not in NO_RETURNS
            groups.setdefault((period, version.basis, returns), []).append(version.id)
        return {base: self.browse(ids) for base, ids in groups.items()}

    def _bring_group_up_to_date(self, company, period, day, partners):
        booked = self._booked(period, partners)
        last_booked = max((row.last_day for row in booked.values() if row.last_day), default=period.start)
        until = min(max(day, last_booked), period.end)
        bases = self._bases(company, Period(period.start, until, period.label), partners)
        values_list = self._prepare_deltas(company, period, until, bases, booked)
        earnings = self.env["liquor.earning"]._book(values_list) if values_list else self.env["liquor.earning"]
        earnings.policy_version_id._freeze()
        return earnings

    def _booked(self, period, partners):
        """Sums of the period in the ledger: {(version id, partner id): Booked}."""
        condition = SQL("AND partner_id = ANY(%s)", partners.ids) if partners is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                """SELECT policy_version_id, partner_id, SUM(amount), SUM(funder_amount), COUNT(*), MAX(business_day),
                          MAX(agreement_id) FILTER (WHERE funder_amount <> 0)
                   FROM liquor_earning WHERE policy_version_id = ANY(%s) AND component = %s %s GROUP BY 1, 2""",
                self.ids,
                period.label,
                condition,
            )
        )
        return {
            (version, partner): Booked(decimal(amount), decimal(carried), *rest)
            for version, partner, amount, carried, *rest in rows
        }

    # --- what was done ---------------------------------------------------------------------------------------

    def _bases(self, company, period, partners):
        """Cumulative base of each version and beneficiary: {(version id, partner id): Base}."""
        first = self[:1]
        kinds = [first.basis]
        if first.count_returns and first.basis not in NO_RETURNS:
            kinds.append("returned")
        rows = self.env["liquor.flow.fact"]._sums(
            company, kinds, period.start, period.end, partners.ids if partners is not None else None
        )
        scope = self.env["liquor.fact.scope"]._scope(
            company,
            {row.product for row in rows if row.product},
            {row.territory for row in rows if row.territory},
            {partner for row in rows for partner in (row.partner, row.counterparty) if partner},
            period.start,
            period.end,
        )
        live = {(span.kind, partner): span.terminal_kind for partner, own in scope.roles.items() for span in own}
        around = Surroundings(scope.products, scope.territories, live)
        return sum_bases(rows, self._terms(), around, set(partners.ids) if partners is not None else None)

    def _terms(self):
        """Terms of the engine. A rule that counts bottles or cases does not ask for the currency of a fact."""
        for version in self:
            rule = version._to_rule()
            in_money = rule.measure == "amount" or rule.rate_kind == "percent"
            yield Term(rule, version.currency_id.id if in_money else None)

    # --- what is owed ----------------------------------------------------------------------------------------

    def _prepare_deltas(self, company, period, until, bases, booked):
        tables = {version.id: (version, table) for version, table in zip(self, self._tables(), strict=True)}
        deltas = []
        for key in sorted(bases.keys() | booked.keys()):
            version, table = tables[key[0]]
            base, before = bases.get(key, Base()), booked.get(key, Booked())
            result = version._owed(table, base)
            amount = tiers.delta(result.amount, before.amount)
            if amount:
                deltas.append((version, key[1], base, before, result, amount))
        shares = self._carried(company, until, deltas)
        event_time = self._moment_of(company, until)
        return [
            version._prepare_delta_values(period, until, event_time, partner, base, before, result, amount, share)
            for (version, partner, base, before, result, amount), share in zip(deltas, shares, strict=True)
        ]

    def _owed(self, table, base):
        paid_on = base.paid_on if self.method == "retrospective" else None
        cap = decimal(self.cap_amount) if self.cap_amount else None
        digits = self.currency_id.decimal_places
        return tiers.evaluate(table, self.method, self.rate_kind, base.measure, paid_on, cap, digits)

    def _moment_of(self, company, until):
        """The last moment of the day, or now when the day is not over."""
        return min(fields.Datetime.now(), fields.Datetime.subtract(day_bounds(company, until)[1], seconds=1))

    def _carried(self, company, until, deltas):
        """For each delta (agreement or None, amount that the distributor carries)."""
        wanted = {}
        for index, (version, _partner, base, _before, _result, _amount) in enumerate(deltas):
            if version.beneficiary_kind not in DISTRIBUTORS and base.suppliers:
                supplier = max(sorted(base.suppliers), key=lambda one, base=base: base.suppliers[one])
                wanted[index] = (supplier, version.policy_id.id, 0, until)
        lines = self.env["liquor.agreement.line"]._in_force(company, set(wanted.values()))
        shares = [
            self._share_of(lines.get(wanted.get(index)), before, amount)
            for index, (_version, _partner, _base, before, _result, amount) in enumerate(deltas)
        ]
        return self._within_agreement_caps(company, shares)

    def _share_of(self, line, before, amount):
        """(agreement, agreement line or None, amount) that the distributor carries of a delta.

        What goes back is shared as what was booked; what is new is shared by the agreement in force.
        """
        agreements = self.env["liquor.agreement"]
        if amount < 0 and before.carried and before.amount > 0:
            share = min(before.carried / before.amount * 100, Decimal(100))
            return agreements.browse(before.agreement), None, split(amount, [100 - share, share])[1]
        if not line or amount < 0:
            return agreements, None, ZERO
        share = decimal(line.share)
        return line.agreement_id, line, split(amount, [100 - share, share])[1]

    def _within_agreement_caps(self, company, shares):
        keys = [line._cap_key() if line else "" for _agreement, line, _amount in shares]
        caps = {
            key: decimal(line.cap_amount)
            for key, (_agreement, line, _amount) in zip(keys, shares, strict=True)
            if line and line.cap_amount
        }
        wanted = [(key, amount) for key, (_agreement, _line, amount) in zip(keys, shares, strict=True)]
        granted = self.env["liquor.cap.counter"]._grant(company, wanted, caps)
        return [(share[0], amount) for share, amount in zip(shares, granted, strict=True)]

    def _prepare_delta_values(self, period, until, event_time, partner, base, before, result, amount, share):
        agreement, carried = share
        return {
            "company_id": self.company_id.id,
            "partner_id": partner,
            "beneficiary_kind": self.beneficiary_kind,
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "funder_id": agreement.distributor_id.id if agreement and carried else None,
            "funder_amount": float(carried),
            "agreement_id": agreement.id if agreement and carried else None,
            "type": "earn" if amount > 0 else "clawback",
            "policy_version_id": self.id,
            "component": period.label,
            "fact_key": f"period/{self.id}/{partner}/{period.label}",
            "territory_id": base.territory,
            "payable": self.payable,
            "event_time": event_time,
            "business_day": until,
            "rule_version": self.display_name,
            "origin_model": self._name,
            "origin_id": self.id,
            # the number of lines before is part of the key: two runs at once cannot both book
            "idempotency_key": f"period/{self.id}/{partner}/{period.label}/{before.lines}",
            "trace": self._trace_delta(period, until, base, before, result, amount),
        }

    def _trace_delta(self, period, until, base, before, result, amount):
        steps = [
            {
                "low": str(step.tier.lower),
                "high": None if step.tier.upper is None else str(step.tier.upper),
                "rate": str(step.tier.rate),
                "part": str(step.part),
                "amount": str(step.amount),
            }
            for step in result.steps
        ]
        return {
            "kind": "tiered",
            "basis": self.basis,
            "measure": self.measure,
            "rate_kind": self.rate_kind,
            "period": period.label,
            "until": until.isoformat(),
            "base": str(base.measure),
            "facts": base.facts,
            "steps": steps,
            "products": [[product, str(sums[0]), str(sums[1])] for product, sums in sorted(base.products.items())],
            "owed": str(result.amount),
            "booked": str(before.amount),
            "amount": str(amount),
            "capped": result.capped,
        }
