from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorClaimRule(models.Model):
    """What is paid to consumers begins with a launch: its region was looked at, or somebody wrote why not (C23)."""

    _inherit = "liquor.claim.rule"

    launch_id = fields.Many2one(
        "liquor.consumer.launch",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="A new rule belongs to a launch of consumer spend that was let go.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_launched()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if "launch_id" in vals:
            self._check_launched()
        return result

    def _check_launched(self):
        """Refuse rules of people that no launch stands behind.

        :raises UserError: the launch is missing or still a draft
        """
        if self.env.su:
            return
        for rule in self:
            if rule.sudo().launch_id.state != "launched":
                raise UserError(
                    self.env._(
                        "%(rule)s pays consumers: choose a launch of consumer spend that was let go. It is planned, "
                        "checked and launched under Policies.",
                        rule=rule.name,
                    )
                )
