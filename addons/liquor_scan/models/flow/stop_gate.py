from odoo import api, fields, models
from odoo.tools import SQL


class LiquorStopGate(models.Model):
    """One row a company: scans and claims read it under a share lock, what stops goods or lets them go writes it.

    At REPEATABLE READ a scan that began before the stop and ends after it therefore fails, runs again and finds the
    stop; a stop waits for the scans that came first. Scans do not wait for each other.
    """

    _name = "liquor.stop.gate"
    _description = "Gate of Stopped Goods"
    _log_access = False
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    turns = fields.Integer(required=True, readonly=True, default=0)

    _company_unique = models.UniqueIndex("(company_id)", "This company has its row already.")

    def init(self):
        """Every company has its row before its first stop."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO liquor_stop_gate (company_id, turns) SELECT id, 0 FROM res_company"
                " ON CONFLICT (company_id) DO NOTHING"
            )
        )

    @api.model
    def _stops(self):
        """{name: SQL condition on the gate ``g``} of what can stop goods of a company; rooms above add theirs."""
        return {}

    @api.model
    def _pass(self, companies, hold=True):
        """Go through: what stops goods of the companies now; one query.

        :param companies: ids
        :param bool hold: whether the answer must stand until the transaction ends
        :return: {company id: names of ``_stops``}
        :raises psycopg2.errors.SerializationFailure: a stop began meanwhile; Odoo runs the call again
        """
        if not companies:
            return {}
        stops = self._stops()
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM liquor_stop_gate g WHERE g.company_id = ANY(%s) ORDER BY g.company_id %s",
                SQL(", ").join([SQL("g.company_id"), *stops.values()]),
                sorted(companies),
                SQL("FOR SHARE OF g") if hold else SQL(),
            )
        )
        return {row[0]: {name for name, there in zip(stops, row[1:], strict=True) if there} for row in rows}

    @api.model
    def _turn(self, companies):
        """Turn the gate: waits for the scans on their way, makes those behind them run again."""
        self.env.cr.execute(
            SQL("UPDATE liquor_stop_gate SET turns = turns + 1 WHERE company_id = ANY(%s)", sorted(companies))
        )
