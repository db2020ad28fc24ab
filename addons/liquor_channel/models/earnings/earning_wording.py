import json

from odoo import api, fields, models
from odoo.tools import formatLang


class LiquorEarningWording(models.AbstractModel):
    """Says in words how an earning was computed (计算依据)."""

    _name = "liquor.earning.wording"
    _description = "Earning in Words"

    why = fields.Text(compute="_compute_why")

    @api.depends_context("lang")
    @api.depends("trace")
    def _compute_why(self):
        for earning in self:
            earning.why = "\n".join(earning._why())

    def _why(self, outward=False):
        """Sentences that explain one earning in the reader's language.

        :param outward: for the party itself: without what somebody else carries. Grades are never told.
        """
        self.ensure_one()
        trace = json.loads(self.trace or "{}")
        lines = [self._why_head(trace)]
        if trace.get("kind") == "per_unit":
            lines += self._why_proof(trace)
            lines += [*self._why_per_unit(trace, outward), *self._why_cap(trace), *self._why_booked(trace)]
        elif trace.get("kind") == "proof":
            lines += self._why_proof(trace)
        elif "steps" in trace:
            lines += self._why_period(trace, outward)
        if self.reverses_id:
            lines.append(
                self.env._(
                    "Takes back %(amount)s: %(reason)s", amount=self._why_money(-self.amount), reason=self.reason
                )
            )
        elif self.reason:
            lines.append(self.reason)
        if not outward and self.funder_amount:
            lines.append(
                self.env._(
                    "%(funder)s carries %(amount)s of it by %(agreement)s.",
                    funder=self.funder_id.name,
                    amount=self._why_money(self.funder_amount),
                    agreement=self.agreement_id.name or "",
                )
            )
        return [line for line in lines if line]

    def _why_money(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    def _why_number(self, text):
        text = str(text)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _why_label(self, model, field, value):
        return dict(self.env[model]._fields[field]._description_selection(self.env)).get(value, value or "")

    def _why_head(self, trace):
        version = self.policy_version_id.sudo()
        if not version:
            return ""
        return self.env._(
            "Policy: %(policy)s, version %(number)s. %(basis)s on %(day)s.",
            policy=version.policy_id.name,
            number=version.number,
            basis=self._why_label("liquor.policy.version", "basis", trace.get("basis") or version.basis),
            day=fields.Date.to_string(self.business_day),
        )

    def _why_base(self, trace, value):
        number = self._why_number(value)
        if trace["measure"] == "amount":
            return self._why_money(value)
        if trace["measure"] == "cases":
            return self.env._("%(number)s cases", number=number)
        return self.env._("%(number)s bottles", number=number)

    def _why_per_unit(self, trace, outward):
        rate = self._why_number(trace["rate"])
        special = self._why_special(trace, outward)
        amount = self._why_money(trace["amount"])
        if trace["rate_kind"] == "fixed":
            return [*special, self.env._("A fixed %(amount)s.", amount=amount)]
        base = (
            self._why_money(trace["base"]) if trace["rate_kind"] == "percent" else self._why_base(trace, trace["base"])
        )
        sign = " %" if trace["rate_kind"] == "percent" else ""
        on_top = sum(float(one[1]) for one in trace.get("uplifts", []))
        on_top += sum(float(one[1]) for one in trace.get("overlays", []) if one[0] == "strength")
        if on_top:
            return [
                *special,
                self.env._(
                    "%(base)s × %(rate)s%(sign)s, %(percent)s %% on top = %(amount)s.",
                    base=base,
                    rate=rate,
                    sign=sign,
                    percent=self._why_number(on_top),
                    amount=amount,
                ),
            ]
        if sign:
            return [*special, self.env._("%(base)s × %(rate)s %% = %(amount)s.", base=base, rate=rate, amount=amount)]
        return [*special, self.env._("%(base)s × %(rate)s = %(amount)s.", base=base, rate=rate, amount=amount)]

    def _why_booked(self, trace):
        """Of a re-rating: what was paid before by other terms."""
        if "booked" not in trace:
            return []
        return [
            self.env._(
                "Owed in all %(owed)s, booked before %(booked)s, now %(amount)s.",
                owed=self._why_money(trace["granted"]),
                booked=self._why_money(trace["booked"]),
                amount=self._why_money(trace["change"]),
            )
        ]

    def _why_cap(self, trace):
        if trace.get("granted", trace["amount"]) == trace["amount"]:
            return []
        return [self.env._("The cap of the period leaves %(granted)s.", granted=self._why_money(trace["granted"]))]

    def _why_period(self, trace, outward):
        lines = [
            self.env._(
                "Period %(period)s, %(facts)s facts up to %(day)s: %(base)s.",
                period=trace["period"],
                facts=trace["facts"],
                day=trace["until"],
                base=self._why_base(trace, trace["base"]),
            )
        ]
        if "left_out" in trace:
            lines.append(
                self.env._(
                    "%(number)s bottles are left out: scanned and reported when the shop changed between scans and "
                    "reports, they are counted by the proof of the day on which they were first told.",
                    number=self._why_number(trace["left_out"]),
                )
            )
        lines += self._why_reached(trace)
        lines += self._why_conditions(trace)
        lines += [self._why_step(trace, step) for step in trace["steps"]]
        lines += self._why_special(trace, outward)
        if trace["capped"]:
            lines.append(self.env._("The cap of the period was reached."))
        lines += self._why_nothing(trace)
        lines.append(
            self.env._(
                "Owed in all %(owed)s, booked before %(booked)s, now %(amount)s.",
                owed=self._why_worth(trace, trace["owed"]),
                booked=self._why_worth(trace, trace["booked"]),
                amount=self._why_worth(trace, trace["amount"]),
            )
        )
        return lines

    def _why_step(self, trace, step):
        rate = self._why_number(step["rate"])
        low = self._why_base(trace, step["low"])
        amount = self._why_money(step["amount"])
        if trace["kind"] == "fixed":
            return self.env._("A fixed %(amount)s.", amount=amount)
        if trace["rate_kind"] in ("fixed", "goods"):
            return self.env._("Tier from %(low)s: %(amount)s.", low=low, amount=self._why_worth(trace, step["amount"]))
        if trace["rate_kind"] == "percent":
            return self.env._(
                "Tier from %(low)s: %(part)s × %(rate)s %% = %(amount)s.",
                low=low,
                part=self._why_money(step["part"]),
                rate=rate,
                amount=amount,
            )
        return self.env._(
            "Tier from %(low)s: %(part)s × %(rate)s = %(amount)s.",
            low=low,
            part=self._why_base(trace, step["part"]),
            rate=rate,
            amount=amount,
        )
