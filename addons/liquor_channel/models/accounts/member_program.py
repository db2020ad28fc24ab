from odoo import fields, models


class LiquorMemberProgram(models.Model):
    _inherit = "liquor.member.program"

    point_worth_ids = fields.One2many("liquor.point.worth", "program_id", "Worth of Points")
    point_use_rate_ids = fields.One2many("liquor.point.use.rate", "program_id", "Expected Use of Points")
