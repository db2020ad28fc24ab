from odoo import models

OWN = "liquor."


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Run the suite's jobs in the language of the company: what they write down is read by its people.

        A job has no language else, and OdooBot's is English. What goes to one person is written in his own.
        """
        action = self.env["ir.actions.server"].sudo().browse(server_action_id)
        language = self.env.company.partner_id.lang
        if language and action.model_id.model.startswith(OWN):
            self = self.with_context(lang=language)
        return super()._callback(cron_name, server_action_id)
