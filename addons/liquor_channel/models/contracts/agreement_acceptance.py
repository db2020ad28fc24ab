from odoo import fields, models


class LiquorAgreementAcceptance(models.Model):
    """Proof of an acceptance: which text, which version, by whom and when."""

    _name = "liquor.agreement.acceptance"
    _description = "Acceptance of an Agreement"
    _inherit = ("liquor.append.mixin",)
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "agreement_id"

    agreement_id = fields.Many2one(
        "liquor.agreement", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Signed By", required=True, readonly=True, ondelete="restrict")
    text_version = fields.Integer(required=True, readonly=True)
    content = fields.Text(required=True, readonly=True, help="What was read, as JSON.")
    content_hash = fields.Char(string="Fingerprint", required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    event_time = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(agreement_id, text_version)", "This version was accepted already.")
