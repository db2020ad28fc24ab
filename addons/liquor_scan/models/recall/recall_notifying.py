from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.phone import normalise_phone
from odoo.addons.liquor_member.tools.phone_vault import PhoneVault

TOLD = ("held", "transit", "used")
"""Who has goods, has them coming, or claimed a bottle; who had sold them on is told for his customers' sake."""
TRADE = "recall_trade"
MEMBER = "recall_member"


class LiquorRecall(models.Model):
    _inherit = "liquor.recall"

    def _notify(self):
        """Tell every holder of whom we know and who was not told yet: one message each.

        :return: the new notices
        """
        self.ensure_one()
        told = {(notice.partner_id.id, notice.member_id.id) for notice in self.notice_ids}
        waiting = {}
        for row in self.holder_ids.filtered(lambda row: row.situation in TOLD):
            key = (False, row.member_id.id) if row.member_id else (row.holder_id.id, False)
            if any(key) and key not in told and key[0] != self.company_id.partner_id.id:
                waiting[key] = waiting.get(key, 0) + row.bottles
        values_list = [self._prepare_notice(*key, bottles) for key, bottles in waiting.items()]
        return self.env["liquor.recall.notice"].sudo().create(values_list)

    def _prepare_notice(self, partner_id, member_id, bottles):
        partner = self.env["res.partner"].browse(partner_id or ())
        member = self.env["liquor.member"].sudo().browse(member_id or ())
        values = {
            "recall_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "member_id": member.id,
            "bottles": bottles,
        }
        phone = self._phone_of(partner, member)
        if not phone:
            return {**values, "problem": self.env._("No phone number that a message reaches: please call.")}
        message = self.env["liquor.outbound"]._send(
            "sms",
            phone,
            MEMBER if member else TRADE,
            {
                "brand": self.company_id.name,
                "recall": self.name,
                "product": ", ".join(self.range_ids.product_id.mapped("name")),
                "bottles": bottles,
                "advice": self.advice or "",
            },
            f"recall/{self.id}/{'member' if member else 'partner'}/{(member or partner).id}",
            company=self.company_id,
        )
        return {**values, "message_id": message.id, "told_at": fields.Datetime.now()}

    def _phone_of(self, partner, member):
        """Number that a message reaches, or an empty text."""
        if member:
            return PhoneVault(self.env).reveal(member) if member.phone_cipher else ""
        try:
            return normalise_phone(self.company_id, partner.phone) if partner.phone else ""
        except UserError:
            return ""
