"""Drivers home for members (C71): used, billed, matched, approved by another, a native vendor bill."""

import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import tables
from .test_charge import FundCase

HEADER = ["服务单号", "服务日期", "金额"]


class ProviderCase(FundCase):
    """A club that drives its members home, and what the drivers bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["liquor.member.program"].create({"name": "Dream", "mode": "regional"})
        cls.provider = cls.env["res.partner"].create({"name": "Home Drivers", "is_company": True})
        cls.benefit = cls.env["liquor.benefit"].create({
            "name": "Driver Home",
            "program_id": cls.program.id,
            "unit_cost": 80,
            "valid_days": 30,
            "provider_id": cls.provider.id,
        })
        cls.shop_user = cls.portal_user("provider_shop", cls.shop)
        cls.controller = cls.second_finance

    def use(self, number, benefit=None):
        """A member is driven home; the number of the use."""
        member = self.env["liquor.member"]._join(self.program, f"1390015{7000 + number}", "desk", "1")
        grant = {"kind": "gift", "member": member, "benefit": benefit or self.benefit, "key": f"drive/{number}"}
        claim = self.env["liquor.benefit.claim"]._take(self.env["liquor.reward"]._grant([grant])[0])
        return self.env["liquor.benefit.claim"]._redeem(claim._code(), self.shop, self.shop_user).provider_use_number

    def bill(self, *rows, reference="B-1", **values):
        today = self.env["liquor.provider.bill"]._fields["date"].default(self.env["liquor.provider.bill"])
        bill = (
            self
            .env["liquor.provider.bill"]
            .with_user(self.finance)
            .create({
                "partner_id": self.provider.id,
                "reference": reference,
                "date_from": "2026-01-01",
                "date_to": today,
                "file": base64.b64encode(tables.write_csv([HEADER, *([a, "2026-07-03", b] for a, b in rows)])),
                "filename": "bill.csv",
                **values,
            })
        )
        bill.action_match()
        return bill


@tagged("post_install", "-at_install")
class TestProviderBill(ProviderCase):
    def test_matched_and_posted(self):
        """Three trips at 80.00: one as agreed, one billed at 95.00, one twice; a fourth nobody knows; one not billed.

        Billed 80 + 95 + 80 + 80 + 60 = 395.00, to pay 3 x 80.00 = 240.00, not paid 15 + 80 + 60 = 155.00.
        """
        first, second, third, _fourth = (self.use(number) for number in range(4))
        cup = self.env["liquor.benefit"].create({"name": "Cup", "program_id": self.program.id, "unit_cost": 60})
        self.assertFalse(self.use(9, cup))
        bill = self.bill((first, "80"), (second, "95"), (third, "80"), (third, "80"), ("S9999999", "60"))
        self.assertEqual(
            [(line.allowed, line.reason) for line in bill.line_ids],
            [(80, False), (80, "price"), (80, False), (0, "twice"), (0, "unknown")],
        )
        self.assertEqual(
            (bill.amount_billed, bill.amount_allowed, bill.amount_difference, bill.difference_count), (395, 240, 155, 3)
        )
        self.assertEqual((bill.unbilled_count, bill.unbilled_amount), (1, 80))
        with self.assertRaises(UserError):
            bill.action_approve()
        asks = self.env["liquor.confirmation"].with_user(self.controller)
        asks = asks.with_context(active_ids=bill.ids, default_task="liquor.provider.bill/action_approve").create({})
        told = (asks.amount, asks.payees)
        self.assertEqual(told, (self.company.currency_id.format(240), "Home Drivers"))
        asks.action_confirm()
        move = bill.sudo().move_id
        self.assertEqual((move.move_type, move.state, move.partner_id), ("in_invoice", "posted", self.provider))
        self.assertEqual((move.ref, move.amount_total, bill.approved_by_id), ("B-1", 240, self.controller))
        accounts = self.env["liquor.account.mapping"]._accounts(self.company)
        self.assertEqual(move.invoice_line_ids.account_id, accounts["service_expense"])
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        # the entry stands for the bill, and the bill stays
        for act in (move.button_draft, bill.unlink, lambda: bill.write({"reference": "X"}), bill.action_match):
            with self.assertRaises(UserError):
                act()

    def test_a_use_is_paid_once_until_its_bill_is_reversed(self):
        number = self.use(1)
        bill = self.bill((number, "80"))
        bill.with_user(self.controller).action_approve()
        again = self.bill((number, "80"), reference="B-2")
        self.assertEqual((again.amount_allowed, again.line_ids.reason), (0, "twice"))
        with self.assertRaises(UserError):
            again.with_user(self.controller).action_approve()
        with self.assertRaises(UserError):
            bill.with_user(self.controller).action_reverse()
        bill.action_reverse()
        self.assertEqual((bill.state, bill.sudo().move_id.payment_state), ("reversed", "reversed"))
        again.action_match()
        self.assertEqual(again.amount_allowed, 80)

    def test_who_entered_it_does_not_approve_it_either(self):
        bill = self.bill((self.use(1), "80"))
        bill.with_user(self.controller).action_match()
        self.assertEqual(bill.author_id, self.controller)
        for user in (self.finance, self.controller):
            with self.assertRaises(UserError):
                bill.with_user(user).action_approve()

    def test_matched_again_after_a_change(self):
        number = self.use(1)
        bill = self.bill((number, "80"))
        bill.date_to = "2026-01-02"
        self.assertEqual((bill.state, bill.line_ids.ids, bill.author_id.id), ("draft", [], False))
        bill.action_match()
        self.assertEqual((bill.amount_allowed, bill.line_ids.reason), (0, "unknown"))

    @mute_logger("odoo.sql_db")
    def test_rights_and_forgery(self):
        number = self.use(1)
        bill = self.bill((number, "80"), state="posted", amount_allowed=999, approved_by_id=self.clerk.id)
        self.assertEqual((bill.state, bill.amount_allowed, bill.approved_by_id.id), ("matched", 80, False))
        with self.assertRaises(AccessError):
            bill.write({"amount_allowed": 999})
        for user in (self.clerk, self.outsider):
            with self.assertRaises(AccessError):
                bill.with_user(user).read(["reference"])
            with self.assertRaises(AccessError):
                bill.with_user(user).action_approve()

    def test_the_workbook_of_uses(self):
        number = self.use(1)
        bill = self.bill((number, "80"))
        url = bill.action_download_uses()["url"]
        attachment = self.env["ir.attachment"].browse(int(url.split("/")[3].split("?")[0]))
        table = tables.read_table(base64.b64decode(attachment.datas), attachment.name)
        self.assertEqual((len(table), table[1][0], float(table[1][3])), (2, number, 80))
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(attachment.datas))).active
        self.assertTrue(sheet["B2"].is_date)
