import base64
import secrets

import qrcode
from qrcode.image.svg import SvgPathImage

from odoo import api, fields, models

from odoo.addons.liquor_member.tools.unique_loser import loser_retries


class LiquorRegistrationLink(models.Model):
    """An address with a QR code by which shops register themselves with a distributor or a salesperson."""

    _name = "liquor.registration.link"
    _description = "Registration Link"
    _inherit = ("liquor.guarded.mixin",)
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("distributor_id.name", "user_id.name")

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    distributor_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", help="Supplies the shops that register by it."
    )
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="restrict")
    territory_id = fields.Many2one("liquor.territory", ondelete="restrict", check_company=True)
    token = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: secrets.token_urlsafe(12), groups="."
    )
    active = fields.Boolean(default=True)
    url = fields.Char(compute="_compute_url", compute_sudo=True)
    qr_image = fields.Binary(compute="_compute_url", string="QR Code", compute_sudo=True)
    role_ids = fields.One2many("liquor.channel.role", "registration_link_id", string="Registered Shops", readonly=True)
    role_count = fields.Integer(compute="_compute_role_count")

    _token_unique = models.UniqueIndex("(token)", "This link exists already.")
    _one_per_owner = models.UniqueIndex(
        "(company_id, COALESCE(distributor_id, 0), COALESCE(user_id, 0), COALESCE(territory_id, 0)) WHERE active",
        "There is a link for them already.",
    )

    @api.depends("distributor_id.name", "user_id.name")
    def _compute_display_name(self):
        for link in self:
            owner = link.distributor_id.name or link.user_id.name or link.company_id.name
            link.display_name = self.env._("Link of %(owner)s", owner=owner)

    def _compute_url(self):
        for link in self:
            link.url = f"{link.get_base_url()}/shop/join/{link.token}"
            drawing = qrcode.make(link.url, image_factory=SvgPathImage, border=1, box_size=10)
            link.qr_image = base64.b64encode(drawing.to_string())

    def _compute_role_count(self):
        counts = dict(
            self.env["liquor.channel.role"]._read_group(
                [("registration_link_id", "in", self.ids)], ["registration_link_id"], ["__count"]
            )
        )
        for link in self:
            link.role_count = counts.get(link, 0)

    @api.model
    def _of_distributor(self, company, distributor):
        """The live link of a distributor, made where there is none."""
        domain = [("company_id", "=", company.id), ("distributor_id", "=", distributor.id), ("user_id", "=", False)]
        links = self.sudo()
        found = links.search([*domain, ("territory_id", "=", False)], limit=1)
        if found:
            return found
        with loser_retries(self.env, self._one_per_owner.full_name(self)):
            return links.create({"company_id": company.id, "distributor_id": distributor.id})

    @api.model
    def _by_token(self, token):
        """The live link of a token as it stands in an address; empty for anything else."""
        text = str(token or "")
        return self.sudo().search([("token", "=", text)], limit=1) if 0 < len(text) <= 64 else self.sudo().browse()

    def action_open_roles(self):
        """Open the shops that registered by this link."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.channel_role_action_terminal")
        return {**action, "domain": [("registration_link_id", "=", self.id)], "context": {}}
