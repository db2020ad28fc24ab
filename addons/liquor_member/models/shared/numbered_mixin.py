from odoo import api, fields, models
from odoo.tools import groupby

from ...tools.sequence_names import take_names


class LiquorNumberedMixin(models.AbstractModel):
    """Papers that take their number from a sequence of their company; its code is the model's name."""

    _name = "liquor.numbered.mixin"
    _inherit = "liquor.guarded.mixin"
    _description = "Numbered Papers"

    _guarded_in_create = frozenset({"name"})

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")

    @api.model_create_multi
    def create(self, vals_list):
        """Number the papers of each company in the order in which they come."""
        for number, own in groupby(vals_list, key=lambda vals: vals.get("company_id") or self.env.company.id):
            company = self.env["res.company"].browse(number)
            for vals, name in zip(own, take_names(self.env, self._name, company, len(own)), strict=True):
                vals["name"] = name
        return super().create(vals_list)
