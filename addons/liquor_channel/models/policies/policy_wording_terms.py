from odoo import models
from odoo.tools import format_date, format_list


class LiquorPolicyWording(models.AbstractModel):
    """Says what only some policies have: conditions, uplifts, limits, exclusion."""

    _inherit = "liquor.policy.wording"

    # --- conditions ------------------------------------------------------------------------------------------

    def _say_conditions(self):
        texts = [self._say_condition(condition) for condition in self.condition_ids.sorted("sequence")]
        if not texts:
            return ""
        return self.env._("Only if all of this holds: %(conditions)s.", conditions=self._say_join(texts))

    def _say_condition(self, condition):
        values = {"base": self._say_base(condition.value), "percent": self._say_number(condition.value)}
        if condition.kind == "minimum":
            return self.env._("at least %(base)s in the period", **values)
        if condition.kind == "first_order":
            return self.env._("first order at least %(base)s", **values)
        if condition.kind == "each_part":
            return self._say_each_part(condition, values)
        if condition.kind == "list_share":
            names = [*condition.category_ids.mapped("display_name"), *condition.product_ids.mapped("display_name")]
            values["names"] = format_list(self.env, names)
            return self.env._("%(names)s at least %(percent)s %% of the whole", **values)
        if condition.kind == "target_rate":
            return self.env._("at least %(percent)s %% of the target", **values)
        checks = dict(condition._fields["check_kind"]._description_selection(self.env))
        return self.env._("check passed: %(check)s", check=checks.get(condition.check_kind, ""))

    def _say_each_part(self, condition, values):
        if self.period == "year":
            if condition.of_target:
                return self.env._("every quarter at least %(percent)s %% of the yearly target", **values)
            return self.env._("every quarter at least %(percent)s %% of the year", **values)
        if condition.of_target:
            return self.env._("every month at least %(percent)s %% of the quarter's target", **values)
        return self.env._("every month at least %(percent)s %% of the quarter", **values)

    # --- uplifts ---------------------------------------------------------------------------------------------

    def _say_uplifts(self):
        texts = [self._say_uplift(uplift) for uplift in self.uplift_ids]
        return self.env._("On top, added up: %(uplifts)s.", uplifts=self._say_join(texts)) if texts else ""

    def _say_uplift(self, uplift):
        text = self.env._(
            "%(percent)s %% %(why)s", percent=self._say_number(uplift.percent), why=self._say_why_uplift(uplift)
        )
        if uplift.territory_ids:
            names = format_list(self.env, uplift.territory_ids.mapped("display_name"))
            text = self.env._("%(uplift)s in %(names)s", uplift=text, names=names)
        if uplift.date_end:
            text = self.env._("%(uplift)s until %(day)s", uplift=text, day=format_date(self.env, uplift.date_end))
        return text

    def _say_why_uplift(self, uplift):
        if uplift.kind == "performance":
            base = self._say_base(uplift.metric_value)
            if uplift.metric_period == "quarter":
                return self.env._("if the quarter before was at least %(base)s", base=base)
            return self.env._("if the month before was at least %(base)s", base=base)
        if uplift.kind == "under_attack":
            return self.env._("where the region is under attack")
        if uplift.kind == "star_product":
            names = [*uplift.category_ids.mapped("display_name"), *uplift.product_ids.mapped("display_name")]
            return self.env._("for star products %(names)s", names=format_list(self.env, names))
        return self._say_new_market(uplift)

    def _say_new_market(self, uplift):
        if uplift.months and uplift.orders:
            return self.env._(
                "in the first %(months)s months or for the first %(orders)s orders",
                months=uplift.months,
                orders=uplift.orders,
            )
        if uplift.months:
            return self.env._("in the first %(months)s months", months=uplift.months)
        return self.env._("for the first %(orders)s orders", orders=uplift.orders)

    # --- limits ----------------------------------------------------------------------------------------------

    def _say_limits(self):
        texts = [*self._say_caps(), *self._say_small_amounts()]
        if self.policy_id.kind != "per_unit" and self.pay_at == "end":
            texts.append(self.env._("Paid when the period has ended."))
        texts.append(
            self.env._("Can be withdrawn at once.")
            if self.payable == "available"
            else self.env._("Can be withdrawn once it is proven.")
        )
        return " ".join(texts)

    def _say_caps(self):
        texts, period = [], self._say_label("period")
        if self.cap_amount:
            cap = self._say_money(self.cap_amount)
            texts.append(self.env._("At most %(cap)s per %(period)s.", cap=cap, period=period))
        if self.cap_supplier:
            cap = self._say_money(self.cap_supplier)
            texts.append(
                self.env._("At most %(cap)s per %(period)s for all shops of a distributor.", cap=cap, period=period)
            )
        if self.cap_total:
            cap = self._say_money(self.cap_total)
            texts.append(self.env._("At most %(cap)s per %(period)s for everybody together.", cap=cap, period=period))
        return texts

    def _say_small_amounts(self):
        texts = []
        if self.rounding_step:
            step = self._say_money(self.rounding_step)
            texts.append(
                self.env._("Rounded down to a multiple of %(step)s.", step=step)
                if self.rounding_down
                else self.env._("Rounded to a multiple of %(step)s.", step=step)
            )
        if self.minimum_payout:
            texts.append(self.env._("Below %(money)s nothing is paid.", money=self._say_money(self.minimum_payout)))
        return texts

    def _say_stacking(self):
        group = self.policy_id.group_id
        others = group.policy_ids - self.policy_id
        if not others:
            return ""
        names = format_list(self.env, others.mapped("name"))
        if group.choice == "best":
            return self.env._("Not together with %(names)s: the one that gives most is paid.", names=names)
        return self.env._("Not together with %(names)s: the first in order is paid.", names=names)
