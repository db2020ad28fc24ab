"""Pages of distributor, shop and guide: their own, nobody else's, and what they may not tell."""

import io
import re

import openpyxl

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestPortal(MoneyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("portal_distributor", cls.distributor)
        cls.shop_user = cls.portal_user("portal_shop", cls.shop)
        cls.guide_user = cls.portal_user("portal_guide", cls.guide)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.rival_user = cls.portal_user("portal_rival", cls.rival)

    def page(self, url, status=200):
        answer = self.url_open(url, allow_redirects=True)
        self.assertEqual(answer.status_code, status, url)
        return answer.text

    def send(self, page, url, **values):
        """Send a form of ``page`` with its token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(url, data={"csrf_token": token, **values})

    def statement(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-12-31"
        })  # fmt: skip
        settlement.action_send()
        return settlement

    # ------------------------------------------------------------------ distributor
    def test_distributor_reads_and_confirms(self):
        settlement = self.statement()
        self.authenticate("portal_distributor", "portal_distributor")
        self.assertIn(settlement.name, self.page("/my/channel"))
        for url in ("statements", "earnings", "earnings?charged=1", "agreements", "terminals", "orders"):
            self.page(f"/my/channel/{url}")
        url = f"/my/channel/statements/{settlement.id}"
        page = self.page(url)
        self.assertIn("6,000.00", page)
        self.assertIn(settlement.snapshot_hash, page)
        self.send(page, f"{url}/confirm", fingerprint="0" * 64)
        self.assertEqual(settlement.state, "sent")
        self.send(page, f"{url}/confirm", fingerprint=settlement.snapshot_hash)
        self.assertEqual((settlement.state, settlement.confirmed_by_id), ("confirmed", self.owner))

    def test_distributor_disputes_a_line(self):
        settlement = self.statement()
        self.authenticate("portal_distributor", "portal_distributor")
        url = f"/my/channel/statements/{settlement.id}"
        page = self.page(url)
        earning = settlement.line_ids.earning_id.id
        self.send(page, f"{url}/dispute", line=earning, text="<script>alert(1)</script>", state="accepted")
        self.assertEqual((settlement.state, settlement.dispute_ids.state), ("disputed", "open"))
        self.assertEqual(settlement.dispute_ids.raised_by_id, self.owner)
        self.assertNotIn("<script>alert(1)", self.page(url))
        self.assertEqual(self.send(page, f"{url}/dispute", line=0, text="x").status_code, 404)

    def test_files_are_the_same_snapshot(self):
        settlement = self.statement()
        self.authenticate("portal_distributor", "portal_distributor")
        book = self.url_open(f"/my/channel/statements/{settlement.id}.xlsx")
        self.assertEqual(book.content[:2], b"PK")
        self.authenticate("portal_rival", "portal_rival")
        self.assertEqual(self.url_open(f"/my/channel/statements/{settlement.id}.xlsx").status_code, 404)
        self.assertEqual(self.url_open(f"/liquor/statement/{settlement.id}.xlsx").status_code, 404)

    def test_rival_sees_nothing(self):
        settlement = self.statement()
        agreement = self.make_agreement(accept=False)
        self.authenticate("portal_rival", "portal_rival")
        self.assertNotIn(settlement.name, self.page("/my/channel"))
        page = self.page("/my/channel")
        for url in (f"statements/{settlement.id}", f"agreements/{agreement.id}", "statements/999999999"):
            self.page(f"/my/channel/{url}", 404)
        token = self.csrf_token_of_rival(page)
        for url in (
            f"statements/{settlement.id}/confirm",
            f"statements/{settlement.id}/dispute",
            f"agreements/{agreement.id}/accept",
        ):
            answer = self.url_open(
                f"/my/channel/{url}", data={"csrf_token": token, "read": "1", "text": "x", "line": "1"}
            )
            self.assertEqual(answer.status_code, 404, url)
        self.assertEqual((settlement.state, agreement.state), ("sent", "sent"))

    def csrf_token_of_rival(self, page):
        return re.search(r'csrf_token: "([^"]+)"', page).group(1)

    def test_a_shop_that_moved_away_is_not_shown_any_more(self):
        assignment = self.env["liquor.channel.assignment"].search([("terminal_id", "=", self.shop.id)])
        self.authenticate("portal_distributor", "portal_distributor")
        self.assertIn("Fulai Shop", self.page("/my/channel/terminals"))
        assignment.date_end = fields.Date.subtract(fields.Date.today(), days=2)
        self.assertNotIn("Fulai Shop", self.page("/my/channel/terminals"))

    def test_drafts_and_cancelled_statements_are_not_his(self):
        self.book(self.distributor, 6000, "distributor")
        draft = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-12-31"
        })  # fmt: skip
        draft.action_prepare()
        self.authenticate("portal_distributor", "portal_distributor")
        for _state in ("draft", "cancelled"):
            self.assertNotIn(draft.name, self.page("/my/channel") + self.page("/my/channel/statements"))
            self.page(f"/my/channel/statements/{draft.id}", 404)
            self.assertEqual(self.url_open(f"/my/channel/statements/{draft.id}.xlsx").status_code, 404)
            draft.filtered(lambda item: item.state == "draft").action_cancel()

    def test_forms_need_their_token(self):
        settlement = self.statement()
        self.authenticate("portal_distributor", "portal_distributor")
        answer = self.url_open(
            f"/my/channel/statements/{settlement.id}/confirm", data={"fingerprint": settlement.snapshot_hash}
        )
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(settlement.state, "sent")

    def test_agreement_is_read_and_accepted(self):
        agreement = self.make_agreement(accept=False)
        self.authenticate("portal_distributor", "portal_distributor")
        url = f"/my/channel/agreements/{agreement.id}"
        page = self.page(url)
        self.send(page, f"{url}/accept")
        self.assertEqual(agreement.state, "sent")
        self.send(page, f"{url}/accept", read="1")
        self.assertEqual((agreement.state, agreement.accepted_by_id), ("accepted", self.owner))

    # ------------------------------------------------------------------ shop
    def test_shop_sees_its_money_and_no_share_nor_grade(self):
        self.make_agreement()
        self.env["liquor.channel.role"].search([("partner_id", "=", self.shop.id)]).write({
            "grade": "B", "outward_title": "核心店"
        })  # fmt: skip
        version = self.make_version(basis="received", measure="cases", rate=15.0, payable="available")
        self.assertTrue(version)
        self.env["liquor.policy"]._earn([self.make_fact(1)])
        earning = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual((earning.amount, earning.funder_amount), (15, 4.5))
        self.authenticate("portal_shop", "portal_shop")
        page = self.page("/my/terminal")
        self.assertIn("核心店", page)
        self.assertIn("15.00", page)
        self.assertIn("liquor_terminal_scan", page)
        self.assertNotIn("4.50", page)
        self.assertNotIn("Sunny Trading", page)
        self.page("/my/channel", 404)
        self.page("/my/guide", 404)

    def test_shop_lets_itself_be_paid_every_week(self):
        """Whose account is paid stands there before it is switched on; a rival's account is refused."""
        self.authenticate("portal_shop", "portal_shop")
        own, foreign = self.payee(self.shop), self.payee(self.rival, "6222020000009999999")
        url = "/my/terminal/withdraw/weekly"
        page = self.page("/my/terminal/withdraw")
        self.send(page, url, payee=foreign.id, confirmed="1")
        self.assertFalse(self.env["liquor.weekly.withdrawal"]._of(self.company, self.shop))
        confirm = self.send(page, url, payee=own.id).text
        self.assertIn(own.masked_account, confirm)
        self.assertFalse(self.env["liquor.weekly.withdrawal"]._of(self.company, self.shop))
        self.send(confirm, url, payee=own.id, confirmed="1")
        choice = self.env["liquor.weekly.withdrawal"]._of(self.company, self.shop)
        self.assertEqual((choice.is_on, choice.payee_id, choice.chosen_by_id), (True, own, self.shop_user))
        self.send(self.page("/my/terminal/withdraw"), url, stop="1")
        choice.invalidate_recordset()
        self.assertFalse(choice.is_on)

    def test_shop_withdraws(self):
        self.book(self.shop, 600)
        self.authenticate("portal_shop", "portal_shop")
        page = self.page("/my/terminal/withdraw")
        fields = {"channel": "bank", "holder": "Fulai", "account": "6222020000001234567", "bank_name": "ICBC"}
        self.send(page, "/my/terminal/payee", password="wrong", **fields)
        self.assertFalse(self.env["liquor.payee"].search([("partner_id", "=", self.shop.id)]))
        self.send(page, "/my/terminal/payee", password="portal_shop", **fields)
        payee = self.env["liquor.payee"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual(payee.masked_account, "62****4567")
        page = self.page("/my/terminal/withdraw")
        self.assertNotIn("6222020000001234567", page)
        confirm = self.send(page, "/my/terminal/withdraw", amount="600", payee=payee.id).text
        self.assertFalse(self.env["liquor.payout"].search([("partner_id", "=", self.shop.id)]))
        key = re.search(r'name="request_key" value="([^"]+)"', confirm).group(1)
        for _tap in range(2):
            self.send(confirm, "/my/terminal/withdraw", amount="600", payee=payee.id, request_key=key, confirmed="1")
        payout = self.env["liquor.payout"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual((payout.amount, payout.state, payout.requested_by_id), (600, "requested", self.shop_user))
        self.assertIn(payout.name, self.page("/my/terminal/withdraw"))

    def test_shop_cannot_use_anothers_payee_or_amounts(self):
        self.book(self.shop, 600)
        foreign = self.payee(self.second_shop)
        self.authenticate("portal_shop", "portal_shop")
        page = self.page("/my/terminal/withdraw")
        self.send(page, "/my/terminal/withdraw", amount="600", payee=foreign.id, request_key="x", confirmed="1")
        own = self.payee(self.shop)
        for amount in ("NaN", "-5", "1e400", "0", "abc"):
            self.send(
                page, "/my/terminal/withdraw", amount=amount, payee=own.id, request_key=f"x{amount}", confirmed="1"
            )
        self.assertFalse(self.env["liquor.payout"].search([("partner_id", "=", self.shop.id)]))

    def test_wrong_gift_code_is_told(self):
        self.authenticate("portal_shop", "portal_shop")
        page = self.page("/my/terminal/redeem")
        self.assertIn("alert-danger", self.send(page, "/my/terminal/redeem", code="1234567890").text)

    # ------------------------------------------------------------------ guide
    def test_guide_sees_her_own_commission(self):
        self.book(self.guide, 8, "guide")
        self.book(self.shop, 600)
        self.authenticate("portal_guide", "portal_guide")
        page = self.page("/my/guide")
        self.assertIn("8.00", page)
        self.assertNotIn("600.00", page)
        self.page("/my/terminal", 404)

    # ------------------------------------------------------------------ everybody
    def test_odd_addresses_and_forms_are_no_errors_of_ours(self):
        self.authenticate("portal_distributor", "portal_distributor")
        for odd in ("²", "-1", "9" * 30, "1e9", "0", "٣", "nan", "9" * 4400):
            self.page(f"/my/channel/earnings?page={odd}")
            self.page(f"/my/channel/statements?page={odd}&company={odd}")
            self.page(f"/my/channel/orders?page={odd}")
        for number in (0, 2**31, 2**63, 10**40):
            self.page(f"/my/channel/statements/{number}", 404)
            self.page(f"/my/channel/agreements/{number}", 404)
            self.assertEqual(self.url_open(f"/liquor/payout/{number}.csv").status_code, 404)
            self.assertEqual(self.url_open(f"/liquor/statement/{number}.xlsx").status_code, 404)
        for odd in ("page=1%00", "self=1", "charged=%00"):
            self.page(f"/my/channel/earnings?{odd}", 400)
        self.authenticate("portal_shop", "portal_shop")
        page = self.page("/my/terminal/withdraw")
        for odd in ("²", "9" * 30):
            self.page(f"/my/terminal?page={odd}")
        own = self.payee(self.shop)
        for values in (
            {"amount": "１２", "payee": own.id, "request_key": "k", "confirmed": "1"},
            {"amount": "0.001", "payee": own.id, "request_key": "k", "confirmed": "1"},
            {"amount": "1" * 5000, "payee": own.id, "confirmed": "1"},
            {"amount": "5", "payee": "²", "request_key": "é" * 70, "confirmed": "1"},
        ):
            self.assertEqual(self.send(page, "/my/terminal/withdraw", **values).status_code, 200, values)
        nul = {"holder": "a\0b", "account": "6222020000001234567", "channel": "bank", "password": "portal_shop"}
        self.assertEqual(self.send(page, "/my/terminal/payee", **nul).status_code, 400)
        for code in ("", "²" * 10, "1" * 5000, "😀", "' OR 1=1"):
            self.assertEqual(self.send(page, "/my/terminal/redeem", code=code).status_code, 200, code)
        self.assertFalse(self.env["liquor.payout"].search([("partner_id", "=", self.shop.id)]))

    def test_login_lands_on_the_own_page(self):
        for login, page in (
            ("portal_distributor", "/my/channel"),
            ("portal_shop", "/my/terminal"),
            ("portal_guide", "/my/guide"),
        ):
            self.authenticate(None, None)
            form = self.url_open("/web/login").text
            answer = self.send(form, "/web/login", login=login, password=login)
            self.assertTrue(answer.url.endswith(page), f"{login}: {answer.url}")

    def test_rpc_is_closed_to_portal_users(self):
        settlement = self.statement()
        self.authenticate("portal_distributor", "portal_distributor")
        for model in ("liquor.settlement", "liquor.payout", "liquor.payee", "liquor.earning", "liquor.rebate.account"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/search_read",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {"model": model, "method": "search_read", "args": [], "kwargs": {"fields": ["id"]}},
                },
            ).json()
            self.assertIn("AccessError", answer["error"]["data"]["name"], model)
        self.assertEqual(settlement.state, "sent")

    def test_payout_file_is_for_finance(self):
        self.book(self.shop, 600)
        self.ask(self.shop)
        batch = self.batch()
        self.authenticate("portal_shop", "portal_shop")
        self.assertEqual(self.url_open(f"/liquor/payout/{batch.id}.csv").status_code, 404)
        draft = self.env["liquor.payout.batch"].create({})
        outside = self.env["res.company"].create({"name": "Other Maker"})
        groups = {"payout_stranger": "liquor_channel.group_finance", "payout_clerk": "liquor_channel.group_clerk",
                  "payout_finance": "liquor_channel.group_finance"}  # fmt: skip
        for login, group in groups.items():
            company = outside if login == "payout_stranger" else self.company
            new_test_user(
                self.env, login=login, password=login, groups=group, company_id=company.id, company_ids=company.ids
            )
        for login in ("payout_stranger", "payout_clerk"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(f"/liquor/payout/{batch.id}.csv").status_code, 404, login)
        self.authenticate("payout_finance", "payout_finance")
        self.assertEqual(self.url_open(f"/liquor/payout/{draft.id}.csv").status_code, 404)
        rows = self.url_open(f"/liquor/payout/{batch.id}.csv").content.decode("utf-8-sig").splitlines()
        self.assertEqual(len(rows), 2)
        self.assertIn(",6222020000001234567,ICBC,600.00,", rows[1])
        batch.sudo().name = "DK/2026:[1]*?"  # a sequence may be changed to signs that no sheet may bear
        book = self.url_open(f"/liquor/payout/{batch.id}.xlsx")
        self.assertEqual((book.status_code, book.headers["Cache-Control"]), (200, "no-store"))
        sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
        self.assertEqual([cell.value for cell in sheet[2]][3:6], ["6222020000001234567", "ICBC", 600])
