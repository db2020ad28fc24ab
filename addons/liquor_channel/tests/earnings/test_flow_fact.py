"""Deliveries, returns and invoices of distributors become facts; other customers do not."""

from datetime import date

from odoo import Command
from odoo.tests import Form, tagged

from ..common import ChannelCase


@tagged("post_install", "-at_install")
class TestFlowFact(ChannelCase):
    def facts(self, kind, partner=None):
        domain = [("kind", "=", kind), ("partner_id", "=", (partner or self.distributor).id)]
        return self.env["liquor.flow.fact"]._facts(domain)

    def make_order(self, partner=None, quantity=12, **line):
        order = self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "order_line": [
                Command.create({
                    "product_id": self.product.id,
                    "product_uom_qty": quantity,
                    "price_unit": 100.0,
                    **line,
                })
            ],
        })
        order.action_confirm()
        return order

    def deliver(self, picking):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()

    def test_delivery_and_return(self):
        order = self.make_order()
        self.deliver(order.picking_ids)
        shipped = self.facts("shipped")
        self.assertEqual([(fact["bottles"], fact["amount"]) for fact in shipped], [(12.0, 1200.0)])
        self.assertEqual(shipped[0]["territory_id"], self.county.id)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=order.picking_ids.id, active_ids=order.picking_ids.ids, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 6
        action = wizard.action_create_returns()
        self.deliver(self.env["stock.picking"].browse(action["res_id"]))
        returned = self.facts("returned")
        self.assertEqual([(fact["bottles"], fact["amount"]) for fact in returned], [(-6.0, -600.0)])

    def test_cases_count_as_their_bottles(self):
        pack = self.env.ref("uom.product_uom_pack_6")
        self.make_order(quantity=2, product_uom_id=pack.id, price_unit=600.0)
        self.assertEqual([(fact["bottles"], fact["amount"]) for fact in self.facts("ordered")], [(12.0, 1200.0)])

    def test_invoice_and_credit_note(self):
        moves = self.env["account.move"].create([
            {
                "move_type": kind,
                "partner_id": self.distributor.id,
                "invoice_date": date(2026, 3, 10),
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "quantity": quantity, "price_unit": 100.0})
                ],
            }
            for kind, quantity in (("out_invoice", 12), ("out_refund", 2))
        ])
        self.assertFalse(self.facts("invoiced"))
        moves.action_post()
        facts = sorted(self.facts("invoiced"), key=lambda fact: fact["bottles"])
        self.assertEqual([(fact["bottles"], fact["amount"]) for fact in facts], [(-2.0, -200.0), (12.0, 1200.0)])
        self.assertEqual({fact["business_day"] for fact in facts}, {date(2026, 3, 10)})
        # the invoice's day begins at 16:00 UTC of the eve
        self.assertEqual({str(fact["event_time"]) for fact in facts}, {"2026-03-09 16:00:00"})
        self.assertEqual({fact["territory_id"] for fact in facts}, {self.county.id})

    def test_sums_are_those_of_the_facts(self):
        pack = self.env.ref("uom.product_uom_pack_6")
        self.deliver(self.make_order(quantity=2, product_uom_id=pack.id, price_unit=600.0).picking_ids)
        days = [date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 31), date(2026, 4, 1)]
        lines = [
            {"product_id": self.product.id, "quantity": 12, "price_unit": 100.0},
            {"product_id": self.product.id, "quantity": 2, "price_unit": 600.0, "product_uom_id": pack.id},
            {"product_id": self.other_product.id, "quantity": 5, "price_unit": 10.0},
        ]
        moves = self.env["account.move"].create([
            {
                "move_type": kind,
                "partner_id": self.distributor.id,
                "invoice_date": day,
                "invoice_line_ids": [Command.create(line) for line in lines],
            }
            for day in days
            for kind in ("out_invoice", "out_refund")
        ])
        (moves - moves[1]).action_post()
        sums = self.sums(("invoiced",), date(2026, 3, 1), date(2026, 3, 31))
        # by hand: March has three invoices and two credit notes, so one invoice is left: 12 + 2 cases of 6, and 5
        self.assertEqual(
            {product: figures for product, (*figures,) in sums.items()},
            {self.product.id: [24.0, 2400.0, 10], self.other_product.id: [5.0, 50.0, 5]},
        )
        for kind in ("ordered", "shipped"):
            today = self.facts(kind)[0]["business_day"]
            self.assertEqual(self.sums((kind,), today, today), {self.product.id: (12.0, 1200.0, 1)})

    def sums(self, kinds, first, last):
        rows = self.env["liquor.flow.fact"]._sums(self.company, kinds, first, last, self.distributor.ids)
        return {row.product: (float(row.bottles), float(row.amount), row.facts) for row in rows}

    def test_an_invoice_keeps_the_kind_of_its_order(self):
        order = self.make_order()
        order.liquor_kind = "goods_rebate"
        self.deliver(order.picking_ids)
        order._create_invoices().action_post()
        self.assertEqual([fact["purpose"] for fact in self.facts("invoiced")], ["goods_rebate"])

    def test_other_customers_are_no_distributors(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        self.make_order(partner=stranger)
        self.assertFalse(self.facts("ordered", stranger))

    def test_a_user_of_the_distributor_orders_for_him(self):
        self.make_order(partner=self.distributor_user.partner_id)
        self.assertEqual(len(self.facts("ordered")), 1)

    def test_ids_of_sources_do_not_meet(self):
        self.deliver(self.make_order().picking_ids)
        facts = self.env["liquor.flow.fact"].search([("partner_id", "=", self.distributor.id)])
        self.assertEqual(len(facts), len(set(facts.mapped("key"))))
        self.assertEqual(set(facts.with_user(self.clerk).mapped("kind")), {"ordered", "shipped"})
