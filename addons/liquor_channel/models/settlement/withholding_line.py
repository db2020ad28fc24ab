from odoo import api, fields, models

from odoo.addons.liquor_member.tools.business_day import today


class LiquorWithholdingLine(models.Model):
    """Income tax on one payment, for the monthly list of the tax office; a payment that came back has its mirror."""

    _name = "liquor.withholding.line"
    _description = "Withheld Income Tax"
    _inherit = ["liquor.append.mixin"]
    _order = "day desc, id desc"
    _check_company_auto = True
    _rec_name = "payout_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    payout_id = fields.Many2one(
        "liquor.payout", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one("res.partner", "Payee", required=True, readonly=True, index=True, ondelete="restrict")
    holder = fields.Char("Name", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    treatment = fields.Selection(
        [("withheld", "Withheld from the payee"), ("borne", "Borne by us")], required=True, readonly=True
    )
    amount = fields.Monetary("Reward", required=True, readonly=True, aggregator="sum")
    base = fields.Monetary("Taxable", required=True, readonly=True, aggregator="sum")
    percent = fields.Float("Rate (%)", required=True, readonly=True, aggregator="avg")
    tax = fields.Monetary(required=True, readonly=True, aggregator="sum")
    is_return = fields.Boolean("Came Back", readonly=True, required=True, default=False)

    _once = models.UniqueIndex("(payout_id, treatment, is_return)", "The tax of this payout is listed already.")
    _bounds = models.Constraint(
        """CHECK (amount BETWEEN -1000000000000 AND 1000000000000 AND base BETWEEN -1000000000000 AND 1000000000000
              AND tax BETWEEN -1000000000000 AND 1000000000000 AND sign(tax) * sign(base) >= 0)""",
        "The amounts of a tax line are out of bounds.",
    )

    @api.model
    def _list(self, payouts, is_return=False):
        """List the tax of payouts that leave, or of those that came back (with the opposite sign)."""
        sign = -1 if is_return else 1
        taxes = payouts._taxes()
        rows = [
            {
                "company_id": payout.company_id.id,
                "currency_id": payout.currency_id.id,
                "payout_id": payout.id,
                "partner_id": payout.partner_id.id,
                "holder": payout.payee_id.holder,
                "day": today(payout.company_id),
                "treatment": treatment,
                "amount": sign * float(amount),
                "base": sign * float(tax.base),
                "percent": payout.company_id.liquor_withholding_percent,
                "tax": sign * float(tax.tax),
                "is_return": is_return,
            }
            for payout in payouts.filtered(lambda item: item.tax_withheld or item.tax_borne)
            for treatment, tax, amount in taxes.get(payout.id, ())
        ]
        return self.sudo().create(rows) if rows else self.browse()

    @api.model
    def _sheet(self, company, first, last):
        """Return the monthly list (rows, header first) of payments from ``first`` to ``last``."""
        header = [
            self.env._("Day"), self.env._("Payout Reference"), self.env._("Name"), self.env._("ID Number"),
            self.env._("Account"),
            self.env._("Treatment"), self.env._("Reward"), self.env._("Taxable"), self.env._("Rate (%)"),
            self.env._("Tax"),
        ]  # fmt: skip
        words = dict(self._fields["treatment"]._description_selection(self.env))
        lines = self.search(
            [("company_id", "=", company.id), ("day", ">=", first), ("day", "<=", last)], order="day, id"
        )
        known = self.env["liquor.prize.identity"]._of(company, lines.partner_id)
        return [
            header,
            *(
                [
                    line.day, line.payout_id.name, line.holder,
                    known[line.partner_id].masked_number if line.partner_id in known else "",
                    line.payout_id.payee_id.masked_account,
                    words[line.treatment], line.amount, line.base, line.percent, line.tax,
                ]
                for line in lines
            ),
        ]  # fmt: skip
