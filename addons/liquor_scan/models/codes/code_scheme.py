from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ...engine.codes.packing import Level, PackingError, check_levels


class LiquorCodeScheme(models.Model):
    _name = "liquor.code.scheme"
    _description = "Packing Scheme"
    _check_company_auto = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: every company may use it.")
    level_ids = fields.One2many("liquor.code.level", "scheme_id", "Levels", copy=True)
    level_summary = fields.Char("Levels in Short", compute="_compute_level_summary")
    bottles_per_case = fields.Integer(compute="_compute_level_summary")
    batch_count = fields.Integer("Batches", compute="_compute_batch_count")

    @api.depends("level_ids.kind", "level_ids.bottles")
    def _compute_level_summary(self):
        labels = dict(self.env["liquor.code.level"]._fields["kind"]._description_selection(self.env))
        for scheme in self:
            levels = scheme.level_ids
            scheme.level_summary = " - ".join(labels[level.kind] for level in levels)
            cases = levels.filtered(lambda level: level.kind in ("case_outer", "case_inner"))
            scheme.bottles_per_case = cases[:1].bottles

    def _compute_batch_count(self):
        groups = self.env["liquor.code.batch"]._read_group([("scheme_id", "in", self.ids)], ["scheme_id"], ["__count"])
        counts = dict(groups)
        for scheme in self:
            scheme.batch_count = counts.get(scheme, 0)

    @api.constrains("level_ids")
    def _check_levels(self):
        for scheme in self:
            try:
                check_levels(scheme._levels())
            except PackingError as error:
                raise ValidationError(
                    self.env._(
                        "“%(scheme)s” cannot be packed by arithmetic: %(reason)s.",
                        scheme=scheme.name,
                        reason=str(error),
                    )
                ) from error

    def write(self, vals):
        if "level_ids" in vals and self._is_used():
            raise UserError(self.env._("Codes were made with this scheme: copy it and change the copy."))
        return super().write(vals)

    def copy_data(self, default=None):
        return [
            {**values, "name": self.env._("%(name)s (copy)", name=scheme.name)}
            for scheme, values in zip(self, super().copy_data(default=default), strict=True)
        ]

    def _is_used(self):
        return bool(self.env["liquor.code.batch"].sudo().search_count([("scheme_id", "in", self.ids)], limit=1))

    @tools.ormcache("self.id")
    def _sizes(self):
        """Return ((kind, bottles), …) of the levels in their order: once codes exist they never change."""
        return tuple((level.kind, level.bottles) for level in self.sudo().level_ids)

    def _size(self, kind):
        """Return how many bottles a unit of this kind holds; 0 where the scheme has no such kind."""
        return dict(self._sizes()).get(kind, 0) if self else 0

    def _levels(self):
        """Return the levels as the engine takes them, smallest first."""
        self.ensure_one()
        return tuple(Level(level.kind, level.bottles) for level in self.level_ids)
