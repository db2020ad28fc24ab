from odoo import api, fields, models
from odoo.tools import format_date, format_list, formatLang

from ...engine.common.money import decimal

#: names that a sentence lists before it counts the others
MOST_NAMES = 10


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
        "cap_total",
        "cap_supplier",
        "minimum_payout",
        "rounding_step",
        "rounding_down",
        "tax_basis",
        "tax_rate",
        "growth_on",
        "baseline_minimum",
        "pay_at",
        "goods_block",
        "goods_product_id",
        "condition_ids.kind",
        "condition_ids.value",
        "condition_ids.of_target",
        "condition_ids.check_kind",
        "condition_ids.product_ids",
        "condition_ids.category_ids",
        "uplift_ids.kind",
        "uplift_ids.percent",
        "uplift_ids.metric_period",
        "uplift_ids.metric_value",
        "uplift_ids.months",
        "uplift_ids.orders",
        "uplift_ids.product_ids",
        "uplift_ids.category_ids",
        "uplift_ids.territory_ids",
        "uplift_ids.date_start",
        "uplift_ids.date_end",
        "policy_id.group_id.choice",
        "policy_id.group_id.policy_ids.name",
        "partner_ids",
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
            if not version._has_something_to_say():
                version.sentence = False
                continue
            parts = [
                version._say_rule(),
                version._say_scope(),
                version._say_conditions(),
                version._say_uplifts(),
                version._say_limits(),
                version._say_stacking(),
                version._say_example(),
            ]
            version.sentence = "\n".join(part for part in parts if part)

    def _has_something_to_say(self):
        """Tell whether a draft has the terms without which its sentence would have holes."""
        kind = self.policy_id.kind
        return bool(self.tier_ids if kind in ("tiered", "growth", "target") else kind and self.rate)

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
        if self.rate_kind == "goods":
            return self.env._(
                "for each full %(block)s, %(goods)s of %(product)s",
                block=self._say_base(self.goods_block),
                goods=self._say_base(rate),
                product=self.goods_product_id.display_name or "",
            )
        money = self._say_money(rate)
        if self.rate_kind == "fixed":
            return self.env._("%(money)s in all", money=money)
        if self.measure == "cases":
            return self.env._("%(money)s per case", money=money)
        return self.env._("%(money)s per bottle", money=money)

    def _say_rule(self):
        values = {"who": self._say_label("beneficiary_kind"), "basis": self._say_basis()}
        kind = self.policy_id.kind
        if kind == "per_unit":
            return self.env._("%(who)s: %(rate)s. Counted: %(basis)s.", rate=self._say_rate(self.rate), **values)
        values["period"] = self._say_label("period")
        if kind == "fixed":
            money = self._say_money(self.rate)
            return self.env._("%(who)s, once per %(period)s: %(money)s. Counted: %(basis)s.", money=money, **values)
        values["rows"] = self._say_join([self._say_tier(tier) for tier in self.tier_ids.sorted("from_value")])
        values["method"] = self._say_label("method")
        if kind == "growth":
            return self._say_growth(values)
        if kind == "target":
            return self.env._(
                "%(who)s, per %(period)s, by how much of the target is reached: %(rows)s. %(method)s. "
                "Counted: %(basis)s.",
                **values,
            )
        return self.env._("%(who)s, per %(period)s: %(rows)s. %(method)s. Counted: %(basis)s.", **values)

    def _say_growth(self, values):
        text = self.env._(
            "%(who)s, per %(period)s, by growth over the same time of the year before: %(rows)s. %(method)s, "
            "paid on: %(on)s. Counted: %(basis)s.",
            on=self._say_label("growth_on"),
            **values,
        )
        if not self.baseline_minimum:
            return text
        return f"{text} " + self.env._("Lowest baseline: %(base)s.", base=self._say_base(self.baseline_minimum))

    def _say_basis(self):
        basis = self._say_label("basis")
        if self.measure != "amount" and self.rate_kind != "percent":
            return basis
        if self.tax_basis == "excluded":
            return self.env._("%(basis)s, without tax", basis=basis)
        return self.env._("%(basis)s, with tax", basis=basis)

    def _say_bound(self, number):
        """A threshold of a tier: a base, or percent of growth or of the target."""
        if self.policy_id.kind in ("growth", "target"):
            return f"{self._say_number(number)} %"
        return self._say_base(number)

    def _say_tier(self, tier):
        rate = self._say_rate(tier.rate)
        if not tier.to_value:
            return self.env._("from %(low)s: %(rate)s", low=self._say_bound(tier.from_value), rate=rate)
        return self.env._(
            "from %(low)s to below %(high)s: %(rate)s",
            low=self._say_bound(tier.from_value),
            high=self._say_bound(tier.to_value),
            rate=rate,
        )

    def _say_scope(self):
        names = [
            (self.product_ids, self.env._("Products")),
            (self.category_ids, self.env._("Categories")),
            (self.territory_ids, self.env._("Territories")),
            (self.terminal_kind_ids, self.env._("Kinds")),
            (self.partner_ids, self.env._("Partners")),
        ]
        texts = [
            self.env._("%(what)s: %(names)s", what=label, names=format_list(self.env, self._say_some(records)))
            for records, label in names
            if records
        ]
        if self.basis == "reported" and self.beneficiary_kind == "terminal":
            texts.append(self.env._("What distributors report to have sold to shops that need not scan"))
        if self.basis == "received" and self.beneficiary_kind == "terminal":
            texts.append(self.env._("Shops that need not scan are paid by reports, not by their scans"))
        start = format_date(self.env, self.date_start) if self.date_start else ""
        if self.date_end:
            end = format_date(self.env, self.date_end)
            texts.append(self.env._("Valid from %(start)s to %(end)s", start=start, end=end))
        else:
            texts.append(self.env._("Valid from %(start)s", start=start))
        return self.env._("%(terms)s.", terms=self._say_join(texts))

    def _say_some(self, records):
        """Names of records; of many, such as the shops of a pilot, the first ones and how many there are."""
        names = records[:MOST_NAMES].mapped("display_name")
        return names if len(records) <= MOST_NAMES else [*names, f"… ({len(records)})"]

    def _explain_tier_error(self, error):
        """Message of a tier table that the engine refused."""
        row = error.row
        low = self._say_bound(error.values.get("lower", 0))
        high = self._say_bound(error.values.get("upper", 0))
        messages = {
            "empty": self.env._("A tiered policy needs at least one tier."),
            "negative": self.env._("Tier %(row)s: values and rates are not negative.", row=row),
            "order": self.env._("Tier %(row)s ends before it begins.", row=row),
            "gap": self.env._(
                "Tier %(row)s begins at %(low)s but the one before ends below %(high)s: what lies between has no rate. "
                "Let the one before end at %(low)s, or this one begin at %(high)s.",
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
