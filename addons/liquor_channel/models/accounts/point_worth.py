from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorPointWorth(models.Model):
    """What a point of a club is worth to finance, from a day on: points given since then are in the books by it.

    Without one, or at nothing, points stand in the club's ledger alone.
    """

    _name = "liquor.point.worth"
    _description = "Worth of a Point"
    _order = "program_id, date_start desc"
    _check_company_auto = True
    _rec_name = "date_start"

    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    date_start = fields.Date("Points Given from", required=True)
    worth = fields.Float("Worth of a Point", digits=(16, 4), required=True, help="In the currency of the company.")
    source = fields.Char("Source of the Worth", required=True, help="For the close file and the auditor.")

    _once_a_day = models.UniqueIndex("(program_id, date_start)", "This club has a worth from that day on.")
    _worth_bounds = models.Constraint("CHECK (worth BETWEEN 0 AND 1000)", "A point is worth between 0 and 1,000.")

    def _check_not_booked(self):
        if self.env["liquor.member.posting"].sudo().search_count([("worth_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("Points are in the books by this worth: give a new one from a later day."))

    def write(self, vals):
        """Refuse to change what points were booked by."""
        if {"program_id", "date_start", "worth"} & set(vals):
            self._check_not_booked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()
