from odoo import fields, models


class LiquorEmploymentConsent(models.Model):
    """Proof that a shop's owner agreed that a person is rewarded personally (trade.md R13): for good, by whom, when.

    A signed paper is an attachment of the row, which nobody may write; its fingerprint stands in the row.
    """

    _name = "liquor.employment.consent"
    _description = "Owner's Consent to Personal Rewards"
    _inherit = ("liquor.append.mixin",)
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "employment_id"

    employment_id = fields.Many2one(
        "liquor.employment", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    day = fields.Date(string="Consents From", required=True, readonly=True)
    proof = fields.Selection([("paper", "Signed Paper"), ("portal", "Accepted Online")], required=True, readonly=True)
    paper_hash = fields.Char(string="Fingerprint", readonly=True, help="SHA-256 of the signed paper.")
    user_id = fields.Many2one("res.users", string="Recorded By", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime(string="Recorded On", required=True, readonly=True)
    paper_ids = fields.One2many(
        "ir.attachment", "res_id", string="Papers", domain=[("res_model", "=", "liquor.employment.consent")]
    )

    _paper_known = models.Constraint(
        "CHECK (proof <> 'paper' OR paper_hash ~ '^[0-9a-f]{64}$')", "A signed paper has its fingerprint."
    )
