import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import ZERO, decimal
from ...engine.settlement.rebate_lots import last_day, over, replay, soon_over

_logger = logging.getLogger(__name__)


class LiquorRebateAccount(models.Model):
    """Until when the money of an account can be used (R2): each credit has its last day, the oldest is used first."""

    _inherit = "liquor.rebate.account"

    expires_on = fields.Date(string="Next Expiry", compute="_compute_expires", compute_sudo=True)
    expires_amount = fields.Monetary(string="Expires Next", compute="_compute_expires", compute_sudo=True)

    @api.depends("balance", "entry_ids")
    def _compute_expires(self):
        for account, lots in self._expiring_lots().items():
            account.expires_on = lots[0].expires_on if lots else False
            account.expires_amount = float(
                sum((lot.open for lot in lots if lot.expires_on == account.expires_on), ZERO)
            )

    # --- lots ------------------------------------------------------------------------------------------------

    def _lots(self):
        """Lots of many accounts in one query, for accounts whose money expires: {account id: [engine Lot]}."""
        entries = self.env["liquor.rebate.entry"].sudo()
        expiring = entries._read_group(
            [("rebate_account_id", "in", self.ids), ("expires_on", "!=", False)], ["rebate_account_id"]
        )
        accounts = self.browse().union(*(account for (account,) in expiring))
        rows = entries.search([("rebate_account_id", "in", accounts.ids)], order="id") if accounts else entries
        return {
            account.id: replay(entry._to_movement() for entry in own)
            for account, own in rows.grouped("rebate_account_id").items()
        }

    def _expiring_lots(self):
        """What expires, the next first, without what is over already: {account: [engine Lot]}."""
        found = self._lots()
        return {
            account: sorted(
                (lot for lot in found.get(account.id, ()) if lot.open > 0 and lot.expires_on and not lot.is_over(day)),
                key=lambda lot: (lot.expires_on, lot.key),
            )
            for account, day in self._days()
        }

    def _usable(self):
        """What can be used today, also before the cron took out what is over: {account id: amount}."""
        found = self._lots()
        return {
            account.id: account.currency_id.round(
                account.balance - float(sum((lot.open for lot in over(found.get(account.id, ()), day)), ZERO))
            )
            for account, day in self._days()
        }

    def _days(self):
        days = {company: today(company) for company in self.company_id}
        return [(account, days[account.company_id]) for account in self]

    # --- the rule --------------------------------------------------------------------------------------------

    def _expiry_months(self, day):
        """After how many months expires what is credited on a day; 0 = never. Contracts override this."""
        return self.company_id.liquor_rebate_months or 0

    def _before_move(self, amount, kind):
        """Take out what is over before somebody uses it: who comes first after the last day does the same."""
        if amount < 0 and kind != "expire":
            self._expire()
        return super()._before_move(amount, kind)

    def _prepare_entry_values(self, amount, kind, key, origin):
        """Stamp the last day of a credit, and which credit is taken back.

        Only rebate expires: what a distributor laid out for an expense and gets back is his money.
        """
        values = super()._prepare_entry_values(amount, kind, key, origin)
        day = today(self.company_id)
        if kind == "expire":
            values["lot_id"] = origin.lot_id.id
        if kind == "restore":
            values["expires_on"] = origin.restored_until
        if kind == "settlement" and amount > 0:
            values["expires_on"] = last_day(day, self._expiry_months(day)) or None
        elif (kind == "release" or (kind == "charge" and amount > 0)) and self._lots():
            values["expires_on"] = fields.Date.add(day, days=self.company_id.liquor_rebate_notice_days)
        elif kind == "reversal":
            entries = self.env["liquor.rebate.entry"].sudo()
            values["lot_id"] = entries.search([("idempotency_key", "=", key.removesuffix("/reversed"))]).id or None
        return values

    # --- announcing and expiring -----------------------------------------------------------------------------

    def action_expire(self):
        """Take out now what is over; the cron does the same every hour."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance lets rebate expire."))
        return self.sudo()._expire()._show()

    def _expire(self):
        """Take out what is over, each lot once; returns the expiries.

        :raises ConcurrencyError: somebody used the same money meanwhile; Odoo runs the call again
        """
        found = self._lots()
        late = {account: over(found.get(account.id, ()), day) for account, day in self._days()}
        expiries = self.env["liquor.rebate.expiry"].sudo()
        for account, lots in late.items():
            if lots:
                account._take_turn()
                rows = expiries._of_lots(account, lots)
                rows._post()
                expiries |= rows
        return expiries

    def _announce(self):
        """Tell distributors, once for each lot, what expires within the days of the notice; returns what was told."""
        found = self._lots()
        expiries = self.env["liquor.rebate.expiry"].sudo()
        for account, day in self._days():
            lots = soon_over(found.get(account.id, ()), day, account.company_id.liquor_rebate_notice_days)
            if lots:
                expiries |= expiries._of_lots(account, lots)
        fresh = expiries.filtered(lambda row: not row.announced_at)
        fresh._tell()
        return fresh

    @api.model
    def _cron_expire(self):
        """Every hour: announce what expires soon, take out what is over."""
        entries = self.env["liquor.rebate.entry"].sudo()
        groups = entries._read_group(
            [("expires_on", "!=", False), ("rebate_account_id.balance", ">", 0)], ["rebate_account_id"]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(groups))
        for (account,) in groups:
            try:
                with self.env.cr.savepoint():
                    account._announce()
                    account._expire()
            except UserError as error:
                # the others do not wait for this one; it is tried again in an hour
                _logger.warning("rebate account %s: %s", account.id, error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _portal_lots(self):
        """What a distributor reads about his money: [{"amount", "expires_on", "soon"}], the next expiry first."""
        self.ensure_one()
        latest = fields.Date.add(today(self.company_id), days=self.company_id.liquor_rebate_notice_days)
        sums = {}
        for lot in self._expiring_lots()[self]:
            sums[lot.expires_on] = sums.get(lot.expires_on, ZERO) + decimal(lot.open)
        return [{"amount": float(amount), "expires_on": day, "soon": day <= latest} for day, amount in sums.items()]
