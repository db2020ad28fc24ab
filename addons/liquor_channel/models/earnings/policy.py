from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ...engine.common.money import decimal
from ...engine.partners.roles import proven_by
from ...engine.policies import per_unit
from ...engine.policies.commission import Above
from ...engine.policies.eligibility import Movement, Rule, refusal
from ...engine.policies.overlay import strength_of
from ...engine.policies.stacking import Offer, kept
from ...engine.policies.uplift import percent_of

DISTRIBUTORS = ("distributor", "sub_distributor")
MONEY_OF_FACT = ("amount", "amount_untaxed")
PARTIES = ("partner_id", "counterparty_id", "guide_id")


class Line(NamedTuple):
    """One amount that a fact gives to a partner under a rule."""

    fact: dict
    move: Movement
    rule: Rule
    partner_id: int
    amount: Decimal
    uplifts: tuple = ()  # ((uplift, snapshot id or None), …)
    overlays: tuple = ()
    above: Above | None = None  # who is paid for the trade of somebody below
    proof: dict | None = None  # trace of how much of the fact counts, of a shop between scans and reports


class LiquorPolicy(models.Model):
    _inherit = "liquor.policy"

    @api.model
    def _earn(self, facts):
        """Pay what the per-unit policies in force give for facts; a repeated fact gives the stored rows.

        The number of queries does not depend on the number of facts. Tiered policies are not touched here: they
        are brought up to date for a period (``liquor.policy.version._bring_up_to_date``).

        :param facts: list of fact dicts (docs/architecture.md); ``guide_id`` may name the guide or waiter
        :return: {fact key: earnings}, with every key that was asked
        """
        found = {fact["key"]: [] for fact in facts}
        by_company = {}
        for fact in facts:
            by_company.setdefault(fact["company_id"], []).append(fact)
        for company_id, own in by_company.items():
            company = self.env["res.company"].browse(company_id)
            for key, ids in self.sudo()._earn_company(company, self._in_own_money(company, own)).items():
                if key in found:
                    found[key] += ids
        earnings = self.env["liquor.earning"]
        return {key: earnings.browse(ids) for key, ids in found.items()}

    def _earn_company(self, company, facts):
        """Pay what facts of one company give: {fact key: ids of earnings}."""
        return self._pay_facts(company, facts)

    def _pay_facts(self, company, facts):
        lines, found = self._collect_lines(company, facts), {}
        if lines:
            for line, earning_id in zip(lines, self._book_lines(company, lines), strict=True):
                if earning_id:
                    found.setdefault(line.fact["key"], []).append(earning_id)
        return found

    def _in_own_money(self, company, facts):
        """Facts that name another currency, converted at the rate of their day; one look-up a currency and day."""
        own, rates = company.currency_id, {}
        for currency, day in {(fact.get("currency_id"), fact["business_day"]) for fact in facts}:
            if currency and currency != own.id:
                foreign = self.env["res.currency"].browse(currency)
                rates[currency, day] = decimal(foreign._get_conversion_rate(foreign, own, company, day))
        if not rates:
            return facts
        return [
            {**fact, **{name: decimal(fact.get(name) or 0) * rate for name in MONEY_OF_FACT}, "currency_id": own.id}
            if (rate := rates.get((fact.get("currency_id"), fact["business_day"])))
            else fact
            for fact in facts
        ]

    def _collect_lines(self, company, facts):
        days = [fact["business_day"] for fact in facts]
        versions = self._per_unit_versions(company, {fact["kind"] for fact in facts}, min(days), max(days))
        return self._without_excluded(self._lines_of(company, facts, versions)) if versions else []

    def _lines_of(self, company, facts, versions, rules=None):
        """What these versions give for facts before exclusion and caps.

        :param rules: {version id: Rule} to read instead of the versions' own
        """
        days = [fact["business_day"] for fact in facts]
        scope, assigned = self._earn_scope(company, facts, versions, min(days), max(days))
        jobs = self._consented_jobs(company, facts)
        parties = {fact[name] for fact in facts for name in PARTIES if fact.get(name)}
        parties |= {partner.id for partner in assigned.values()}
        special = self.env["liquor.policy.circumstances"]._circumstances(
            company, versions, min(days), max(days), parties, facts
        )
        by_basis = {}
        for rule in (rules or versions._to_rules()).values():
            by_basis.setdefault(rule.basis, []).append(rule)
        lines = []
        for fact in sorted(facts, key=lambda fact: (fact["event_time"], fact["key"])):
            fact = {
                **fact,
                "distributor_id": self._distributor_for(scope, fact, assigned),
                "guide_id": self._guide_for(jobs, fact),
            }
            move = self.env["liquor.fact.scope"]._movement(scope, fact)
            lines += self._lines_of_fact(scope, special, fact, move, by_basis.get(fact["kind"], ()))
        return lines

    def _without_excluded(self, lines):
        """Of lines in an exclusive group one stays for each fact and party, and none where another paid before."""
        if not any(line.rule.group for line in lines):
            return lines
        paid = self._paid_in_groups(lines)
        lines = [line for line in lines if paid.get(self._group_key(line), line.rule.policy) == line.rule.policy]
        chosen = kept(
            Offer(
                index,
                (line.fact["key"], line.partner_id),
                line.rule.order,
                line.amount,
                line.rule.group,
                line.rule.choice,
            )
            for index, line in enumerate(lines)
        )
        return [line for index, line in enumerate(lines) if index in chosen]

    def _group_key(self, line):
        return line.fact["key"], line.partner_id, line.rule.group

    def _paid_in_groups(self, lines):
        """Which policy of a group has paid a fact: {(fact key, partner id, group id): policy id}, in one query."""
        earnings = self.env["liquor.earning"].search([
            ("fact_key", "in", list({line.fact["key"] for line in lines if line.rule.group})),
            (
                "policy_version_id.policy_id.group_id",
                "in",
                list({line.rule.group for line in lines if line.rule.group}),
            ),
            ("reverses_id", "=", False),
        ])
        return {
            (row.fact_key, row.partner_id.id, policy.group_id.id): policy.id
            for row in earnings
            for policy in (row.policy_version_id.policy_id,)
        }

    def _per_unit_versions(self, company, kinds, first, last):
        return self.env["liquor.policy.version"].search(
            [
                ("company_id", "=", company.id),
                ("policy_id.kind", "=", "per_unit"),
                ("policy_id.active", "=", True),
                ("state", "in", ("active", "frozen")),
                ("basis", "in", list(kinds)),
                ("date_start", "<=", last),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", first),
            ],
            order="id",
        )

    def _earn_scope(self, company, facts, versions, first, last):
        assigned = self.env["liquor.channel.assignment"]._distributors(
            {(fact["partner_id"], fact["product_id"], fact["business_day"]) for fact in facts}, company
        )
        partners = {
            fact[name] for fact in facts for name in ("partner_id", "counterparty_id", "guide_id") if fact.get(name)
        }
        scope = self.env["liquor.fact.scope"]._scope(
            company,
            {fact["product_id"] for fact in facts if fact["product_id"]},
            {fact["territory_id"] for fact in facts if fact.get("territory_id")},
            partners | {partner.id for partner in assigned.values()},
            first,
            last,
        )
        return scope, assigned

    def _distributor_for(self, scope, fact, assigned):
        """The distributor behind a fact: the party itself, its counterparty, or who supplies the shop that day."""
        live_role = self.env["liquor.fact.scope"]._live_role
        for name in ("partner_id", "counterparty_id"):
            if fact.get(name) and live_role(scope, fact[name], DISTRIBUTORS, fact["business_day"]):
                return fact[name]
        supplier = assigned.get((fact["partner_id"], fact["product_id"], fact["business_day"]))
        return supplier.id if supplier else None

    def _consented_jobs(self, company, facts):
        """Employments to whose personal reward the shop's owner consented: {(person, shop): them}."""
        persons = {fact["guide_id"] for fact in facts if fact.get("guide_id")}
        if not persons:
            return {}
        jobs = self.env["liquor.employment"].search([
            ("company_id", "=", company.id),
            ("person_id", "in", list(persons)),
            ("consent_on", "!=", False),
            ("consent_id", "!=", False),
        ])
        return jobs.grouped(lambda job: (job.person_id.id, job.employer_id.id))

    def _guide_for(self, jobs, fact):
        """The guide or waiter whom a fact names, if he works in that shop on that day with its owner's consent."""
        day = fact["business_day"]
        for job in jobs.get((fact.get("guide_id"), fact["partner_id"]), ()):
            if max(job.date_start, job.consent_on) <= day and (not job.date_end or day <= job.date_end):
                return fact["guide_id"]
        return None

    def _lines_of_fact(self, scope, special, fact, move, rules):
        lines = []
        for rule in rules:
            refused = refusal(rule, move)
            # products may be different for one shop
            if refused and not (refused == "product" and special.overlays):
                continue
            for own_rule, partner_id, above in self._payees(scope, rule, fact):
                if not rule.partners or partner_id in rule.partners:
                    line = self._line_of(scope, special, fact, move, own_rule, partner_id)
                    lines += [line._replace(above=above)] if line else []
        return lines

    def _payees(self, scope, rule, fact):
        """Who is paid by a rule for a fact: (rule, partner id, step up the tree or None). Commissions override this."""
        partner_id = self._beneficiary(scope, rule, fact)
        return [(rule, partner_id, None)] if partner_id else []

    def _line_of(self, scope, special, fact, move, rule, partner_id):
        """What one party gets for one fact under one rule, with its own values and uplifts; None for nothing."""
        rule, overlays = special.rule_of(rule, partner_id, move.day)
        if rule is None or ((overlays or special.overlays) and refusal(rule, move)):
            return None
        uplifts = ()
        if rule.version in special.uplifts:
            situation = self.env["liquor.policy.circumstances"]._situation(scope, move, partner_id, rule.beneficiary)
            uplifts = special.uplifts_of(rule, partner_id, situation)
        on_top = percent_of(one for one, _snapshot in uplifts) + strength_of(overlays)
        amount = per_unit.pay(rule, move, uplift=on_top)
        return Line(fact, move, rule, partner_id, amount, uplifts, overlays) if amount else None

    def _beneficiary(self, scope, rule, fact):
        """Who is paid by ``rule`` for ``fact``: only a party whose role is in force on that day."""
        live_role = self.env["liquor.fact.scope"]._live_role
        for name in self._sides_of(rule):
            partner_id = fact.get(name)
            role = partner_id and live_role(scope, partner_id, (rule.beneficiary,), fact["business_day"])
            if role:
                return partner_id if self._is_proven(scope, rule, fact, name) else None
        return None

    def _is_proven(self, scope, rule, fact, name):
        """Goods that were scanned and reported pay a shop once: its kind says which of both counts (trade.md R10)."""
        own_counter = rule.basis == "reported" and name == "partner_id"
        if rule.beneficiary != "terminal" or own_counter:
            return True
        return proven_by(
            [span for span in scope.roles.get(fact[name], ()) if span.holds(fact["business_day"])], rule.basis
        )

    def _sides_of(self, rule):
        """Columns of a fact in which the beneficiary of a rule may stand, the nearest first."""
        if rule.beneficiary in ("guide", "waiter"):
            return ("guide_id",)
        if rule.beneficiary == "terminal":
            return ("partner_id", "counterparty_id")
        # a report is the sale of who reports: what a sub-distributor bought is not his turnover
        return ("partner_id",) if rule.basis == "reported" else ("partner_id", "counterparty_id", "distributor_id")
