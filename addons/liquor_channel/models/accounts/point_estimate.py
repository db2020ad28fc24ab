from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LiquorPointEstimateMixin(models.AbstractModel):
    """What finance says about a club's points from a day on, with its source; what was booked by it stays.

    A model that inherits it says ``_terms``, ``_booked_by`` and, in its own words, ``_once_a_day``.
    """

    _name = "liquor.point.estimate.mixin"
    _description = "Estimate about Points"
    _order = "program_id, date_start desc"
    _check_company_auto = True
    _rec_name = "date_start"

    #: columns that decide what is booked, and which rows say that it is: (model, its column)
    _terms = frozenset({"program_id", "date_start"})
    _booked_by = None

    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    date_start = fields.Date(required=True)
    source = fields.Char(required=True, help="For the close file and the auditor.")

    def _check_not_booked(self):
        model, column = self._booked_by
        if self.env[model].sudo().search_count([(column, "in", self.ids)], limit=1):
            raise self._say_booked()

    def _say_booked(self):
        return UserError(self.env._("The books say something by this: give a new one from a later day."))

    def _keep(self):
        """Something is being booked by these for the first time: whoever changes one meanwhile runs again.

        At REPEATABLE READ neither would see the other: the books would say what the estimate no longer says.
        """
        model, column = self._booked_by
        self.env.cr.execute(
            SQL(
                """UPDATE %s own SET date_start = date_start
                    WHERE own.id = ANY(%s) AND NOT EXISTS (SELECT FROM %s booked WHERE booked.%s = own.id)""",
                SQL.identifier(self._table),
                sorted(self.ids),
                SQL.identifier(self.env[model]._table),
                SQL.identifier(column),
            )
        )

    def write(self, vals):
        """Refuse to change what was booked by."""
        if self._terms & vals.keys():
            self._check_not_booked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()
