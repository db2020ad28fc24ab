from odoo import api, fields, models
from odoo.exceptions import UserError

from .earning import STATES


class LiquorEarningState(models.Model):
    """A word on an earning: available, held, released. Append-only; the latest word is the state."""

    _name = "liquor.earning.state"
    _description = "State of an Earning"
    _inherit = ("liquor.ledger.mixin",)
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "earning_id"

    _ledger_amounts = ()

    earning_id = fields.Many2one(
        "liquor.earning", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    state = fields.Selection([*STATES, ("released", "Released")], string="What Was Done", required=True, readonly=True)
    result = fields.Selection(
        STATES,
        string="State Afterwards",
        required=True,
        readonly=True,
        help="A release goes back to what was before the hold.",
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")

    _earning_idx = models.Index("(earning_id, id)")

    @api.model
    def _set(self, earnings, state, reason):
        """Say a state of earnings; those that have it already are left alone.

        :param earnings: liquor.earning recordset; a reversal stands for the row that it reverses
        :param state: pending | available | held | released (a release gives back the state before the hold)
        :param reason: shown beside the state; required for a hold
        :return: the new rows
        :raises ConcurrencyError: another transaction set a state of the same earning meanwhile
        """
        if state == "held" and not reason:
            raise UserError(self.env._("Say why it is held."))
        targets = earnings.sudo().mapped(lambda earning: earning.reverses_id or earning)
        history = self._history(targets)
        values_list = []
        for earning in targets:
            words = history.get(earning.id, [])
            values = self._prepare_word(earning, state, words)
            if values:
                values_list.append({**values, "reason": reason})
        earnings.invalidate_recordset(["state"])
        return self.browse(self.sudo()._post(values_list).ids) if values_list else self.browse()

    def _history(self, earnings):
        """Words on each earning, the oldest first: {earning id: [(id, result)]}."""
        history = {}
        rows = self.sudo().search_read(
            [("earning_id", "in", earnings.ids)], ["earning_id", "result"], order="id", load=None
        )
        for row in rows:
            history.setdefault(row["earning_id"], []).append((row["id"], row["result"]))
        return history

    def _prepare_word(self, earning, state, words):
        """Values of the next word; None where nothing would change."""
        results = [earning.payable, *(result for _id, result in words)]
        result = state
        if state == "released":
            result = next((r for r in reversed(results) if r != "held"), "pending") if results[-1] == "held" else None
        if not result or result == results[-1]:
            return None
        return {
            "company_id": earning.company_id.id,
            "earning_id": earning.id,
            "state": state,
            "result": result,
            "user_id": self.env.uid,
            # the word before is part of the key: of two words at the same moment one has to be said again
            "idempotency_key": f"{earning.id}/{words[-1][0] if words else 0}",
        }
