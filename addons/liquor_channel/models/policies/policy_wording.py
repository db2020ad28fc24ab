from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr, format_date, format_list, formatLang

from ...engine.common.money import decimal
from ...engine.policies import per_unit, tiers
from ...engine.policies.eligibility import Movement

EXAMPLE_CASES = 40
EXAMPLE_AMOUNT = Decimal(10000)


class LiquorPolicyWording(models.AbstractModel):
    """Says the terms of a policy version in one paragraph, with an example computed by the engine itself."""

    _name = "liquor.policy.wording"
    _description = "Policy in Words"

    sentence = fields.Text(string="In Words", compute="_compute_sentence")

    @api.depends_context("lang")
    @api.depends(
        "policy_id.kind",
        "policy_id.beneficiary_kind",
        "basis",
        "measure",
        "rate_kind",
        "rate",
        "method",
        "period",
        "tier_ids.from_value",
        "tier_ids.to_value",
        "tier_ids.rate",
        "cap_amount",
        "payable",
        "date_start",
        "date_end",
        "product_ids",
        "category_ids",
        "territory_ids",
        "terminal_kind_ids",
        "currency_id",
    )
    def _compute_sentence(self):
        for version in self:
            parts = [version._say_rule(), version._say_scope(), version._say_limits(), version._say_example()]
            version.sentence = "\n".join(part for part in parts if part)

    def _say_label(self, name):
        """The chosen label of a selection in the reader's language."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _say_money(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    def _say_number(self, number):
        text = f"{decimal(number):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _say_join(self, texts):
        """One term after another, parted as the reader's language does it."""
        joined = texts[:1]
        for text in texts[1:]:
            joined = [self.env._("%(terms)s; %(term)s", terms=joined[0], term=text)]
        return "".join(joined)

    def _say_base(self, number):
        """A base in the version's measure: money, cases or bottles."""
        if self.measure == "amount":
            return self._say_money(number)
        if self.measure == "cases":
            return self.env._("%(number)s cases", number=self._say_number(number))
        return self.env._("%(number)s bottles", number=self._say_number(number))

    def _say_rate(self, rate):
        if self.rate_kind == "percent":
            return self.env._("%(rate)s %% of the amount", rate=self._say_number(rate))
        money = self._say_money(rate)
        if self.rate_kind == "fixed":
            return self.env._("%(money)s in all", money=money)
        if self.measure == "cases":
            return self.env._("%(money)s per case", money=money)
        return self.env._("%(money)s per bottle", money=money)

    def _say_rule(self):
        values = {"who": self._say_label("beneficiary_kind"), "basis": self._say_label("basis")}
        if self.policy_id.kind == "per_unit":
            return self.env._("%(who)s: %(rate)s. Counted: %(basis)s.", rate=self._say_rate(self.rate), **values)
        rows = self._say_join([self._say_tier(tier) for tier in self.tier_ids.sorted("from_value")])
        return self.env._(
            "%(who)s, per %(period)s: %(rows)s. %(method)s. Counted: %(basis)s.",
            period=self._say_label("period"),
            rows=rows,
            method=self._say_label("method"),
            **values,
        )

    def _say_tier(self, tier):
        rate = self._say_rate(tier.rate)
        if not tier.to_value:
            return self.env._("from %(low)s: %(rate)s", low=self._say_base(tier.from_value), rate=rate)
        return self.env._(
            "from %(low)s to below %(high)s: %(rate)s",
            low=self._say_base(tier.from_value),
            high=self._say_base(tier.to_value),
            rate=rate,
        )

    def _say_scope(self):
        names = [
            (self.product_ids, self.env._("Products")),
            (self.category_ids, self.env._("Categories")),
            (self.territory_ids, self.env._("Territories")),
            (self.terminal_kind_ids, self.env._("Kinds")),
        ]
        texts = [
            self.env._("%(what)s: %(names)s", what=label, names=format_list(self.env, records.mapped("display_name")))
            for records, label in names
            if records
        ]
        start = format_date(self.env, self.date_start) if self.date_start else ""
        if self.date_end:
            end = format_date(self.env, self.date_end)
            texts.append(self.env._("Valid from %(start)s to %(end)s", start=start, end=end))
        else:
            texts.append(self.env._("Valid from %(start)s", start=start))
        return self.env._("%(terms)s.", terms=self._say_join(texts))

    def _say_limits(self):
        texts = []
        if self.cap_amount:
            texts.append(
                self.env._(
                    "At most %(cap)s per %(period)s.",
                    cap=self._say_money(self.cap_amount),
                    period=self._say_label("period"),
                )
            )
        texts.append(
            self.env._("Can be withdrawn at once.")
            if self.payable == "available"
            else self.env._("Can be withdrawn once it is proven.")
        )
        return " ".join(texts)

    def _say_example(self):
        if self.policy_id.kind == "per_unit":
            return self._say_unit_example() if self.rate else ""
        try:
            table = self.tier_ids._to_engine()
            tiers.check(table)
        except tiers.TierError:
            return ""
        base = self._example_base(table)
        if self.measure != "amount" and self.rate_kind == "percent":
            result = tiers.evaluate(table, "retrospective", "percent", base, paid_on=EXAMPLE_AMOUNT)
        else:
            result = tiers.evaluate(table, self.method, self.rate_kind, base)
        working = " + ".join(self._say_step(step) for step in result.steps)
        return self.env._(
            "Example: %(base)s: %(working)s = %(amount)s.",
            base=self._say_base(base),
            working=working,
            amount=self._say_money(result.amount),
        )

    def _example_base(self, table):
        """A base in the second tier, a fifth above its threshold, so that both methods show."""
        tier = table[1] if len(table) > 1 else table[0]
        return (tier.lower * Decimal("1.2")).quantize(Decimal(1)) if tier.lower else Decimal(100)

    def _say_step(self, step):
        rate = self._say_number(step.tier.rate)
        if self.rate_kind == "percent":
            return f"{self._say_money(step.part)} × {rate} %"
        return (
            self._say_money(step.tier.rate) if self.rate_kind == "fixed" else f"{self._say_number(step.part)} × {rate}"
        )

    def _say_unit_example(self):
        move = Movement("example", date.min, 0, Decimal(EXAMPLE_CASES * 6), EXAMPLE_AMOUNT)
        amount = self._say_money(per_unit.pay(self._to_rule(), move))
        rate = self._say_number(self.rate)
        if self.rate_kind == "fixed":
            return ""
        if self.rate_kind == "percent":
            return self.env._(
                "Example: %(base)s × %(rate)s %% = %(amount)s.",
                base=self._say_money(EXAMPLE_AMOUNT),
                rate=rate,
                amount=amount,
            )
        count = EXAMPLE_CASES if self.measure == "cases" else EXAMPLE_CASES * 6
        return self.env._(
            "Example: %(base)s × %(rate)s = %(amount)s.",
            base=self._say_base(Decimal(count)),
            rate=float_repr(self.rate, 2),
            amount=amount,
        )

    def _explain_tier_error(self, error):
        """Message of a tier table that the engine refused."""
        row = error.row
        low = self._say_base(error.values.get("lower", 0))
        high = self._say_base(error.values.get("upper", 0))
        messages = {
            "empty": self.env._("A tiered policy needs at least one tier."),
            "negative": self.env._("Tier %(row)s: values and rates are not negative.", row=row),
            "order": self.env._("Tier %(row)s ends before it begins.", row=row),
            "gap": self.env._(
                "Tier %(row)s begins at %(low)s but the one before ends below %(high)s: what lies between has no rate.",
                row=row,
                low=low,
                high=high,
            ),
            "overlap": self.env._(
                "Tier %(row)s begins at %(low)s, inside the tier before it, which ends below %(high)s.",
                row=row,
                low=low,
                high=high,
            ),
            "closed": self.env._(
                "Leave the end of the last tier empty: above %(high)s nothing would be paid.", high=high
            ),
        }
        return messages[error.code]
