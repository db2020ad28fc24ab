from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.codes.gs1 import GS1Error, sscc_capacity


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_code_url = fields.Char(
        "Code Address",
        help="Printed before every code, for example https://q7.cn/b/. "
        "Lower case and short; must lead to this server. Empty: the server's own address.",
    )

    liquor_gs1_prefix = fields.Char(
        "GS1 Company Prefix",
        help="4 to 12 digits. Pallets of later print orders get an SSCC of it; a number is never used twice.",
    )

    @api.constrains("liquor_gs1_prefix")
    def _check_liquor_gs1_prefix(self):
        for company in self.filtered("liquor_gs1_prefix"):
            try:
                sscc_capacity(company.liquor_gs1_prefix)
            except GS1Error as error:
                raise ValidationError(self.env._("A GS1 company prefix has 4 to 12 digits.")) from error

    def _liquor_code_prefix(self):
        """Return what is printed before a code, with a slash at the end."""
        self.ensure_one()
        base = self.liquor_code_url or f"{self.get_base_url()}/b/"
        return base if base.endswith("/") else f"{base}/"
