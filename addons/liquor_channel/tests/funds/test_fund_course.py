"""Money of a fund's policies follows settlements and payouts, forwards and back (minimum bar: funds; Acc-2 #5-#11)."""

from odoo.tests import tagged

from .test_fund import FundCase


class FundCourseCase(FundCase):
    """A budget of 1,000.00; a policy of it pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.make_version(rate=15, basis="received", measure="cases")
        cls.version.policy_id.fund_id = cls.fund

    def earn(self, amount, partner=None, kind="terminal", share=0, **values):
        funder = {"funder_id": self.distributor.id, "funder_amount": share} if share else {}
        earning = self.book(
            partner or self.shop, amount, kind, policy_version_id=self.version.id, **funder, **values
        )  # fmt: skip
        self.accrue()
        return earning

    def stands(self):
        """(free, accrued, settled, paid), which always sum to the budget."""
        fund = self.fund
        self.assertEqual(fund.free + fund.accrued + fund.settled + fund.paid, 1000)
        self.assertFalse(fund.uncovered)
        return fund.free, fund.accrued, fund.settled, fund.paid


@tagged("post_install", "-at_install")
class TestFundCourse(FundCourseCase):
    def test_a_settlement_settles_and_pays(self):
        """600.00 of rebate into the rebate account: settled and paid at once; the reversal takes both back."""
        self.earn(600, self.distributor, "distributor")
        self.assertEqual(self.stands(), (400, 600, 0, 0))
        settlement = self.settle_and_post()
        self.assertEqual((settlement.state, self.stands()), ("paid", (400, 0, 0, 600)))
        entries = self.env["liquor.fund.entry"].search([("origin_model", "=", "liquor.settlement")], order="id")
        self.assertEqual(
            entries.mapped(lambda entry: (entry.stage_from, entry.stage_to, entry.amount)),
            [("accrued", "settled", 600), ("settled", "paid", 600)],
        )
        settlement.with_user(self.finance).action_reverse()
        self.assertEqual(self.stands(), (400, 600, 0, 0))
        self.env.flush_all()
        self.settle_and_post()
        self.assertEqual(self.stands(), (400, 0, 0, 600))

    def test_a_credit_note_is_settled_until_it_is_set_off(self):
        self.earn(600, self.distributor, "distributor")
        settlement = self.settle_and_post(method="credit_note")
        self.assertEqual(self.stands(), (400, 0, 600, 0))
        settlement.with_user(self.finance).action_reverse()
        self.assertEqual(self.stands(), (400, 600, 0, 0))

    def test_a_payout_carries_the_brands_part(self):
        """600.00, of which the distributor carries 180.00 (#5): 420.00 settled by #6, paid by #7."""
        self.earn(600, share=180)
        self.assertEqual(self.stands(), (580, 420, 0, 0))
        payout = self.ask(self.shop)
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        batch.with_user(self.second_finance).action_approve()
        self.assertEqual(self.stands(), (580, 0, 420, 0))
        batch.action_send()
        self.assertEqual(self.stands(), (580, 0, 0, 420))
        header = ["reference", "status", "amount", "message"]
        batch._apply_results([header, [payout.name, "failed", "600.00", "no such account"]])
        self.assertEqual((payout.state, self.stands()), ("failed", (580, 0, 420, 0)))
        # paid again: approved once, so that only the payment moves
        self.ask(self.shop)
        self.batch()
        self.assertEqual(self.stands(), (580, 0, 0, 420))

    def test_a_clawback_after_payout_is_netted_with_the_next(self):
        """150.00 (brand 105.00) paid and clawed back (#10); 200.00 earned, 50.00 leave (#11): 200.00 are paid."""
        back = self.earn(150, share=45)
        self.ask(self.shop)
        self.batch()
        self.assertEqual(self.stands(), (895, 0, 0, 105))
        back._reverse("ten cases came back")
        self.accrue()
        self.assertEqual(self.stands(), (1000, 0, 0, 0))
        self.earn(200)
        self.assertEqual(self.stands(), (800, 95, 0, 105))
        self.ask(self.shop)
        self.batch()
        self.assertEqual(self.stands(), (800, 0, 0, 200))
        self.earn(50)
        self.assertEqual(self.stands(), (750, 50, 0, 200))

    def test_rebates_that_are_recovered(self):
        """Acc-2 #12 in small: 200.00 settled and paid, 65.00 recovered by the next settlement: 135.00 are paid."""
        self.earn(200, self.distributor, "distributor")
        self.settle_and_post(method="credit_note")
        self.earn(-65, self.distributor, "distributor", type="rerate")
        self.assertEqual(self.stands(), (865, 0, 135, 0))
        self.settle_and_post(method="credit_note", first="2026-04-01", upto="2026-04-30")
        self.assertEqual(self.stands(), (865, 0, 135, 0))

    def test_another_fund_of_the_policy_leaves_the_old_money_alone(self):
        """The policy changes its budget between accrual and settlement: the first one is settled and paid."""
        other = self.env["liquor.fund"].create({"name": "West", "date_start": "2026-01-01"})
        self.allocate(other, 300)
        first = self.earn(600, self.distributor, "distributor")
        self.version.policy_id.fund_id = other
        self.settle_and_post()
        self.assertEqual((self.stands(), self.stages(other)), ((400, 0, 0, 600), {"allocated": 300, "free": 300}))
        first._reverse("returned")
        self.accrue()
        self.assertEqual((self.stands(), self.stages(other)), ((1000, 0, 0, 0), {"allocated": 300, "free": 300}))

    def test_the_same_document_moves_once(self):
        self.earn(600, self.distributor, "distributor")
        settlement = self.settle_and_post()
        settlement.sudo()._steer_funds("settled")
        settlement.sudo()._steer_funds("paid")
        self.assertEqual(self.stands(), (400, 0, 0, 600))

    def test_many_payouts_cost_as_many_reads_as_one(self):
        def cost(count):
            partners = [self.make_partner(f"Shop {next(self.numbers)}", "terminal") for _number in range(count)]
            for partner in partners:
                self.earn(1, partner)
            values = [
                {"fund_id": self.fund.id, "step": "settled", "amount": 1, "key": f"many/{partner.id}",
                 "origin": self.env["liquor.accrual.run"].search([], limit=1), "reason": "many"}
                for partner in partners
            ]  # fmt: skip
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["liquor.fund"]._steer(values)
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(1), cost(20))
