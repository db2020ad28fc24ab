from odoo import api, models
from odoo.tools import SQL


class LiquorFlowFact(models.Model):
    _inherit = "liquor.flow.fact"
    _depends = {
        "liquor.flow.report.line": [
            "live", "kind", "company_id", "reporter_id", "buyer_id", "product_id", "bottles", "amount", "event_time"
        ],
    }  # fmt: skip

    @api.model
    def _fact_queries(self):
        """Add what distributors and chains report."""
        return [*super()._fact_queries(), self._fact_reports()]

    def _fact_reports(self):
        """Rows of flow reports that were not undone; signs were set when they were loaded.

        One fact a row: the party is who reports and sold, the counterparty is who bought.
        """
        return {
            "kinds": ("reported", "sold", "returned"),
            "returns_of": ("reported", "sold"),
            "columns": {
                "key": SQL("'liquor.flow.report.line/' || report_line.id"),
                "kind": SQL("report_line.kind"),
                "company_id": SQL("report_line.company_id"),
                "partner_id": SQL("report_line.reporter_id"),
                "counterparty_id": SQL("report_line.buyer_id"),
                "product_id": SQL("report_line.product_id"),
                "bottles": SQL("report_line.bottles"),
                "amount": SQL("report_line.amount"),
                "currency_id": SQL("report_line.currency_id"),
                "event_time": SQL("report_line.event_time"),
                "business_day": SQL("report_line.business_day"),
                "territory_id": SQL("report_line.territory_id"),
                "grade": SQL("report_line.grade"),
                "purpose": SQL("'normal'"),
                "source_model": SQL("'liquor.flow.report.line'"),
                "source_id": SQL("report_line.id"),
            },
            "from": SQL("FROM liquor_flow_report_line report_line WHERE report_line.live"),
        }

    def _words_liquor_flow_report_line(self, lines):
        for line in lines:
            name = self.env._("%(report)s, row %(row)s", report=line.report_id.display_name, row=line.line)
            yield line, {"name": name, "note": line.reference or "", "page": ""}
