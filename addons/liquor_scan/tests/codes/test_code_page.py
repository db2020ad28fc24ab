import re

import lxml.html

from odoo.tests import HttpCase, tagged

from ...controllers import code_page
from ...engine.codes.cipher import ALPHABET
from ..common import ScanCase

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}


@tagged("post_install", "-at_install")
class TestCodePage(ScanCase, HttpCase):
    def setUp(self):
        super().setUp()
        code_page.misses._seen.clear()

    def look(self, text, **kw):
        return self.url_open(f"/b/{text}", headers={**PHONE, **kw.pop("headers", {})}, **kw)

    def looks(self, batch):
        return self.env["liquor.look"].search([("batch_id", "=", batch.id)])

    def test_first_look_own_look_and_look_of_another(self):
        batch = self.batch()
        text = batch._code("cap_outer", 5)
        first = self.look(text)
        self.assertEqual(first.status_code, 200)
        self.assertIn("verdict green", first.text)
        self.assertIn("云泉 窖藏10", first.text)
        self.look(text)
        self.assertEqual(len(self.looks(batch)), 1, "one device within ten minutes counts once")
        self.opener.cookies.clear()
        other = self.look(text, headers={"User-Agent": "Mozilla/5.0 (Android)"})
        self.assertIn("verdict amber", other.text)
        self.assertEqual(len(self.looks(batch)), 2)

    def test_a_case_says_how_many_bottles_it_holds(self):
        """Whoever looks at a case is not sent under a cap that it does not have."""
        batch = self.batch()
        for kind, bottles in (("case_outer", 6), ("case_inner", 6), ("pallet", 360)):
            page = lxml.html.fromstring(self.look(batch._code(kind, 0)).text)
            block = page.findall(".//section")[2].text_content()
            self.assertEqual(re.findall(r"\d+", block), [str(bottles)], kind)

    def test_a_browser_without_cookies_counts_once_too(self):
        batch = self.batch()
        text = batch._code("cap_outer", 5)
        for _ in range(3):
            self.opener.cookies.clear()
            self.look(text)
        self.assertEqual(len(self.looks(batch)), 1)

    def test_after_ten_minutes_the_same_device_counts_again(self):
        batch = self.batch()
        text = batch._code("cap_outer", 5)
        self.look(text)
        self.env.cr.execute("UPDATE liquor_look SET at = at - interval '11 minutes'")
        page = self.look(text)
        self.assertEqual(len(self.looks(batch)), 2)
        self.assertIn("verdict green", page.text)

    def test_head_and_previews_do_not_count(self):
        batch = self.batch()
        text = batch._code("cap_outer", 5)
        self.assertEqual(self.opener.head(self.base_url() + f"/b/{text}", headers=PHONE).status_code, 200)
        for program in ("compatible; Baiduspider/2.0", "compatible; Googlebot/2.1", "bot"):
            self.look(text, headers={"User-Agent": f"Mozilla/5.0 ({program})"})
        self.assertFalse(self.looks(batch))
        self.look(text, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50)"})
        self.assertEqual(len(self.looks(batch)), 1, "a make of phones")

    def test_not_active_void_unknown_and_forged_look_alike(self):
        batch = self.batch(720, active=False)
        self.env["liquor.code.range"]._book(batch, "void", 0, 5)
        book = self.env["liquor.code.key"]._code_book()
        texts = [
            batch._code("cap_inner", 100),
            batch._code("cap_inner", 3),
            book.encode("cap_inner", batch.number, 720, 1),
            book.encode("cap_inner", batch.number + 500, 1, 1),
            "1000A00000000000B",
            "no-code",
            "<script>",
        ]
        pages = {(page.status_code, page.text) for page in map(self.look, texts)}
        self.assertEqual(len(pages), 1)
        self.assertIn("verdict red", pages.pop()[1])
        self.assertFalse(self.looks(batch))

    def test_who_guesses_is_told_to_wait_and_honest_codes_still_answer(self):
        text = self.batch()._code("cap_outer", 1)
        answers = [self.look(f"1000A0000000000{number:02d}").status_code for number in range(22)]
        self.assertEqual(answers, [200] * 20 + [429] * 2)
        self.assertEqual(self.look(text).status_code, 200)

    def test_a_guesser_who_names_other_addresses_is_the_same_guesser(self):
        """Attack A11: what a client says of its address counts only behind a proxy that overwrites it."""
        answers = []
        for number in range(22):
            told = dict.fromkeys(("X-Forwarded-For", "X-Real-IP"), f"203.0.113.{number}")
            told |= {"X-Forwarded-Host": "q7.cn", "Forwarded": f"for=203.0.113.{number}"}
            answers.append(self.look(f"1000A0000000000{number:02d}", headers=told).status_code)
        self.assertEqual(answers, [200] * 20 + [429] * 2)

    def test_the_neighbours_of_a_code_are_none(self):
        """Attack A1, by hand: every last character beside the right one, and the heads before and behind it."""
        text = self.batch()._code("cap_inner", 5)
        near = {text[:-1] + letter for letter in ALPHABET} | {text[:4] + letter + text[5:] for letter in ALPHABET}
        near |= {text[:place] + text[place + 1] + text[place] + text[place + 2:] for place in range(16)}  # fmt: skip
        located = self.env["liquor.code.batch"]._locate(near)
        self.assertEqual(set(located), {text})

    def test_upper_case_address_and_digital_link(self):
        batch = self.batch()
        text = batch._code("cap_outer", 5)
        gtin = "06901234567892"
        for path in (f"/B/{text}", f"/01/{gtin}/21/{text}", f"/01/{gtin}/10/2603A/21/{text}"):
            self.assertIn("verdict green", self.url_open(path, headers=PHONE).text, path)
        for path in (
            f"/01/06291041500213/21/{text}",
            f"/01/{gtin}/10/OTHER/21/{text}",
            f"/01/1/21/{text}",
        ):
            self.assertIn("verdict red", self.url_open(path, headers=PHONE).text, path)

    def test_the_page_is_light_and_loads_nothing_of_odoo(self):
        page = self.look(self.batch()._code("cap_inner", 5))
        self.assertLess(len(page.content), 100_000)
        self.assertFalse(re.search(r"/web/assets|<script", page.text))
        self.assertIn("no-store", page.headers["Cache-Control"])
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotIn("session_id", page.headers.get("Set-Cookie", ""))

    def test_the_outer_code_says_where_the_reward_is(self):
        page = self.look(self.batch()._code("cap_outer", 5)).text
        self.assertTrue("under the cap" in page or "盖内" in page)

    def test_the_picture_belongs_to_active_codes_only(self):
        batch = self.batch(720, active=False)
        self.product.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        text = batch._code("cap_outer", 5)
        self.assertEqual(self.look(f"{text}/picture").status_code, 404)
        self.env["liquor.code.range"]._book(batch, "active", 0, 719)
        answer = self.look(f"{text}/picture")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "image/png"))
