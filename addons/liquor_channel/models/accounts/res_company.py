from odoo import fields, models

from ...engine.accounts import booking


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_order_rebate_percent = fields.Float(
        string="Rebate per Order (%)",
        default=20.0,
        help="At most this part of an order may be paid from the distributor's rebate account.",
    )
    liquor_withdraw_minimum = fields.Monetary(
        string="Smallest Withdrawal", default=10.0, help="A shop may ask for a payout from this amount on."
    )
    liquor_withdraw_day_cap = fields.Monetary(
        string="Withdrawals a Day", default=5000.0, help="Most a shop or guide may ask for on one day."
    )
    liquor_withdraw_weekday = fields.Selection(
        [
            ("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"), ("5", "Friday"),
            ("6", "Saturday"), ("7", "Sunday"),
        ],
        string="Weekly Withdrawals on",
        required=True,
        default="1",
        help="From this day of the week on, what shops chose to withdraw every week is asked for, once a week.",
    )  # fmt: skip
    liquor_confirm_days = fields.Integer(
        string="Days to Confirm", default=10, help="Days a distributor has to confirm or dispute a statement."
    )

    liquor_withholding_percent = fields.Float(
        string="Income Tax on Rewards (%)",
        default=20.0,
        help="Of incidental income (偶然所得); the adviser confirms it.",
    )

    liquor_prize_identity_limit = fields.Monetary(
        string="Prizes Ask Name and ID above",
        default=1000.0,
        help="A prize that is worth more is handed over or paid when its winner gave name and ID number on his own "
        "page; 0 = never. The adviser confirms the limit.",
    )

    _liquor_prize_identity_bounds = models.Constraint(
        "CHECK (COALESCE(liquor_prize_identity_limit, 0) BETWEEN 0 AND 1000000000)",
        "The limit of prizes lies between 0 and 1,000,000,000.",
    )
    _liquor_withholding_bounds = models.Constraint(
        "CHECK (liquor_withholding_percent IS NULL OR liquor_withholding_percent BETWEEN 0 AND 99)",
        "The income tax on rewards lies between 0 and 99 %.",
    )
    _liquor_order_rebate_percent_bounds = models.Constraint(
        "CHECK (liquor_order_rebate_percent IS NULL OR liquor_order_rebate_percent BETWEEN 0 AND 100)",
        "The part of an order paid by rebate lies between 0 and 100 %.",
    )
    _liquor_withdraw_bounds = models.Constraint(
        """CHECK ((liquor_withdraw_minimum IS NULL OR liquor_withdraw_minimum BETWEEN 0 AND 1000000000)
            AND (liquor_withdraw_day_cap IS NULL OR liquor_withdraw_day_cap BETWEEN 0 AND 1000000000))""",
        "Limits of withdrawals lie between 0 and 1,000,000,000.",
    )
    _liquor_confirm_days_bounds = models.Constraint(
        "CHECK (liquor_confirm_days IS NULL OR liquor_confirm_days BETWEEN 0 AND 365)",
        "The time to confirm lies between 0 and 365 days.",
    )

    def _liquor_open_day(self, day):
        """Pass over the closed months of ours as well as the locked days of accounting."""
        closed = self.env["liquor.period"]._closed_ranges(self)
        while True:
            open_day = booking.first_open_day(super()._liquor_open_day(day), closed)
            if open_day == day:
                return day
            day = open_day

    def _liquor_rebate_product(self):
        """Return the service product of rebate lines (made once): taxed as the company's sales, invoiced on order."""
        self.ensure_one()
        products = self.env["product.product"].sudo().with_company(self)
        code = f"LIQUOR-REBATE-{self.id}"
        found = products.search([("default_code", "=", code), ("company_id", "=", self.id)], limit=1)
        return found or products.create({
            "name": self.env._("Rebate discount"),
            "default_code": code,
            "type": "service",
            "invoice_policy": "order",
            "sale_ok": True,
            "purchase_ok": False,
            "list_price": 0.0,
            "company_id": self.id,
            "taxes_id": [fields.Command.set(self.account_sale_tax_id.ids)],
        })
