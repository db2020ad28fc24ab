from odoo import fields, models


class LiquorCashEntry(models.Model):
    _inherit = "liquor.cash.entry"

    def _post_withdrawal(self):
        """Pay a member's cash-back by the payout batches, once for each withdrawal.

        Without a payee account the payout waits until the member gave one.
        """
        result = super()._post_withdrawal()
        payouts = self.env["liquor.payout"].sudo()
        for entry in self.sudo().filtered(lambda item: item.kind == "withdraw"):
            key = f"cash/{entry.id}"
            if payouts.search_count([("request_key", "=", key)], limit=1):
                continue
            partner = entry.member_id.partner_id
            payouts.create({
                "name": self.env["ir.sequence"].sudo().next_by_code("liquor.payout"),
                "company_id": entry.company_id.id,
                "currency_id": entry.currency_id.id,
                "partner_id": partner.id,
                "kind": "cash_back",
                "cash_entry_id": entry.id,
                "payee_id": self.env["liquor.payee"]._of(entry.company_id, partner).id,
                "amount": -entry.amount,
                "requested_at": fields.Datetime.now(),
                "requested_by_id": self.env.uid,
                "request_key": key,
            })
        return result
