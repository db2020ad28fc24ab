from odoo import fields, models


class LiquorFlowReportColumn(models.Model):
    """One column of a report's file, and what it means."""

    _name = "liquor.flow.report.column"
    _description = "Column of a Flow Report"
    _order = "report_id, position"
    _rec_name = "header"
    _check_company_auto = True

    report_id = fields.Many2one(
        "liquor.flow.report", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="report_id.company_id", store=True)
    position = fields.Integer(readonly=True)
    header = fields.Char(readonly=True, string="Column")
    sample = fields.Char(readonly=True)
    field = fields.Selection(
        [
            ("day", "Day"),
            ("product", "Product"),
            ("quantity", "Quantity"),
            ("unit", "Unit"),
            ("amount", "Amount"),
            ("buyer", "Buyer"),
            ("kind", "Kind"),
            ("reference", "Document"),
        ],
        string="Means",
    )

    _field_unique = models.UniqueIndex("(report_id, field) WHERE field IS NOT NULL", "Two columns mean the same.")
