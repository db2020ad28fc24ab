from dataclasses import replace

from odoo import models

from ...engine.policies.commission import TRADE, paid_above


class LiquorPolicy(models.Model):
    """Commission per level of the tree of sub-distributors (C60): who is above whoever did the trade."""

    _inherit = "liquor.policy"

    def _earn_scope(self, company, facts, versions, first, last):
        """Read the tree and the roles of those above with it, in two queries, where a version pays them."""
        scope, assigned = super()._earn_scope(company, facts, versions, first, last)
        if not any(versions.mapped("commission_levels")):
            return scope, assigned
        tree = self.env["liquor.channel.role"]._above(company)
        above = self.env["liquor.fact.scope"]._scope(company, (), (), set(tree.values()), first, last)
        second = self.env["liquor.commission.permission"]._is_allowed(company)
        roles = {**scope.roles, **above.roles}
        return scope._replace(roles=roles, tree=tree, most_levels=2 if second else 1), assigned

    def _payees(self, scope, rule, fact):
        if not rule.levels:
            return super()._payees(scope, rule, fact)
        trader = fact["distributor_id"]
        steps = paid_above(scope.tree, trader, min(rule.levels, scope.most_levels)) if trader else []
        found = []
        for above in steps:
            kind = self._paid_kind(scope, above, fact["business_day"])
            if kind:
                rate = rule.rate if above.level == 1 else rule.second_rate
                found.append((replace(rule, beneficiary=kind, rate=rate), above.partner, above))
        return found

    def _paid_kind(self, scope, above, day):
        """Role in which somebody above is paid on a day; the second level goes to a distributor alone."""
        kinds = TRADE if above.level == 1 else ("distributor",)
        role = self.env["liquor.fact.scope"]._live_role(scope, above.partner, kinds, day)
        return role and role.kind

    def _prepare_line_values(self, company, line, amount, funding, head=None):
        values = super()._prepare_line_values(company, line, amount, funding, head)
        above = line.above
        return {
            **values,
            "commission_level": above.level if above else 0,
            "commission_of_id": line.fact["distributor_id"] if above else None,
            "commission_parent_id": above.parent if above else None,
        }
