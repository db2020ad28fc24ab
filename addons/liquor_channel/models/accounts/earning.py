from odoo import api, models
from odoo.exceptions import UserError


class LiquorEarning(models.Model):
    _inherit = "liquor.earning"

    @api.model
    def _book(self, values_list):
        """Refuse money of another currency than the company's: the ledger would take it for its own.

        :raises UserError: an earning in a foreign currency
        """
        earnings = super()._book(values_list)
        foreign = earnings.filtered(lambda earning: earning.currency_id != earning.company_id.currency_id)
        if foreign:
            raise UserError(
                self.env._(
                    "%(company)s books earnings in %(currency)s only.",
                    company=foreign[0].company_id.display_name,
                    currency=foreign[0].company_id.currency_id.name,
                )
            )
        return earnings
