from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorPolicyTerm(models.AbstractModel):
    """Rows that are part of a version's terms: they change as long as it is a draft."""

    _name = "liquor.policy.term"
    _description = "Part of the Terms of a Policy"

    version_id = fields.Many2one("liquor.policy.version", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_draft()
        rows.version_id._note_author()
        return rows

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        # also what the rows were moved to
        self._check_draft()
        self.version_id._note_author()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._check_draft()
        self.version_id._note_author()

    def _check_draft(self):
        if self.version_id.filtered(lambda version: version.state != "draft"):
            raise UserError(self.env._("The terms of a version in force cannot change: make a new version."))
