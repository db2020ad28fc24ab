from odoo import fields, models


class LiquorPolicyPilotShop(models.Model):
    """One shop of a pilot or of its control group, and what it did before and since."""

    _name = "liquor.policy.pilot.shop"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Shop of a Pilot"
    _order = "pilot_id desc, is_control, partner_id"
    _check_company_auto = True
    _rec_name = "partner_id"

    pilot_id = fields.Many2one(
        "liquor.policy.pilot", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Shop", required=True, readonly=True, ondelete="restrict")
    is_control = fields.Boolean("Control Group", readonly=True)
    stratum = fields.Char("Drawn Among", readonly=True)
    before = fields.Float("Bottles Before", digits=(16, 2), readonly=True)
    after = fields.Float("Bottles Since", digits=(16, 2), readonly=True)
    change = fields.Float(digits=(16, 2), readonly=True)
    amount = fields.Monetary("Paid", readonly=True, help="By the policy that is tried.")
    spend = fields.Monetary(
        "Paid in All", readonly=True, help="By whatever programme: what a bottle of each group cost, not of one policy."
    )

    _shop_unique = models.UniqueIndex("(pilot_id, partner_id)", "A shop is in one of both groups.")
