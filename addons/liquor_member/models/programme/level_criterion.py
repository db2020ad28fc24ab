from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LiquorMemberLevelCriterion(models.Model):
    """What has to be reached for a level, in the dimension of its club: cases or amount (spec M8)."""

    _name = "liquor.member.level.criterion"
    _description = "Level Criterion"
    _check_company_auto = True
    _order = "threshold, id"
    _rec_names_search = ("level_id.name",)

    level_id = fields.Many2one("liquor.member.level", required=True, index=True, ondelete="cascade", check_company=True)
    program_id = fields.Many2one(related="level_id.program_id", store=True, index=True)
    company_id = fields.Many2one(related="level_id.company_id", store=True, index=True)
    dimension = fields.Selection(related="level_id.program_id.dimension")
    threshold = fields.Float("Reached From", required=True, digits=(16, 2), help="The number itself is included.")
    keep_threshold = fields.Float("Kept From", digits=(16, 2), help="0: the level is kept from where it is reached.")

    _level_unique = models.UniqueIndex("(level_id)", "A level has one criterion.")
    _threshold_unique = models.UniqueIndex(
        "(program_id, threshold)", "Two levels of a club cannot start at the same value."
    )
    _bounds = models.Constraint(
        "CHECK (threshold BETWEEN 0.01 AND 1e12 AND keep_threshold BETWEEN 0 AND 1e12)",
        "A level starts above 0.",
    )

    @api.constrains("threshold", "keep_threshold")
    def _check_keep_not_above(self):
        if any(criterion.keep_threshold > criterion.threshold for criterion in self):
            raise ValidationError(self.env._("A level cannot be harder to keep than to reach."))

    @api.depends("threshold", "level_id.name")
    def _compute_display_name(self):
        for criterion in self:
            criterion.display_name = f"{criterion.level_id.name or ''} ≥ {criterion.threshold:,.10g}"
