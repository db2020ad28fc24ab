from odoo import fields, models


class LiquorPointWorth(models.Model):
    """What a point of a club is worth to finance, from a day on: points given since then are in the books by it.

    Without one, or at nothing, points stand in the club's ledger alone.
    """

    _name = "liquor.point.worth"
    _description = "Worth of a Point"
    _inherit = ["liquor.point.estimate.mixin"]
    _order = "program_id, date_start desc"
    _rec_name = "date_start"

    _terms = frozenset({"program_id", "date_start", "worth"})
    _booked_by = ("liquor.member.posting", "worth_id")

    date_start = fields.Date("Points Given from")
    worth = fields.Float("Worth of a Point", digits=(16, 4), required=True, help="In the currency of the company.")
    source = fields.Char("Source of the Worth")

    _once_a_day = models.UniqueIndex("(program_id, date_start)", "This club has a worth from that day on.")
    _worth_bounds = models.Constraint("CHECK (worth BETWEEN 0 AND 1000)", "A point is worth between 0 and 1,000.")
