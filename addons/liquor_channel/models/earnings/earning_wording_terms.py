from fractions import Fraction

from odoo import models

from ...engine.common.money import decimal
from ...engine.policies.proof import part_of


class LiquorEarningWording(models.AbstractModel):
    """Says what only some policies have: growth, targets, conditions, and what holds for this party alone."""

    _inherit = "liquor.earning.wording"

    def _why_worth(self, trace, value):
        """An amount, or units of goods where goods are owed."""
        return self._why_base(trace, value) if trace["rate_kind"] == "goods" else self._why_money(value)

    def _why_reached(self, trace):
        if trace.get("reached") is None:
            return []
        if trace["kind"] == "growth":
            return [
                self.env._(
                    "The same time of the year before: %(baseline)s; growth %(reached)s %%.",
                    baseline=self._why_base(trace, trace["baseline"]),
                    reached=self._why_number(trace["reached"]),
                )
            ]
        return [
            self.env._(
                "Target %(target)s; reached %(reached)s %%.",
                target=self._why_base(trace, trace["target"]),
                reached=self._why_number(trace["reached"]),
            )
        ]

    def _why_conditions(self, trace):
        return [self._why_condition(*one) for one in trace.get("conditions", [])]

    def _why_condition(self, kind, name, value, found, holds):
        text = self._why_label("liquor.policy.condition", "kind", kind)
        if kind == "check":
            text = f"{text}: {self._why_label('liquor.policy.condition', 'check_kind', name)}"
            return self.env._("%(text)s: yes.", text=text) if holds else self.env._("%(text)s: no.", text=text)
        values = {
            "text": text,
            "value": self._why_number(value),
            "found": "–" if found is None else self._why_number(found),
        }
        if holds:
            return self.env._("%(text)s %(value)s: %(found)s, holds.", **values)
        return self.env._("%(text)s %(value)s: %(found)s, does not hold.", **values)

    def _why_special(self, trace, outward):
        """Uplifts and values of this party alone, each with its source; a shop reads that its policy applies (R16)."""
        uplifts, overlays = trace.get("uplifts", []), trace.get("overlays", [])
        if outward:
            return [self.env._("By the policy that holds for you.")] if uplifts or overlays else []
        lines = []
        for kind, percent, snapshot in uplifts:
            values = {
                "percent": self._why_number(percent),
                "why": self._why_label("liquor.policy.uplift", "kind", kind),
            }
            if snapshot:
                lines.append(
                    self.env._("%(percent)s %% on top: %(why)s (frozen figure %(number)s).", number=snapshot, **values)
                )
            else:
                lines.append(self.env._("%(percent)s %% on top: %(why)s.", **values))
        for kind, value, number in overlays:
            lines.append(
                self.env._(
                    "One shop, one policy no. %(number)s: %(what)s %(value)s.",
                    number=number,
                    what=self._why_label("liquor.policy.overlay", "kind", kind),
                    value=self._why_number(value),
                )
            )
        return lines

    def _why_nothing(self, trace):
        """Why nothing, or less, is owed."""
        reasons = {
            "nothing_done": self.env._("Nothing counts in this period any more."),
            "not_ended": self.env._("The period has not ended yet."),
            "conditions": self.env._("Not all conditions hold: nothing is owed."),
            "no_baseline": self.env._("There is no year before to grow over."),
            "no_target": self.env._("No target is agreed."),
            "below_minimum": self.env._("What is owed is below the minimum payout."),
            "taken_out": self.env._("This party takes no part."),
            "excluded": self.env._("Another policy of the same group is paid instead."),
            "shared_cap": self.env._("The cap of the programme is shared in proportion."),
        }
        return [reasons[trace[name]] for name in ("why_nothing", "cut") if trace.get(name) in reasons]

    def _why_proof(self, trace):
        """Of a shop that changed between scans and reports: how much counts, and what told of the rest."""
        proof = trace.get("proof")
        if not proof or not proof["met"]:
            return []
        bottles = decimal(proof["bottles"])
        lines = [
            self.env._(
                "Of %(all)s bottles %(number)s count: the shop changed between scans and reports, and goods that both "
                "tell of are counted by the proof of the day on which they were first told.",
                all=self._why_number(bottles.normalize()),
                number=self._why_number(round(part_of(bottles, Fraction(proof["part"])), 2)),
            )
        ]
        for basis, day, number in proof["met"]:
            lines.append(
                self.env._(
                    "%(number)s bottles: %(basis)s on %(day)s.",
                    number=self._why_number(number),
                    basis=self._why_label("liquor.policy.version", "basis", basis),
                    day=day,
                )
            )
        return lines
