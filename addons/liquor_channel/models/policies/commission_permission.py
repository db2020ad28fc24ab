from odoo import api, fields, models
from odoo.exceptions import AccessError

LEAST_WORDS = 20


class LiquorCommissionPermission(models.Model):
    """Head office allows a second level of commission, or takes it back: each word is kept, the last one counts (C60).

    Without the note of counsel there is no permission: pay over several levels is a legal risk.
    """

    _name = "liquor.commission.permission"
    _description = "Second Level of Commission"
    _inherit = ("liquor.guarded.mixin", "liquor.append.mixin")
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "counsel"

    _guarded_in_create = frozenset({"user_id", "decided_at"})

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    allowed = fields.Boolean(
        string="Second Level Allowed", default=True, help="Off: the second level is not paid any more."
    )
    counsel = fields.Char(string="Note of", required=True, help="The lawyer or adviser who wrote the note.")
    note = fields.Text(string="Note of Counsel", required=True)
    user_id = fields.Many2one("res.users", string="Decided By", required=True, readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(required=True, readonly=True)

    _note_says_something = models.Constraint(
        f"CHECK (length(btrim(note)) >= {LEAST_WORDS} AND length(btrim(counsel)) >= 2)",
        "Write what counsel says, in a sentence at least.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Sign the decision by who takes it, now.

        :raises AccessError: somebody who is not head office
        """
        user = self.env.user
        if not user.has_group("liquor_channel.group_channel_manager") or user._liquor_is_regional():
            raise AccessError(self.env._("Head office decides on a second level of commission."))
        signed = {"user_id": self.env.uid, "decided_at": fields.Datetime.now()}
        return super().create([{**vals, **signed} for vals in vals_list])

    @api.model
    def _is_allowed(self, company):
        """Tell whether the company may pay a second level now."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1).allowed
