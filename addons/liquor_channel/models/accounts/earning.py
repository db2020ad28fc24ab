from odoo import api, models
from odoo.exceptions import UserError


class LiquorEarning(models.Model):
    _inherit = "liquor.earning"

    @api.model
    def _book(self, values_list, known=None):
        """Refuse money of another currency than the company's: the ledger would take it for its own.

        :raises UserError: an earning in a foreign currency
        """
        pairs = {(self._id_of(values["company_id"]), self._id_of(values["currency_id"])) for values in values_list}
        for company_id, currency_id in pairs:
            company = self.env["res.company"].sudo().browse(company_id)
            if company.currency_id.id != currency_id:
                raise UserError(
                    self.env._(
                        "%(company)s books earnings in %(currency)s only.",
                        company=company.display_name,
                        currency=company.currency_id.name,
                    )
                )
        return super()._book(values_list, known)

    def _id_of(self, record):
        return record.id if isinstance(record, models.BaseModel) else record
