import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import ZERO, decimal
from ...engine.contracts.targets import Done, Target, done_for, period_from_label, progress, with_plain_label
from ...engine.policies import tiers

MOST = 10**12
#: bases whose facts name the party as counterparty: what shops received or sold came from their distributor
BY_SHOPS = ("received", "opened", "sold")


class LiquorAgreementTarget(models.Model):
    """任务量: what a party reaches in a year, quarter or month, of a series or of everything; and how far it is.

    The figures of the board are written by ``_refresh``, set-based; ``_targets`` gives them as they are now.
    """

    _name = "liquor.agreement.target"
    _description = "Target of a Contract"
    _inherit = ("liquor.agreement.part",)
    _check_company_auto = True
    _order = "date_start desc, party_id, id"
    _rec_names_search = ("party_id.name", "label", "category_id.name")

    party_id = fields.Many2one(related="agreement_id.party_id", store=True, index=True, precompute=True)
    label = fields.Char(string="Period", required=True, help="2026, 2026-Q1 or 2026-03.")
    date_start = fields.Date(compute="_compute_dates", store=True, precompute=True)
    date_end = fields.Date(compute="_compute_dates", store=True, precompute=True)
    category_id = fields.Many2one("product.category", string="Series", ondelete="restrict", help="Empty: everything.")
    basis = fields.Selection(
        [
            ("paid_in", "Paid In"),
            ("ordered", "Ordered"),
            ("shipped", "Shipped"),
            ("invoiced", "Invoiced"),
            ("received", "Received by Shops"),
            ("reported", "Flow Reports"),
            ("opened", "Opened"),
        ],
        required=True,
        default="shipped",
    )
    measure = fields.Selection(
        [("cases", "Cases"), ("bottles", "Bottles"), ("amount", "Amount")], required=True, default="cases"
    )
    goal = fields.Float(string="Target", digits=(16, 2), required=True)
    state = fields.Selection(related="agreement_id.state", store=True, string="Agreement")
    agreement_kind = fields.Selection(related="agreement_id.kind", store=True)
    done = fields.Float(digits=(16, 2), readonly=True, copy=False)
    rate = fields.Float(string="Completion (%)", digits=(16, 2), readonly=True, copy=False, aggregator="avg")
    gap = fields.Float(digits=(16, 2), readonly=True, copy=False)
    worth = fields.Monetary(
        readonly=True, copy=False, help="What closing the gap adds to rebates by the policies in force."
    )
    measured_at = fields.Datetime(readonly=True, copy=False)

    _bounds = models.Constraint(f"CHECK (goal > 0 AND goal <= {MOST})", "A target is above 0.")
    _subject_unique = models.UniqueIndex(
        "(agreement_id, label, COALESCE(category_id, 0), basis, measure)",
        "There is such a target for this period already.",
    )

    @api.depends("label")
    def _compute_dates(self):
        for target in self:
            try:
                period = period_from_label(target.label)
            except ValueError:
                target.date_start = target.date_end = False
            else:
                target.date_start, target.date_end = period.start, period.end

    @api.depends("label", "category_id.name", "party_id.name")
    def _compute_display_name(self):
        for target in self:
            parts = (target.party_id.name, target.label, target.category_id.name)
            target.display_name = " · ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        """Store a period as it is written everywhere, whatever keyboard it was typed with."""
        return super().create([with_plain_label(vals) for vals in vals_list])

    def write(self, vals):
        """Likewise."""
        return super().write(with_plain_label(vals))

    @api.constrains("label", "basis", "measure", "category_id")
    def _check_label(self):
        for target in self:
            if not target.date_start:
                raise ValidationError(
                    self.env._("%(label)s is no period: write 2026, 2026-Q1 or 2026-03.", label=target.label)
                )
            if target.basis == "paid_in" and (target.measure != "amount" or target.category_id):
                raise ValidationError(self.env._("Money paid in has an amount, and no cases nor series."))

    def _content(self):
        return {
            "period": self.label,
            "series": self.category_id.display_name or None,
            "basis": self.basis,
            "measure": self.measure,
            "target": f"{self.goal:.2f}",
        }

    # --- the board -------------------------------------------------------------------------------------------

    @api.model
    def _targets(self, company, partners, day):
        """Targets of accepted contracts whose period contains a business day, as they stand now.

        The number of queries depends on the number of different periods and bases only.

        :param partners: res.partner recordset, or None for everybody
        :return: list of {"target" (record), "done", "rate", "gap" (Decimals), "worth" (Decimal or None)}
        """
        domain = [
            ("company_id", "=", company.id),
            ("agreement_id.state", "=", "accepted"),
            ("date_start", "<=", day),
            ("date_end", ">=", day),
        ]
        if partners is not None:
            domain.append(("party_id", "in", partners.ids))
        return self.sudo().search(domain)._measure()

    def _measure(self):
        """The same for given targets, whatever their period."""
        found = []
        for company, targets in self.sudo().grouped("company_id").items():
            done = targets._sum_done(company)
            worths = targets._worths(company, {key: progress(*pair).gap for key, pair in done.items()})
            for target in targets:
                state = progress(*done[target.id])
                found.append({
                    "target": target,
                    "done": state.done,
                    "rate": state.rate,
                    "gap": state.gap,
                    "worth": worths.get(target.id),
                })
        return found

    def _sum_done(self, company):
        """{target id: (goal, done)}: facts summed in the database, one query per period and basis."""
        done = {}
        key = lambda target: (target.basis, target.date_start, target.date_end)  # noqa: E731
        for (basis, first, last), targets in self.grouped(key).items():
            kinds = [basis, "returned"] if basis in ("shipped", "reported") else [basis]
            rows = self.env["liquor.flow.fact"]._sums(company, kinds, first, last, targets.party_id.ids)
            products = self.env["liquor.fact.scope"]._products({row.product for row in rows if row.product})
            bought, told = self._rows_of(rows, basis), []
            if basis == "reported":
                # a report is the sale of who reports, and at the buyer's place the purchase of a shop
                bought, told = self._rows_of(rows, "told"), self._rows_of(rows, "shipped")
            for target in targets:
                goal = target._to_engine()
                sums = bought if basis != "reported" or target.agreement_kind == "terminal" else told
                done[target.id] = (goal.goal, done_for(goal, sums, products))
        return done

    def _rows_of(self, rows, basis):
        found = []
        for row in rows:
            parties = {row.partner, row.counterparty} if basis in BY_SHOPS else {row.partner}
            parties = {row.counterparty} if basis == "told" else parties
            figures = (row.product, row.purpose, decimal(row.bottles), decimal(row.amount), row.currency)
            found += [Done(party, *figures) for party in parties if party]
        return found

    def _to_engine(self):
        return Target(
            self.id,
            self.party_id.id,
            self.measure,
            decimal(self.goal),
            self.category_id.id or None,
            self.currency_id.id,
        )

    def _worths(self, company, gaps):
        """What each gap adds by the tiered policies in force: {target id: Decimal}; without a policy it is missing.

        Read from the trace of the latest line of each version and party, so that what he is told is what is computed.
        """
        by_party = {}
        for earning in self._latest_tiered(company):
            by_party.setdefault(earning.partner_id.id, []).append(earning)
        found = {}
        for target in self:
            sums = [
                target._worth_by(earning, gaps[target.id])
                for earning in by_party.get(target.party_id.id, ())
                if target._is_paid_by(earning)
            ]
            if sums and gaps[target.id]:
                found[target.id] = sum(sums, ZERO)
        return found

    def _latest_tiered(self, company):
        domain = [
            ("company_id", "=", company.id),
            ("partner_id", "in", self.party_id.ids),
            ("type", "in", ("earn", "rerate", "clawback")),
            ("policy_version_id.policy_id.kind", "=", "tiered"),
            ("component", "in", list(set(self.mapped("label")))),
        ]
        earnings = self.env["liquor.earning"].sudo()
        groups = earnings._read_group(domain, ["policy_version_id", "partner_id", "component"], ["id:max"])
        return earnings.browse([number for *_key, number in groups])

    def _is_paid_by(self, earning):
        """The policy counts the same thing over the same period and not more narrowly than the target."""
        version = earning.policy_version_id
        if version.measure != self.measure or version.basis != self.basis or earning.component != self.label:
            return False
        return not version.product_ids and (not version.category_ids or self.category_id in version.category_ids)

    def _worth_by(self, earning, gap):
        version, trace = earning.policy_version_id, json.loads(earning.trace or "{}")
        base, table = decimal(trace.get("base")), version.tier_ids._to_engine()
        paid = base
        if version.rate_kind == "percent" and version.measure != "amount":
            paid = sum((decimal(amount) for _product, _bottles, amount in trace.get("products", ())), ZERO)
        after = paid * (base + gap) / base if base else paid + gap
        cap = decimal(version.cap_amount) if version.cap_amount else None
        values = [
            tiers.evaluate(
                table, version.method, version.rate_kind, at, on if version.method == "retrospective" else None, cap
            ).amount
            for at, on in ((base, paid), (base + gap, after))
        ]
        return values[1] - values[0]

    def action_refresh(self):
        """Measure these targets now."""
        self.check_access("read")
        self._refresh()

    def _refresh(self):
        """Write the figures of the board in one statement."""
        rows = self._measure()
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_agreement_target t
                      SET done = n.done, rate = n.rate, gap = n.gap, worth = n.worth, measured_at = %s
                     FROM unnest(%s, %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[])
                          AS n (id, done, rate, gap, worth)
                    WHERE t.id = n.id""",
                fields.Datetime.now(),
                [row["target"].id for row in rows],
                *([row[name] for row in rows] for name in ("done", "rate", "gap", "worth")),
            )
        )
        self.invalidate_model(["done", "rate", "gap", "worth", "measured_at"], flush=False)

    @api.model
    def _cron_refresh(self):
        """Every hour: the targets of running periods and of those that ended within 31 days."""
        for company in self._companies([("agreement_id.state", "in", ("accepted", "ended"))]):
            day = today(company)
            domain = [
                ("company_id", "=", company.id),
                ("agreement_id.state", "in", ("accepted", "ended")),
                ("date_start", "<=", day),
                ("date_end", ">=", fields.Date.subtract(day, days=31)),
            ]
            self.sudo().search(domain)._refresh()
