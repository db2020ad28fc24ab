"""Rebate accounts, the orders that use them, what expired: a violation planted for each invariant."""

from datetime import date

from odoo.tests import tagged

from .test_money import SHOP, MoneyCase


@tagged("post_install", "-at_install")
class TestRebates(MoneyCase):
    def test_rebate_account(self):
        account = self.plant("liquor_rebate_account", company_id=1, partner_id=SHOP, balance=60)
        given = {"company_id": 1, "partner_id": SHOP, "rebate_account_id": account}
        self.plant("liquor_rebate_entry", amount=100, **given)
        entry = self.plant("liquor_rebate_entry", amount=-40, **given)
        self.assert_clean("rebates.balance")
        self.change("liquor_rebate_entry", entry, partner_id=SHOP + 1)
        self.assert_reported("rebates.balance", f"rebate entry {entry} is of another partner")
        self.change("liquor_rebate_account", account, balance=-60)
        self.assert_reported("rebates.balance", f"account {account}: balance -60", f"account {account} is overdrawn")

    def test_rebate_of_orders(self):
        order = self.plant("sale_order", state="sale")
        line = self.plant("sale_order_line", order_id=order, liquor_is_rebate=True, price_subtotal=-200)
        given = {"origin_model": "sale.order", "origin_id": order, "company_id": 1}
        self.assert_reported(
            "rebates.orders", f"order {order} keeps 200 of rebate by its papers, the rebate account gave"
        )
        self.plant("liquor_rebate_entry", kind="order", amount=-200, **given)
        self.assert_clean("rebates.orders")
        invoice = self.plant("account_move", state="posted", move_type="out_invoice")
        item = self.plant("account_move_line", move_id=invoice, price_subtotal=-200)
        self.plant("sale_order_line_invoice_rel", order_line_id=line, invoice_line_id=item)
        self.assert_clean("rebates.orders")
        # given back although it stands on an invoice
        self.change("sale_order", order, state="cancel")
        back = self.plant("liquor_rebate_entry", kind="release", amount=200, **given)
        self.assert_reported(
            "rebates.orders", f"order {order} keeps 200 of rebate by its papers, the rebate account gave it 0"
        )
        note = self.plant("account_move", state="posted", move_type="out_refund")
        item = self.plant("account_move_line", move_id=note, price_subtotal=-200)
        self.plant("sale_order_line_invoice_rel", order_line_id=line, invoice_line_id=item)
        self.assert_clean("rebates.orders")
        # a credit note that gave nothing back
        self.change("sale_order", order, state="sale")
        self.change("liquor_rebate_entry", back, kind="settlement")
        self.assert_reported(
            "rebates.orders", f"order {order} keeps 0 of rebate by its papers, the rebate account gave it 200"
        )

    def test_rebate_of_orders_in_parts(self):
        """Of 200.00 an invoice carries 60.00, a credit note takes 20.00 back: 180.00 are kept, cancelled 40.00."""
        order = self.plant("sale_order", state="sale")
        line = self.plant("sale_order_line", order_id=order, liquor_is_rebate=True, price_subtotal=-200)
        given = {"origin_model": "sale.order", "origin_id": order, "company_id": 1}
        self.plant("liquor_rebate_entry", kind="order", amount=-200, **given)
        # the second is an invoice that became a credit note by its goods: it carries the discount with the other sign
        for kind, amount in (("out_invoice", -35), ("out_refund", 25), ("out_refund", -20)):
            paper = self.plant("account_move", state="posted", move_type=kind)
            item = self.plant("account_move_line", move_id=paper, price_subtotal=amount)
            self.plant("sale_order_line_invoice_rel", order_line_id=line, invoice_line_id=item)
        keeps = f"order {order} keeps %s of rebate by its papers, the rebate account gave it 200"
        self.assert_reported("rebates.orders", keeps % 180)
        self.plant("liquor_rebate_entry", kind="release", amount=20, **given)
        self.assert_clean("rebates.orders")
        self.change("sale_order", order, state="cancel")
        self.assert_reported("rebates.orders", f"order {order} keeps 40 of rebate by its papers")
        self.plant("liquor_rebate_entry", kind="release", amount=140, **given)
        self.assert_clean("rebates.orders")

    def test_expiry(self):
        expiry = self.plant("liquor_rebate_expiry", state="expired", amount=80, lot_id=3, expires_on=date(2026, 9, 30))
        given = {"company_id": 1, "origin_model": "liquor.rebate.expiry", "origin_id": expiry, "lot_id": 3}
        entry = self.plant(
            "liquor_rebate_entry", kind="expire", amount=-80, business_day=date(2026, 10, 1), **given
        )  # fmt: skip
        self.assert_reported(
            "rebates.expiry", f"expiry {expiry} is expired over 80: the account moved -80, the ledger 0"
        )
        self.item("rebate_accrued", 80, liquor_rebate_expiry_id=expiry)
        self.assert_clean("rebates.expiry")
        self.change("liquor_rebate_entry", entry, business_day=date(2026, 9, 30))
        self.assert_reported("rebates.expiry", f"entry {entry} expired on 2026-09-30")
        self.change("liquor_rebate_entry", entry, business_day=date(2026, 10, 1))
        self.change("liquor_rebate_expiry", expiry, state="restored")
        self.assert_reported("rebates.expiry", f"expiry {expiry} is restored")
        self.plant("liquor_rebate_entry", kind="restore", amount=80, **given)
        self.item("rebate_accrued", -80, liquor_rebate_expiry_id=expiry)
        self.assert_clean("rebates.expiry")
