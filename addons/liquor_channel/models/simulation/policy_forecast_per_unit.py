from dataclasses import replace

from odoo import models

from ...engine.common.money import ZERO, decimal
from ...engine.policies.per_unit import within_caps
from ...engine.simulation.compare import Side

DISTRIBUTORS = ("distributor", "sub_distributor")


class LiquorPolicyVersion(models.Model):
    """What a version per unit would have given for the facts of some days; caps begin empty in both worlds."""

    _inherit = "liquor.policy.version"

    def _both_per_unit(self, company, living, forecast):
        """Sides under the versions in force and under this one, and who supplies each party."""
        versions = living | self
        facts = self.env["liquor.flow.fact"]._facts([
            ("company_id", "=", company.id),
            ("kind", "in", sorted(set(versions.mapped("basis")))),
            ("business_day", ">=", forecast.first),
            ("business_day", "<=", forecast.last),
        ])
        if not facts:
            return {}, {}, {}
        own = {self.id: replace(self._to_rule(), first=forecast.first, last=None)}
        if self in living:
            own[self.id] = self._to_rule()
        old = living._lines_between(company, facts, living._to_rules())
        new = self._lines_between(company, facts, own)
        suppliers = {line.partner_id: line.fact["distributor_id"] for line in old + new if line.fact["distributor_id"]}
        return living._sides_per_unit(old), self._sides_per_unit(new), suppliers

    def _lines_between(self, company, facts, rules):
        if not self:
            return []
        policies = self.env["liquor.policy"].sudo()
        return policies._lines_of(company, facts, self, rules)

    def _sides_per_unit(self, lines):
        """Side of each party, amounts cut to the caps in the order of the facts."""
        versions = {version.id: version for version in self}
        wanted, caps = [], {}
        for line in lines:
            version = versions[line.rule.version]
            own = version._caps_of(line.rule, line.partner_id, line.move.day, line.fact["distributor_id"])
            caps.update(own)
            wanted.append((tuple(own), line.amount))
        sides = {}
        for line, amount in zip(lines, within_caps(wanted, caps), strict=True):
            worth = ZERO if line.rule.rate_kind == "points" else amount  # points are no money
            side = Side(worth, decimal(line.move.bottles), line.rule.rate, capped=amount != line.amount)
            sides[line.partner_id] = sides.get(line.partner_id, Side(ZERO)).plus(side)
        return sides
