"""The distributor's expense pages: apply, photos, claim, days; nobody else's (security.md groups E and G)."""

import json

from odoo.tests import HttpCase, new_test_user, tagged

from ..expense_case import ExpenseCase, photo
from ..portal.test_portal_lists import rows_of


@tagged("post_install", "-at_install")
class TestPortalExpense(ExpenseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.portal_user("expenses_portal", cls.distributor)
        cls.stranger_partner = cls.make_partner("Other Trading", "distributor")
        cls.stranger = cls.portal_user("expenses_stranger", cls.stranger_partner)

    def login(self, user):
        self.authenticate(user.login, user.login)

    def post(self, path, **form):
        token = self.csrf()
        return self.url_open(path, data={"csrf_token": token, **form}, allow_redirects=False)

    def csrf(self):
        page = self.url_open("/my/channel/expenses/new").text
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    def form(self, **values):
        return {
            "title": "品鉴会三场", "kind": str(self.display.id), "amount": "600.00", "date_start": "2026-03-01",
            "date_end": "2026-03-31", "method": "rebate_account", "note": "", "shop": str(self.shop.id), **values,
        }  # fmt: skip

    def test_apply_and_read(self):
        self.login(self.portal)
        answer = self.post("/my/channel/expenses/new", **self.form())
        self.assertEqual(answer.status_code, 303)
        expense = self.env["liquor.expense"].search([("title", "=", "品鉴会三场")])
        self.assertEqual((expense.state, expense.amount, expense.distributor_id), ("applied", 600, self.distributor))
        self.assertEqual((expense.author_id, expense.shop_ids), (self.portal, self.shop))
        page = self.url_open(f"/my/channel/expenses/{expense.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("品鉴会三场", page.text)
        self.assertIn(expense.name, self.url_open("/my/channel/expenses").text)

    def listed(self, query=""):
        """Numbers of the expenses on the page, and those in the workbook with what was applied for."""
        page = self.url_open(f"/my/channel/expenses?{query}").text
        answer = self.url_open(f"/my/channel/expenses.xlsx?{query}")
        return page, {row[0]: row[5] for row in rows_of(answer.content)}

    def test_searched_by_words_and_days_and_taken_out(self):
        march, april = (
            self.approved(title=title, date_start=start, date_end=end, amount=amount)
            for title, start, end, amount in (
                ("=March display", "2026-03-01", "2026-03-31", 600),
                ("April tasting", "2026-04-01", "2026-04-30", 250),
            )
        )
        draft = self.expense(title="What the clerk only thinks of")
        self.login(self.portal)
        page, rows = self.listed()
        self.assertEqual(rows, {march.name: 600, april.name: 250})
        self.assertNotIn(draft.title, page)
        self.assertEqual(self.url_open(f"/my/channel/expenses/{draft.id}").status_code, 404)
        for query, found in (
            ("first=2026-03-31&last=2026-03-31", march),
            ("first=2026-04-01", april),
            ("last=2026-03-31", march),
            ("find=tasting", april),
            (f"find={march.name}", march),
        ):
            page, rows = self.listed(query)
            self.assertEqual(list(rows), [found.name], query)
            self.assertEqual([one.title in page for one in (march, april)], [one == found for one in (march, april)])
        self.assertEqual(self.listed("find=nothing+like+it")[1], {})
        self.login(self.stranger)
        self.assertEqual(self.listed()[1], {})

    def test_bad_applications_are_refused_in_words(self):
        self.login(self.portal)
        before = self.env["liquor.expense"].search_count([])
        for wrong in (
            {"amount": "-1"}, {"amount": "1e9"}, {"amount": "nan"}, {"kind": "x"}, {"date_end": "2026-02-01"},
            {"method": "wallet"}, {"title": " "}, {"date_start": "31.3."},
        ):  # fmt: skip
            answer = self.post("/my/channel/expenses/new", **self.form(**wrong))
            self.assertEqual(answer.status_code, 200, wrong)
            self.assertIn("alert-danger", answer.text, wrong)
        self.assertEqual(self.env["liquor.expense"].search_count([]), before)

    def photo_call(self, expense, image, token=None, **values):
        if token is None:
            page = self.url_open(f"/my/channel/expenses/{expense.id}").text
            token = page.split('data-token="')[1].split('"')[0] if 'data-token="' in page else self.csrf()
        params = {"image": image, "day": "2026-03-10", "token": token, **values}
        answer = self.url_open(
            f"/my/channel/expenses/{expense.id}/photo",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_photos_claim_and_progress(self):
        expense = self.approved()
        self.login(self.portal)
        for shade in (1, 2):
            result = self.photo_call(expense, photo(shade).decode())["result"]
            self.assertIn("/my/channel/photos/", result["html"])
        self.assertEqual(expense.proof_ids.mapped("sent_by_id"), self.portal)
        small = self.url_open(f"/my/channel/photos/{expense.proof_ids[0].id}")
        self.assertEqual(small.headers["Content-Type"].split("/")[0], "image")
        answer = self.post(f"/my/channel/expenses/{expense.id}/claim", amount="580")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual((expense.state, expense.asked_amount, expense.claimed_by_id), ("claimed", 580, self.portal))

    def test_photo_needs_the_pages_token_and_a_photo(self):
        expense = self.approved()
        self.login(self.portal)
        self.assertIn("error", self.photo_call(expense, photo(1).decode(), token="wrong")["result"])
        for image in ("aGVsbG8=", None, 7, "x" * (18 * 1024 * 1024)):
            self.assertIn("error", self.photo_call(expense, image)["result"])
        self.assertFalse(expense.proof_ids)

    def test_nobody_elses(self):
        expense = self.claimed()
        self.login(self.stranger)
        self.assertEqual(self.url_open(f"/my/channel/expenses/{expense.id}").status_code, 404)
        self.assertEqual(self.url_open(f"/my/channel/photos/{expense.proof_ids[0].id}").status_code, 404)
        answer = self.post(f"/my/channel/expenses/{expense.id}/claim", amount="1")
        self.assertEqual(answer.status_code, 404)
        self.assertIn("error", self.photo_call(expense, photo(1).decode(), token=self.csrf()))
        self.assertNotIn(expense.name, self.url_open("/my/channel/expenses").text)
        self.assertEqual((expense.asked_amount, len(expense.proof_ids)), (600, 2))

    def test_a_shop_has_no_such_page(self):
        user = self.portal_user("expenses_shop", self.shop)
        self.login(user)
        self.assertEqual(self.url_open("/my/channel/expenses").status_code, 404)

    def test_portal_users_have_no_rights_on_the_models(self):
        for model in (
            "liquor.expense",
            "liquor.expense.proof",
            "liquor.expense.cut",
            "liquor.fund",
            "liquor.fund.entry",
        ):
            self.assertFalse(self.env[model].with_user(self.portal).has_access("read"), model)

    def test_a_clerk_of_the_office_has_no_portal_page(self):
        clerk = new_test_user(self.env, login="expenses_office", password="expenses_office")
        self.login(clerk)
        self.assertEqual(self.url_open("/my/channel/expenses").status_code, 404)
