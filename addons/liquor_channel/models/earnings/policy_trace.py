import json

from odoo import models
from odoo.tools import SQL

from ...engine.policies.breakdown import Rung, breakdown, cut, from_trace, to_trace


class LiquorPolicyVersion(models.Model):
    """How a line of a period was computed, as plain data (C3, C13)."""

    _inherit = "liquor.policy.version"

    def _trace_delta(self, claim, amount, before):
        base, result = claim.base, claim.result
        products = base.by_product()
        return {
            "kind": claim.terms.kind,
            "basis": claim.rule.basis,
            "measure": claim.rule.measure,
            "rate_kind": claim.rule.rate_kind,
            "period": claim.period.label,
            "until": claim.until.isoformat(),
            "base": str(base.measure),
            "facts": base.facts,
            "steps": [self._trace_step(step) for step in result.steps],
            "products": [[product, str(bottles), str(value)] for product, bottles, value, _weight in products],
            "owed": str(claim.owed),
            "booked": str(claim.before_count if claim.in_goods else claim.before.amount),
            "amount": str(claim.change if claim.in_goods else amount),
            "capped": result.capped,
            **{name: value for name, value in self._trace_more(claim).items() if value},
            **self._trace_parts(claim, amount, before, [(product, weight) for product, *_sums, weight in products]),
        }

    def _trace_parts(self, claim, amount, before, products):
        """By tier and product, in cents: ``parts`` of all that is owed, ``booked_parts`` of what was booked before.

        The line is the one less the other. Goods are valued line by line: their parts are those of the line.
        """
        digits = claim.terms.digits
        rungs = [
            (Rung(str(tier.lower), None if tier.upper is None else str(tier.upper), str(tier.rate)), step.amount)
            for step in claim.result.steps
            for tier in (step.tier,)
        ]
        found = {"parts": to_trace(breakdown(amount if claim.in_goods else claim.owed, rungs, products, digits))}
        if claim.before.amount and not claim.in_goods:
            found["booked_parts"] = to_trace(cut(before or {}, claim.before.amount, digits))
        return found

    def _parts_of_last(self, claims):
        """Parts of what was owed when the last line of each claim was booked: {earning id: parts}, in one query."""
        last = [claim.before.last for claim in claims if claim.before.last and not claim.in_goods]
        if not last:
            return {}
        rows = self.env.execute_query(SQL("SELECT id, trace FROM liquor_earning WHERE id = ANY(%s)", last))
        return {key: from_trace(json.loads(trace or "{}").get("parts", ())) for key, trace in rows}

    def _trace_step(self, step):
        return {
            "low": str(step.tier.lower),
            "high": None if step.tier.upper is None else str(step.tier.upper),
            "rate": str(step.tier.rate),
            "part": str(step.part),
            "amount": str(step.amount),
        }

    def _trace_more(self, claim):
        """What only some policies have; empty values are left out."""
        result, done = claim.result, claim.done
        return {
            "reached": None if result.reached is None else str(round(result.reached, 2)),
            "baseline": None if done.baseline is None else str(done.baseline),
            "target": None if done.target is None else str(done.target),
            "conditions": [
                [
                    one.condition.kind,
                    one.condition.name,
                    str(one.condition.value),
                    None if one.found is None else str(round(one.found, 2)),
                    one.holds,
                ]
                for one in result.findings
            ],
            "why_nothing": result.why_nothing,
            "cut": claim.note,
            "left_out": str(claim.base.left_out) if claim.base.left_out else None,
            "uplifts": [[one.kind, str(one.percent), snapshot] for one, snapshot in claim.special.uplifts],
            "overlays": [[one.kind, str(one.value), one.key] for one in claim.special.overlays],
            "before_uplift": str(result.before_uplift) if claim.special.uplifts or claim.special.overlays else None,
        }
