import io
from unittest.mock import patch

from odoo.tests import TransactionCase
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models import ir_actions_report

PAGE = "<!DOCTYPE html><html><head><meta charset='utf-8'/></head><body><p>{}</p></body></html>"


class TestReportPrint(TransactionCase):
    def test_several_documents_print_with_a_plain_wkhtmltopdf(self):
        """Three documents, the second two pages long: four pages in their order; Debian's build takes one a call."""
        self.env["ir.config_parameter"].set_param("report.print_delay", "1")
        second = "beta</p><p style='page-break-before: always'>gamma"
        bodies = [PAGE.format(words) for words in ("alpha", second, "delta")]
        plain = ir_actions_report._wkhtml()._replace(is_patched_qt=False)
        with (
            patch("odoo.addons.base.models.ir_actions_report._wkhtml", lambda: plain),
            patch("odoo.addons.liquor_member.models.shared.ir_actions_report._wkhtml", lambda: plain),
        ):
            content = self.env["ir.actions.report"]._run_wkhtmltopdf(bodies)
        words = [page.extract_text().strip() for page in PdfFileReader(io.BytesIO(content)).pages]
        self.assertEqual(words, ["alpha", "beta", "gamma", "delta"])
