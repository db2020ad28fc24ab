import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..common import PHONES, MemberCase

NONCE = re.compile(r'name="nonce" value="([0-9a-f]{64})"')
CODE = re.compile(r"\b(\d{6})\b")


@tagged("post_install", "-at_install")
class TestPages(MemberCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("liquor.outbound.on_screen", "1")

    def setUp(self):
        super().setUp()
        self.opener.cookies.clear()

    def enter(self, member):
        """Give this browser the device of a member."""
        token = self.env["liquor.device"]._issue(member)
        self.opener.cookies.set("liquor_device", token)
        return token

    def get(self, path):
        """Return the answer of a page."""
        return self.url_open(path, allow_redirects=False)

    def post(self, path, nonce=None, **form):
        """Send a form as the page before would."""
        return self.url_open(path, data={"nonce": nonce or "", **form}, allow_redirects=False)

    def nonce(self, path="/m/me"):
        """Return the nonce of the browser's page."""
        return NONCE.search(self.get(path).text).group(1)

    def test_stranger_is_asked_to_log_in(self):
        for path in ("/m", "/m/points", "/m/gifts", "/m/cash", "/m/me", "/m/level", "/m/claim/1"):
            answer = self.get(path)
            self.assertEqual(answer.status_code, 303, path)
            self.assertTrue(answer.headers["Location"].endswith("/m/login"), path)

    def test_join_by_phone_and_code(self):
        club = {"club": str(self.club.id)}
        nonce = self.nonce(f"/m/login?club={self.club.id}")
        refused = self.post("/m/login", nonce, phone=PHONES[5], **club)
        self.assertIn("error", refused.text)
        sent = self.post("/m/login", nonce, phone=PHONES[5], accepted="1", **club)
        digits = CODE.search(sent.text.split("notice")[1]).group(1)
        step = {"phone": PHONES[5], "accepted": "1", "step": "check", **club}
        wrong = self.post("/m/login", nonce, digits=f"{(int(digits) + 1) % 10**6:06d}", **step)
        self.assertIn("error", wrong.text)
        self.assertFalse(self.env["liquor.member"]._find_by_phone(self.club, PHONES[5]))
        right = self.post("/m/login", nonce, digits=digits, **step)
        self.assertEqual(right.status_code, 303)
        cookie = right.headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        member = self.env["liquor.member"]._find_by_phone(self.club, PHONES[5])
        self.assertIn(member.number, self.get("/m").text)
        self.assertNotIn(PHONES[5], self.get("/m").text)
        again = self.post("/m/login", nonce, digits=digits, **step)
        self.assertNotEqual(again.status_code, 500)

    def test_all_pages_of_a_member_answer(self):
        member = self.join()
        self.earn(member, 300, "a", reason="扫码奖励")
        gift = self.env["liquor.benefit"].create({"name": "品鉴杯", "program_id": self.club.id})
        self.env["liquor.benefit"].create({"name": "S 级礼", "program_id": self.club.id, "level_id": self.level_s.id})
        self.env["liquor.reward"]._grant([
            {"kind": "gift", "member": member, "benefit": gift, "key": "x"},
            {"kind": "cash_back", "member": member, "amount": 8.8, "key": "y"},
        ])
        self.env["liquor.qualifying.event"]._record([
            {"member_id": member.id, "source": "scan", "credit": "opening", "product_id": self.wine.id, "bottles": 1}
        ])
        self.enter(member)
        words = {
            "/m": "300",
            "/m/level": "300",
            "/m/points": "扫码奖励",
            "/m/bottles": "窖藏10",
            "/m/gifts": "S 级礼",
            "/m/cash": "8.8",
            "/m/me": "138****8000",
            f"/m/terms/{self.club.id}": "1",
        }
        for path, word in words.items():
            answer = self.get(path)
            with self.subTest(path=path):
                self.assertEqual(answer.status_code, 200)
                self.assertIn(word, answer.text)
                self.assertNotIn("/web/assets", answer.text)
                self.assertNotIn("<script", answer.text)
                self.assertLess(len(answer.content), 30_000)
                self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
                self.assertNotIn("session_id", answer.headers.get("Set-Cookie", ""))

    def test_take_a_gift_and_pick_it_up(self):
        member = self.join()
        gift = self.env["liquor.benefit"].create({"name": "品鉴杯", "program_id": self.club.id})
        entitlement = self.env["liquor.reward"]._grant([
            {"kind": "gift", "member": member, "benefit": gift, "key": "x"}
        ])[0]
        self.enter(member)
        taken = self.post(f"/m/gift/{entitlement.id}/take", self.nonce())
        self.assertEqual(taken.status_code, 303)
        claim = member.claim_ids
        page = self.get(f"/m/claim/{claim.id}").text
        code = claim._code()
        self.assertIn(f"{code[:5]} {code[5:]}", page)
        again = self.post(f"/m/gift/{entitlement.id}/take", self.nonce())
        self.assertIn("error", again.text)
        self.env["liquor.benefit.claim"]._redeem(code, self.company.partner_id, self.env.user)
        self.assertNotIn(f"{code[:5]} {code[5:]}", self.get(f"/m/claim/{claim.id}").text)
        self.assertIn("error", self.post(f"/m/claim/{claim.id}/cancel", self.nonce()).text)

    def test_things_of_others_do_not_exist(self):
        mine, other = self.join(0), self.join(1)
        gift = self.env["liquor.benefit"].create({"name": "品鉴杯", "program_id": self.club.id})
        entitlement, spare = self.env["liquor.reward"]._grant([
            {"kind": "gift", "member": other, "benefit": gift, "key": key} for key in "ab"
        ])
        claim = self.env["liquor.benefit.claim"]._take(entitlement)
        device = self.env["liquor.device"].search([("member_id", "=", other.id)])
        self.env["liquor.device"]._issue(other)
        device = self.env["liquor.device"].search([("member_id", "=", other.id)])
        self.enter(mine)
        nonce = self.nonce()
        self.assertEqual(self.get(f"/m/claim/{claim.id}").status_code, 404)
        for path in (
            f"/m/gift/{spare.id}/take",
            f"/m/claim/{claim.id}/cancel",
            f"/m/device/{device.id}/revoke",
            f"/m/switch/{self.regional.id}",
        ):
            for extra in ({}, {"member_id": other.id, "member": other.id, "visitor": "x", "company_id": 1}):
                with self.subTest(path=path):
                    self.assertEqual(self.post(path, nonce, **extra).status_code, 404)
        self.assertEqual((claim.state, spare.claimed, bool(device.revoked_at)), ("ready", 0, False))

    def test_odd_addresses_and_forms(self):
        self.enter(self.join())
        nonce = self.nonce()
        for path in (
            "/m/claim/0",
            f"/m/claim/{10**30}",
            f"/m/claim/{2**31}",
            "/m/claim/-1",
            "/m/claim/x",
            f"/m/terms/{10**20}",
            "/m/nothing",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.get(path).status_code, 404)
        for path in (f"/m/switch/{2**31}", f"/m/gift/{2**40}/take", f"/m/device/{2**33}/revoke"):
            with self.subTest(path=path):
                self.assertEqual(self.post(path, nonce).status_code, 404)
        for query in ("?visitor=1", "?error=hacked", "?member=1&program=1", "?tab=" + "x" * 5000):
            answer = self.get("/m/gifts" + query)
            self.assertEqual(answer.status_code, 200)
            self.assertNotIn("hacked", answer.text)
        for club in ("x", "-1", "1e9", str(10**30), "１"):
            self.opener.cookies.clear()
            self.assertEqual(self.get(f"/m/login?club={club}").status_code, 404, club)

    def test_forms_from_elsewhere_are_refused(self):
        member = self.join()
        self.enter(member)
        for nonce in ("", "0" * 64, "é" * 64, None):
            for path in ("/m/consent", "/m/gift/1/take", "/m/cash/withdraw", f"/m/switch/{self.regional.id}"):
                with self.subTest(path=path, nonce=nonce):
                    self.assertEqual(self.post(path, nonce, purpose="messages", give="1").status_code, 400)
        self.assertNotIn("messages", self.env["liquor.consent"]._live(member))
        self.assertEqual(self.post("/m/logout", "").status_code, 303)
        self.assertFalse(member.device_ids.revoked_at, "somebody else's form logs nobody out")

    def test_consent_switches_and_log_out(self):
        member = self.join()
        token = self.enter(member)
        consents = self.env["liquor.consent"]
        self.post("/m/consent", self.nonce(), purpose="messages", give="1")
        self.assertIn("messages", consents._live(member))
        self.assertTrue(self.env["liquor.member"]._agrees_to_messages("+86" + PHONES[0], self.company))
        self.post("/m/consent", self.nonce(), purpose="messages", give="")
        self.assertNotIn("messages", consents._live(member))
        self.assertEqual(self.post("/m/consent", self.nonce(), purpose="terms", give="").status_code, 404)
        self.post("/m/logout", self.nonce())
        self.assertFalse(self.env["liquor.device"]._resolve(token))
        self.assertEqual(self.get("/m").status_code, 303)

    def test_cash_leaves_only_with_a_fresh_code(self):
        member = self.join(club=self.regional)
        self.env["liquor.reward"]._grant([{"kind": "cash_back", "member": member, "amount": 20, "key": "a"}])
        self.enter(member)
        nonce = self.nonce()
        for amount in ("", "0", "-1", "20.01", "1e1", "NaN", "１", "1" * 400, "5.001"):
            with self.subTest(amount=amount):
                self.assertIn("error", self.post("/m/cash/withdraw", nonce, amount=amount).text)
        sent = self.post("/m/cash/withdraw", nonce, amount="12.5")
        digits = CODE.search(sent.text.split("notice")[1]).group(1)
        # the code is good for this amount only
        self.assertIn("error", self.post("/m/cash/withdraw", nonce, amount="20", step="check", digits=digits).text)
        with patch.object(type(self.env["liquor.cash.entry"]), "_post_withdrawal") as hook:
            done = self.post("/m/cash/withdraw", nonce, amount="12.5", step="check", digits=digits)
        self.assertEqual((done.status_code, hook.call_count), (303, 1))
        self.post("/m/cash/withdraw", nonce, amount="12.5", step="check", digits=digits)
        member.invalidate_recordset()
        self.assertEqual(member.cash_balance, 7.5)

    def test_one_person_switches_clubs(self):
        member, other = self.join(), self.join(club=self.regional)
        token = self.enter(member)
        answer = self.post(f"/m/switch/{self.regional.id}", self.nonce())
        self.assertEqual(answer.status_code, 303)
        self.assertFalse(self.env["liquor.device"]._resolve(token))
        fresh = re.search(r"liquor_device=([^;]+)", answer.headers["Set-Cookie"]).group(1)
        self.opener.cookies.clear()
        self.opener.cookies.set("liquor_device", fresh)
        self.assertIn(other.number, self.get("/m/me").text)
