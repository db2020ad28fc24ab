from odoo import models
from odoo.exceptions import UserError


class LiquorBenefitClaim(models.Model):
    _inherit = "liquor.benefit.claim"

    def _needs_identity(self):
        """Must the member give name and ID before this is handed over (trade.md R20)?"""
        self.ensure_one()
        partner = self.sudo().member_id.partner_id
        return bool(self.env["liquor.prize.identity"]._missing(self.company_id, {partner: self.sudo().cost}))

    def _check_handover(self):
        """Refuse to hand a prize above the limit to somebody whose name and ID nobody knows; the code stays good."""
        checked = super()._check_handover()
        for claim in self:
            if claim._needs_identity():
                raise UserError(
                    self.env._(
                        "This prize is worth more than %(limit)s: its winner first gives name and ID on his own page.",
                        limit=claim.currency_id.format(claim.company_id.liquor_prize_identity_limit),
                    )
                )
        return checked
