from odoo import fields, models


class LiquorBulkEditLine(models.Model):
    """One row of an edited sheet that does something: what differs before and after, or why it is refused."""

    _name = "liquor.bulk.edit.line"
    _description = "Difference of an Edit in Excel"
    _inherit = ("liquor.bulk.mixin",)
    _order = "edit_id, line, id"
    _check_company_auto = True

    edit_id = fields.Many2one("liquor.bulk.edit", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line = fields.Integer("Row", readonly=True)
    outcome = fields.Selection(
        [("new", "New"), ("changed", "Differs"), ("refused", "Refused")], required=True, readonly=True
    )
    res_id = fields.Integer("Record", readonly=True)
    name = fields.Char("What", readonly=True)
    difference = fields.Text(readonly=True, help="Each column that differs, before and after.")
    moved = fields.Monetary("Money Moved", readonly=True)
    reason = fields.Char("Why Refused", readonly=True)
    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)
    cells = fields.Json(readonly=True)
    version = fields.Char(readonly=True, help="The record as it was when it was previewed.")
    version_after = fields.Char(readonly=True, help="The record as the edit left it.")
