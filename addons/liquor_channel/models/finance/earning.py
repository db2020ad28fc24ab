from odoo import api, fields, models
from odoo.tools import SQL

from ..earnings.earning import STATES

# What became of an earning once a document took it: the word stands in the place of its state.
PROGRESS = [
    *STATES,
    ("to_settle", "To Be Settled"),
    ("settling", "In a Statement"),
    ("settled", "Settled"),
    ("on_the_way", "On the Way"),
    ("paid", "Paid"),
]


class LiquorEarning(models.Model):
    _inherit = "liquor.earning"

    progress = fields.Selection(
        PROGRESS,
        string="Standing",
        compute="_compute_progress",
        help="How far it is: its state, until a statement, a claim or a payout takes it.",
    )

    @api.depends("state", "beneficiary_kind")
    def _compute_progress(self):
        taken = self._taken()
        for earning in self:
            free = earning.state
            if free == "available" and earning.beneficiary_kind in ("distributor", "sub_distributor"):
                free = "to_settle"
            # what is held stays held: that is what somebody has to do something about
            earning.progress = free if free == "held" else taken.get(earning.id, free)

    def _taken(self):
        """What live documents did with stored earnings: {id: settling | settled | on_the_way | paid}, one query."""
        if not self.ids:
            return {}
        for name in ("payout", "payout.line", "settlement", "settlement.line", "expense"):
            self.env[f"liquor.{name}"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT l.earning_id, CASE WHEN o.state = 'ok' THEN 'paid' ELSE 'on_the_way' END
                         FROM liquor_payout_line l JOIN liquor_payout o ON o.id = l.payout_id
                        WHERE l.live AND l.earning_id = ANY(%(ids)s)
                    UNION ALL
                       SELECT l.earning_id, CASE WHEN o.state IN ('paid', 'closed') THEN 'paid'
                                                 WHEN o.state IN ('approved', 'posted') THEN 'settled'
                                                 ELSE 'settling' END
                         FROM liquor_settlement_line l JOIN liquor_settlement o ON o.id = l.settlement_id
                        WHERE l.live AND l.earning_id = ANY(%(ids)s)
                          AND o.state NOT IN ('draft', 'cancelled', 'reversed')
                    UNION ALL
                       SELECT e.id, CASE WHEN x.state = 'paid' THEN 'paid' ELSE 'settled' END
                         FROM liquor_expense x JOIN liquor_earning e ON e.id = x.earning_id
                        WHERE e.id = ANY(%(ids)s) AND e.partner_id = x.distributor_id""",
                    ids=list(self.ids),
                )
            )
        )
