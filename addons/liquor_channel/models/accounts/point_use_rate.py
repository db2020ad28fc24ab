from odoo import fields, models


class LiquorPointUseRate(models.Model):
    """Which part of a club's points finance expects to be used, from a day on (IFRS 15 B46); none = all of them."""

    _name = "liquor.point.use.rate"
    _description = "Expected Use of Points"
    _inherit = ["liquor.point.estimate.mixin"]
    _order = "program_id, date_start desc"
    _rec_name = "date_start"

    _terms = frozenset({"program_id", "date_start", "percent"})
    _booked_by = ("liquor.point.use.entry", "rate_id")

    date_start = fields.Date("Estimated from")
    percent = fields.Float("Expected to Be Used (%)", digits=(5, 2), required=True, aggregator=None)
    source = fields.Char("Source of the Estimate")

    _once_a_day = models.UniqueIndex("(program_id, date_start)", "This club has an estimate from that day on.")
    _percent_bounds = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "The expected use lies above 0 and up to 100 %."
    )

    def _check_not_booked(self):
        """What was given in each month is judged by the estimate of its time: those before the last one count too."""
        entries = self.env["liquor.point.use.entry"].sudo()
        for rate in self:
            if entries.search_count([("program_id", "=", rate.program_id.id), ("day", ">=", rate.date_start)], limit=1):
                raise rate._say_booked()
        return super()._check_not_booked()
