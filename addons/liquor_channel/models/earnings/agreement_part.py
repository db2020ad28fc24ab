from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorAgreementPart(models.AbstractModel):
    """A row of an agreement that its party reads and accepts: it changes in drafts only."""

    _name = "liquor.agreement.part"
    _description = "Part of an Agreement"
    _inherit = ("liquor.guarded.mixin",)

    agreement_id = fields.Many2one(
        "liquor.agreement", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")

    # columns that are about what happened, not about what was agreed
    _free = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_part_draft()
        return parts

    def write(self, vals):
        if not vals.keys() <= self._free:
            self._check_part_draft()
        result = super().write(vals)
        if "agreement_id" in vals:
            self._check_part_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_part_draft()

    @api.model
    def _companies(self, domain):
        """Return the active companies that have such parts, in one query: what crons go through."""
        groups = self.sudo()._read_group([*domain, ("company_id.active", "=", True)], ["company_id"])
        return self.env["res.company"].sudo().union(*(company for (company,) in groups))

    def _check_part_draft(self):
        if self.agreement_id.filtered(lambda agreement: agreement.state != "draft"):
            raise UserError(self.env._("An agreement that was sent cannot change: end it and write a new one."))
