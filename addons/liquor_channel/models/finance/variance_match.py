from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts.booking import month_end
from ...engine.common.money import ZERO, decimal
from ...engine.finance.variances import Finding, Known, compare
from .variance_rule import DEFAULT_DAYS

ADVISORY_SPACE = 19_000_160
COLUMNS = [
    "company_id", "currency_id", "variance_class", "cause_key", "note", "partner_id", "product_id", "amount",
    "quantity", "day", "origin_model", "origin_id", "owner_id", "state", "last_found_at",
]  # fmt: skip


def _last_month_end(day):
    """Return the last month's end that is not after ``day``.

    >>> from datetime import date
    >>> str(_last_month_end(date(2026, 3, 31))), str(_last_month_end(date(2026, 3, 30)))
    ('2026-03-31', '2026-02-28')
    """
    return day if month_end(day) == day else day.replace(day=1) - timedelta(days=1)


class LiquorVarianceMatch(models.AbstractModel):
    """The three-way match of a company: every class by one query, all rows written at once."""

    _name = "liquor.variance.match"
    _description = "Three-way Match"
    _inherit = ["liquor.variance.goods", "liquor.variance.money"]

    @api.model
    def _match(self, company, day=None, classes=None, computed_to=None):
        """Bring the variances of a company up to date; a second time changes nothing.

        :param date day: the match's day; today by default
        :param classes: only these classes
        :param date computed_to: day up to which period policies must have been computed (V8); the end of the last
            month that is over by default, because a running month is computed when it ends
        :return: {"new", "changed", "reopened", "resolved": numbers of rows}
        :raises UserError: another match of the company is running
        """
        self._lock(company)
        self.env.flush_all()
        day = day or today(company)
        owners, days = self.env["liquor.variance.rule"]._of(company)
        found = self._found(company, day, days, classes, computed_to or _last_month_end(day))
        variances = self.env["liquor.variance"].sudo()
        known = self._known(company, classes)
        changes = compare(known, found)
        now = fields.Datetime.now()
        if changes.new:
            with loser_retries(self.env, variances._cause_unique.full_name(variances)):
                variances._bulk_insert(COLUMNS, [self._row(company, item, owners, now) for item in changes.new])
        self._write_changed(changes.changed, now)
        variances.browse(changes.reopened).write({"state": "open", "reason": False, "decided_by_id": False})
        variances.browse(changes.resolved).write({"state": "resolved"})
        return {name: len(getattr(changes, name)) for name in ("new", "changed", "reopened", "resolved")}

    def _lock(self, company):
        query = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", ADVISORY_SPACE, company.id)
        if not self.env.execute_query(query)[0][0]:
            raise UserError(self.env._("Another match of %(company)s is running.", company=company.name))

    def _found(self, company, day, days, classes, computed_to):
        found = []
        for variance_class, query in self._queries(company, day, days):
            if classes is None or variance_class in classes:
                found += [self._finding(variance_class, row) for row in self.env.execute_query(query)]
        if classes is None or "v08" in classes:
            found += self._recomputed(company, computed_to)
        return found

    @api.model
    def _queries(self, company, day, days):
        """Sources of findings: override and append.

        :param dict days: {class: days that it waits}
        :return: list of (class, SQL of the columns key, amount, quantity, day, partner_id, product_id, origin_model,
            origin_id, note); a key names the cause for good and is given once in its class
        """

        def before(name):
            return day - timedelta(days=days.get(name, DEFAULT_DAYS))

        return self._goods_queries(company, day, before) + self._money_queries(company, day, before)

    def _finding(self, variance_class, row):
        key, amount, quantity, day, partner, product, model, number, note = row
        return Finding(
            variance_class, key, abs(decimal(amount)), abs(decimal(quantity)), day, partner, product, model, number,
            (note or "")[:500],
        )  # fmt: skip

    def _known(self, company, classes):
        domain = [("company_id", "=", company.id)]
        if classes is not None:
            domain.append(("variance_class", "in", list(classes)))
        rows = (
            self
            .env["liquor.variance"]
            .sudo()
            .search_fetch(domain, ["variance_class", "cause_key", "state", "amount", "quantity"])
        )
        return {
            (row.variance_class, row.cause_key): Known(row.id, row.state, decimal(row.amount), decimal(row.quantity))
            for row in rows
        }

    def _row(self, company, item, owners, now):
        return (
            company.id, company.currency_id.id, item.variance_class, item.key, item.note, item.partner_id,
            item.product_id, item.amount, item.quantity, item.day, item.origin_model, item.origin_id,
            owners.get(item.variance_class), "open", now,
        )  # fmt: skip

    def _write_changed(self, changed, now):
        """Write figures that moved by one UPDATE."""
        if not changed:
            return
        columns = zip(*((number, item.amount, item.quantity, item.day) for number, item in changed), strict=True)
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_variance t SET amount = given.amount, quantity = given.quantity, day = given.day,
                          last_found_at = %s, write_date = %s, write_uid = %s
                     FROM unnest(%s::int[], %s::numeric[], %s::numeric[], %s::date[]) given (id, amount, quantity, day)
                    WHERE t.id = given.id""",
                now,
                now,
                self.env.uid,
                *(list(column) for column in columns),
            )
        )
        self.env["liquor.variance"].browse([number for number, _item in changed]).invalidate_recordset()

    # ------------------------------------------------------------------ V8, computed by the policies themselves
    def _recomputed(self, company, day):
        """What period policies would still book for the period of ``day``: paid is not what the rule gives."""
        versions = (
            self
            .env["liquor.policy.version"]
            .sudo()
            .search([
                ("company_id", "=", company.id),
                ("state", "in", ("active", "frozen")),
            ])
        )
        found = {}
        for values in versions._open_deltas(company, day):
            key = f"period/{values['policy_version_id']}/{values['partner_id']}/{values['component']}"
            amount = found[key].amount if key in found else ZERO
            found[key] = Finding(
                "v08", key, abs(decimal(values["amount"])) + amount, day=day, partner_id=values["partner_id"],
                origin_model="liquor.policy.version", origin_id=values["policy_version_id"],
                note=str(values["component"]),
            )  # fmt: skip
        return list(found.values())
