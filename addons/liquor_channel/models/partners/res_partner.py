from odoo import fields, models

from odoo.addons.liquor_member.tools.business_day import today


class ResPartner(models.Model):
    _inherit = "res.partner"

    liquor_role_ids = fields.One2many(
        "liquor.channel.role",
        "partner_id",
        string="Channel Roles",
        groups="liquor_channel.group_clerk,liquor_channel.group_finance",
    )

    _liquor_phone_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
    _liquor_place_idx = models.Index("(partner_latitude) WHERE partner_latitude <> 0")

    def _liquor_role(self, kind, company):
        """The role of ``kind`` that is in force today for one partner; empty where there is none."""
        self.ensure_one()
        return self.env["liquor.channel.role"]._live(self, kind, today(company), company)[:1]
