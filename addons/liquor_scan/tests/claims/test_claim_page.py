import re

from odoo.http import request
from odoo.tests import HttpCase, tagged

from ...controllers import code_page
from .common import PHONE, ClaimCase

BROWSER = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}


@tagged("post_install", "-at_install")
class TestClaimPage(ClaimCase, HttpCase):
    def setUp(self):
        super().setUp()
        code_page.misses._seen.clear()
        self.receive()
        self.env["ir.config_parameter"].sudo().set_param("liquor.outbound.on_screen", "1")
        self.patch(code_page, "use_language", lambda: request.update_context(lang="en_US"))
        self.text = self.code_batch._code("cap_inner", 3)

    def open(self, text=None):
        return self.url_open(f"/b/{text or self.text}", headers=BROWSER)

    def nonce(self, page):
        return re.search(r'name="nonce" value="([0-9a-f]{64})"', page.text).group(1)

    def post(self, text=None, **form):
        return self.url_open(f"/b/{text or self.text}/claim", data=form, headers=BROWSER)

    def claims(self):
        return self.env["liquor.code.claim"].search([("batch_id", "=", self.code_batch.id)])

    def digits(self, page):
        return re.search(r"\b(\d{6})\b", re.search(r"trying out: <b>(.*?)</b>", page.text).group(1)).group(1)

    def claim_by_phone(self, phone=PHONE, text=None, **ticks):
        nonce = self.nonce(self.open(text))
        form = {"nonce": nonce, "phone": phone, "adult": "1", **ticks}
        second = self.post(text, step="send", **form)
        return self.post(text, step="prove", digits=self.digits(second), **form)

    def test_two_screens_to_the_reward_then_one_tap(self):
        page = self.claim_by_phone()
        self.assertIn("50 points", page.text)
        claim = self.claims()
        self.assertEqual((claim.index, claim.state, claim.member_id.join_source), (3, "granted", "cap"))
        purposes = set(claim.member_id.consent_ids.mapped("purpose"))
        self.assertEqual(purposes, {"adult", "terms"}, "other consents are off unless ticked")
        self.assertIn("50 points", self.open().text, "the lost answer can be asked again")
        following = self.code_batch._code("cap_inner", 4)
        page = self.open(following)
        self.assertIn("Claim now", page.text)
        done = self.post(following, nonce=self.nonce(page))
        self.assertIn("50 points", done.text)
        self.assertEqual(len(self.claims()), 2)

    def test_odd_forms_are_no_errors_of_ours(self):
        nonce = self.nonce(self.open())
        for form in (
            {"nonce": "é" * 64},
            {"nonce": nonce, "adult": "1", "phone": "9" * 5000},
            {"nonce": nonce, "adult": "1", "phone": "😀", "step": "send"},
            {"nonce": nonce, "adult": "1", "phone": PHONE, "step": "prove", "digits": "٣" * 6},
            {"nonce": nonce, "adult": "1", "phone": "1\0", "step": "send"},
        ):
            with self.subTest(form=form):
                self.assertIn(self.post(**form).status_code, (200, 400))
        url = f"/b/{self.text}/claim"
        for name in ("nonce", "phone"):
            upload = self.url_open(url, data={"nonce": nonce, "adult": "1"}, files={name: b"x"}, headers=BROWSER)
            self.assertEqual(upload.status_code, 400, name)
        for odd in ("%00", "%FF%FE", "é", "x" * 3000, "..%2f..", "<script>"):
            self.assertIn(self.url_open(f"/b/{odd}", headers=BROWSER).status_code, (200, 400, 404), odd)
        self.assertFalse(self.claims())

    def test_ticked_consents_are_noted(self):
        self.claim_by_phone(messages="1")
        self.assertIn("messages", self.claims().member_id.consent_ids.mapped("purpose"))

    def test_others_read_the_masked_phone_and_no_more(self):
        self.claim_by_phone()
        self.opener.cookies.clear()
        page = self.open()
        self.assertIn("138****8000", page.text)
        self.assertNotIn(PHONE, page.text)
        self.assertNotIn("Claim now", page.text)

    def test_the_loser_gets_a_clean_answer(self):
        nonce = self.nonce(self.open())
        second = self.post(step="send", nonce=nonce, phone="13900139000", adult="1")
        digits = self.digits(second)
        self.env["liquor.code.claim"]._claim(self.unit(3), self.join())
        page = self.post(step="prove", nonce=nonce, phone="13900139000", adult="1", digits=digits)
        self.assertEqual(page.status_code, 200)
        self.assertIn("138****8000", page.text)
        self.assertEqual(len(self.claims()), 1)

    def test_without_the_tick_nothing_happens(self):
        nonce = self.nonce(self.open())
        page = self.post(step="send", nonce=nonce, phone=PHONE)
        self.assertIn("18 or older", page.text)
        self.assertFalse(self.env["liquor.phone.code"].search([("company_id", "=", self.company.id)]))

    def test_a_wrong_code_claims_nothing(self):
        nonce = self.nonce(self.open())
        right = self.digits(self.post(step="send", nonce=nonce, phone=PHONE, adult="1"))
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        page = self.post(step="prove", nonce=nonce, phone=PHONE, adult="1", digits=wrong)
        self.assertIn("wrong or too old", page.text)
        other = self.post(step="prove", nonce=nonce, phone="13900139000", adult="1", digits=right)
        self.assertIn("wrong or too old", other.text)
        self.assertFalse(self.claims())

    def test_a_form_from_another_site_is_refused(self):
        """Attack A9: no cookie, no nonce, a made-up nonce, the nonce of another browser."""
        nonce = self.nonce(self.open())
        for form in ({}, {"nonce": "0" * 64}, {"nonce": "x"}):
            self.assertEqual(self.post(step="send", phone=PHONE, adult="1", **form).status_code, 400)
        self.opener.cookies.clear()
        self.assertEqual(self.post(step="send", phone=PHONE, adult="1", nonce=nonce).status_code, 400)
        self.open()
        self.assertEqual(self.post(step="send", phone=PHONE, adult="1", nonce=nonce).status_code, 400)
        self.assertFalse(self.env["liquor.phone.code"].search([("company_id", "=", self.company.id)]))

    def test_the_nonce_of_one_code_opens_no_other(self):
        nonce = self.nonce(self.open())
        page = self.post(self.code_batch._code("cap_inner", 4), step="send", nonce=nonce, phone=PHONE, adult="1")
        self.assertEqual(page.status_code, 400)

    def test_an_outer_code_at_the_claim_endpoint_is_refused(self):
        """Attack A3."""
        outer = self.code_batch._code("cap_outer", 3)
        self.open()
        page = self.post(outer, step="send", nonce="0" * 64, phone=PHONE, adult="1")
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self.claims())

    def test_forged_fields_are_ignored(self):
        """Attack A7."""
        nonce = self.nonce(self.open())
        forged = {"points": "9999", "member_id": "1", "company_id": "1", "state": "granted", "rule_id": "1"}
        form = {"nonce": nonce, "phone": PHONE, "adult": "1", **forged}
        digits = self.digits(self.post(step="send", **form))
        self.post(step="prove", digits=digits, **form)
        self.assertEqual((self.claims().points, self.claims().company_id), (50, self.company))

    def test_replaying_the_last_form_gives_the_same_reward_once(self):
        nonce = self.nonce(self.open())
        form = {"nonce": nonce, "phone": PHONE, "adult": "1"}
        digits = self.digits(self.post(step="send", **form))
        for _ in range(3):
            page = self.post(step="prove", digits=digits, **form)
            self.assertIn("50 points", page.text)
        self.assertEqual(
            self.env["liquor.point.entry"].search_count([("member_id", "=", self.claims().member_id.id)]), 1
        )

    def test_an_invalid_code_at_the_claim_endpoint_looks_as_everywhere(self):
        page = self.post("1000A00000000000B", step="send")
        self.assertEqual(page.text, self.open("1000A00000000000B").text)

    def test_a_phone_that_is_none(self):
        nonce = self.nonce(self.open())
        page = self.post(step="send", nonce=nonce, phone="12<script>", adult="1")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("<script>", page.text)
        self.assertIn("note bad", page.text)

    def test_the_pages_are_light(self):
        self.assertLess(len(self.open().content), 100_000)
