from odoo import api, fields, models
from odoo.exceptions import UserError

from .kinds import KINDS


class LiquorCodeLevel(models.Model):
    _name = "liquor.code.level"
    _description = "Packing Level"
    _inherit = ("liquor.labelled.mixin",)
    _check_company_auto = True
    _order = "scheme_id, sequence, bottles, id"
    _rec_name = "kind"

    scheme_id = fields.Many2one("liquor.code.scheme", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(related="scheme_id.company_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True)
    bottles = fields.Integer(required=True, default=1, help="Bottles in a full unit of this level.")

    gtin_indicator = fields.Integer(
        "GTIN Indicator",
        compute="_compute_gtin_indicator",
        store=True,
        readonly=False,
        aggregator=None,
        help="First digit of the GTIN-14 of a unit: 0 for the bottle, 1 to 8 for packages.",
    )

    _kind_unique = models.UniqueIndex("(scheme_id, kind)", "A scheme has each kind of code once.")
    _bottles_bounds = models.Constraint(
        "CHECK (bottles BETWEEN 1 AND 100000)", "A unit holds between 1 and 100,000 bottles."
    )

    _indicator_bounds = models.Constraint(
        "CHECK (gtin_indicator BETWEEN 0 AND 8)", "The indicator digit of a package is 1 to 8, of a bottle 0."
    )

    @api.depends("bottles", "scheme_id.level_ids.bottles")
    def _compute_gtin_indicator(self):
        """Propose the place of the size among the sizes of the scheme: bottle 0, case 1, pallet 2."""
        for level in self:
            sizes = sorted({1, *level.scheme_id.level_ids.mapped("bottles")})
            level.gtin_indicator = min(sizes.index(level.bottles), 8) if level.bottles in sizes else 0

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels._check_scheme_is_free()
        self.env.registry.clear_cache()
        return levels

    def write(self, vals):
        self._check_scheme_is_free()
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_scheme_is_free()
        self.env.registry.clear_cache()

    def _check_scheme_is_free(self):
        if self.scheme_id._is_used():
            raise UserError(self.env._("Codes were made with this scheme: copy it and change the copy."))
