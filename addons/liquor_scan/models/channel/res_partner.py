from odoo import api, fields, models
from odoo.fields import Domain

from .stock_count import COUNTED, STANDING


class ResPartner(models.Model):
    _inherit = "res.partner"

    liquor_is_counted = fields.Boolean(
        "Can Be Counted", compute="_compute_liquor_is_counted", search="_search_liquor_is_counted", compute_sudo=True
    )

    def _domain_counted_roles(self):
        """Roles of the reader's companies at whose partner goods are counted."""
        return [
            ("company_id", "in", self.env.companies.ids), ("kind", "in", COUNTED), ("state", "in", STANDING),
        ]  # fmt: skip

    @api.depends_context("allowed_company_ids")
    def _compute_liquor_is_counted(self):
        roles = self.env["liquor.channel.role"].search([*self._domain_counted_roles(), ("partner_id", "in", self.ids)])
        for partner in self:
            partner.liquor_is_counted = partner in roles.partner_id

    @api.model
    def _search_liquor_is_counted(self, operator, value):
        if operator != "in":
            return NotImplemented
        roles = self.env["liquor.channel.role"].sudo()._search(self._domain_counted_roles())
        found = Domain("id", "in", roles.subselect("partner_id"))
        return found if True in value else ~found
