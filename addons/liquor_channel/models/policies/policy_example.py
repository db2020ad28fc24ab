from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import float_repr

from ...engine.common.money import ZERO
from ...engine.policies import per_unit, tiers
from ...engine.policies.conditions import Base
from ...engine.policies.eligibility import Movement
from ...engine.policies.owed import HUNDRED, owed

EXAMPLE_CASES = 40
EXAMPLE_AMOUNT = Decimal(10000)
# what an example takes for the year before, and for a target
WHOLE_IN_MONEY, WHOLE_IN_UNITS = Decimal(1000000), Decimal(1000)


class LiquorPolicyWording(models.AbstractModel):
    """The worked example of a version, computed by the engine that books."""

    _inherit = "liquor.policy.wording"

    def _say_example(self):
        if self.policy_id.kind == "per_unit":
            return self._say_unit_example() if self.rate else ""
        terms = self._to_terms(self.tier_ids._to_engine())
        if self.policy_id.kind == "fixed":
            return self._say_fixed_example() if self.rate else ""
        try:
            tiers.check(terms.tiers)
        except tiers.TierError:
            return ""
        base = self._example_base(terms)
        result = owed(terms.without_conditions(), base)
        return " ".join([self._say_worked(base, result), *self._say_after(terms, base, result)])

    def _example_base(self, terms):
        """A base in the second tier, a fifth above its threshold (or five points), so that both methods show."""
        tier = terms.tiers[1] if len(terms.tiers) > 1 else terms.tiers[0]
        kind = self.policy_id.kind
        paid_on = EXAMPLE_AMOUNT if self.measure != "amount" and self.rate_kind == "percent" else None
        if kind in ("growth", "target"):
            whole = WHOLE_IN_MONEY if self.measure == "amount" else WHOLE_IN_UNITS
            part = (
                HUNDRED + (tier.lower + 5 if tier.lower else 20) if kind == "growth" else max(tier.lower, HUNDRED) + 5
            )
            whole_paid = None if paid_on is None else EXAMPLE_AMOUNT * HUNDRED / part
            return Base(
                whole * part / HUNDRED,
                paid_on,
                **{"target": whole} if kind == "target" else {"baseline": whole, "baseline_paid_on": whole_paid},
            )
        if self.rate_kind == "goods":
            return Base(max(tier.lower, terms.block * 4) - 1 + terms.block)
        return Base((tier.lower * Decimal("1.2")).quantize(Decimal(1)) if tier.lower else HUNDRED, paid_on)

    def _say_worked(self, base, result):
        working = " + ".join(self._say_step(step) for step in result.steps)
        values = {
            "base": self._say_base(base.measure),
            "working": working or self._say_number(ZERO),
            "amount": self._say_result(sum((step.amount for step in result.steps), ZERO)),
            "reached": self._say_number(round(result.reached, 2)) if result.reached is not None else "",
        }
        if self.policy_id.kind == "growth":
            return self.env._(
                "Example: %(before)s the year before, %(base)s now, %(reached)s %% more: %(working)s = %(amount)s.",
                before=self._say_base(base.baseline),
                **values,
            )
        if self.policy_id.kind == "target":
            return self.env._(
                "Example: target %(target)s, done %(base)s, that is %(reached)s %%: %(working)s = %(amount)s.",
                target=self._say_base(base.target),
                **values,
            )
        return self.env._("Example: %(base)s: %(working)s = %(amount)s.", **values)

    def _say_after(self, terms, base, result):
        """What rounding, minimum, cap, conditions and uplifts make of the example."""
        texts = []
        plain = sum((step.amount for step in result.steps), ZERO)
        if result.amount != plain:
            texts.append(self.env._("Paid: %(amount)s.", amount=self._say_result(result.amount)))
        if self.uplift_ids:
            first = self.uplift_ids[:1]
            lifted = owed(terms.without_conditions().lifted(first._to_engine()[0].percent), base)
            texts.append(
                self.env._(
                    "With %(uplift)s: %(amount)s.",
                    uplift=self._say_uplift(first),
                    amount=self._say_result(lifted.amount),
                )
            )
        if self.condition_ids:
            texts.append(self.env._("If one condition does not hold: %(amount)s.", amount=self._say_result(ZERO)))
        return texts

    def _say_result(self, amount):
        return self._say_base(amount) if self.rate_kind == "goods" else self._say_money(amount)

    def _say_step(self, step):
        rate = self._say_number(step.tier.rate)
        if self.rate_kind == "percent":
            return f"{self._say_money(step.part)} × {rate} %"
        if self.rate_kind == "fixed":
            return self._say_money(step.tier.rate)
        if self.rate_kind == "goods":
            return f"{self._say_number(step.amount / step.tier.rate if step.tier.rate else ZERO)} × {rate}"
        return f"{self._say_number(step.part)} × {rate}"

    def _say_fixed_example(self):
        money = self._say_money(self.rate)
        if self.condition_ids:
            zero = self._say_money(ZERO)
            return self.env._(
                "Example: all conditions hold: %(money)s; one does not: %(zero)s.", money=money, zero=zero
            )
        return self.env._("Example: one delivery in the period or ten: %(money)s.", money=money)

    def _say_unit_example(self):
        if self.rate_kind == "fixed":
            return ""
        move = Movement("example", date.min, 0, Decimal(EXAMPLE_CASES * 6), EXAMPLE_AMOUNT)
        rule = self._to_rule()
        texts = [self._say_unit_working(self._say_money(per_unit.pay(rule, move)))]
        if self.uplift_ids:
            first = self.uplift_ids[:1]
            lifted = per_unit.pay(rule, move, uplift=first._to_engine()[0].percent)
            texts.append(
                self.env._(
                    "With %(uplift)s: %(amount)s.", uplift=self._say_uplift(first), amount=self._say_money(lifted)
                )
            )
        return " ".join(texts)

    def _say_unit_working(self, amount):
        if self.rate_kind == "percent":
            return self.env._(
                "Example: %(base)s × %(rate)s %% = %(amount)s.",
                base=self._say_money(EXAMPLE_AMOUNT),
                rate=self._say_number(self.rate),
                amount=amount,
            )
        count = EXAMPLE_CASES if self.measure == "cases" else EXAMPLE_CASES * 6
        return self.env._(
            "Example: %(base)s × %(rate)s = %(amount)s.",
            base=self._say_base(Decimal(count)),
            rate=float_repr(self.rate, 2),
            amount=amount,
        )
