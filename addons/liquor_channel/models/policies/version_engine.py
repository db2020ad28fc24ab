from odoo import models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.columns import column, columns

from ...engine.common.money import ZERO, decimal
from ...engine.policies.eligibility import Rule
from ...engine.policies.owed import Terms
from ...engine.policies.tiers import Tier

POLICY = ("beneficiary_kind", "sequence", "group_id", "kind")
# a draft that has no policy yet
NO_POLICY = (None, 0, None, None)
RULE = (
    "policy_id", "basis", "date_start", "date_end", "measure", "rate_kind", "rate", "count_rebate_goods",
    "count_samples", "cap_amount",
    "cap_total", "cap_supplier", "rounding_step", "rounding_down", "tax_basis", "tax_rate",
    "commission_levels", "second_rate",
)  # fmt: skip
LIMITS = ("partner_ids", "product_ids", "category_ids", "territory_ids", "terminal_kind_ids")
TERMS = (
    "policy_id", "currency_id", "method", "rate_kind", "rate", "goods_block", "growth_on", "condition_ids",
    "rounding_step", "rounding_down", "minimum_payout", "cap_amount", "pay_at",
)  # fmt: skip


class LiquorPolicyVersion(models.Model):
    """What the engine is told about versions: read column by column, so that 1,000 cost little more than one."""

    _inherit = "liquor.policy.version"

    def _to_rules(self):
        """Rules of the engine for these versions: {version id: Rule}."""
        policies = self._policies()
        choices = dict(zip(self.policy_id.group_id.ids, column(self.policy_id.group_id, "choice"), strict=True))
        limits = self._limits()
        return {
            key: self._rule_of(key, row, limits[key], policies.get(row[0]) or NO_POLICY, choices)
            for key, row in zip(self._ids, columns(self, *RULE), strict=True)
        }

    def _limits(self):
        """What versions are limited to: {version id: a frozenset of ids for each of ``LIMITS``}; one query."""
        if self._ids != tuple(self.ids):  # a form that is not saved
            return {key: tuple(map(frozenset, row)) for key, row in zip(self._ids, columns(self, *LIMITS), strict=True)}
        self.flush_recordset(LIMITS)
        found = {key: tuple(set() for _name in LIMITS) for key in self._ids}
        relations = [
            SQL(
                "SELECT %s AS version, %s AS place, %s AS limited_to FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(field.column1),
                place,
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                list(self._ids),
            )
            for place, field in enumerate(self._fields[name] for name in LIMITS)
        ]
        for version, place, limited_to in self.env.execute_query(SQL(" UNION ALL ").join(relations)):
            found[version][place].add(limited_to)
        return {key: tuple(map(frozenset, sets)) for key, sets in found.items()}

    def _to_rule(self):
        """Rule of the engine for one version."""
        return self._to_rules()[self._ids[0]]

    def _policies(self):
        """What versions take from their policy: {policy id: values of POLICY}."""
        policies = self.policy_id
        return dict(zip(policies._ids, columns(policies, *POLICY), strict=True))

    def _kinds(self):
        """Kind of the policy of each version, in order."""
        policies = self._policies()
        return [(policies.get(policy) or NO_POLICY)[-1] for policy in column(self, "policy_id")]

    def _rule_of(self, key, row, limits, policy, choices):
        partners, products, categories, territories, terminal_kinds = limits
        (
            policy_id, basis, first, last, measure, rate_kind, rate, rebate_goods, samples,
            cap, cap_total, cap_supplier, step, step_down, tax_basis, tax_rate,
            levels, second_rate,
        ) = row  # fmt: skip
        beneficiary, sequence, group, _kind = policy
        return Rule(
            version=key,
            policy=policy_id,
            basis=basis,
            beneficiary=beneficiary,
            first=first,
            last=last or None,
            measure=measure,
            rate_kind=rate_kind,
            rate=decimal(rate),
            partners=partners,
            products=products,
            categories=categories,
            territories=territories,
            terminal_kinds=terminal_kinds,
            rebate_goods=bool(rebate_goods),
            samples=bool(samples),
            cap=decimal(cap) if cap else None,
            cap_total=decimal(cap_total) if cap_total else None,
            cap_supplier=decimal(cap_supplier) if cap_supplier else None,
            step=decimal(step) if step else None,
            step_down=bool(step_down),
            without_tax=decimal(tax_rate) if tax_basis == "excluded" else None,
            order=(sequence, policy_id),
            group=group,
            choice=choices.get(group) or "first",
            levels=levels or 0,
            second_rate=decimal(second_rate) if second_rate else ZERO,
        )

    def _to_all_terms(self, tables):
        """Terms of the engine before overlays and uplifts: {version id: Terms}.

        :param tables: tiers of each version, as ``_tables`` gives them
        """
        policies = self._policies()
        digits = {currency.id: currency.decimal_places for currency in self.currency_id}
        rows = zip(self, tables, columns(self, *TERMS), strict=True)
        return {
            version._ids[0]: version._terms_of(
                table, row, (policies.get(row[0]) or NO_POLICY)[-1], digits.get(row[1], 2)
            )
            for version, table, row in rows
        }

    def _to_terms(self, table):
        """Terms of the engine for one version, with the tiers of ``table``."""
        return self._to_all_terms([table])[self._ids[0]]

    def _terms_of(self, table, row, kind, digits):
        (
            _policy, _currency, method, rate_kind, rate, block, growth_on, conditions, step, step_down, minimum, cap,
            pay_at,
        ) = row  # fmt: skip
        goods = rate_kind == "goods"
        return Terms(
            kind=kind,
            method=method,
            rate_kind=rate_kind,
            tiers=tuple(table),
            rate=decimal(rate),
            block=decimal(block) or decimal(1),
            whole=growth_on == "whole",
            conditions=self.condition_ids._to_engine() if conditions else (),
            step=None if goods or not step else decimal(step),
            step_down=bool(step_down),
            minimum=ZERO if goods else decimal(minimum),
            cap=decimal(cap) if cap and not goods else None,
            at_end=pay_at == "end",
            digits=digits,
        )

    def _tables(self):
        """Tier tables of the engine, in the order of these versions."""
        found = {version: [] for version in self.ids}
        tiers, same = self.tier_ids, {}
        places = zip(columns(tiers, "version_id", "from_value"), tiers.ids, strict=True)
        ladder = sorted(zip(places, columns(tiers, "from_value", "to_value", "rate"), strict=True))
        for ((version, _lower), _id), values in ladder:
            if values not in same:
                lower, upper, rate = values
                same[values] = Tier(decimal(lower), decimal(upper) if upper else None, decimal(rate))
            found[version].append(same[values])
        return list(found.values())
