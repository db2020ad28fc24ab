from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LiquorRebateAccount(models.Model):
    """返利账户: what a distributor may use on his next orders. The balance is the sum of its entries.

    The balance is changed by one UPDATE in the transaction that posts the entry, and the database refuses less than
    nothing: two orders at once cannot use the same money (design.md 3.4).
    """

    _name = "liquor.rebate.account"
    _description = "Rebate Account"
    _order = "company_id, partner_id"
    _check_company_auto = True
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    balance = fields.Monetary(readonly=True, aggregator="sum")
    entry_ids = fields.One2many("liquor.rebate.entry", "rebate_account_id", readonly=True)

    _owner_unique = models.UniqueIndex("(company_id, partner_id, currency_id)", "One rebate account per distributor.")
    _balance_bounds = models.Constraint(
        "CHECK (balance BETWEEN 0 AND 1000000000000)", "The rebate account does not hold that much."
    )

    @api.model
    def _of(self, company, partner):
        """Return the account of a distributor (an empty one is made)."""
        domain = [
            ("company_id", "=", company.id),
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("currency_id", "=", company.currency_id.id),
        ]
        found = self.sudo().search(domain, limit=1)
        return found or self.sudo().create({
            "company_id": company.id,
            "partner_id": partner.commercial_partner_id.id,
            "currency_id": company.currency_id.id,
        })

    def _move(self, amount, kind, key, origin, reason):
        """Put money in (positive) or take it out, exactly once per ``key``; returns the entry.

        :raises UserError: the account does not hold that much
        """
        self.ensure_one()
        entries = self.env["liquor.rebate.entry"].sudo()
        known = entries.search([("idempotency_key", "=", key)], limit=1)
        if known or self.currency_id.is_zero(amount):
            return known
        self._before_move(amount, kind)
        self._add(amount)
        return entries._post([{**self._prepare_entry_values(amount, kind, key, origin), "reason": reason}])

    def _before_move(self, amount, kind):
        """Hook of the lots: what is over is taken out before anything else uses it."""

    def _prepare_entry_values(self, amount, kind, key, origin):
        return {
            "origin_model": origin._name,
            "origin_id": origin.id,
            "company_id": self.company_id.id,
            "rebate_account_id": self.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "amount": amount,
            "kind": kind,
            "idempotency_key": key,
        }

    def _take_turn(self):
        """Let one transaction at a time decide about a distributor's money.

        The row is written, not only locked: at REPEATABLE READ who waited would go on with what he read before; so he
        fails and runs again.
        """
        self.flush_recordset()
        self.env.cr.execute(SQL("UPDATE liquor_rebate_account SET balance = balance WHERE id = ANY(%s)", self.ids))

    def _add(self, amount):
        """Change the balance under the row's lock; a parallel change makes Odoo run the call again."""
        self.flush_recordset(["balance"])
        changed = self.env.execute_query(
            SQL(
                """UPDATE liquor_rebate_account SET balance = COALESCE(balance, 0) + %(amount)s
                    WHERE id = %(id)s AND COALESCE(balance, 0) + %(amount)s >= 0 RETURNING id""",
                amount=amount,
                id=self.id,
            )
        )
        self.invalidate_recordset(["balance"])
        if not changed:
            raise UserError(
                self.env._(
                    "The rebate account of %(partner)s holds %(balance)s: not enough.",
                    partner=self.partner_id.name,
                    balance=self.currency_id.format(self.balance),
                )
            )

    def _portal_domain(self, user):
        """Return the accounts a portal user may see: his own company's."""
        return [("partner_id", "=", user.partner_id.commercial_partner_id.id)]
