from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today


class LiquorAccountStatementMonth(models.TransientModel):
    """Makes the account statements of a month for all distributors, in the background."""

    _name = "liquor.account.statement.month"
    _description = "Account Statements of a Month"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    month = fields.Date(required=True, default=lambda self: self._default_month(), help="Any day of the month.")
    send = fields.Boolean("Send to the distributors", help="Otherwise the statements stay drafts to look through.")
    partner_count = fields.Integer("Distributors", compute="_compute_partner_count")

    @api.model
    def _default_month(self):
        return (today(self.env.company).replace(day=1) - timedelta(days=1)).replace(day=1)

    @api.depends("company_id", "month")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard._partners()) if wizard.company_id and wizard.month else 0

    def _partners(self):
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not among yours."))
        return self.env["liquor.account.statement"]._owed_partners(self.company_id, self.month.replace(day=1))

    def action_make(self):
        """Queue the run and show its progress.

        :raises UserError: the month is not over, or there is no distributor
        """
        self.ensure_one()
        self.env["liquor.account.statement"].check_access("write")
        first = self.month.replace(day=1)
        if first >= today(self.company_id).replace(day=1):
            raise UserError(self.env._("This month is not over yet."))
        count = len(self._partners())
        if not count:
            raise UserError(self.env._("There is no distributor to send a statement to."))
        run = self.env["liquor.run"]._start(
            "account_statements",
            self.env._("Account statements of %(month)s", month=f"{first:%Y-%m}"),
            count,
            {"month": first.isoformat(), "send": self.send},
            company=self.company_id,
            key=f"accounts/{first}",
        )
        return run._show()
