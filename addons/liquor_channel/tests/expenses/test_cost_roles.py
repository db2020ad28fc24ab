"""Where the cost of each kind of expense lies: a distinct service is an expense, all else lowers revenue (Acc-1)."""

from odoo.tests import tagged

from ..expense_case import ExpenseCase

#: display, tasting, promoters and signboards are services with the payee's invoice; what pays for buying is none
SERVICES = {"display", "tasting", "promoter", "signboard"}
CONCESSIONS = {"banquet", "group", "bundle"}


@tagged("post_install", "-at_install")
class TestCostRoles(ExpenseCase):
    def kind(self, code):
        return self.env.ref(f"liquor_channel.expense_kind_{code}")

    def cost(self, expense):
        """Where the cost of a paid expense lies: {part: balance}."""
        moves = (
            self.env["liquor.accrual.line"].search([("earning_id", "=", expense.earning_id.id)]).move_line_id.move_id
        )
        return {part: amount for (part, partner), amount in self.sums(moves).items() if not partner}

    def test_every_kind_lies_where_the_table_says(self):
        for code in sorted(SERVICES | CONCESSIONS):
            kind = self.kind(code)
            kind.write({"proof_count": 1, "has_guests": False})
            expense = self.paid(kind_id=kind.id, payment_method="payment", amount=100, asked=100)
            role = "service_expense" if code in SERVICES else "rebate_contra"
            self.assertEqual(self.cost(expense), {role: 100.0}, code)

    def test_a_concession_to_a_shop_lowers_revenue_by_the_account_of_shops(self):
        """600.00 of group buying, paid by the maker into the shop's wallet: Dr 6001.T / Cr 2241.A."""
        expense = self.paid(
            kind_id=self.kind("group").id, paid_by="maker", beneficiary_id=self.shop.id, payment_method="wallet"
        )
        accrued = self.env["liquor.accrual.line"].search([("earning_id", "=", expense.earning_id.id)]).move_line_id
        self.assertEqual(
            self.sums(accrued.move_id), {("reward_contra", ""): 600.0, ("reward_accrued", "Fulai Shop"): -600.0}
        )

    def test_what_is_executed_and_not_claimed_lies_there_too(self):
        expense = self.approved(kind_id=self.kind("banquet").id)
        self.prove(expense, verdict=None)
        self.env["liquor.expense.accrual"]._accrue_month(self.company, expense.date_end)
        move = self.env["liquor.expense.accrual"].search([("expense_id", "=", expense.id)]).move_id
        self.assertEqual(
            self.sums(move), {("rebate_contra", ""): 600.0, ("expense_unclaimed", "Sunny Trading"): -600.0}
        )
