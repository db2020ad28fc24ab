from odoo import api, models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        """Print several documents with a wkhtmltopdf built on plain Qt as well, such as Debian's.

        It takes one document a call, and Odoo refuses to print two at once; here they are printed one after the
        other and put together in their order.
        """
        bodies = list(bodies)
        print_them = super()._run_wkhtmltopdf
        if len(bodies) < 2 or _wkhtml().is_patched_qt:
            return print_them(bodies, *args, **kwargs)
        return merge_pdf([print_them([body], *args, **kwargs) for body in bodies])
