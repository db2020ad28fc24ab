from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ...engine.partners.roles import PURCHASES
from ...engine.policies.proof import part_of, prove_without

TOLD = PURCHASES | {"returned"}
SIDES = ("partner_id", "counterparty_id")


class LiquorPolicy(models.Model):
    """What policies per unit pay for purchases of shops that changed between scans and reports.

    A fact is paid as far as its proof counts it (``engine/policies/proof.py``). What comes later may decide otherwise
    about facts that were judged before: a report that arrives behind the scans of its goods, or one that is undone.
    What was paid for those follows as a difference, so that it is the same whatever was processed first.
    """

    _inherit = "liquor.policy"

    def _earn_company(self, company, facts):
        proven = self._proven_around(company, {fact[side] for fact in facts if fact["kind"] in TOLD for side in SIDES})
        if not proven:
            return self._pay_facts(company, facts)
        self._take_turns(company, proven)
        keys = {fact["key"] for fact in facts}
        after = self.env["liquor.flow.fact"]._proven(company, list(proven), more=facts)
        before = {shop: prove_without(own.spans, own.purchases(), keys) for shop, own in after.items()}
        risen = _risen(before, after)
        found = self._pay_facts(company, [*facts, *risen])
        self._after_rise({fact["key"] for fact in risen})
        self._set_right(company, after, min(fact["business_day"] for fact in facts))
        return found

    @contextmanager
    def _proving(self, company, partner_ids):
        """Around what lets facts of these parties vanish: what was paid for others of a changed shop follows."""
        policies = self.sudo()
        before = policies._proven_around(company, partner_ids)
        if before:
            policies._take_turns(company, before)
        yield
        if before:
            after = self.env["liquor.flow.fact"]._proven(company, list(before))
            risen = _risen({shop: own.proofs for shop, own in before.items()}, after)
            if risen:
                policies._pay_facts(company, risen)
                policies._after_rise({fact["key"] for fact in risen})
            policies._set_right(company, after)

    def _after_rise(self, fact_keys):
        """Hook: these purchases count now, and goods of them may have gone back while they did not."""

    def _proven_around(self, company, partner_ids):
        """Purchases of those of these parties that changed between scans and reports: {} after one query mostly."""
        partner_ids = [partner for partner in partner_ids if partner]
        return self.env["liquor.flow.fact"]._proven(company, partner_ids) if partner_ids else {}

    def _take_turns(self, company, shops):
        """Who pays for purchases of a shop that changed takes turns: at REPEATABLE READ the second runs again.

        Two facts of the same goods that do not see each other would both be paid.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_channel_role role SET kind = role.kind
                     FROM (SELECT id FROM liquor_channel_role
                            WHERE company_id = %s AND kind = 'terminal' AND partner_id = ANY(%s)
                            ORDER BY id FOR NO KEY UPDATE) own
                    WHERE role.id = own.id""",
                company.id,
                sorted(shops),
            )
        )

    # --- lines -----------------------------------------------------------------------------------------------

    def _earn_scope(self, company, facts, versions, first, last):
        """Read how much of the facts of changed shops counts, in one query where there is no such shop."""
        scope, assigned = super()._earn_scope(company, facts, versions, first, last)
        if not any(version.basis in PURCHASES and version.beneficiary_kind == "terminal" for version in versions):
            return scope, assigned
        shops = {fact[side] for fact in facts if fact["kind"] in PURCHASES for side in SIDES if fact[side]}
        proven = self.env["liquor.flow.fact"]._proven(company, list(shops), more=facts) if shops else {}
        return scope._replace(proven=proven), assigned

    def _is_proven(self, scope, rule, fact, name):
        own = self._own_proof(scope, rule, fact, fact[name])
        return bool(own.proofs[fact["key"]].part) if own else super()._is_proven(scope, rule, fact, name)

    def _line_of(self, scope, special, fact, move, rule, partner_id):
        own = self._own_proof(scope, rule, fact, partner_id)
        if not own:
            return super()._line_of(scope, special, fact, move, rule, partner_id)
        part = own.proofs[fact["key"]].part
        move = replace(
            move,
            bottles=part_of(move.bottles, part),
            amount=part_of(move.amount, part),
            untaxed=move.untaxed and part_of(move.untaxed, part),
            part=part,
        )
        line = super()._line_of(scope, special, fact, move, rule, partner_id)
        return line and line._replace(proof=own.trace(fact["key"]))

    @api.model
    def _own_proof(self, scope, rule, fact, partner_id):
        """Purchases of the beneficiary, if this fact is one of them and its proof has to be asked."""
        if rule.beneficiary != "terminal" or rule.basis not in PURCHASES:
            return None
        own = scope.proven.get(partner_id)
        return own if own and fact["key"] in own.facts else None

    def _trace_line(self, line, granted):
        trace = super()._trace_line(line, granted)
        return {**trace, "proof": line.proof} if line.proof else trace

    # --- differences -----------------------------------------------------------------------------------------

    def _set_right(self, company, proven, since=date.min):
        """Bring what these purchases earned to what they count now; earlier facts are not decided by later ones.

        :param since: only purchases from this day on
        """
        traces = {
            key: own.trace(key)
            for own in proven.values()
            for key, fact in own.facts.items()
            if fact["business_day"] >= since
        }
        if traces:
            self.env["liquor.earning"].sudo()._follow_proofs(company, list(proven), traces)


def _risen(before, after):
    """Facts that count now and did not.

    :param before: {shop: {key: Proof}}
    :param after: {shop: Proven}
    """
    return [
        own.facts[key]
        for shop, own in after.items()
        for key, was in before.get(shop, {}).items()
        if not was.part and key in own.proofs and own.proofs[key].part and own.facts[key]["kind"] in PURCHASES
    ]
