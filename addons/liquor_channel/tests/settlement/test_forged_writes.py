"""What a colleague may write by RPC is less than what he may press: states, approvals and amounts are the server's."""

from odoo.exceptions import AccessError, UserError, ValidationError

from ..money_case import MoneyCase


class TestForgedWrites(MoneyCase):
    def refused(self, record, **values):
        for name, value in values.items():
            with self.assertRaises(UserError, msg=name):
                record.write({name: value})

    def test_settlement(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle()
        self.refused(
            settlement.with_user(self.clerk),
            state="approved",
            amount_total=9_999_999.0,
            amount_held=0.0,
            approved_by_id=self.finance.id,
            author_id=self.manager.id,
            confirmed_by_id=self.finance.id,
            snapshot="{}",
            snapshot_hash="0" * 64,
            line_ids=[(5, 0, 0)],
            partner_id=self.shop.id,
            name="S-1",
        )
        self.refused(settlement.with_user(self.finance), state="paid", author_id=self.clerk.id)
        self.assertEqual((settlement.state, settlement.author_id), ("confirmed", self.clerk))

    def test_a_disputed_settlement_keeps_its_distributor(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.env["liquor.settlement"].with_user(self.clerk).create({
            "partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-12-31"
        })  # fmt: skip
        settlement.action_send()
        line = settlement.line_ids
        dispute = settlement.sudo()._dispute_line(line, "Too little", self.distributor_user)
        self.refused(settlement, partner_id=self.shop.id)
        self.refused(dispute.with_user(self.clerk), state="accepted", text="Fine", raised_by_id=self.clerk.id)
        dispute.with_user(self.clerk).answer = "Counted again: it is right."
        dispute.with_user(self.clerk).action_reject()
        self.assertEqual((dispute.state, dispute.answered_by_id), ("rejected", self.clerk))
        # what the distributor read is what was answered
        self.refused(dispute.with_user(self.clerk), answer="You were right.")

    def test_what_a_context_or_a_form_claims_at_creation_is_dropped(self):
        forged = {"state": "approved", "amount_total": 7.0, "approved_by_id": self.finance.id, "name": "S-1"}
        context = {f"default_{name}": value for name, value in {**forged, "author_id": self.finance.id}.items()}
        settlements = self.env["liquor.settlement"].with_user(self.clerk).with_context(**context)
        values = {"partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-03-31"}
        settlement = settlements.create({**values, **forged, "author_id": self.finance.id})
        self.assertEqual((settlement.state, settlement.author_id, settlement.amount_total), ("draft", self.clerk, 0))
        self.assertFalse(settlement.approved_by_id)
        self.assertNotEqual(settlement.name, "S-1")
        batches = self.env["liquor.payout.batch"].with_user(self.finance)
        context = {"default_state": "approved", "default_author_id": self.clerk.id,
                   "default_approved_by_id": self.clerk.id, "default_name": "B-1"}  # fmt: skip
        batch = batches.with_context(**context).create({})
        self.assertEqual((batch.state, batch.author_id, batch.approved_by_id.id), ("draft", self.finance, False))

    def test_payout_and_batch(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        rich = self.payee(self.second_shop, "6222020000007654321")
        payouts = payout.with_user(self.finance)
        self.refused(
            payouts, amount=9000.0, payee_id=rich.id, partner_id=self.second_shop.id, state="ok", batch_id=False
        )
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        self.refused(batch, state="approved", author_id=self.clerk.id, approved_by_id=self.clerk.id, sent_by_id=2)
        batch.with_user(self.second_finance).action_approve()
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self.refused(batch, journal_id=bank.id, state="sent", fresh_payees_checked=True)
        self.assertEqual(batch.state, "approved")

    def test_entries_of_the_ledger(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle()
        accountant = self.finance
        accountant.group_ids |= self.env.ref("account.group_account_manager")
        moves = self.env["account.move"].with_user(accountant)
        move = moves.with_context(default_liquor_settlement_id=settlement.id).create({"move_type": "entry"})
        self.assertFalse(move.liquor_settlement_id)
        self.refused(move, liquor_settlement_id=settlement.id, liquor_purpose="tasting")

    def test_rows_are_not_moved_into_something_in_force(self):
        accepted = self.make_agreement(accept=True)
        draft = self.make_agreement(accept=False, policy_id=self.make_version(name="Other", rate=1.0).policy_id.id)
        draft.sudo().action_draft() if draft.state == "sent" else None
        self.refused(draft.line_ids.with_user(self.clerk), agreement_id=accepted.id)
        version = self.make_version([(0, 0, 1.0)], name="Tiered", beneficiary_kind="distributor", basis="shipped")
        other = self.make_version([(5, 0, 9.0)], activate=False, name="Draft", beneficiary_kind="distributor")
        self.refused(other.tier_ids.with_user(self.clerk), version_id=version.id)

    def test_period_and_accrual(self):
        period = self.env["liquor.period"].with_user(self.finance).create({"date_start": "2025-01-01"})
        self.refused(period, state="closed", closed_by_id=self.clerk.id)
        period.carry_reason = "Before the suite"
        period.action_close()
        self.assertEqual((period.state, period.closed_by_id), ("closed", self.finance))
        self.refused(period, date_start="2024-01-01", state="open")
        with self.assertRaises(AccessError):
            period.with_user(self.clerk).action_reopen()
        run = self.env["liquor.accrual.run"].with_user(self.finance).create({"date_to": "2026-12-31", "state": "done"})
        self.assertEqual(run.state, "draft")
        self.refused(run, state="done", amount_total=5.0)
        run.date_to = "2026-11-30"
        run.action_run()
        other = self.env["res.company"].create({"name": "Other"})
        self.refused(run, date_to="2026-12-31", accounting_date="2026-12-31", company_id=other.id)

    def test_the_account_of_a_policy_in_force(self):
        """6001.T or 6601.S: what is taken back later has to meet what was accrued."""
        version = self.make_version(name="In force", rate=1.0)
        self.refused(version.policy_id.with_user(self.manager), nature="service")
        draft = self.make_version(name="Not yet", activate=False, rate=1.0).policy_id
        draft.with_user(self.manager).nature = "service"

    def test_digits_of_other_scripts_are_no_account(self):
        for account in ("٣" * 16, "622202000000123456７", "6222020000001234567\x00"):
            with self.assertRaises(ValidationError):
                self.payee(self.shop, account)

    def test_a_month_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        wizards = self.env["liquor.settle.month"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            wizards.create({"company_id": other.id, "date_from": "2026-03-01", "date_to": "2026-03-31"}).read([
                "amount"
            ])

    def test_order_and_its_facts(self):
        seller = self.outsider
        seller.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        orders = self.env["sale.order"].with_user(seller).with_context(default_liquor_territory_id=self.county.id)
        order = orders.create({"partner_id": self.distributor.id})
        self.assertFalse(order.sudo().liquor_territory_id)
        self.refused(order, liquor_territory_id=self.county.id)
        order.liquor_kind = "tasting"
        order.sudo().state = "sale"
        self.refused(order, liquor_kind="normal")
