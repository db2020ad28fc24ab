from odoo import fields, models

from .sale_order import ORDER_KINDS


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_territory_id = fields.Many2one(
        "liquor.territory",
        string="Territory",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The customer's territory when the invoice was posted.",
    )

    liquor_purpose = fields.Selection(
        ORDER_KINDS,
        string="Order Kind",
        readonly=True,
        copy=False,
        help="Kind of the orders that were invoiced, where they are of one kind.",
    )

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._liquor_stamp_facts()
        return posted

    def _liquor_stamp_facts(self):
        """Store territory and purpose as they are now: a later change of the customer must not change old facts."""
        sales = self.filtered(lambda move: move.is_sale_document())
        for move in sales:
            kinds = set(move.sudo().invoice_line_ids.sale_line_ids.order_id.mapped("liquor_kind"))
            if len(kinds) == 1:
                move.sudo().liquor_purpose = kinds.pop()
        sales.filtered(lambda move: not move.liquor_territory_id)._liquor_stamp_territory()

    def _liquor_stamp_territory(self):
        for company, moves in self.grouped("company_id").items():
            placed = [("territory_id", "!=", False)]
            by_partner = self.env["liquor.channel.role"]._running(company, moves.commercial_partner_id, placed)
            for move in moves:
                role = by_partner.get(move.commercial_partner_id)
                if role:
                    move.sudo().liquor_territory_id = role.territory_id
