from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class LiquorSettleMonth(models.TransientModel):
    """Settles a period for all distributors who earned something in it, in the background."""

    _name = "liquor.settle.month"
    _description = "Settle a Month"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, default=lambda self: self._default_month()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._default_month()[1])
    payment_method = fields.Selection(
        selection=lambda self: self.env["liquor.settlement"]._fields["payment_method"]._description_selection(self.env),
        required=True,
        default="rebate_account",
        help="Rebate account: used as a discount of the next orders. Credit note: set off against open invoices.",
    )
    send = fields.Boolean("Send to the distributors", help="Otherwise the settlements stay drafts to look through.")
    partner_count = fields.Integer("Distributors to settle", compute="_compute_waiting")
    amount = fields.Monetary("Amount to settle", compute="_compute_waiting")

    @api.model
    def _default_month(self):
        return self.env["liquor.settlement"]._default_last_month()

    @api.depends("company_id", "date_from", "date_to")
    def _compute_waiting(self):
        for wizard in self:
            rows = wizard._waiting() if wizard.company_id and wizard.date_from and wizard.date_to else []
            wizard.partner_count = len(rows)
            wizard.amount = sum(amount for _partner, amount in rows)

    def _waiting(self):
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not among yours."))
        return self.env["liquor.settlement"]._unsettled(self.company_id, self.date_from, self.date_to)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(wizard.date_from > wizard.date_to for wizard in self):
            raise ValidationError(self.env._("The period ends before it starts."))

    def action_settle(self):
        """Queue the run and show its progress.

        :raises UserError: nobody has anything to settle
        """
        self.ensure_one()
        self.env["liquor.settlement"].check_access("create")
        if not self.partner_count:
            raise UserError(self.env._("No distributor has anything to settle up to this day."))
        period = {"date_from": self.date_from.isoformat(), "date_to": self.date_to.isoformat()}
        run = self.env["liquor.run"]._start(
            "settle_month",
            self.env._("Settlements %(first)s – %(last)s", first=period["date_from"], last=period["date_to"]),
            self.partner_count,
            {**period, "payment_method": self.payment_method, "send": self.send},
            company=self.company_id,
            key=f"settle/{self.date_from}/{self.date_to}",
        )
        return run._show()
