from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.earnings.periods import period_of
from ...engine.simulation.rerate import Paid, carried_back, differences
from ..earnings.earning import CURRENT_STATE
from ..policies.policy_version import FREE
from ..policies.version_terms import CUMULATIVE

# the server's marks of a re-rating; a version in force gets them too
FREE.add("rerated_snapshot")
#: days after a re-rating on which it is looked for scans that were on their way
STRAY_DAYS = 2


class LiquorPolicyVersion(models.Model):
    """Re-rating of a policy that pays each fact at once: one line for each fact and party whose amount differs.

    What the replaced versions paid stays and counts: the line is what the new terms give less that, with the new
    version's key of the fact, so that a fact is never paid twice. A scan whose transaction began before and ended
    after the re-rating has paid by the old terms: those rows are the ones that its snapshot did not see
    (``rerated_snapshot``), and ``_rerate_strays`` brings them up to date. One that the old terms did not pay at all
    left no row: for an hour the sweep looks for facts that the new terms pay and nobody did.
    """

    _inherit = "liquor.policy.version"

    is_rerating = fields.Boolean(readonly=True, copy=False, help="Spares scans a query.")
    rerated_snapshot = fields.Char(readonly=True, copy=False, help="Which transactions the re-rating has seen.")
    rerated_by_ids = fields.Many2many(
        "liquor.policy.version",
        "liquor_policy_version_rerated_rel",
        "rerated_id",
        "version_id",
        string="Re-rated By",
        readonly=True,
        copy=False,
    )

    def _take_place_of(self, olds):
        self.sudo().write({"is_rerating": True, "rerated_snapshot": self._seen_now()})
        return super()._take_place_of(olds)

    def _seen_now(self):
        return self.env.execute_query(SQL("SELECT pg_current_snapshot()::text"))[0][0]

    def _cap_keys(self, partner_id, day, supplier_id):
        """What was paid by re-rated terms was counted under the caps of those that replaced them, too."""
        keys = super()._cap_keys(partner_id, day, supplier_id)
        for version in self.rerated_by_ids.filtered(lambda one: one.date_start <= day):
            keys += super(LiquorPolicyVersion, version)._cap_keys(partner_id, day, supplier_id)
        return keys

    # --- the run ---------------------------------------------------------------------------------------------

    def _book_rerate(self):
        if self.kind in CUMULATIVE:
            return super()._book_rerate()
        earnings = self._book_differences()
        cron = self.env.ref("liquor_channel.rerate_strays_cron", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(fields.Datetime.add(fields.Datetime.now(), minutes=5))
        return earnings

    def _book_differences(self, fact_keys=None):
        """Book the differences, month by month, so that memory and queries do not grow with the days.

        :param fact_keys: only these facts; None for all
        """
        last = min(self.date_end or today(self.company_id), today(self.company_id))
        earnings, first = self.env["liquor.earning"], self.date_start
        while first <= last:
            end = min(period_of(first, "month").end, last)
            values_list = self._prepare_differences(first, end, fact_keys)
            earnings += earnings._book(values_list) if values_list else earnings
            first = end + timedelta(days=1)
        if earnings:
            self._freeze()
        return earnings

    @api.model
    def _cron_rerate_strays(self):
        """Bring scans up to date that were on their way when their terms were replaced."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=STRAY_DAYS)
        versions = self.sudo().search([
            ("is_rerating", "=", True),
            ("policy_id.kind", "=", "per_unit"),
            ("activated_at", ">=", since),
        ])
        self.env["ir.cron"]._commit_progress(remaining=len(versions))
        for version in versions:
            version._rerate_strays()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _rerate_strays(self):
        """Rerate facts that replaced versions paid and no run has seen; returns the new earnings."""
        self.lock_for_update()
        keys = self._stray_keys()
        seen = self._seen_now()
        if self.activated_at and self.activated_at >= fields.Datetime.subtract(fields.Datetime.now(), hours=1):
            keys = sorted({*keys, *self._unpaid_keys()})
        earnings = self._book_differences(keys) if keys else self.env["liquor.earning"]
        self.write({"rerated_snapshot": seen})
        return earnings

    def _stray_keys(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT fact_key FROM liquor_earning
                    WHERE policy_version_id = ANY(%s) AND business_day >= %s AND reverses_id IS NULL
                      AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)""",
                self.rerated_ids.ids,
                self.date_start,
                self.rerated_snapshot,
            )
        )
        return [key for (key,) in rows]

    def _unpaid_keys(self):
        """Facts that these terms pay and neither they nor the replaced ones did, month by month."""
        versions = [*self.rerated_ids.ids, self.id]
        last = min(self.date_end or today(self.company_id), today(self.company_id))
        unpaid, first = set(), self.date_start
        while first <= last:
            end = min(period_of(first, "month").end, last)
            wanted = {key for (key, _partner), line in self._new_lines(first, end, None, ()).items() if line.amount}
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT fact_key FROM liquor_earning
                        WHERE policy_version_id = ANY(%s) AND fact_key = ANY(%s)""",
                    versions,
                    sorted(wanted),
                )
            )
            unpaid |= wanted - {key for (key,) in rows}
            first = end + timedelta(days=1)
        return unpaid

    # --- one month -------------------------------------------------------------------------------------------

    def _prepare_differences(self, first, last, fact_keys):
        rows = self._paid_rows(first, last, fact_keys)
        undone = {row["fact_key"] for row in rows.values() if row["undone"]}
        lines = self._new_lines(first, last, fact_keys, undone)
        done = self._done_before([*lines, *rows])
        lines = {key: line for key, line in lines.items() if key not in done}
        granted = self.env["liquor.policy"].sudo()._within_caps(self.company_id, list(lines.values()))
        paid = {
            key: Paid(decimal(row["amount"]), decimal(row["carried"]))
            for key, row in rows.items()
            if key[0] not in undone and key not in done
        }
        changes = differences(paid, dict(zip(lines, granted, strict=True)))
        shares = self._shares_of(changes, lines, paid, rows)
        return [
            self._prepare_difference(key, change, lines.get(key), rows.get(key), shares[key])
            for key, change in changes.items()
        ]

    def _paid_rows(self, first, last, fact_keys):
        """What is booked by the replaced versions: {(fact key, partner id): row}, one query."""
        self.env["liquor.earning.state"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT e.fact_key, e.partner_id, SUM(e.amount) AS amount,
                          SUM(COALESCE(e.funder_amount, 0)) AS carried,
                          MAX(e.agreement_id) FILTER (WHERE e.funder_amount <> 0) AS agreement,
                          MIN(e.id) FILTER (WHERE e.reverses_id IS NULL) AS id,
                          BOOL_OR(e.reverses_id IS NOT NULL) AS undone,
                          (ARRAY_AGG(COALESCE(latest.result, e.payable) ORDER BY e.id))[1] AS state
                     FROM liquor_earning e %s
                    WHERE e.policy_version_id = ANY(%s) AND e.business_day BETWEEN %s AND %s
                      AND e.fact_key IS NOT NULL AND (%s::varchar[] IS NULL OR e.fact_key = ANY(%s))
                    GROUP BY e.fact_key, e.partner_id""",
                CURRENT_STATE,
                self.rerated_ids.ids,
                first,
                last,
                fact_keys,
                fact_keys,
            )
        )
        return {(row["fact_key"], row["partner_id"]): row for row in rows}

    def _new_lines(self, first, last, fact_keys, undone):
        """What these terms give: {(fact key, partner id): line}, oldest first."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("kind", "=", self.basis),
            ("business_day", ">=", first),
            ("business_day", "<=", last),
        ]
        if fact_keys is not None:
            domain.append(("key", "in", fact_keys))
        facts = [fact for fact in self.env["liquor.flow.fact"]._facts(domain) if fact["key"] not in undone]
        policies = self.env["liquor.policy"].sudo()
        lines = policies._without_excluded(policies._lines_of(self.company_id, facts, self)) if facts else []
        return {(line.fact["key"], line.partner_id): line for line in lines}

    def _done_before(self, pairs):
        """Which of these (fact key, partner id) this version has paid or re-rated already."""
        earnings = self.env["liquor.earning"]
        keys = {
            earnings._book_key({"policy_version_id": self.id, "fact_key": fact_key, "partner_id": partner_id}): pair
            for pair in pairs
            for fact_key, partner_id in (pair,)
        }
        return {keys[key] for key in earnings._ledger_known(set(keys))}

    def _shares_of(self, changes, lines, paid, rows):
        """{key: (agreement, amount carried)}: new money by the agreement in force, what goes back as it was shared."""
        agreements = self.env["liquor.agreement"]
        more = {key: change for key, change in changes.items() if change > 0}
        funding = (
            self
            .env["liquor.policy"]
            .sudo()
            ._funding(
                self.company_id,
                [(lines[key], change) for key, change in more.items()],
                {place for place, key in enumerate(more) if key in rows},
            )
        )
        shares = {
            key: (line.agreement_id if line else agreements, carried)
            for key, (line, carried) in zip(more, funding, strict=True)
        }
        for key, change in changes.items():
            if change < 0:
                back = carried_back(change, paid[key])
                shares[key] = (agreements.browse(rows[key]["agreement"] if back else ()), back)
        self._give_back_to_agreements({rows[key]["id"]: share for key, share in shares.items() if share[1] < 0})
        return shares

    def _give_back_to_agreements(self, shares):
        """What a distributor carries no more is free again under the cap of his agreement."""
        bears = {row: row._bearing_request(shares[row.id][0].id) for row in self.env["liquor.earning"].browse(shares)}
        lines = self.env["liquor.agreement.line"]._bearing(set(bears.values()))
        sums = {}
        for row, request in bears.items():
            line, back = lines.get(request), shares[row.id][1]
            if line and line.cap_amount:
                sums[line._cap_key()] = sums.get(line._cap_key(), decimal(0)) - back
        self.env["liquor.cap.counter"].sudo()._give_back(self.company_id, sums)

    def _prepare_difference(self, key, change, line, row, share):
        agreement, carried = share
        booked = decimal(row["amount"]) if row else decimal(0)
        values = self._prepare_from_line(line, booked + change) if line else self._prepare_from_row(row)
        names = ", ".join(self.rerated_ids.mapped("display_name"))
        return {
            **values,
            "company_id": self.company_id.id,
            "partner_id": key[1],
            "policy_version_id": self.id,
            "fact_key": key[0],
            "component": "base",
            "beneficiary_kind": values.get("beneficiary_kind") or self.beneficiary_kind,
            "currency_id": self.currency_id.id,
            "amount": float(change),
            "funder_id": agreement.distributor_id.id if carried else None,
            "funder_amount": float(carried),
            "agreement_id": agreement.id if carried else None,
            "type": "rerate",
            # a reward that can be withdrawn already, or is held, is followed by its difference
            "payable": row["state"] if row else self.payable,
            "rule_version": self.display_name,
            "reason": self.env._("Re-rated from %(old)s to %(new)s", old=names, new=self.display_name),
            "trace": {**values.get("trace", {}), "booked": str(booked), "change": str(change)},
        }

    def _prepare_from_line(self, line, granted):
        policies = self.env["liquor.policy"].sudo()
        return policies._prepare_line_values(self.company_id, line, granted, (None, decimal(0)))

    def _prepare_from_row(self, row):
        """Facts that these terms do not pay: the place and moment of what was booked."""
        earning = self.env["liquor.earning"].browse(row["id"])
        names = (
            "event_time", "business_day", "origin_model", "origin_id", "beneficiary_kind", "commission_level",
        )  # fmt: skip
        supplier = earning._cap_place()[2]
        return {
            **{name: earning[name] for name in names},
            **({"trace": {"supplier": supplier}} if supplier else {}),
            "product_id": earning.product_id.id or None,
            "territory_id": earning.territory_id.id or None,
            "bottles": earning.bottles,
            "commission_of_id": earning.commission_of_id.id or None,
            "commission_parent_id": earning.commission_parent_id.id or None,
        }
