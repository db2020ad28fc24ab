from odoo import fields, models


class LiquorMemberLevel(models.Model):
    _name = "liquor.member.level"
    _description = "Member Level"
    _check_company_auto = True
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, help="From the lowest level to the highest.")
    color = fields.Integer()
    card_color = fields.Char(default="#7a1f1f", help="Colour of the member's card on his phone.")
    description = fields.Text(translate=True)
    criterion_ids = fields.One2many("liquor.member.level.criterion", "level_id", "Criteria")
    benefit_ids = fields.One2many("liquor.benefit", "level_id", "Benefits")

    def _rank(self):
        """Return what orders levels of one club."""
        self.ensure_one()
        return (self.sequence, self.id)
