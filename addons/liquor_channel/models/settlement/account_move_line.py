from odoo import api, fields, models
from odoo.exceptions import AccessError


class AccountMoveLine(models.Model):
    """The goods code that an invoice states, as it was on the day of posting (trade.md R6)."""

    _inherit = "account.move.line"

    liquor_goods_code = fields.Char("Goods Code (Tax)", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Take no code from a client: posting notes it."""
        if not self.env.su:
            vals_list = [{**vals, "liquor_goods_code": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a hand on the code that the invoice states."""
        if "liquor_goods_code" in vals and not self.env.su:
            raise AccessError(self.env._("The goods code of an invoice is what its product had when it was posted."))
        return super().write(vals)

    def _liquor_note_goods_codes(self):
        """Keep the codes that the products have today; later changes of a product leave the invoice alone."""
        codes = self.product_id._liquor_goods_codes()
        for code, lines in self.sudo().grouped(lambda line: codes.get(line.product_id.id, False)).items():
            lines.filtered(lambda line, code=code: (line.liquor_goods_code or False) != code).liquor_goods_code = code
