from decimal import Decimal

from odoo import fields, models

from odoo.addons.liquor_member.tools.business_day import day_bounds
from odoo.addons.liquor_member.tools.columns import columns

from ...engine.common.money import ZERO, decimal, quantize, split
from ...engine.policies.bases import Base
from ...engine.policies.eligibility import NOTHING
from ...engine.policies.overlay import terms_of
from ...engine.policies.owed import Owed, owed, shared_cap
from ...engine.policies.stacking import Offer, kept
from ...engine.policies.uplift import Situation, percent_of
from .policy_claim import NOTHING_SPECIAL, Booked, Claim, Special

DISTRIBUTORS = ("distributor", "sub_distributor")


class LiquorPolicyVersion(models.Model):
    """What cumulative versions owe beside what is booked, and the lines that make up the difference."""

    _inherit = "liquor.policy.version"

    # --- what is owed ----------------------------------------------------------------------------------------

    def _claims(self, company, period, day, partners):
        """What every party is owed by versions that are computed from the same sums: list of Claim."""
        booked = self._booked(period, partners)
        last_booked = max((row.last_day for row in booked.values() if row.last_day), default=period.start)
        until = min(max(day, last_booked), period.end)
        rules = self._to_rules()
        bases = self._bases(company, period.start, until, partners, rules=rules)
        keys = sorted(bases.keys() | booked.keys())
        done = self._done(company, period, until, partners, bases, keys)
        terms = self._to_all_terms(self._tables())
        versions = {version.id: version for version in self}
        special = self._special(company, period, until, {partner for _version, partner in keys})
        claims = []
        for key in keys:
            rule, general = rules[key[0]], terms[key[0]]
            own, found = self._terms_of_party(rule, general, special, key[1], until)
            result = owed(own, done[key]) if own else Owed(ZERO, why_nothing="taken_out")
            before, base = booked.get(key) or Booked(), bases.get(key) or Base()
            version = versions[key[0]]
            claims.append(Claim(version, rule, general, key[1], period, until, base, before, result, done[key], found))
        return claims

    def _special(self, company, period, until, partner_ids):
        """Overlays and uplifts of parties at the end of what is computed, and where and since when they are parties.

        :return: (Circumstances, {(kind of role, partner id): (first day, territory ids up to the province)})
        """
        special = self.env["liquor.policy.circumstances"]._circumstances(company, self, until, until, partner_ids)
        if not special.uplifts:
            return special, {}
        role_model = self.env["liquor.channel.role"].sudo()
        roles = role_model.search([
            ("company_id", "=", company.id),
            ("partner_id", "in", list(partner_ids)),
            *role_model._domain_live(period.start, until),
        ])
        places = {role: role._territory_on(until).id for role in roles}
        territories = self.env["liquor.fact.scope"]._territories(filter(None, places.values()))
        return special, {
            (role.kind, role.partner_id.id): (role.date_start, territories.get(places[role], NOTHING)) for role in roles
        }

    def _terms_of_party(self, rule, terms, special, partner_id, until):
        """The terms for one party, and what is special in them; None where it is taken out."""
        special, places = special
        overlays = special.overlays_of(rule.policy, partner_id, until)
        own = terms_of(terms, overlays)
        uplifts = ()
        if own and rule.version in special.uplifts:
            started, territories = places.get((rule.beneficiary, partner_id), (None, NOTHING))
            situation = Situation(until, territories=territories, started=started)
            uplifts = special.uplifts_of(rule, partner_id, situation)
            own = own.lifted(percent_of(one for one, _snapshot in uplifts))
        return own, Special(uplifts, overlays) if uplifts or overlays else NOTHING_SPECIAL

    def _without_excluded(self, claims):
        """Of versions in one exclusive group one pays each party; what the others booked goes back."""
        if not any(claim.rule.group for claim in claims):
            return claims
        chosen = kept(
            Offer(
                index,
                (claim.partner, claim.period.label),
                claim.rule.order,
                claim.owed,
                claim.rule.group,
                claim.rule.choice,
            )
            for index, claim in enumerate(claims)
        )
        return [
            claim if index in chosen or not claim.owed else claim.with_owed(ZERO, "excluded")
            for index, claim in enumerate(claims)
        ]

    def _shared_out(self, claims):
        """Cut the claims of a programme to its cap, in proportion."""
        capped = [claim for claim in claims if claim.rule.cap_total]
        if not capped:
            return claims
        shares = {}
        for version in {claim.version for claim in capped}:
            own = {claim.partner: claim.owed for claim in capped if claim.version == version}
            cut = shared_cap(own, decimal(version.cap_total), version.currency_id.decimal_places)
            shares.update({(version.id, partner): amount for partner, amount in cut.items()})
        return [
            claim.with_owed(shares.get((claim.version.id, claim.partner), claim.owed), "shared_cap") for claim in claims
        ]

    # --- lines -----------------------------------------------------------------------------------------------

    def _prepare_deltas(self, company, claims):
        claims = [claim for claim in claims if claim.change]
        worths = self._worths(company, claims)
        shares = self._carried(company, list(zip(claims, worths, strict=True)))
        common = self.browse({claim.rule.version for claim in claims})._common_values()
        before = self._parts_of_last(claims)
        moments = {until: self._moment_of(company, until) for until in {claim.until for claim in claims}}
        return [
            common[claim.rule.version]
            | self._prepare_delta_values(claim, moments[claim.until], worth, share, before.get(claim.before.last))
            for claim, worth, share in zip(claims, worths, shares, strict=True)
        ]

    def _common_values(self):
        """What all lines of a version have: {version id: values}."""
        names = ("company_id", "currency_id", "form", "payable", "display_name")
        rows = zip(self._ids, columns(self, *names), strict=True)
        return {
            key: {
                "company_id": company,
                "currency_id": currency,
                "form": form,
                "payable": payable,
                "rule_version": name,
                "policy_version_id": key,
                "origin_model": self._name,
                "origin_id": key,
            }
            for key, (company, currency, form, payable, name) in rows
        }

    def _worths(self, company, claims):
        """For each claim (amount, bottles): goods are worth the price of the day, what goes back what it was."""
        prices = self._goods_prices(company, [claim for claim in claims if claim.in_goods and claim.change > 0])
        worths = []
        for claim in claims:
            if not claim.in_goods:
                worths.append((claim.change, ZERO))
            elif claim.change > 0:
                product = claim.version.goods_product_id
                per_case = product.liquor_bottles_per_case or 1 if claim.version.measure == "cases" else 1
                bottles = claim.change * per_case
                worths.append((quantize(bottles * prices[product.id, claim.until]), bottles))
            else:
                part = claim.change / claim.before_count
                worths.append((quantize(claim.before.amount * part), claim.before.units * part))
        return worths

    def _goods_prices(self, company, claims):
        """Price of a bottle (打款价) by (product id, day); a product without ladder has its sales price."""
        prices = {}
        for day in {claim.until for claim in claims}:
            products = self.env["product.product"].union(
                *(claim.version.goods_product_id for claim in claims if claim.until == day)
            )
            nowhere = self.env["liquor.territory"]
            ladders = self.env["liquor.price.ladder"].sudo()._ladders(company, products, nowhere, day)
            for product in products:
                ladder = ladders.get((product.id, False))
                price = ladder._rung("factory") if ladder else 0
                prices[product.id, day] = decimal(price or product.lst_price)
        return prices

    def _moment_of(self, company, until):
        """The last moment of the day, or now when the day is not over."""
        return min(fields.Datetime.now(), fields.Datetime.subtract(day_bounds(company, until)[1], seconds=1))

    def _carried(self, company, deltas):
        """For each (claim, worth) the agreement or None and the amount that the distributor carries."""
        wanted = {}
        for index, (claim, _worth) in enumerate(deltas):
            suppliers = claim.base.suppliers
            if claim.rule.beneficiary not in DISTRIBUTORS and suppliers:
                supplier = max(sorted(suppliers), key=lambda one, suppliers=suppliers: suppliers[one])
                wanted[index] = (supplier, claim.rule.policy, 0, claim.until)
        lines = self.env["liquor.agreement.line"]._in_force(company, set(wanted.values()))
        shares = [
            self._share_of(lines.get(wanted.get(index)), claim.before, amount)
            for index, (claim, (amount, _bottles)) in enumerate(deltas)
        ]
        self._free_agreement_caps(
            company,
            [
                (claim.before.agreement, claim.rule.policy, share[2])
                for (claim, _worth), share in zip(deltas, shares, strict=True)
                if share[2] < 0
            ],
        )
        return self._within_agreement_caps(company, shares)

    def _free_agreement_caps(self, company, freed):
        """What a distributor carries no more is free again under the cap of his consent.

        :param freed: list of (id of the agreement that carried it, policy id, negative amount)
        """
        lines = self.env["liquor.agreement.line"]._bearing({(agreement, policy, 0) for agreement, policy, _a in freed})
        sums = {}
        for agreement, policy, share in freed:
            line = lines.get((agreement, policy, 0))
            if line and line.cap_amount:
                sums[line._cap_key()] = sums.get(line._cap_key(), ZERO) - share
        self.env["liquor.cap.counter"].sudo()._give_back(company, sums)

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
        # shares per unit are of policies that pay at once
        return line.agreement_id, line, line._carried_of(amount, ZERO)

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

    def _prepare_delta_values(self, claim, moment, worth, share, before):
        """What this line has of its own; ``_common_values`` has the rest.

        :param before: by tier and product, what was owed when the line before was booked
        """
        (agreement, carried), (amount, bottles) = share, worth
        carrier = agreement if agreement and carried else None
        key = f"period/{claim.rule.version}/{claim.partner}/{claim.period.label}"
        return {
            "partner_id": claim.partner,
            "beneficiary_kind": claim.rule.beneficiary,
            "amount": float(amount),
            "goods_product_id": claim.version.goods_product_id.id if claim.in_goods else None,
            "goods_bottles": float(bottles),
            "funder_id": carrier and carrier.distributor_id.id,
            "funder_amount": float(carried),
            "agreement_id": carrier and carrier.id,
            "type": "earn" if amount > 0 else "clawback",
            "component": claim.period.label,
            "fact_key": key,
            "territory_id": claim.base.territory,
            "event_time": moment,
            "business_day": claim.until,
            # the number of lines before is part of the key: two runs at once cannot both book
            "idempotency_key": f"{key}/{claim.before.lines}",
            "trace": self._trace_delta(claim, amount, before),
        }
