from odoo import api, fields, models

from ...engine.common.money import ZERO, decimal
from ...engine.contracts.targets import period_from_label

SIZES = {"month": range(28, 32), "quarter": range(90, 93), "year": range(365, 367)}


class LiquorPolicyVersion(models.Model):
    _inherit = "liquor.policy.version"

    target_notice = fields.Char(compute="_compute_target_notice", help="Why a policy by targets would pay nothing.")

    @api.depends_context("lang")
    @api.depends("policy_id.kind", "basis", "measure", "period", "date_start", "date_end", "partner_ids")
    def _compute_target_notice(self):
        """Say that no contract has a target of this basis and unit; one read for all of a company."""
        self.target_notice = False
        by_target = self.filtered(lambda version: version.policy_id.kind == "target" and version.date_start)
        for company, versions in by_target.grouped("company_id").items():
            targets = versions._targets_from(company, min(versions.mapped("date_start")))
            for version in versions:
                if not targets.filtered(version._reads_target):
                    version.target_notice = version._say_target_missing()

    def _targets_from(self, company, day):
        """Targets of contracts that the party accepted, of periods that end on ``day`` or later."""
        domain = [
            ("company_id", "=", company.id),
            ("agreement_id.state", "in", ("accepted", "ended")),
            ("date_end", ">=", day),
        ]
        return self.env["liquor.agreement.target"].sudo().search(domain)

    def _reads_target(self, target):
        """Tell whether these terms would read a target of a contract."""
        span = period_from_label(target.label)
        partners = set(self.partner_ids._origin.ids)
        return (
            (target.basis, target.measure) == (self.basis, self.measure)
            and (span.end - span.start).days + 1 in SIZES.get(self.period, ())
            and span.end >= self.date_start
            and (not self.date_end or span.start <= self.date_end)
            and (not partners or target.party_id.id in partners)
        )

    def _say_target_missing(self):
        words = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("basis", "measure")}
        period = dict(self._fields["period"]._description_selection(self.env))
        return self.env._(
            "No accepted contract has a target by %(basis)s, %(measure)s, for a %(period)s of this time: nothing would "
            "be paid. Targets are written in Partners / Agreements, tab Targets, by the same basis and unit.",
            basis=words["basis"].get(self.basis, ""),
            measure=words["measure"].get(self.measure, ""),
            period=period.get(self.period, ""),
        )

    def _agreed_targets(self, company, period, partner_ids):
        """Targets of accepted contracts for policies that pay by completion, in one query.

        A target for everything goes before those of single series, which are summed; a policy for some categories
        takes the targets of these.

        :return: {(version id, partner id): Decimal in the version's measure}
        """
        targets = (
            self
            .env["liquor.agreement.target"]
            .sudo()
            .search([
                ("company_id", "=", company.id),
                ("agreement_id.state", "in", ("accepted", "ended")),
                ("label", "=", period.label),
                ("party_id", "in", list(partner_ids)),
            ])
        )
        found = {}
        for version in self:
            own = targets.filtered(lambda row, v=version: row.measure == v.measure and row.basis == v.basis)
            for partner, rows in own.grouped("party_id").items():
                rows = rows.filtered(lambda row, v=version: not v.category_ids or row.category_id in v.category_ids)
                whole = rows.filtered(lambda row: not row.category_id)
                if rows:
                    found[version.id, partner.id] = sum((decimal(row.goal) for row in whole or rows), ZERO)
        return found
