"""往来对账单 on the distributor's page: his own, confirmed as he read it, and each figure down to its lines."""

import re

from odoo.tests import HttpCase, tagged

from .test_account_statement import StatementCase


@tagged("post_install", "-at_install")
class TestPortalAccounts(StatementCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("accounts_distributor", cls.distributor)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.rival_user = cls.portal_user("accounts_rival", cls.rival)

    def setUp(self):
        super().setUp()
        self.move(self.receivable, 226000, "2026-03-02", ref="INV-7")
        self.book(self.distributor, 6000, "distributor", reason="Rebate of March")
        self.accrue()
        self.statement = self.make()
        self.url = f"/my/channel/accounts/{self.statement.id}"

    def page(self, url, status=200):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, status, url)
        return answer.text

    def send(self, page, **values):
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(f"{self.url}/answer", data={"csrf_token": token, **values})

    def test_reads_confirms_and_objects(self):
        self.authenticate("accounts_distributor", "accounts_distributor")
        self.assertIn(self.url, self.page("/my/channel"))
        self.assertIn(self.url, self.page("/my/channel/accounts"))
        page = self.page(self.url)
        for text in ("226,000.00", "INV-7", "6,000.00", self.statement.snapshot_hash):
            self.assertIn(text, page)
        mark = self.statement.snapshot_hash
        self.send(page, fingerprint="0" * 64)
        self.assertEqual(set(self.statement.line_ids.mapped("state")), {"open"})
        self.send(page, fingerprint=mark, account="goods")
        self.send(page, fingerprint=mark, account="rebate", text="July is missing")
        lines = {line.account: line for line in self.statement.line_ids}
        self.assertEqual((lines["goods"].state, lines["goods"].said_by_id), ("confirmed", self.owner))
        self.assertEqual((lines["rebate"].state, lines["rebate"].objection), ("disputed", "July is missing"))
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(self.send(page, fingerprint=mark, account="nothing").status_code, 404)

    def test_confirms_all(self):
        self.authenticate("accounts_distributor", "accounts_distributor")
        page = self.page(self.url)
        self.send(page, fingerprint=self.statement.snapshot_hash)
        self.assertEqual(self.statement.state, "confirmed")

    def test_from_a_figure_to_its_lines(self):
        self.authenticate("accounts_distributor", "accounts_distributor")
        link = re.search(rf'href="({self.url}/entry/\d+)"[^>]*>[^<]', self.page(self.url))
        pages = [self.page(url) for url in set(re.findall(rf'href="({self.url}/entry/\d+)"', self.page(self.url)))]
        self.assertTrue(link)
        self.assertTrue(any("Rebate of March" in page and "6,000.00" in page for page in pages))
        self.assertNotIn("Rebate of March", self.page(f"{self.url}/entry/999999"))

    def test_files_are_of_the_same_snapshot(self):
        self.authenticate("accounts_distributor", "accounts_distributor")
        answer = self.url_open(f"{self.url}.xlsx")
        self.assertEqual((answer.status_code, answer.content[:2]), (200, b"PK"))

    def test_nobody_elses(self):
        own = self.make(partners=self.rival)
        self.authenticate("accounts_rival", "accounts_rival")
        self.page(f"/my/channel/accounts/{own.id}")
        entry = self.env["account.move"].search([("ref", "=", "INV-7")])
        for url in (self.url, f"{self.url}.xlsx", f"{self.url}.pdf", f"{self.url}/entry/{entry.id}"):
            self.page(url, 404)
        accrual = self.env["liquor.earning"].search([("reason", "=", "Rebate of March")])
        foreign = self.page(f"/my/channel/accounts/{own.id}/earning/{accrual.id}")
        self.assertNotIn("Rebate of March", foreign)
        page = self.page(f"/my/channel/accounts/{own.id}")
        self.assertEqual(self.send(page, fingerprint=self.statement.snapshot_hash).status_code, 404)

    def test_draft_is_not_shown(self):
        draft = self.make(self.statement.date_from.replace(month=2), send=False)
        self.authenticate("accounts_distributor", "accounts_distributor")
        self.page(f"/my/channel/accounts/{draft.id}", 404)
