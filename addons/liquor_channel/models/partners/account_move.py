from odoo import fields, models


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

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._liquor_stamp_territory()
        return posted

    def _liquor_stamp_territory(self):
        """Store the territory as it is now: a later move of the customer must not change old facts."""
        sales = self.filtered(lambda move: move.is_sale_document() and not move.liquor_territory_id)
        for company, moves in sales.grouped("company_id").items():
            roles = (
                self
                .env["liquor.channel.role"]
                .sudo()
                .search([
                    ("company_id", "=", company.id),
                    ("partner_id", "in", moves.commercial_partner_id.ids),
                    ("territory_id", "!=", False),
                    ("state", "!=", "ended"),
                ])
            )
            by_partner = {role.partner_id: role.territory_id for role in roles}
            for move in moves:
                territory = by_partner.get(move.commercial_partner_id)
                if territory:
                    move.sudo().liquor_territory_id = territory
