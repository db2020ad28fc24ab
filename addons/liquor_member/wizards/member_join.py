from odoo import fields, models
from odoo.exceptions import UserError


class LiquorMemberJoin(models.TransientModel):
    """Registers a member at the desk; who is a member already is shown instead (M37)."""

    _name = "liquor.member.join"
    _description = "Register a Member"

    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, default=lambda self: self._default_program()
    )
    phone = fields.Char(required=True)
    accepted = fields.Boolean("18 or older, accepts the member terms", help="The person has said so to you.")

    def _default_program(self):
        return self.env["liquor.member.program"].search([("company_id", "=", self.env.company.id)], limit=1)

    def action_join(self):
        """Register and open the member."""
        self.ensure_one()
        if not self.accepted:
            raise UserError(self.env._("Please confirm that the person is 18 or older and accepts the member terms."))
        self.program_id.check_access("read")
        member = self.env["liquor.member"]._join(
            self.program_id, self.phone, "desk", self.program_id.terms_version, proof=f"res.users,{self.env.uid}"
        )
        # the number lives on encrypted with the member only
        self.sudo().unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": "liquor.member",
            "res_id": member.id,
            "views": [(False, "form")],
        }
