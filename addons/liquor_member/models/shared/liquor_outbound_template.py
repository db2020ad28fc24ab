import re

from odoo import api, fields, models

SHOWN = 40


class LiquorOutboundTemplate(models.Model):
    """What a message says. Add-ons name it by its code.

    A company's manager writes its own texts; those that all companies share are the system administrator's.
    """

    _name = "liquor.outbound.template"
    _description = "Message Template"
    _order = "code, channel"
    _rec_names_search = ("body", "code")

    code = fields.Char(required=True)
    channel = fields.Selection([("sms", "SMS"), ("wechat", "WeChat"), ("wecom", "WeCom")], required=True, default="sms")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for every company without its own text; only a system administrator writes such a text.",
    )
    purpose = fields.Selection(
        [("service", "Service"), ("marketing", "Marketing")],
        required=True,
        default="service",
        help="A marketing message goes only to who has consented.",
    )
    body = fields.Text(required=True, translate=True, help="Write $name where a value belongs.")
    provider_template = fields.Char("Template at Provider", help="Number under which the provider approved the text.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, channel, COALESCE(company_id, 0)) WHERE active", "There is a template of this code and channel already."
    )

    @api.depends("body")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name a template by how its text begins; the code is what add-ons call it."""
        for template in self:
            text = re.sub(r"\$\w+", "…", template.body or "")
            template.display_name = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

    def write(self, vals):
        """Check the rights on what the text becomes too: nobody gives his own away to all companies."""
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")
        return result

    def _find(self, code, channel, company):
        """Return the company's template, else the common one.

        :raises ValueError: there is none
        """
        domain = [("code", "=", code), ("channel", "=", channel), ("company_id", "in", (company.id, False))]
        found = self.sudo().search(domain).sorted(lambda template: not template.company_id)
        if not found:
            raise ValueError(f"No message template {code!r} for {channel!r}")
        return found[0]
