from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorPayout(models.Model):
    """Prizes in money above the limit wait for name and ID (trade.md R20)."""

    _inherit = "liquor.payout"

    needs_identity = fields.Boolean(
        "Waits for Name and ID", compute="_compute_needs_identity", compute_sudo=True,
        help="A prize above the limit is paid when its winner gave name and ID on his own page.",
    )  # fmt: skip

    @api.depends("amount", "kind", "payee_id", "state")
    def _compute_needs_identity(self):
        missing = self._without_identity() if any(self._ids) else self.browse()
        for payout in self:
            payout.needs_identity = payout in missing

    def _without_identity(self):
        """Payouts of prizes above the limit whose winner is unknown: a query for each company.

        A prize is a consumer's cash-back, and what is paid to individuals as incidental income.
        """
        waiting = self.sudo().filtered(lambda payout: payout.state in ("requested", "batched"))
        prizes = {payout: payout.amount for payout in waiting if payout.kind == "cash_back"}
        for number, rows in waiting._taxes().items():
            prizes[self.browse(number)] = float(sum(amount for _treatment, _tax, amount in rows))
        found = self.browse()
        for company, payouts in self.browse().union(*prizes).grouped("company_id").items():
            most = {}
            for payout in payouts:
                most[payout.partner_id] = max(most.get(payout.partner_id, 0), prizes[payout])
            limit = company.liquor_prize_identity_limit
            missing = self.env["liquor.prize.identity"]._missing(company, most)
            found |= payouts.filtered(
                lambda payout, missing=missing, limit=limit, company=company: (
                    payout.partner_id in missing and company.currency_id.compare_amounts(prizes[payout], limit) > 0
                )
            )
        return found

    def _check_identity(self):
        """Refuse to approve or send what a winner without name and ID would get.

        :raises UserError: there is one
        """
        missing = self._without_identity()
        if missing:
            raise UserError(
                self.env._(
                    "%(payouts)s: prizes above the limit, whose winners gave no name and ID. Cancel them or wait.",
                    payouts=", ".join(missing.mapped("name")),
                )
            )
