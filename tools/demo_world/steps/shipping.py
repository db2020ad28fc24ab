"""Distributors order, the warehouse scans the goods onto the truck, finance invoices, money comes in."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan.calendar import moment
from ..plan.flow import CASES_PER_PALLET

STOCK_AT, ORDER_AT, TRUCK_AT, INVOICE_AT = time(8, 0), time(9, 10), time(14, 30), time(17, 0)
PAYMENT_DAYS = 25


def plan(story, trade) -> None:
    """Write lots into stock, orders, trucks and invoices into the diary."""
    first = story.world.calendar.first
    story.at(moment(first, time(7, 30)), receive_production, trade)
    for shipment in trade.flow.shipments:
        order = Order(trade, shipment)
        story.at(moment(shipment.day, ORDER_AT), order.confirm)
        story.at(moment(shipment.day, TRUCK_AT), order.ship)
        story.at(moment(shipment.day, INVOICE_AT), order.invoice)
        story.at(moment(shipment.day + timedelta(days=PAYMENT_DAYS), INVOICE_AT), order.pay)


def receive_production(world, trade) -> None:
    """Put every lot into the warehouse."""
    env = world.of_company(trade.company)
    warehouse = env["stock.warehouse"].search([("company_id", "=", trade.company.id)], limit=1)
    quants = (
        env["stock.quant"]
        .with_context(inventory_mode=True)
        .create([
            {
                "product_id": trade.products[lot.item.code].id,
                "lot_id": record.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": lot.bottles,
            }
            for lot, record in zip(trade.flow.lots, trade.lots, strict=True)
        ])
    )
    quants.action_apply_inventory()


class Order:
    """One order of a distributor on its way from the desk to the bank."""

    def __init__(self, trade, shipment) -> None:
        self.trade, self.shipment = trade, shipment
        self.record = self.bill = None

    def confirm(self, world) -> None:
        """The clerk enters the order and confirms it."""
        env = world.as_user("clerk", self.trade.company)
        self.record = env["sale.order"].create({
            "partner_id": world.distributors[self.shipment.city].id,
            "company_id": self.trade.company.id,
            "order_line": [Command.create(values) for values in self._lines()],
        })
        self.record.action_confirm()

    def _lines(self) -> list[dict]:
        bottles: dict = {}
        for run in self.shipment.runs:
            item = self.trade.flow.lots[run.lot].item
            bottles[item] = bottles.get(item, 0) + run.count * item.case
        return [
            {
                "product_id": self.trade.products[item.code].id,
                "product_uom_qty": quantity,
                "price_unit": item.factory,
            }
            for item, quantity in bottles.items()
        ]

    def ship(self, world) -> None:
        """The warehouse scans the pallets and validates the delivery."""
        env = world.as_user("warehouse", self.trade.company)
        picking = env["stock.picking"].browse(self.record.picking_ids.ids)
        answers = picking.liquor_scan(self._pallets())["answers"]
        answer = picking.button_validate()
        if picking.state != "done":
            refused = [entry for entry in answers if not entry["ok"]]
            raise RuntimeError(f"{picking.name} was not shipped: {refused[:3]} {answer}")

    def _pallets(self) -> list[str]:
        """Return the pallet codes of the shipment."""
        return [
            self.trade.batches[run.lot]._code("pallet", (run.first + first) // CASES_PER_PALLET)
            for run in self.shipment.runs
            for first in range(0, run.count, CASES_PER_PALLET)
        ]

    def invoice(self, world) -> None:
        """Finance invoices what was delivered; the buyer uses the invoice, so that red letters may take parts of it."""
        env = world.as_user("finance", self.trade.company)
        bill = env["sale.order"].browse(self.record.id).sudo()._create_invoices()
        bill.invoice_date = bill.date = world.clock.now.date()
        bill.action_post()
        bill.liquor_buyer_use = "used"
        self.bill = bill

    def pay(self, world) -> None:
        """The distributor pays."""
        env = self.bill.env
        wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=self.bill.ids)
        wizard.create({"payment_date": world.clock.now.date()}).action_create_payments()
