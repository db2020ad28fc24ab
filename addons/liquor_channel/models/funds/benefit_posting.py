from odoo import fields, models


class LiquorBenefitPosting(models.Model):
    """That a benefit's cost was taken from its fund, and by which entry the share was charged; once, for good."""

    _name = "liquor.benefit.posting"
    _description = "Posting of a Benefit's Cost"
    _inherit = ["liquor.append.mixin", "liquor.bulk.mixin"]
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "funding_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    funding_id = fields.Many2one(
        "liquor.benefit.funding", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _funding_unique = models.UniqueIndex("(funding_id)", "This benefit's cost is posted already.")
