import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today


class LiquorEmploymentConsentWizard(models.TransientModel):
    """Asks for the day and the signed paper of an owner's consent."""

    _name = "liquor.employment.consent.wizard"
    _description = "Record an Owner's Consent"

    employment_id = fields.Many2one(
        "liquor.employment", required=True, default=lambda self: self.env.context.get("active_id")
    )
    day = fields.Date(string="Consents From", compute="_compute_day", store=True, readonly=False, precompute=True)
    paper = fields.Binary(string="Signed Paper", required=True, attachment=False)
    paper_name = fields.Char()

    @api.depends("employment_id")
    def _compute_day(self):
        for wizard in self:
            job = wizard.employment_id
            wizard.day = job.consent_on or (job and max(today(job.company_id), job.date_start))

    def action_record(self):
        """Keep the paper with the employment."""
        self.ensure_one()
        self.employment_id.check_access("write")
        try:
            content = base64.b64decode(self.paper or b"", validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("A file arrived damaged. Send it again.")) from error
        if not self.day:
            raise UserError(self.env._("Say from which day the owner consents."))
        self.employment_id._consent_on_paper(self.day, self.paper_name, content)
        return {"type": "ir.actions.act_window_close"}
