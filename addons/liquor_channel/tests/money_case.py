"""Data of the money tests: accounts set up, earnings booked by hand, figures summed by account and partner."""

import itertools
from collections import defaultdict
from datetime import datetime

from odoo import fields
from odoo.tests import new_test_user

from .common import ChannelCase

NOON = datetime(2026, 3, 10, 4, 0)


class MoneyCase(ChannelCase):
    """A company with its accounts, a colleague who may approve, and users of shop and guide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping = cls.env["liquor.account.mapping"]
        cls.mapping._ensure_accounts(cls.company)
        cls.accounts = cls.mapping._accounts(cls.company)
        cls.numbers = itertools.count(1)
        cls.second_finance = new_test_user(
            cls.env, login="channel_finance_two", groups="liquor_channel.group_finance", company_id=cls.company.id
        )

    @classmethod
    def portal_user(cls, login, partner):
        """Return a portal user who belongs to ``partner``: its contact where it is a company, itself otherwise."""
        user = new_test_user(cls.env, login=login, password=login, groups="base.group_portal")
        if partner.is_company:
            user.partner_id.parent_id = partner
        else:
            cls.env["res.users"].browse(user.id).partner_id = partner
        return user

    def book(self, partner, amount, kind="terminal", day=NOON, **values):
        """Book one earning."""
        return self.env["liquor.earning"]._book([
            {
                "company_id": self.company.id,
                "partner_id": partner.id,
                "beneficiary_kind": kind,
                "currency_id": self.currency.id,
                "amount": amount,
                "event_time": day,
                "payable": "available",
                "fact_key": f"money/{next(self.numbers)}",
                "component": "base",
                **values,
            }
        ])

    def accrue(self):
        """Accrue everything."""
        return self.env["liquor.accrual.run"]._accrue(self.company, fields.Date.to_date("2026-12-31"))

    def sums(self, moves):
        """Return ``{(part, partner name): balance}`` of moves; unknown accounts by their type."""
        roles = {account: role for role, account in self.accounts.items()}
        found = defaultdict(float)
        for line in moves.line_ids:
            name = roles.get(line.account_id) or line.account_id.account_type
            found[name, line.partner_id.name or ""] += line.balance
        return {key: round(balance, 2) for key, balance in found.items() if round(balance, 2)}

    def balance(self, role, partner):
        """Return what stands on a part's account for a partner."""
        lines = self.env["account.move.line"].search([
            ("account_id", "=", self.accounts[role].id),
            ("partner_id", "=", partner.id),
            ("parent_state", "=", "posted"),
        ])
        return round(sum(lines.mapped("balance")), 2)

    def settle(self, method="rebate_account", upto="2026-03-31", first="2026-03-01"):
        """Make, send and confirm a settlement of the distributor, by the clerk."""
        settlement = (
            self
            .env["liquor.settlement"]
            .with_user(self.clerk)
            .create({
                "partner_id": self.distributor.id,
                "date_from": first,
                "date_to": upto,
                "payment_method": method,
            })
        )
        settlement.action_prepare()
        settlement.action_send()
        settlement.sudo()._confirm()
        return settlement

    def settle_and_post(self, **values):
        """Settle, approve by finance and post."""
        settlement = self.settle(**values).with_user(self.finance)
        settlement.action_approve()
        settlement = settlement.with_user(self.second_finance)
        settlement.action_post()
        return settlement

    def payee(self, partner, account="6222020000001234567"):
        """Store a payee account that is old enough to be trusted."""
        payee = self.env["liquor.payee"]._store_account(self.company, partner, "bank", partner.name, account, "ICBC")
        payee.created_at = "2026-01-01"
        return payee

    def ask(self, partner, amount=None, key=None):
        """Ask for a payout as the shop's page does."""
        payee = self.env["liquor.payee"]._of(self.company, partner) or self.payee(partner)
        return self.env["liquor.payout"]._request(
            self.company, partner, payee, amount, key or f"key{next(self.numbers)}", self.env.user
        )

    def batch(self, *payouts):
        """Collect, approve and send a batch."""
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        batch.with_user(self.second_finance).action_approve()
        batch.action_send()
        return batch
