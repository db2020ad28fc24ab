from odoo.tests import HttpCase, tagged

from ...controllers import code_page
from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallPage(RecallCase, HttpCase):
    """The public page stops with the activation, and so does the claim (screens.md)."""

    def look(self, code):
        return self.url_open(f"/b/{code}", headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"})

    def test_page_claim_and_report(self):
        code_page.misses._seen.clear()
        self.plant()
        club = self.env["liquor.member.program"].create({
            "name": "梦想荟",
            "company_id": self.company.id,
            "mode": "national",
        })
        sold, neighbour = self.code("cap_inner", 372), self.code("cap_inner", 179)
        self.assertIn("verdict green", self.look(sold).text)
        recall = self.recall(advice="请联系我们")
        recall.with_user(self.second).action_activate()
        page = self.look(sold).text
        self.assertIn("verdict red", page)
        self.assertIn("请联系我们", page)
        self.assertNotIn("/claim", page)
        self.assertNotIn("verdict red", self.look(neighbour).text)
        answer = self.url_open(f"/b/{sold}/claim", data={"step": "send", "phone": "13800138000", "adult": "1"})
        self.assertEqual((answer.status_code, "verdict red" in answer.text), (410, True))
        self.assertFalse(self.env["liquor.code.claim"].search([("program_id", "=", club.id)]))
        # the report is for who may read the recall
        self.authenticate("recall_author", "recall_author")
        self.assertEqual(self.url_open(f"/liquor/recall/{recall.id}.xlsx").content[:2], b"PK")
        self.authenticate("flow_shop", "flow_shop")
        self.assertEqual(self.url_open(f"/liquor/recall/{recall.id}.xlsx").status_code, 404)
