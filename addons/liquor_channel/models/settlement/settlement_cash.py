from odoo import fields, models
from odoo.exceptions import UserError


class LiquorSettlement(models.Model):
    """A rebate that is paid out: a payout of its own, which leaves with the next batch (the exception of R2)."""

    _inherit = "liquor.settlement"

    payment_method = fields.Selection(selection_add=[("cash", "Bank transfer")], ondelete={"cash": "cascade"})
    payout_ids = fields.One2many("liquor.payout", "settlement_id", readonly=True)

    def _post_in_cash(self):
        """Ask for the payouts; the batch books approval and payment (Acc-2 #6 and #7)."""
        money = self._money_totals()
        for settlement in self:
            if settlement.goods_line_ids and settlement.currency_id.is_zero(money[settlement]):
                continue
            if money[settlement] <= 0:
                raise UserError(self.env._("%(name)s has nothing to pay out.", name=settlement.name))
            settlement._ask_cash()

    def action_pay_again(self):
        """Ask once more for a payout that did not arrive."""
        self.check_access("write")
        self._check_group("liquor_channel.group_finance", self.env._("Only channel finance posts settlements."))
        for settlement in self:
            if settlement.state != "posted" or settlement.payment_method != "cash":
                raise UserError(self.env._("%(name)s waits for no payout.", name=settlement.name))
            settlement.lock_for_update()
            settlement.sudo().with_company(settlement.company_id)._ask_cash()

    def _ask_cash(self):
        payouts = self.env["liquor.payout"].sudo()
        if self.payout_ids.filtered(lambda item: item.state not in ("failed", "returned", "cancelled")):
            raise UserError(self.env._("%(name)s is being paid already.", name=self.name))
        self.payout_ids.flush_recordset(["state"])
        payee = self.env["liquor.payee"]._of(self.company_id, self.partner_id)
        if not payee:
            raise UserError(self.env._("%(partner)s has given no account to pay to.", partner=self.partner_id.name))
        return payouts.create({
            "name": self.env["ir.sequence"].sudo().next_by_code("liquor.payout"),
            "kind": "rebate",
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "partner_id": self.partner_id.id,
            "payee_id": payee.id,
            "settlement_id": self.id,
            "amount": self._money_totals()[self],
            "requested_at": fields.Datetime.now(),
            "requested_by_id": self.env.uid,
        })

    def _take_cash_back(self):
        """Reverse: a payout that was not approved is cancelled; money that is under way or arrived is not."""
        live = self.payout_ids.filtered(lambda item: item.state not in ("failed", "returned", "cancelled"))
        if live:
            live.action_cancel()
