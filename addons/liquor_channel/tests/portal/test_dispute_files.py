"""A dispute with its proof: PDF, photo or workbook, read by content; his own, kept with the dispute, never run."""

import io
import json
import re
import zipfile
from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ...tools.tables import write_xlsx
from ..money_case import MoneyCase

PDF = b"%PDF-1.4 proof"
PNG = b"\x89PNG\r\n\x1a\n proof"


@tagged("post_install", "-at_install")
class TestDisputeFiles(MoneyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("files_distributor", cls.distributor)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.rival_user = cls.portal_user("files_rival", cls.rival)

    def setUp(self):
        super().setUp()
        self.earnings = [self.book(self.distributor, 100, "distributor") for _number in range(3)]
        self.settlement = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-12-31"
        })  # fmt: skip
        self.settlement.action_send()
        self.url = f"/my/channel/statements/{self.settlement.id}"
        self.login("files_distributor")

    def login(self, name):
        self.authenticate(name, name)

    def token(self):
        return re.search(r'data-token="([^"]+)"', self.url_open(self.url).text).group(1)

    def call(self, line, files, text="Too little", **more):
        params = {"line": line, "text": text, "files": files, "token": self.token(), **more}
        answer = self.url_open(
            f"{self.url}/dispute/files",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def file(self, content, name="proof.pdf"):
        return {"name": name, "content": b64encode(content).decode()}

    def test_dispute_with_files(self):
        book = self.file(write_xlsx({"x": [["a"]]}), "")
        files = [self.file(PDF, "../../etc/数 量.exe"), self.file(PNG, "a.svg"), book]
        answer = self.call(self.earnings[0].id, files)["result"]
        self.assertEqual(answer["url"], f"{self.url}?page=1#line{self.earnings[0].id}")
        dispute = self.settlement.dispute_ids
        told = (self.settlement.state, dispute.text, dispute.raised_by_id)
        self.assertEqual(told, ("disputed", "Too little", self.owner))
        self.assertEqual(len(dispute.file_ids), 3)
        self.assertEqual({file.name for file in dispute.file_ids} & {"数 量.pdf", "a.png"}, {"数 量.pdf", "a.png"})
        self.assertFalse(any(dispute.file_ids.mapped("public")))
        page = self.url_open(self.url).text
        for file in dispute.file_ids:
            address = f"/my/channel/disputes/{dispute.id}/{file.id}"
            self.assertIn(address, page)
            sent = self.url_open(address)
            self.assertEqual((sent.status_code, sent.content), (200, file.raw))
            self.assertEqual(sent.headers["X-Content-Type-Options"], "nosniff")
            self.assertTrue(sent.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(dispute.with_user(self.clerk).file_ids, dispute.file_ids)
        self.assertTrue(dispute.file_ids.with_user(self.clerk).mapped("raw"))

    def test_what_is_not_taken_changes_nothing(self):
        macro = io.BytesIO()
        with zipfile.ZipFile(macro, "w") as archive:
            for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"):
                archive.writestr(name, "x")
        for files in (
            [self.file(b"<svg onload=alert(1)>", "a.png")],
            [self.file(b"MZ\x90", "a.pdf")],
            [self.file(macro.getvalue(), "a.xlsx")],
            [self.file(PDF)] * 4,
            [{"name": "a.pdf", "content": "no base64 !"}],
            [{"name": 7, "content": None}],
            [self.file(PDF), "x"],
            {"a": 1},
            "x",
            [self.file(PDF + b" " * (8 * 1024 * 1024))],
        ):
            answer = self.call(self.earnings[0].id, files)
            self.assertTrue(answer["result"]["error"], str(files)[:80])
        # what no database stores is refused in our words, not in those of a library
        for text in ("half \ud800", "nul \0"):
            told = self.call(self.earnings[0].id, [], text=text)["result"]["error"]
            self.assertFalse({"utf-8", "NUL", "codec"} & set(told.replace("'", " ").split()), told)
        for line in (None, "", "x", -1, [1], {"a": 1}, 999999999, "9" * 30, True):
            self.assertIn("error", self.call(line, []), line)
        self.assertIn("error", self.call(self.earnings[0].id, [], token="forged")["result"])
        self.assertFalse(self.settlement.dispute_ids)
        self.assertEqual(self.settlement.state, "sent")

    def test_once_a_line_and_not_after_the_answer(self):
        self.call(self.earnings[0].id, [self.file(PDF)])
        self.assertTrue(self.call(self.earnings[0].id, [self.file(PDF)])["result"]["error"])
        self.assertEqual(len(self.settlement.dispute_ids.file_ids), 1)
        dispute = self.settlement.dispute_ids
        dispute.answer = "Because"
        dispute.with_user(self.clerk).action_reject()
        with self.assertRaises(UserError):
            dispute._add_files([("a.pdf", b64encode(PDF).decode())])

    def test_nobody_elses(self):
        self.call(self.earnings[0].id, [self.file(PDF)])
        dispute = self.settlement.dispute_ids
        address = f"/my/channel/disputes/{dispute.id}/{dispute.file_ids.id}"
        other = self.env["ir.attachment"].create({"name": "secret", "raw": b"x"})
        self.assertEqual(self.url_open(f"/my/channel/disputes/{dispute.id}/{other.id}").status_code, 404)
        self.login("files_rival")
        self.assertEqual(self.url_open(address).status_code, 404)
        self.assertEqual(self.url_open(f"/web/content/{dispute.file_ids.id}").status_code, 404)
        with self.assertRaises(AccessError):
            dispute.file_ids.with_user(self.owner).read(["raw"])
