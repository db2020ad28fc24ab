"""Sub-ledger and ledger agree through accrual, settlement and payout; what is typed by hand is the difference."""

from odoo.tests import tagged

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestTieOut(MoneyCase):
    def rows(self):
        self.env.flush_all()
        ties = self.env["liquor.tie.out"]
        ties.invalidate_model()
        return {
            (row.role, row.partner_id): (row.sub_ledger, row.general_ledger, row.difference)
            for row in ties.search([("company_id", "=", self.company.id)])
        }

    def test_to_the_cent_through_the_whole_life(self):
        self.book(self.distributor, 6000, "distributor")
        self.book(self.shop, 600, funder_id=self.distributor.id, funder_amount=180)
        self.accrue()
        rows = self.rows()
        # Acc-2 #2 and #5
        self.assertEqual(rows["rebate_accrued", self.distributor], (-6000, -6000, 0))
        self.assertEqual(rows["reward_accrued", self.shop], (-600, -600, 0))
        self.assertEqual(rows["cofunding_due", self.distributor], (180, 180, 0))
        self.settle_and_post(method="credit_note")
        self.batch(self.ask(self.shop))
        rows = self.rows()
        self.assertEqual({key: row for key, row in rows.items() if row[2]}, {})
        self.assertEqual(rows["rebate_accrued", self.distributor][1], 0)
        self.assertEqual(rows["reward_payable", self.shop][1], 0)

    def test_typed_by_hand(self):
        cash = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "asset_cash")], limit=1
        )
        self.env["account.move"].create({
            "line_ids": [
                (0, 0, {
                    "account_id": self.accounts["reward_accrued"].id, "partner_id": self.shop.id, "balance": -7
                }),
                (0, 0, {"account_id": cash.id, "balance": 7}),
            ],
        }).action_post()  # fmt: skip
        self.assertEqual(self.rows()["reward_accrued", self.shop], (0, -7, -7))
