from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_code_url = fields.Char(
        "Code Address",
        help="Printed before every code, for example https://q7.cn/b/. "
        "Lower case and short; must lead to this server. Empty: the server's own address.",
    )

    def _liquor_code_prefix(self):
        """Return what is printed before a code, with a slash at the end."""
        self.ensure_one()
        base = self.liquor_code_url or f"{self.get_base_url()}/b/"
        return base if base.endswith("/") else f"{base}/"
