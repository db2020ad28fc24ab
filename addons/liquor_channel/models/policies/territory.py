from odoo import api, models
from odoo.exceptions import AccessError


class LiquorTerritory(models.Model):
    """Limits and authority follow the tree of territories: a region does not move itself in it (C19)."""

    _inherit = "liquor.territory"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_is_head_office()
        return super().create(vals_list)

    def write(self, vals):
        """Head office only where the tree changes."""
        if vals.keys() & {"parent_id", "code", "company_id", "active"}:
            self._check_is_head_office()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_head_office(self):
        self._check_is_head_office()

    def _check_is_head_office(self):
        if not self.env.su and self.env.user._liquor_is_regional():
            raise AccessError(self.env._("Head office keeps the tree of territories."))
