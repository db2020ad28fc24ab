"""Every portal route of ours, attacked: other parties' records, odd and doubled words, extra fields, no role at all.

The routes are read from the server's own map, so that a new one is attacked too (security.md groups E, G and H).
"""

import itertools
import json
import re
import threading
from base64 import b64encode

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..expense_case import ExpenseCase, photo

CONVERTER = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
ODD = (
    "page=-1&page=x&page[]=2&first[]=&last=9999-99-99&product[]=a&find=%25%27%22%3Cscript%3E&show=all&charged[]=1"
    "&company=999999&company[]=1&text[]=&message=%3Cb%3E&error=%3Cb%3E",
    "page=&first=&last=&product=&find=&show=&charged=&company=&text=",
    "page=1e9&company=-1&find=" + "x" * 3000,
)
#: fields that no form of ours has
EXTRA = {"state": "approved", "partner_id": "1", "company_id": "1", "amount": "999999", "approved_by": "2",
         "user_id": "2", "confirmed": "1", "role_sudo": "1", "line": "1", "read": "1", "text": "x", "seen": "0.00",
         "read[]": "1", "payee": "1", "q_1": "5", "q_x": "-5", "fingerprint": "0" * 64}  # fmt: skip


@tagged("post_install", "-at_install")
class TestPortalAttack(ExpenseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("attack_owner", cls.distributor)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.people = {
            "rival": cls.portal_user("attack_rival", cls.rival),
            "shop": cls.portal_user("attack_shop", cls.second_shop),
            "guide": cls.portal_user("attack_guide", cls.guide),
            "nobody": new_test_user(
                cls.env, login="attack_nobody", password="attack_nobody", groups="base.group_portal"
            ),
        }  # fmt: skip

    def setUp(self):
        super().setUp()
        earning = self.book(self.distributor, 600, "distributor", reason="Secret rebate")
        settlement = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-03-31"
        })  # fmt: skip
        settlement.action_send()
        dispute = settlement.sudo()._dispute_line(settlement.line_ids, "Secret objection", self.owner)
        file = dispute._add_files([("secret.pdf", b64encode(b"%PDF-1.4 x").decode())])
        month = self.env["liquor.account.statement"]._make(self.company, settlement.date_from, self.distributor)
        month.action_send()
        expense = self.approved(title="Secret display")
        proof = self.env["liquor.expense.proof"].create({
            "expense_id": expense.id, "image": photo(3), "taken_on": "2026-03-10"
        })  # fmt: skip
        transfer = self.env["liquor.terminal.transfer"].create({
            "terminal_id": self.shop.id, "from_id": self.distributor.id, "reason": "Secret reason",
            "to_id": self.make_partner("Third Trading", "distributor").id,
        })  # fmt: skip
        transfer.action_ask()
        agreement = self.make_agreement(accept=False)
        shop_earning = self.book(self.shop, 70, reason="Secret reward")
        self.watched = [settlement, month, month.line_ids, expense, transfer, agreement, dispute]
        self.ids = {
            "settlement_id": [settlement.id],
            "statement_id": [month.id],
            "number": [settlement.id, month.id],
            "agreement_id": [agreement.id],
            "expense_id": [expense.id],
            "proof_id": [proof.id],
            "transfer_id": [transfer.id],
            "dispute_id": [dispute.id],
            "file_id": [file.id],
            "earning_id": [earning.id, shop_earning.id],
            "origin": [earning.id],
        }

    def routes(self, method, kind="http"):
        """Addresses of every portal route of ours, filled with the victim's ids; the unknown by what does not exist."""
        found = set()
        # the map is built as for a request, which knows its database by the thread
        threading.current_thread().dbname = self.env.cr.dbname
        for rule in self.env["ir.http"].routing_map().iter_rules():
            function = rule.endpoint.func
            own = function.__module__.startswith("odoo.addons.liquor_") and rule.rule.startswith("/my/")
            if not own or method not in (rule.methods or ("GET", "POST")) or rule.endpoint.routing["type"] != kind:
                continue
            choices = [self.choices(match) for match in CONVERTER.finditer(rule.rule)]
            for words in itertools.product(*choices):
                values = iter(words)
                found.add(CONVERTER.sub(lambda _match, values=values: str(next(values)), rule.rule))
        return sorted(found)

    def choices(self, match):
        converter, words, name = match.groups()
        if converter == "any":
            return [word.strip() for word in words.split(",")]
        if converter == "int":
            return [*self.ids.get(name, []), 999999999]
        return ["goods", "%27--"]

    def pictures(self):
        """Everything of the victim that could have changed."""
        self.env.flush_all()
        self.env.invalidate_all()
        return [record.sudo().read(load="") for records in self.watched for record in records]

    def counts(self):
        models = ("liquor.dispute", "liquor.expense", "liquor.payout", "liquor.payee", "liquor.agreement.acceptance",
                  "sale.order", "liquor.charge", "ir.attachment", "liquor.earning")  # fmt: skip
        return {model: self.env[model].sudo().search_count([]) for model in models}

    def login(self, name):
        self.authenticate(f"attack_{name}", f"attack_{name}")

    def test_pages_tell_nothing_of_others(self):
        self.assertGreater(len(self.routes("GET")), 40)
        before = self.pictures()
        for name in self.people:
            self.login(name)
            for address in self.routes("GET"):
                answer = self.url_open(f"{address}?{ODD[0]}")
                self.assertIn(answer.status_code, (200, 404), f"{name}: {address}")
                self.assertNotIn("Secret", answer.text, f"{name}: {address}")
                if name == "nobody" and address.startswith(("/my/channel", "/my/terminal", "/my/guide")):
                    self.assertEqual(answer.status_code, 404, address)
        self.assertEqual(self.pictures(), before)

    def test_odd_words_are_no_errors_of_ours(self):
        self.login("owner")
        for address in self.routes("GET"):
            if address.endswith(".pdf"):
                continue
            for query in ODD:
                answer = self.url_open(f"{address}?{query}")
                self.assertIn(answer.status_code, (200, 404), f"{address}?{query[:60]}")
                self.assertNotIn("<b></div>", answer.text)

    def test_forms_change_nothing_of_others(self):
        before, counted = self.pictures(), self.counts()
        for name in self.people:
            self.login(name)
            token = re.search(r'csrf_token: "([^"]+)"', self.url_open("/my").text).group(1)
            for address in self.routes("POST"):
                if re.search(r"/(expenses/new|register|order|redeem|payee)$", address):
                    continue  # forms of one's own; what they take is tested beside them
                answer = self.url_open(address, data={"csrf_token": token, **EXTRA})
                self.assertIn(answer.status_code, (200, 404), f"{name}: {address}")
                self.assertNotIn("Secret", answer.text, f"{name}: {address}")
        self.assertEqual(self.pictures(), before)
        self.assertEqual(self.counts(), counted)

    def test_calls_change_nothing_of_others(self):
        before, counted = self.pictures(), self.counts()
        addresses = self.routes("POST", "jsonrpc")
        self.assertTrue(addresses)
        for name in self.people:
            self.login(name)
            token = re.search(r'csrf_token: "([^"]+)"', self.url_open("/my").text).group(1)
            for address in addresses:
                for params in ({}, {"token": token, "line": self.ids["earning_id"][0], "text": "x", "files": [],
                                    "image": photo(9).decode(), "day": "2026-03-10", "shop": 1},
                               {"token": [token], "line": {"a": 1}, "files": "x", "image": 1, "day": []}):  # fmt: skip
                    answer = self.url_open(
                        address,
                        data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                        headers={"Content-Type": "application/json"},
                    )
                    self.assertEqual(answer.status_code, 200, address)
                    told = answer.json()
                    self.assertNotIn("Secret", answer.text)
                    if "error" in told:
                        self.assertIn(told["error"]["code"], (404, 400), f"{name}: {address}: {told['error']}")
                    elif "/scan/" not in address:
                        self.assertIn("error", told["result"] or {"error": 1}, f"{name}: {address}")
        self.assertEqual(self.pictures(), before)
        self.assertEqual(self.counts(), counted)

    def test_contexts_show_nobody_elses_address(self):
        """Odoo writes addresses into names for who asks by context; a party reaches its own and the maker's only."""
        for number, partner in enumerate((self.shop, self.second_shop, self.distributor, self.rival)):
            partner.write({"street": f"Secret road {number}", "email": f"secret{number}@example.com", "phone": "138"})
            self.assertEqual(partner.commercial_partner_id, partner)
        order = self.env["sale.order"].create({"partner_id": self.rival.id, "state": "sale"})
        context = {"show_address": 1, "show_email": 1, "show_vat": 1, "active_test": False,
                   "allowed_company_ids": self.env["res.company"].search([]).ids}  # fmt: skip
        own = {"rival": self.rival, "shop": self.second_shop}
        for name, partner in own.items():
            user = self.people[name]
            partners = self.env["res.partner"].with_user(user).with_context(**context)
            self.assertEqual(partners.search([]).commercial_partner_id, partner)
            texts = partners.search([]).mapped("display_name")
            orders = self.env["sale.order"].with_user(user).with_context(**context).search([])
            self.assertEqual(orders, order if name == "rival" else orders.browse())
            texts += [str(row) for row in orders.read(["partner_id", "partner_shipping_id", "user_id"])]
            for other in {self.shop, self.second_shop, self.distributor, self.rival} - {partner}:
                self.assertFalse([text for text in texts if other.street in text or other.email in text], name)
            for model in ("liquor.channel.role", "liquor.payee", "liquor.earning", "liquor.settlement"):
                for call in (lambda records: records.search_count([]), lambda records: records.name_search("a")):
                    with self.assertRaises(AccessError):
                        call(self.env[model].with_user(user).with_context(**context))

    def test_an_answer_sent_twice_counts_once(self):
        settlement, month, agreement = self.watched[0], self.watched[1], self.watched[5]
        settlement.dispute_ids.answer = "No"
        settlement.dispute_ids.with_user(self.clerk).action_reject()
        settlement.action_send()
        self.login("owner")
        token = re.search(r'csrf_token: "([^"]+)"', self.url_open("/my").text).group(1)
        forms = (
            (f"/my/channel/statements/{settlement.id}/confirm", {"fingerprint": settlement.snapshot_hash}),
            (f"/my/channel/accounts/{month.id}/answer", {"fingerprint": month.snapshot_hash}),
            (f"/my/channel/agreements/{agreement.id}/accept", {"read": "1"}),
        )
        for address, form in forms:
            self.url_open(address, data={"csrf_token": token, **form})
        self.assertEqual((settlement.state, month.state, agreement.state), ("confirmed", "confirmed", "accepted"))
        before = self.pictures()
        for address, form in forms:
            answer = self.url_open(address, data={"csrf_token": token, **form})
            self.assertEqual(answer.status_code, 200)
            self.assertIn("alert-danger", answer.text, address)
        self.assertEqual(self.pictures(), before)
        self.assertEqual(len(agreement.acceptance_ids), 1)
