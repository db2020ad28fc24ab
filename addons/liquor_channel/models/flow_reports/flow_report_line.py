from odoo import fields, models


class LiquorFlowReportLine(models.Model):
    """One reported movement; a fact while it is live. Undone as a whole with its report."""

    _name = "liquor.flow.report.line"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Reported Movement"
    _order = "report_id desc, line"
    _check_company_auto = True
    _rec_name = "reference"

    report_id = fields.Many2one(
        "liquor.flow.report", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    line = fields.Integer(readonly=True, string="Row")
    reporter_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="restrict")
    buyer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    buyer_text = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    kind = fields.Selection(
        [("reported", "Reported"), ("sold", "Sold"), ("returned", "Returned")], required=True, readonly=True
    )
    bottles = fields.Integer(readonly=True, required=True, aggregator="sum")
    amount = fields.Monetary(readonly=True)
    event_time = fields.Datetime(required=True, readonly=True)
    business_day = fields.Date(required=True, readonly=True)
    territory_id = fields.Many2one("liquor.territory", readonly=True, ondelete="restrict", check_company=True)
    grade = fields.Char(readonly=True, groups="liquor_channel.group_clerk")
    reference = fields.Char(readonly=True)
    row_key = fields.Char(required=True, readonly=True)
    live = fields.Boolean(readonly=True, default=True)

    _row_unique = models.UniqueIndex("(company_id, row_key) WHERE live", "This row was reported before.")
    _day_idx = models.Index("(company_id, business_day) WHERE live")
    _bottles_bounds = models.Constraint(
        "CHECK (bottles BETWEEN -100000000 AND 100000000)", "The number of bottles is out of bounds."
    )
    _amount_bounds = models.Constraint(
        "CHECK (amount IS NULL OR amount BETWEEN -1000000000000 AND 1000000000000)", "The amount is out of bounds."
    )
