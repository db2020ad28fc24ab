from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    liquor_program_ids = fields.One2many("liquor.member.program", "loyalty_program_id", "Member Club")

    @api.constrains("rule_ids", "program_type", "applies_on")
    def _check_liquor_only_redeems(self):
        for program in self.filtered(lambda program: program.sudo().liquor_program_ids):
            if program.rule_ids or program.program_type != "loyalty" or program.applies_on != "both":
                raise ValidationError(
                    self.env._(
                        "“%(program)s” belongs to a member club: it only exchanges points. They are earned by the"
                        " club's own point rules.",
                        program=program.name,
                    )
                )
