from odoo import api, models
from odoo.exceptions import ValidationError


class LiquorOwnCurrencyMixin(models.AbstractModel):
    """Money that is in the company's currency and stays so: ledger, funds and wallets know no other one.

    What is done in another currency (orders, invoices, payments) is converted where it becomes a fact.
    """

    _name = "liquor.own.currency.mixin"
    _description = "Money of the Company"

    @api.model_create_multi
    def create(self, vals_list):
        """Take the currency of the company the record is of, whichever company the user works in."""
        companies = self._companies_of(vals_list)
        return super().create([
            vals if vals.get("currency_id") else {**vals, "currency_id": company.currency_id.id}
            for vals, company in zip(vals_list, companies, strict=True)
        ])

    @api.model
    def _companies_of(self, vals_list):
        """Return the company that each new record will be of."""
        companies = self.env["res.company"]
        return [companies.browse(vals.get("company_id") or self.env.company.id) for vals in vals_list]

    @api.constrains("currency_id", "company_id")
    def _check_own_currency(self):
        for record in self:
            if record.company_id and record.currency_id != record.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(record)s is in %(currency)s, and %(company)s counts in %(own)s. "
                        "Orders and invoices in %(currency)s are converted at the rate of their day.",
                        record=record.display_name,
                        currency=record.currency_id.name,
                        company=record.company_id.display_name,
                        own=record.company_id.currency_id.name,
                    )
                )
