"""Orders of distributors: what a contract covers, its quota, the price of the ladder, rebate by family."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_contracts import ContractCase

NOON = "2026-03-10 04:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestOrders(ContractCase):
    def rights(self, *rows):
        return self.sign(self.make_contract(right_ids=[Command.create(row) for row in rows]))

    def counter(self, contract):
        key = contract.right_ids[0]._quota_key()
        return self.env["liquor.cap.counter"].search([("key", "=", key)]).taken

    # --- rights ----------------------------------------------------------------------------------------------

    def test_what_no_contract_covers_is_refused_with_what_to_do(self):
        self.rights({"category_id": self.series.id, "territory_id": self.city.id})
        self.assertEqual(self.order(6).state, "sale")
        order = self.order(6, product=self.other_product, confirm=False)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            order.action_confirm()
        for word in ("Sunny Trading", "Blue", "Test County"):
            self.assertIn(word, str(caught.exception))
        self.distributor._liquor_role("distributor", self.company).territory_id = self.province
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order(6)

    def test_who_has_no_contract_orders_unless_one_is_required(self):
        self.assertEqual(self.order(6).state, "sale")
        self.company.liquor_require_contract = True
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order(6)
        stranger = self.env["res.partner"].create({"name": "Nobody in the trade", "is_company": True})
        self.assertEqual(self.order(6, partner=stranger).state, "sale")

    def test_a_line_added_later_is_checked_too(self):
        self.rights({"category_id": self.series.id})
        order = self.order(6)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.order_line = [Command.create({"product_id": self.other_product.id, "product_uom_qty": 6})]

    def test_a_distributor_without_contract_is_not_accepted_where_one_is_required(self):
        self.company.liquor_require_contract = True
        partner = self.make_partner("New Trading", "distributor", state="candidate")
        role = self.env["liquor.channel.role"].search([("partner_id", "=", partner.id)])
        with self.assertRaises(UserError):
            role.action_formal()
        self.sign(self.make_contract(partner, target_ids=[self.target(1)]), self.portal_user("new_trading", partner))
        role.action_formal()
        self.assertEqual(role.state, "formal")

    # --- quota -----------------------------------------------------------------------------------------------

    def test_a_quota_is_taken_given_back_and_never_exceeded(self):
        contract = self.rights({"category_id": self.series.id, "quota_bottles": 60})
        order = self.order(36)
        self.assertEqual(self.counter(contract), 36)
        self.order(600, kind="goods_rebate")
        self.assertEqual(self.counter(contract), 36)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.order(30)
        self.assertIn("24", str(caught.exception))
        order.order_line.product_uom_qty = 60
        self.assertEqual(self.counter(contract), 60)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.order_line.product_uom_qty = 61
        order.order_line.product_uom_qty = 12
        self.assertEqual(self.counter(contract), 12)
        order._action_cancel()
        self.assertEqual(self.counter(contract), 0)
        self.assertEqual(self.order(60).state, "sale")

    def test_what_was_delivered_stays_taken(self):
        """60 bottles; 36 are ordered, 12 delivered, the rest cancelled: 48 are left, also when the order is deleted."""
        contract = self.rights({"quota_bottles": 60})
        order = self.order(36)
        order.picking_ids.move_ids.write({"quantity": 12, "picked": True})
        order.picking_ids._action_done()
        self.assertEqual(order.order_line.qty_delivered, 12)
        order._action_cancel()
        self.assertEqual(self.counter(contract), 12)
        order.unlink()
        self.assertEqual(self.counter(contract), 12)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order(49)
        self.order(48)

    def test_cases_count_their_bottles(self):
        contract = self.rights({"quota_bottles": 60})
        case = self.env["uom.uom"].create({
            "name": "Case of 6", "relative_factor": 6, "relative_uom_id": self.product.uom_id.id
        })  # fmt: skip
        order = self.order(2, confirm=False)
        order.order_line.product_uom_id = case
        order.action_confirm()
        self.assertEqual(self.counter(contract), 12)

    def test_quota_wine_needs_a_quota(self):
        self.product.liquor_is_quota = True
        contract = self.rights({"category_id": self.category.id})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order(6)
        contract.action_end()
        self.rights({"category_id": self.category.id, "quota_bottles": 12})
        self.assertEqual(self.order(6).state, "sale")

    def test_what_was_taken_is_not_typed(self):
        self.rights({"quota_bottles": 60})
        order = self.order(6)
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).order_line.write({"liquor_quota_bottles": 0})

    # --- price -----------------------------------------------------------------------------------------------

    def test_the_ladder_of_day_territory_and_rung_gives_the_price(self):
        ladder = self.env["liquor.price.ladder"].create({
            "product_id": self.product.id,
            "territory_id": self.city.id,
            "date_start": "2026-03-01",
            "price_factory": 88.0,
            "price_terminal": 105.0,
        })

        def price(partner, **values):
            order = self.env["sale.order"].create({
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 6, **values})],
            })
            return order.order_line

        line = price(self.distributor)
        self.assertEqual(line.price_unit, 88.0)
        self.assertEqual(price(self.shop).price_unit, 105.0)
        self.assertEqual(price(self.distributor, price_unit=70.0).price_unit, 70.0)
        stranger = self.env["res.partner"].create({"name": "Nobody", "is_company": True})
        self.assertEqual(price(stranger).price_unit, 100.0)
        line.order_id.action_confirm()
        self.assertEqual(line.liquor_ladder_id, ladder)
        with freeze_time("2026-02-20 04:00:00"):
            self.assertEqual(price(self.distributor).price_unit, 100.0)

    def test_many_lines_are_priced_in_as_many_queries_as_one(self):
        self.env["liquor.price.ladder"].create({
            "product_id": self.product.id, "date_start": "2026-01-01", "price_factory": 88.0
        })  # fmt: skip
        orders = [self.order(6, confirm=False), self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 6})] * 10,
        })]  # fmt: skip
        counts = []
        for order in orders:
            order.order_line.mapped("price_unit"), order.order_line.mapped("product_id.uom_id")
            before = self.env.cr.sql_log_count
            order.order_line._liquor_ladders()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # --- rebate (R2) -----------------------------------------------------------------------------------------

    def test_rebate_is_used_on_its_families_and_on_no_quota_wine(self):
        """A fifth of 6,000 of the family, though the order is 12,000; nothing on quota wine."""
        account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        account._move(5000.0, "settlement", "test/1", self.distributor, "Rebate")
        order = self.order(60, confirm=False)
        order.order_line = [
            Command.create({"product_id": self.other_product.id, "product_uom_qty": 60, "price_unit": 100.0})
        ]
        self.assertEqual(order.liquor_rebate_usable, 2400.0)
        self.company.liquor_rebate_category_ids = self.series
        order.invalidate_recordset()
        self.assertEqual(order.liquor_rebate_usable, 1200.0)
        self.product.liquor_is_quota = True
        order.invalidate_recordset()
        self.assertEqual(order.liquor_rebate_usable, 0.0)
