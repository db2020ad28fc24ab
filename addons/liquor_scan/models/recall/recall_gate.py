from odoo import api, fields, models
from odoo.tools import SQL


class LiquorRecallGate(models.Model):
    """One row a company: scans and claims read it under a share lock, a recall that begins or ends writes it.

    At REPEATABLE READ a scan that began before the recall and ends after it therefore fails, runs again and finds
    the recall; a recall waits for the scans that came first. Scans do not wait for each other.
    """

    _name = "liquor.recall.gate"
    _description = "Gate of Recalls"
    _log_access = False
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    turns = fields.Integer(required=True, readonly=True, default=0)

    _company_unique = models.UniqueIndex("(company_id)", "This company has its row already.")

    def init(self):
        """Every company has its row before its first recall."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO liquor_recall_gate (company_id, turns) SELECT id, 0 FROM res_company"
                " ON CONFLICT (company_id) DO NOTHING"
            )
        )

    @api.model
    def _pass(self, companies, hold=True):
        """Go through: companies of which goods are stopped now.

        :param companies: ids
        :param bool hold: whether the answer must stand until the transaction ends
        :raises psycopg2.errors.SerializationFailure: a recall began meanwhile; Odoo runs the call again
        """
        if not companies:
            return set()
        self.env["liquor.recall"].flush_model(["stops", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT g.company_id,
                       EXISTS (SELECT FROM liquor_recall r WHERE r.company_id = g.company_id AND r.stops)
                  FROM liquor_recall_gate g WHERE g.company_id = ANY(%s) ORDER BY g.company_id %s
                """,
                sorted(companies),
                SQL("FOR SHARE OF g") if hold else SQL(),
            )
        )
        return {company for company, stopped in rows if stopped}

    @api.model
    def _turn(self, companies):
        """Turn the gate: waits for the scans on their way, makes those behind them run again."""
        self.env.cr.execute(
            SQL("UPDATE liquor_recall_gate SET turns = turns + 1 WHERE company_id = ANY(%s)", sorted(companies))
        )
