from odoo import models


class LiquorPolicyVersion(models.Model):
    """How a line of a period was computed, as plain data (C3, C13)."""

    _inherit = "liquor.policy.version"

    def _trace_delta(self, claim, amount):
        base, result = claim.base, claim.result
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
            "products": [
                [product, str(bottles), str(amount)] for product, bottles, amount, _weight in base.by_product()
            ],
            "owed": str(claim.owed),
            "booked": str(claim.before_count if claim.in_goods else claim.before.amount),
            "amount": str(claim.change if claim.in_goods else amount),
            "capped": result.capped,
            **{name: value for name, value in self._trace_more(claim).items() if value},
        }

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
            "uplifts": [[one.kind, str(one.percent), snapshot] for one, snapshot in claim.special.uplifts],
            "overlays": [[one.kind, str(one.value), one.key] for one in claim.special.overlays],
            "before_uplift": str(result.before_uplift) if claim.special.uplifts or claim.special.overlays else None,
        }
