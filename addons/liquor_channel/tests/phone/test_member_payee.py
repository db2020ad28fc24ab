"""The member's page where cash-back is paid to: a fresh code, stored sealed, withdrawals that waited leave."""

import re

from odoo.tests import HttpCase, tagged

from odoo.addons.liquor_member.tests.common import MemberCase

NONCE = re.compile(r'name="nonce" value="([0-9a-f]{64})"')
CODE = re.compile(r"\b(\d{6})\b")
PAGE = "/m/cash/account"
WECHAT = {"channel": "wechat", "holder": "王芳", "account": "wang_fang88", "bank_name": ""}
BANK = {"channel": "bank", "holder": "王芳", "account": "6222 0200 0000 1234 567", "bank_name": "工商银行"}


@tagged("post_install", "-at_install")
class TestMemberPayee(MemberCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("liquor.outbound.on_screen", "1")
        cls.member = cls.env["liquor.member"]._join(cls.regional, "13800138000", "desk", "1").with_env(cls.env)
        cls.payees = cls.env["liquor.payee"].sudo().with_context(active_test=False)

    def setUp(self):
        super().setUp()
        self.opener.cookies.clear()
        self.opener.cookies.set("liquor_device", self.env["liquor.device"]._issue(self.member))

    def post(self, nonce, **form):
        return self.url_open(PAGE, data={"nonce": nonce, **form}, allow_redirects=False)

    def nonce(self):
        return NONCE.search(self.url_open(PAGE).text).group(1)

    def ask(self, nonce, form):
        """Ask for the code of an account and return its digits."""
        sent = self.post(nonce, **form)
        self.assertEqual(sent.status_code, 200)
        return CODE.search(sent.text.split('class="notice"')[1]).group(1)

    def mine(self):
        self.env.invalidate_all()
        return self.payees.search([("partner_id", "=", self.member.partner_id.id)], order="id")

    def test_a_prize_above_the_limit_asks_name_and_id_first(self):
        """R20: no code on the page before they are given, another member's prize is not there."""
        self.company.liquor_prize_identity_limit = 1000
        benefit = self.env["liquor.benefit"].create({
            "name": "Vase", "program_id": self.regional.id, "unit_cost": 1200, "valid_days": 30
        })  # fmt: skip
        grant = {"kind": "gift", "member": self.member, "benefit": benefit, "key": "prize"}
        claim = self.env["liquor.benefit.claim"]._take(self.env["liquor.reward"]._grant([grant])[0])
        page = self.url_open(f"/m/claim/{claim.id}").text
        self.assertNotIn(claim._code()[:5], page)
        url = f"/m/claim/{claim.id}/identity"
        self.assertIn(url, page)
        nonce = NONCE.search(self.url_open(url).text).group(1)
        form = {"nonce": nonce, "kind": "resident", "name": "王小芳", "id_number": "110105194912310020"}
        self.assertEqual(self.url_open(url, data=form, allow_redirects=False).status_code, 200)
        form["id_number"] = "11010519491231002X"
        done = self.url_open(url, data=form, allow_redirects=False)
        self.assertEqual((done.status_code, done.headers["Location"].endswith(f"/m/claim/{claim.id}")), (303, True))
        page = self.url_open(f"/m/claim/{claim.id}").text
        self.assertIn(claim._code()[:5], page)
        self.assertNotIn("11010519", page)
        other = self.env["liquor.member"]._join(self.regional, "13800138001", "desk", "1")
        foreign = self.env["liquor.benefit.claim"]._take(
            self.env["liquor.reward"]._grant([{**grant, "member": other, "key": "foreign"}])[0]
        )
        self.assertEqual(self.url_open(f"/m/claim/{foreign.id}/identity").status_code, 404)

    def test_account_is_stored_after_a_code(self):
        nonce = self.nonce()
        digits = self.ask(nonce, BANK)
        self.assertFalse(self.mine())
        done = self.post(nonce, step="check", digits=digits, **BANK)
        self.assertEqual((done.status_code, done.headers["Location"].endswith("/m/cash")), (303, True))
        payee = self.mine()
        self.assertEqual((payee.channel, payee.holder, payee.bank_name), ("bank", "王芳", "工商银行"))
        self.assertEqual((payee.company_id, payee._account()), (self.company, "6222020000001234567"))
        self.env.cr.execute("SELECT account_secret FROM liquor_payee WHERE id = %s", [payee.id])
        self.assertNotIn("6222020000001234567", self.env.cr.fetchone()[0])
        page = self.url_open("/m/cash").text
        self.assertIn("62****4567", page)
        self.assertNotIn("1234567", page)
        self.assertNotIn("<script", page)

    def test_code_is_good_for_this_account_and_browser_only(self):
        nonce = self.nonce()
        digits = self.ask(nonce, WECHAT)
        for change in (
            {"account": "somebody_else"},
            {"holder": "李雷"},
            {"channel": "bank", "account": "6222020000001234567"},
            {"digits": f"{(int(digits) + 1) % 10**6:06d}"},
            {"digits": ""},
        ):
            with self.subTest(change=change):
                answer = self.post(nonce, **{"step": "check", "digits": digits, **WECHAT, **change})
                self.assertIn("error", answer.text)
                self.assertFalse(self.mine())
        self.assertEqual(self.post("0" * 64, step="check", digits=digits, **WECHAT).status_code, 400)
        self.assertFalse(self.mine())
        self.assertEqual(self.post(nonce, step="check", digits=digits, **WECHAT).status_code, 303)
        self.assertEqual(self.mine()._account(), "wang_fang88")
        # the code is used up
        self.assertIn("error", self.post(nonce, step="check", digits=digits, **WECHAT).text)
        self.assertEqual(len(self.mine()), 1)

    def test_accounts_that_cannot_exist_send_no_code(self):
        nonce = self.nonce()
        codes = self.env["liquor.phone.code"].sudo()
        before = codes.search_count([])
        for change in (
            {"account": ""},
            {"account": "短"},
            {"account": "x" * 65},
            {"holder": " "},
            {"channel": "cash"},
            {"channel": "bank", "account": "62220200000O1234567"},
        ):
            with self.subTest(change=change):
                self.assertIn('class="error"', self.post(nonce, **{**WECHAT, **change}).text)
        self.assertEqual(codes.search_count([]), before)

    def test_stranger_is_sent_to_the_login(self):
        self.opener.cookies.clear()
        answer = self.url_open(PAGE, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/m/login"))
        self.assertTrue(self.post("", **WECHAT).headers["Location"].endswith("/m/login"))

    def test_withdrawal_that_waited_gets_the_account(self):
        self.env["liquor.reward"]._grant([{"kind": "cash_back", "member": self.member, "amount": 20, "key": "a"}])
        self.env["liquor.cash.entry"]._withdraw(self.member, 12.5, "test/1")
        payout = self.env["liquor.payout"].search([("partner_id", "=", self.member.partner_id.id)])
        self.assertEqual((payout.amount, payout.state, len(payout.payee_id)), (12.5, "requested", 0))
        self.assertIn('class="notice"', self.url_open("/m/cash").text)
        nonce = self.nonce()
        self.post(nonce, step="check", digits=self.ask(nonce, WECHAT), **WECHAT)
        payee = self.mine()
        self.assertEqual(payout.payee_id, payee)
        self.assertNotIn('class="notice"', self.url_open("/m/cash").text)
        self.env["liquor.cash.entry"]._withdraw(self.member, 7.5, "test/2")
        later = self.env["liquor.payout"].search([("partner_id", "=", self.member.partner_id.id)]) - payout
        self.assertEqual((later.amount, later.payee_id), (7.5, payee))

    def test_page_is_light_and_has_no_script(self):
        answer = self.url_open(PAGE)
        self.assertLess(len(answer.content), 30_000)
        for word in ("<script", "/web/assets", "session_id"):
            self.assertNotIn(word, answer.text)

    def test_accounts_are_part_of_the_key_rotation(self):
        self.assertIn(
            ("liquor.payee", "account_secret", "account_secret"), self.env["liquor.key.rotation"]._get_columns()
        )
        self.payees._store_account(self.company, self.member.partner_id, "wechat", "王芳", "wang_fang88")
        self.assertEqual(self.env["liquor.key.rotation"]._count_waiting(), 0)
