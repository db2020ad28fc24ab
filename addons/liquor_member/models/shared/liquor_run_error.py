from odoo import fields, models


class LiquorRunError(models.Model):
    """One item that a run refused, with its reason."""

    _name = "liquor.run.error"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Error of a Background Run"
    _order = "run_id, line, id"
    _rec_name = "reason"
    _check_company_auto = True

    run_id = fields.Many2one(
        "liquor.run", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    line = fields.Integer(readonly=True)
    reason = fields.Text(required=True, readonly=True)
    item = fields.Json(readonly=True)
