from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.settlement import red_letter


class LiquorGoodsCodeMixin(models.AbstractModel):
    """税收分类编码: the tax office's code of goods and services, which invoices state (trade.md R6).

    Which code a product has, its maker's tax adviser says: the list is 商品和服务税收分类编码表 of the State Taxation
    Administration, as the invoicing system (电子税务局) shows it. We hold the form alone: 19 digits. It is not the
    customs code (``hs_code``).
    """

    _name = "liquor.goods.code.mixin"
    _description = "Tax Code of Goods"

    liquor_goods_code = fields.Char(
        "Goods Code (Tax)",
        help="19 digits as on the invoice: a red letter needs the same rate and goods code as its blue invoice. "
        "Empty: the code of the category above holds.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the digits of codes that were pasted with blanks."""
        return super().create([self._with_digits(vals) for vals in vals_list])

    def write(self, vals):
        """Keep the digits of codes that were pasted with blanks."""
        return super().write(self._with_digits(vals))

    def _with_digits(self, vals):
        """Return the values with 19 digits as code.

        :raises ValidationError: it is no goods code
        """
        if not vals.get("liquor_goods_code"):
            return vals
        try:
            return {**vals, "liquor_goods_code": red_letter.check_goods_code(str(vals["liquor_goods_code"]))}
        except ValueError:
            raise ValidationError(
                self.env._(
                    "%(code)s is no goods code: it has 19 digits. Copy it from the invoicing system (税收分类编码), "
                    "with the zeros at its end.",
                    code=vals["liquor_goods_code"],
                )
            ) from None
