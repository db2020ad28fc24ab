from odoo import api, models


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    @api.constrains("program_id")
    def _check_liquor_no_rule(self):
        # the program's own check does not run when a rule is created by itself
        self.program_id._check_liquor_only_redeems()
