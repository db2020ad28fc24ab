"""往来对账单 (trade.md R3): five accounts of a month, frozen, confirmed account by account."""

import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.workbook import write_workbook
from ..money_case import MoneyCase

MARCH = date(2026, 3, 1)


class StatementCase(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statements = cls.env["liquor.account.statement"]
        cls.receivable = cls.distributor.property_account_receivable_id
        cls.cash = cls.env["account.account"].search(
            [("company_ids", "in", cls.company.ids), ("account_type", "=", "asset_cash")], limit=1
        )

    def move(self, account, balance, day, partner=None, ref="PAY"):
        """Post a general entry: ``balance`` on a partner's account against cash."""
        entry = self.env["account.move"].create({
            "date": day,
            "ref": ref,
            "line_ids": [
                (0, 0, {
                    "account_id": account.id, "partner_id": (partner or self.distributor).id, "balance": balance
                }),
                (0, 0, {"account_id": self.cash.id, "balance": -balance}),
            ],
        })  # fmt: skip
        entry.action_post()
        return entry

    def make(self, month=MARCH, partners=None, send=True):
        drafts = self.statements._make(self.company, month, partners or self.distributor)
        if send:
            drafts.action_send()
        return drafts

    def figures(self, statement):
        return {line.account: (line.opening, line.incoming, line.outgoing, line.closing) for line in statement.line_ids}

    def confirm_all(self, statement):
        statement.sudo()._answer((), self.distributor_user, statement.snapshot_hash)


@tagged("post_install", "-at_install")
class TestAccountStatement(StatementCase):
    def earn_goods(self, bottles, amount):
        self.book(
            self.distributor, amount, "distributor", form="goods", goods_product_id=self.product.id,
            goods_bottles=bottles, component="2026-03",
        )  # fmt: skip

    def deliver_goods(self, cases):
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "liquor_kind": "goods_rebate",
            "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 6 * cases})],
        })
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = 6 * cases
        picking.move_ids.picked = True
        picking._action_done()
        picking.move_ids.date = "2026-03-20 04:00:00"
        return order

    def test_five_accounts_close(self):
        # goods: 1,000 of February + 226,000 sold - 200,000 paid = 27,000
        self.move(self.receivable, 1000, "2026-02-10")
        self.move(self.receivable, 226000, "2026-03-02", ref="INV")
        self.move(self.receivable, -200000, "2026-03-09")
        # rebate: 6,000 of March; shared costs: 30 % of 600 = 180 (Acc-2 #5)
        self.book(self.distributor, 6000, "distributor")
        self.book(self.shop, 600, funder_id=self.distributor.id, funder_amount=180)
        self.accrue()
        # deposit: 50,000 taken in, as a liability
        self.move(self.accounts["deposit"], -50000, "2026-03-03")
        # in kind: 18 bottles = 3 cases earned, 2 delivered, 1 open (trade.md R4)
        self.earn_goods(18, 900)
        order = self.deliver_goods(2)
        statement = self.make()
        found = self.figures(statement)
        self.assertEqual(found["goods"], (1000, 226000, 200000, 27000))
        self.assertEqual(found["rebate"][3], 6000)
        self.assertEqual(found["expense"], (0, 0, 180, -180))
        self.assertEqual(found["deposit"], (0, 50000, 0, 50000))
        self.assertEqual(found["in_kind"], (0, 3, 2, 1))
        data = statement._snapshot_data()
        in_kind = {row["account"]: row for row in data["accounts"]}["in_kind"]["movements"]
        self.assertIn((order.name, f"order/{order.id}", "-2.00"), {
            (row["reference"], row.get("origin"), row["amount"]) for row in in_kind
        })  # fmt: skip

    def test_closing_is_the_next_opening_and_late_bookings_show(self):
        self.move(self.receivable, 1000, "2026-03-10")
        self.make()
        self.assertEqual(self.make(date(2026, 4, 1)).gap_count, 0)
        self.move(self.receivable, 113, "2026-03-31", ref="LATE")
        self.statements.search([("date_from", "=", "2026-04-01")]).unlink()
        april = self.make(date(2026, 4, 1))
        goods = april.line_ids.filtered(lambda line: line.account == "goods")
        self.assertEqual((goods.opening, goods.gap, april.gap_count), (1113, 113, 1))

    def test_frozen_whatever_is_booked_later(self):
        self.move(self.receivable, 1000, "2026-03-10")
        statement = self.make()
        before = (statement.snapshot, statement.snapshot_hash)
        self.move(self.receivable, 5, "2026-03-11")
        self.assertFalse(self.make())
        self.assertEqual((statement.snapshot, statement.snapshot_hash), before)
        with self.assertRaises(UserError):
            statement.action_freeze()
        self.env.cr.execute(
            "UPDATE liquor_account_statement SET snapshot = replace(snapshot, '1000.00', '1.00') WHERE id = %s",
            [statement.id],
        )
        statement.invalidate_recordset()
        with self.assertRaises(UserError):
            statement._snapshot_data()

    def test_confirmed_account_by_account(self):
        statement = self.make()
        for account in ("goods", "rebate", "expense", "deposit"):
            statement.sudo()._answer((account,), self.distributor_user, statement.snapshot_hash)
        self.assertEqual(statement.state, "sent")
        statement.sudo()._answer(("in_kind",), self.distributor_user, statement.snapshot_hash)
        self.assertEqual(statement.state, "confirmed")
        self.assertEqual(statement.line_ids.said_by_id, self.distributor_user)
        with self.assertRaises(UserError):
            statement.sudo()._answer(("goods",), self.distributor_user, statement.snapshot_hash, "too late")

    def test_objection_is_answered_and_only_what_changed_is_asked_again(self):
        self.move(self.receivable, 1000, "2026-03-10")
        statement = self.make()
        mark = statement.snapshot_hash
        with self.assertRaises(UserError):
            statement.sudo()._answer(("goods",), self.distributor_user, "0" * 64)
        statement.sudo()._answer(("rebate", "expense", "deposit", "in_kind"), self.distributor_user, mark)
        statement.sudo()._answer(("goods",), self.distributor_user, mark, "113 was paid on March 31")
        self.assertEqual(statement.state, "disputed")
        with self.assertRaises(UserError):
            statement.with_user(self.clerk).action_send_again()
        goods = statement.line_ids.filtered(lambda line: line.account == "goods")
        goods.with_user(self.clerk).answer = "Found and booked."
        self.move(self.receivable, -113, "2026-03-31")
        statement.with_user(self.clerk).action_send_again()
        states = {line.account: line.state for line in statement.line_ids}
        self.assertEqual(states, {
            "goods": "open", "rebate": "confirmed", "expense": "confirmed", "deposit": "confirmed",
            "in_kind": "confirmed",
        })  # fmt: skip
        self.assertEqual((statement.snapshot_number, self.figures(statement)["goods"][3]), (2, 887))
        self.confirm_all(statement)
        self.assertEqual(statement.state, "confirmed")

    def test_as_many_queries_for_one_as_for_many(self):
        many = self.env["res.partner"].union(*(self.make_partner(f"D{number}", "distributor") for number in range(6)))
        for partner in many:
            self.move(self.receivable, 100, "2026-03-10", partner)
        self.make(date(2026, 1, 1), many)

        def count(partners, month):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.make(month, partners, send=False)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        one = count(many[:1], MARCH)
        self.assertEqual(count(many[1:], MARCH), one)
        self.assertEqual(self.statements.search_count([("partner_id", "in", many.ids), ("date_from", "=", MARCH)]), 6)

    def test_run_makes_one_for_every_distributor_once(self):
        self.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
        rival = self.make_partner("Rival Trading", "distributor")
        self.book(self.distributor, 250, "distributor")
        for _time in range(2):
            wizard = self.env["liquor.account.statement.month"].with_user(self.clerk).create({
                "month": "2026-03-15", "send": True
            })  # fmt: skip
            run = self.env["liquor.run"].browse(wizard.action_make()["res_id"])
            run.parameters = {**run.parameters, "batch": 1}
            with self.enter_registry_test_mode():
                self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(run.state, "done", run.message)
        both = self.distributor + rival
        found = self.statements.search([
            ("date_from", "=", MARCH),
            ("partner_id", "in", both.ids),
        ])
        self.assertEqual((found.partner_id, set(found.mapped("state"))), (both, {"sent"}))
        own = found.filtered(lambda item: item.partner_id == self.distributor)
        self.assertEqual(self.figures(own)["rebate"], (0, 250, 0, 250))

    def test_figures_are_the_servers(self):
        statement = self.make()
        with self.assertRaises(AccessError):
            statement.line_ids[0].with_user(self.clerk).write({"closing": 1})
        with self.assertRaises(AccessError):
            statement.with_user(self.clerk).write({"state": "confirmed"})
        with self.assertRaises(AccessError):
            self.statements.with_user(self.outsider).search([])
        with self.assertRaises(AccessError):
            statement.with_user(self.clerk).action_confirm_on_paper()
        statement.with_user(self.finance).action_confirm_on_paper()
        self.assertEqual(statement.state, "confirmed")

    def test_workbook_says_what_was_frozen_and_computes(self):
        self.move(self.receivable, 1000, "2026-02-10")
        self.move(self.receivable, 226000, "2026-03-02", ref="=1+1")
        statement = self.make()
        content = write_workbook(statement._snapshot_sheets(statement._snapshot_data()))
        book = openpyxl.load_workbook(io.BytesIO(content))
        summary, movements = book.worksheets[:2]
        for row in range(2, 7):
            opening, incoming, outgoing, closing = (summary.cell(row, column).value for column in range(2, 6))
            self.assertEqual(closing, f"=B{row}+C{row}-D{row}")
            shown = statement.line_ids[row - 2]
            self.assertAlmostEqual(opening + incoming - outgoing, shown.closing, 2)
        self.assertEqual((movements["D2"].value, movements["D2"].data_type), ("=1+1", "s"))
        self.assertEqual(movements["E3"].value, "=SUBTOTAL(109,E2:E2)")
        self.assertIn(statement.snapshot_hash, {cell.value for row in summary.iter_rows() for cell in row})
