import json
import re

from odoo.tests import HttpCase, tagged

from .common import FlowCase


@tagged("post_install", "-at_install")
class TestTerminalScan(FlowCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()

    def page(self, login):
        self.authenticate(login, login)
        response = self.url_open("/my/terminal/scan")
        found = re.search(r'data-token="([^"]+)"', response.text)
        return response, found and found[1]

    def send(self, token, *events, **more):
        body = {"jsonrpc": "2.0", "method": "call", "params": {"events": list(events), "token": token, **more}}
        response = self.url_open(
            "/my/terminal/scan/take", data=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        return response.json()

    def test_a_shop_receives_on_its_phone(self):
        self.ship(self.pallet())
        page, token = self.page("flow_shop")
        self.assertEqual(page.status_code, 200)
        self.assertIn("福来烟酒", page.text)
        self.assertNotIn("web.assets", page.text, "none of Odoo's bundles")
        self.assertIn('data-mode="receive"', page.text)
        self.assertNotIn('data-mode="ship"', page.text)
        events = [self.event("receive", self.case(number)) for number in range(2)]
        answers = self.send(token, *events)["result"]["answers"]
        self.assertEqual([answer["status"] for answer in answers], ["accepted", "accepted"])
        self.assertEqual(answers[0]["rewards"][0]["amount"], "15.00")
        again = self.send(token, *events)["result"]["answers"]
        self.assertTrue(all(answer["repeated"] for answer in again), "a queue sent twice does nothing twice")
        self.assertEqual(self.env["liquor.scan.event"].search_count([("kind", "=", "receive")]), 2)
        undone = self.send(token, self.event("void", undo_of=events[0]["id"]))["result"]["answers"][0]
        self.assertEqual(undone["status"], "accepted")

    def test_a_distributor_sends_out_to_his_shops(self):
        self.ship(self.pallet())
        page, token = self.page("flow_distributor")
        self.assertIn("宏运烟酒", page.text)
        self.assertNotIn("远山烟酒", page.text, "not a shop of his")
        answer = self.send(token, self.event("ship", self.case(), to=str(self.shop.id)))["result"]["answers"][0]
        self.assertEqual(answer["status"], "accepted")
        foreign = self.send(token, self.event("ship", self.case(1), to=str(self.rival_shop.id)))["result"]["answers"][0]
        self.assertEqual(foreign["reason"], "not_assigned")

    def test_odd_tokens_and_events_are_no_errors_of_ours(self):
        token = self.page("flow_shop")[1]
        for odd in (None, "", 7, True, [1], {"a": 1}, "é", "x" * 5000, "o" * 9, "1o٣", token + "9"):
            self.assertIn("error", self.send(odd, {"id": "x"})["result"], odd)
        for events in (None, "abc", 7, {}, {"id": "a"}, [], [{}] * 201, list(range(10000))):
            self.assertIn("error", self.send(token, events=events)["result"], events)
        odd_events = (
            None,
            7,
            [],
            [[]],
            {"id": [1]},
            {"id": "a", "type": {"x": 1}},
            {"id": "b", "lat": float("nan")},
            {"id": "c", "type": "receive", "code": {"$ne": 1}, "at": 1e400},
            "\u202e",
            {"id": "d\0"},
        )
        for event in odd_events:
            answer = self.send(token, event)["result"]["answers"][0]
            self.assertEqual(answer["status"], "rejected", event)

    def test_without_a_role(self):
        self.portal("flow_nobody", self.env["res.partner"].create({"name": "Nobody"}))
        self.assertEqual(self.page("flow_nobody")[0].status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/terminal/scan").url)

    def test_forged_calls(self):
        self.ship(self.pallet())
        _page, token = self.page("flow_shop")
        event = self.event("receive", self.case())
        for wrong in ("", None, "x", "0" * 40):
            self.assertIn("error", self.send(wrong, event)["result"])
        forged = self.send(token, {**event, "party_id": self.second_shop.id}, user_id=2, company_id=1,
                           context={"allowed_company_ids": [1], "uid": 2})["result"]["answers"][0]  # fmt: skip
        self.assertEqual(forged["status"], "accepted")
        self.assertEqual(self.holder(self.case()), self.shop)
        self.assertIn("error", self.send(token, *[event] * 201)["result"])
        for odd in (None, 7, "x", {}, []):
            body = {"jsonrpc": "2.0", "method": "call", "params": {"events": odd, "token": token}}
            answer = self.url_open(
                "/my/terminal/scan/take", data=json.dumps(body), headers={"Content-Type": "application/json"}
            ).json()
            self.assertIn("error", answer["result"], odd)

    def test_calls_of_another_site(self):
        """Attack A9: a form cannot send JSON, and a token is good for the session that got it."""
        self.ship(self.pallet())
        token = self.page("flow_shop")[1]
        event = self.event("receive", self.case())
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {"events": [event], "token": token}})
        for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = self.url_open("/my/terminal/scan/take", data=body, headers={"Content-Type": media})
            self.assertIn(answer.status_code, (400, 415), media)
        own = self.page("flow_second")[1]
        self.assertIn("error", self.send(token, event)["result"], "the token of somebody else's page")
        self.assertFalse(self.env["liquor.scan.event"].search([("kind", "=", "receive")]))
        self.assertIn("answers", self.send(own, event)["result"])

    def test_another_shop_s_user_undoes_nothing(self):
        self.ship(self.pallet())
        _page, token = self.page("flow_shop")
        event = self.event("receive", self.case())
        self.send(token, event)
        _page, other = self.page("flow_second")
        answer = self.send(other, self.event("void", undo_of=event["id"]))["result"]["answers"][0]
        self.assertEqual(answer["reason"], "unknown_event")
        answer = self.send(other, self.event("return", self.case()))["result"]["answers"][0]
        self.assertEqual(answer["reason"], "not_yours")
        self.assertEqual(self.holder(self.case()), self.shop)

    def test_from_a_reward_to_its_scan(self):
        self.ship(self.pallet())
        token = self.page("flow_shop")[1]
        self.send(token, self.event("receive", self.case(2), reference="SH-31"))
        scan = self.env["liquor.scan.event"].search([("kind", "=", "receive")])
        earning = self.env["liquor.earning"].search([("fact_key", "=", f"liquor.scan.event/{scan.id}")])
        wallet = self.url_open("/my/terminal").text
        self.assertIn(f"/my/terminal/earnings/{earning.id}", wallet)
        page = self.url_open(f"/my/terminal/earnings/{earning.id}").text
        for text in ("15.00", self.codes.name, "福来烟酒", "6"):
            self.assertIn(text, page)
        self.authenticate("flow_second", "flow_second")
        self.assertEqual(self.url_open(f"/my/terminal/earnings/{earning.id}").status_code, 404)
