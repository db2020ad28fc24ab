from odoo import models

from ...engine.common.money import ZERO, decimal


class LiquorPolicyVersion(models.Model):
    _inherit = "liquor.policy.version"

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
