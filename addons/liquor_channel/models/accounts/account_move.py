from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: in the context, this very object lets our own code reverse our own entries; JSON cannot send it
OWN_HAND = object()
#: what names the paper of ours that an entry stands for; rooms add their own
PAPERS = {"liquor_accrual_run_id", "liquor_settlement_id", "liquor_payout_batch_id"}
#: what else we note on an entry
NOTES = {"liquor_territory_id", "liquor_purpose"}


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_accrual_run_id = fields.Many2one(
        "liquor.accrual.run",
        string="Accrual Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    liquor_settlement_id = fields.Many2one(
        "liquor.settlement", string="Settlement", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    liquor_payout_batch_id = fields.Many2one(
        "liquor.payout.batch",
        string="Payout Batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """An entry stands for something of ours only where we made it."""
        if not self.env.su:
            # named, so that default_* in a client's context does not reach them
            vals_list = [{**vals, **dict.fromkeys(PAPERS | NOTES, False)} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a hand on what an entry stands for."""
        if (PAPERS | NOTES) & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What an entry stands for cannot be typed."))
        return super().write(vals)

    def _liquor_is_ours(self):
        """Tell whether this entry stands for a paper of ours: earnings, a statement, a payout, a claim, a share."""
        return any(self[name] for name in PAPERS)

    def _liquor_check_free(self):
        """Refuse a hand on entries that stand for a paper of ours (channel.md Acc-4)."""
        if self.env.context.get("liquor_own_hand") is OWN_HAND:
            return
        bound = self.sudo().filtered(lambda move: move.state == "posted" and move._liquor_is_ours())
        if bound:
            raise UserError(
                self.env._(
                    "%(move)s stands for a document of the channel: reverse that one, not its entry.",
                    move=bound[0].display_name,
                )
            )

    def _check_draftable(self):
        self._liquor_check_free()
        return super()._check_draftable()

    def button_cancel(self):
        self._liquor_check_free()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._liquor_check_free()
        return super()._reverse_moves(default_values_list, cancel)
