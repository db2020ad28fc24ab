from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorPointUseRate(models.Model):
    """Which part of a club's points finance expects to be used, from a day on (IFRS 15 B46); none = all of them."""

    _name = "liquor.point.use.rate"
    _description = "Expected Use of Points"
    _order = "program_id, date_start desc"
    _check_company_auto = True
    _rec_name = "date_start"

    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, precompute=True)
    date_start = fields.Date("Estimated from", required=True)
    percent = fields.Float("Expected to Be Used (%)", digits=(5, 2), required=True, aggregator=None)
    source = fields.Char("Source of the Estimate", required=True, help="For the close file and the auditor.")

    _once_a_day = models.UniqueIndex("(program_id, date_start)", "This club has an estimate from that day on.")
    _percent_bounds = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "The expected use lies above 0 and up to 100 %."
    )

    def _check_not_booked(self):
        if self.env["liquor.point.use.entry"].sudo().search_count([("rate_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("The books say something by this estimate: give a new one from a later day."))

    def write(self, vals):
        """Refuse to change what was booked by."""
        if {"program_id", "date_start", "percent"} & vals.keys():
            self._check_not_booked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()
