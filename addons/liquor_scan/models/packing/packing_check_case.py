from odoo import fields, models

FAULTS = [
    ("wrong_count", "Not the Full Number"),
    ("wrong_unit", "A Bottle of Another Case"),
    ("unknown_code", "A Code That Is None of Ours"),
    ("same_twice", "The Same Bottle Twice"),
]


class LiquorPackingCheckCase(models.Model):
    """A case that was scanned fully, and whether it held what it should."""

    _name = "liquor.packing.check.case"
    _description = "Checked Case"
    _order = "id desc"
    _rec_name = "case_index"

    check_id = fields.Many2one("liquor.packing.check", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="check_id.company_id", store=True, index=True)
    case_index = fields.Integer("Case Number", required=True, readonly=True, aggregator=None)
    scanned = fields.Integer("Bottles Scanned", required=True, readonly=True)
    fault = fields.Selection(FAULTS, "Mismatch", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    checked_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(check_id, case_index)", "This case was checked before.")
