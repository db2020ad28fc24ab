"""EPCIS in and out over HTTP: what is taken, what is refused and why, who reads what, documents for people."""

from datetime import timedelta
from urllib.parse import quote

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.flow.units import Unit
from ...engine.standards.epcis_check import faults
from ...engine.standards.event_hash import hash_id
from ...engine.standards.mapping import WORDS
from ..flow.common import NOW
from ..flow.test_api import ApiCase

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
GLN, SHOP_GLN = "6901234000009", "6901234000016"


def document(*events):
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-21T11:59:00Z",
        "epcisBody": {"eventList": list(events)},
    }


class EpcisCase(ApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.distributor.liquor_gln = GLN
        cls.shop.liquor_gln = SHOP_GLN
        for client in (cls.line, cls.wms, cls.till):
            client.right_epcis = True
        cls.keys |= {f"{name}_epcis": client._issue_key("epcis") for name, client in
                     (("line", cls.line), ("wms", cls.wms), ("till", cls.till))}  # fmt: skip

    @classmethod
    def told(cls, step, disposition="in_progress", minutes=60, kind="ObjectEvent", action="OBSERVE", **values):
        at = NOW - timedelta(minutes=minutes)
        return {
            "type": kind,
            "eventTime": f"{at.isoformat()}.000Z",
            "eventTimeZoneOffset": "+08:00",
            "action": action,
            "bizStep": step,
            "disposition": disposition,
            **values,
        }

    def shipped(self, *codes, to=f"https://id.gs1.org/417/{GLN}", **values):
        receiver = [{"type": "owning_party", "destination": to}]
        return self.told("shipping", "in_transit", epcList=list(codes), destinationList=receiver, **values)

    def epc(self, level, index):
        return self.codes._epc(level, index)

    def capture(self, key, *events, **more):
        response = self.call(f"{key}_epcis", "epcis/capture", {**document(*events), **more})
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.json()

    def events(self, key, query=""):
        response = self.call(f"{key}_epcis", f"epcis/events{query}")
        self.assertEqual(response.status_code, 200, response.text[:500])
        told = response.json()
        self.assertEqual(faults(told) if told["epcisBody"]["queryResults"]["resultsBody"]["eventList"] else [], [])
        return told["epcisBody"]["queryResults"]["resultsBody"]["eventList"], response

    def reasons(self, answer):
        return [(one["status"], one["reason"]) for one in answer["events"]]


@tagged("post_install", "-at_install")
class TestCapture(EpcisCase):
    def test_from_the_maker_s_pallet_to_the_shop_s_case(self):
        pallet, case = self.epc(360, 0), self.epc(6, 0)
        sent = self.capture("line", self.shipped(pallet))
        self.assertEqual(self.reasons(sent), [("accepted", "")])
        self.assertEqual(self.holder(self.pallet()), self.distributor)
        got = self.capture("till", self.told("receiving", "sellable_accessible", 50, epcList=[case]))
        self.assertEqual(self.reasons(got), [("accepted", "")])
        self.assertEqual(self.holder(self.case()), self.shop)
        # 2.50 a bottle, six bottles: the receipt pays like any other scan
        earning = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual(earning.mapped("amount"), [15.0])
        self.assertCustodyProven()

    def test_good_events_are_not_lost_by_bad_ones(self):
        good = self.shipped(self.epc(360, 0))
        answer = self.capture(
            "line",
            {**good, "bizStep": "transforming"},
            {**good, "epcList": ["https://id.gs1.org/01/06901234567892/21/1000A00000000000B"]},
            {**good, "destinationList": [{"type": "owning_party", "destination": "urn:x-liquor:party:999999999"}]},
            self.told("commissioning", "active", epcList=[self.epc(1, 3)], action="ADD"),
            good,
        )
        self.assertEqual(
            self.reasons(answer),
            [
                ("rejected", "not_in_vocabulary"),
                ("rejected", "unknown_code"),
                ("rejected", "unknown_receiver"),
                ("rejected", "not_in_subset"),
                ("accepted", ""),
            ],
        )
        self.assertEqual((answer["accepted"], answer["rejected"]), (1, 4))
        self.assertEqual(answer["events"][0]["field"], "bizStep")
        capture = self.env["liquor.epcis.capture"].browse(answer["capture"])
        self.assertEqual((capture.event_count, capture.accepted_count, capture.refused_count), (5, 1, 4))
        self.assertEqual(capture.answer_text.count("\n"), 3)

    def test_what_came_before_is_answered_as_before(self):
        event = self.shipped(self.epc(360, 0))
        first = self.capture("line", event)
        again = self.capture("line", event)
        self.assertEqual(again, {**first, "repeated": True})
        # the same event in another document, with what is about it and not of it
        other = self.capture("line", {**event, "recordTime": "2026-11-21T11:59:30Z", "eventID": "urn:uuid:1"})
        self.assertNotEqual(other["capture"], first["capture"])
        self.assertEqual(other["events"], [{**first["events"][0], "repeated": True}])
        self.assertEqual(self.env["liquor.scan.event"].search_count([("batch_id", "=", self.codes.id)]), 1)
        stored = self.call("line_epcis", f"epcis/capture/{first['capture']}").json()
        self.assertEqual(stored, again)
        self.assertEqual(self.call("wms_epcis", f"epcis/capture/{first['capture']}").status_code, 404)

    def test_an_error_declaration_takes_back(self):
        event = self.shipped(self.epc(360, 0))
        self.capture("line", event)
        error = {"declarationTime": f"{NOW.isoformat()}Z", "reason": "did_not_occur"}
        answer = self.capture("line", {**event, "errorDeclaration": error})
        self.assertEqual(self.reasons(answer), [("accepted", "")])
        self.assertEqual(self.holder(self.pallet()), self.env["res.partner"])
        # nobody takes back what he did not send
        self.assertEqual(
            self.reasons(self.capture("wms", {**event, "errorDeclaration": error})), [("rejected", "unknown_event")]
        )
        told, _response = self.events("line")
        self.assertEqual(len(told), 2)
        self.assertEqual(told[0]["eventID"], told[1]["eventID"])
        self.assertEqual(told[1]["errorDeclaration"]["reason"], "did_not_occur")
        self.assertNotIn("errorDeclaration", told[0])

    def test_json_ld_by_its_own_media_type(self):
        """EPCIS 2.0 sends documents as application/ld+json; nothing else but JSON is taken."""
        event = self.shipped(self.epc(360, 0))
        for media, status in (("application/ld+json", 200), ("application/ld+json; charset=utf-8", 200),
                              ("text/plain", 415), ("application/xml", 415)):  # fmt: skip
            answer = self.call("line_epcis", "epcis/capture", document(event), **{"Content-Type": media})
            self.assertEqual(answer.status_code, status, media)
        self.assertEqual(self.reasons(self.capture("line", event)), [("accepted", "")])
        ships = {"events": [self.event("ship", self.pallet(1), to="D001")]}
        self.assertEqual(self.call("line", "scans", ships, **{"Content-Type": "application/ld+json"}).status_code, 415)

    def test_an_event_without_an_id_gets_its_hash_id(self):
        """CBV 2.0: the id follows from the event alone, so sender and receiver find the same one."""
        event = self.shipped(self.epc(360, 0))
        self.assertNotIn("eventID", event)
        answer = self.capture("line", event)
        self.assertEqual(answer["events"][0]["eventID"], hash_id(event, [CONTEXT]))

    def test_a_declaration_names_its_event_by_what_it_says(self):
        """EPCIS 2.0: the whole event comes again; one that never came, or says something else, takes nothing back."""
        event = self.shipped(self.epc(360, 0))
        self.capture("line", event)
        error = {"declarationTime": f"{NOW.isoformat()}Z", "reason": "incorrect_data",
                 "correctiveEventIDs": ["urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"]}  # fmt: skip
        other = {**event, "epcList": [self.epc(360, 1)], "errorDeclaration": error}
        self.assertEqual(self.reasons(self.capture("line", other)), [("rejected", "unknown_event")])
        bad = {**event, "errorDeclaration": {"reason": "incorrect_data"}}
        self.assertEqual(self.reasons(self.capture("line", bad)), [("rejected", "bad_time")])
        again = {**event, "errorDeclaration": error}
        self.assertEqual(self.reasons(self.capture("line", again)), [("accepted", "")])
        self.assertEqual(self.capture("line", again)["repeated"], True)
        self.assertEqual(self.holder(self.pallet()), self.env["res.partner"])

    def test_packing(self):
        other = self.batch()
        bottles = [other._epc(1, index) for index in range(6)]
        packed = self.told("packing", kind="AggregationEvent", action="ADD", parentID=self.epc(6, 0), childEPCs=bottles)
        short = {**packed, "parentID": self.epc(6, 1), "childEPCs": bottles[:5]}
        self.line.right_associate = False
        self.assertEqual(self.reasons(self.capture("line", packed)), [("rejected", "not_allowed")])
        self.line.right_associate = True
        packed = {**packed, "readPoint": {"id": "urn:x-liquor:place:1"}}
        answer = self.capture("line", packed, short)
        self.assertEqual(self.reasons(answer), [("accepted", ""), ("rejected", "already_packed")])
        links = self.env["liquor.code.link"].search([("parent_batch_id", "=", self.codes.id)])
        self.assertEqual((len(links), set(links.mapped("packed_at"))), (6, {NOW - timedelta(minutes=60)}))
        again = self.capture("line", packed, short, creationDate="2026-11-21T12:00:00Z")
        self.assertEqual([one["repeated"] for one in again["events"]], [True, True])

    def test_no_document(self):
        for body in (
            {},
            {"type": "EPCISDocument"},
            {**document(), "epcisBody": 7},
            {**document(), "epcisBody": {"eventList": 7}},
            {**document(), "@context": None},
        ):
            answer = self.call("line_epcis", "epcis/capture", body).json()
            self.assertEqual((answer["accepted"], answer["rejected"]), (0, 0))
            self.assertTrue(answer["errors"], body)
        for raw in ("[]", "7", "{", '{"self": 1}', '{"x": "\\u0000"}', '{"x": "\\ud800"}'):
            self.assertIn(self.call("line_epcis", "epcis/capture", raw=raw).status_code, (200, 400, 422), raw)

    def test_a_key_of_another_right_opens_nothing(self):
        for key in ("line", "line_trace", None):
            self.assertEqual(self.call(key, "epcis/capture", document()).status_code, 401)
            self.assertEqual(self.call(key, "epcis/events").status_code, 401)

    def test_many_events_cost_the_queries_of_one(self):
        counts = []
        for first, count in ((0, 1), (1, 50)):
            events = [self.told("cycle_counting", epcList=[self.epc(6, first + n)]) for n in range(count)]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["liquor.epcis.capture"]._capture(self.line.user_id, self.line, document(*events))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_the_document_is_kept_sealed(self):
        answer = self.capture("line", self.shipped(self.epc(360, 0)))
        capture = self.env["liquor.epcis.capture"].browse(answer["capture"])
        self.assertNotIn(self.pallet(), capture.sudo().document_secret)
        manager = self.user("epcis_manager", "group_scan_manager")
        self.assertIn(self.pallet(), capture.with_user(manager)._document_text())


@tagged("post_install", "-at_install")
class TestQuery(EpcisCase):
    def setUp(self):
        super().setUp()
        self.capture("line", self.shipped(self.epc(360, 0), minutes=90))
        self.capture(
            "till", *(self.told("receiving", "sellable_accessible", 60 - n, epcList=[self.epc(6, n)]) for n in range(3))
        )

    def steps(self, key, query=""):
        return [event["bizStep"] for event in self.events(key, query)[0]]

    def test_events_are_valid_and_named_by_gs1(self):
        shipping, receiving, *_rest = self.events("line")[0]
        self.assertEqual(shipping["epcList"], [self.epc(360, 0)])
        self.assertEqual(shipping["destinationList"][0]["destination"], f"https://id.gs1.org/417/{GLN}")
        self.assertEqual(receiving["readPoint"]["id"], f"https://id.gs1.org/414/{SHOP_GLN}")
        self.assertEqual(receiving["sourceList"][0]["source"], f"https://id.gs1.org/417/{GLN}")
        self.assertEqual(receiving["eventTime"], "2026-11-21T19:00:00.000+08:00")
        for event in (shipping, receiving):
            self.assertEqual(event["eventID"], hash_id(event, WORDS))
        # the id covers the hash of the sealed row
        scan = self.env["liquor.scan.event"].search([("batch_id", "=", self.codes.id)], order="id", limit=1)
        self.assertEqual(shipping["liquor:proof"], scan.content_hash)

    def test_parameters(self):
        named = quote(self.events("line")[0][2]["eventID"], safe="")
        for query, steps in (
            ("?EQ_bizStep=shipping", ["shipping"]),
            ("?EQ_bizStep=https://ref.gs1.org/cbv/BizStep-receiving", ["receiving"] * 3),
            ("?eventType=AggregationEvent", []),
            ("?eventType=ObjectEvent,AggregationEvent&EQ_disposition=in_transit", ["shipping"]),
            ("?GE_eventTime=2026-11-21T19:01:00%2B08:00", ["receiving"] * 2),
            ("?LT_eventTime=2026-11-21T11:00:00Z", ["shipping"]),
            (f"?MATCH_epc={self.epc(6, 1)}", ["receiving"]),
            (f"?MATCH_anyEPC={self.epc(6, 1)},{self.epc(360, 0)}", ["shipping", "receiving"]),
            (f"?MATCH_parentID={self.epc(360, 0)}", []),
            ("?MATCH_epc=https://id.gs1.org/01/06901234567892/21/X", []),
            (f"?EQ_eventID={named}", ["receiving"]),
            (f"?EQ_eventID=ni%3A%2F%2F%2Fsha-256;{'0' * 64},{named}&EQ_bizStep=receiving", ["receiving"]),
            (f"?EQ_eventID={named}&EQ_bizStep=shipping", []),
        ):
            with self.subTest(query):
                self.assertEqual(self.steps("line", query), steps)
        for query in ("?EQ_reason=x", "?perPage=0", "?perPage=x", "?GE_eventTime=yesterday", "?nextPageToken=-1",
                      "?EQ_eventID=" + ",".join(map(str, range(51)))):  # fmt: skip
            with self.subTest(query):
                self.assertEqual(self.call("line_epcis", f"epcis/events{query}").status_code, 422)

    def test_pages(self):
        seen, query = [], "?perPage=3"
        while query:
            events, response = self.events("line", query)
            seen.append([event["eventID"] for event in events])
            link = response.headers.get("Link", "")
            query = link.partition("?")[2].partition(">")[0] and "?" + link.partition("?")[2].partition(">")[0]
        self.assertEqual([len(page) for page in seen], [3, 1])
        self.assertEqual(len({number for page in seen for number in page}), 4)

    def test_others_read_their_own(self):
        self.assertEqual(self.steps("till"), ["receiving"] * 3)
        self.assertEqual(self.steps("wms"), ["shipping"] + ["receiving"] * 3)
        self.keys["rival_epcis"] = self.rival_key()
        self.assertEqual(self.steps("rival"), [])

    def rival_key(self):
        return self.client_of(self.rival, right_epcis=True)._issue_key("epcis")

    def test_many_events_cost_the_queries_of_few(self):
        told = self.env["liquor.epcis.told"]
        scans = self.env["liquor.scan.event"].search([("batch_id", "=", self.codes.id)], order="id")
        counts = []
        for some in (scans[1:2], scans[1:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            told._of_scans(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestDocuments(EpcisCase):
    def test_the_chain_of_a_unit(self):
        self.capture("line", self.shipped(self.epc(360, 0), minutes=90))
        self.capture("till", self.told("receiving", "sellable_accessible", 60, epcList=[self.epc(6, 0)]))
        self.authenticate("flow_warehouse", "flow_warehouse")
        response = self.url_open(f"/liquor/epcis/unit/{self.codes.id}/1/3")
        self.assertEqual(response.status_code, 200, response.text[:300])
        told = response.json()
        self.assertEqual(faults(told), [])
        self.assertEqual([event["bizStep"] for event in told["epcisBody"]["eventList"]], ["shipping", "receiving"])
        self.assertEqual(self.codes.message_ids[0].author_id, self.warehouse.partner_id)
        # what lies under the cap is in no document
        self.assertNotIn(self.cap(3), response.text)
        for path in (f"{self.codes.id}/7/3", f"{self.codes.id}/1/99999", "999999/1/0"):
            self.assertEqual(self.url_open(f"/liquor/epcis/unit/{path}").status_code, 404)

    def test_who_may_not_read_documents(self):
        self.authenticate("flow_shop", "flow_shop")
        for path in (f"unit/{self.codes.id}/1/3", "picking/1", "capture/1"):
            self.assertEqual(self.url_open(f"/liquor/epcis/{path}").status_code, 403)

    def test_packing_of_a_line_is_told(self):
        other = self.batch()
        upload = {"parent": self.case(0), "children": [other._code("cap_outer", n) for n in range(6)]}
        self.env["liquor.association"]._take(self.line.user_id, "u1", [upload], self.line)
        events = self.env["liquor.epcis.told"]._of_units([self.unit_of(other, 1, 2)])
        [packing] = [event for event in events if event["bizStep"] == "packing"]
        self.assertEqual((packing["parentID"], packing["action"]), (self.epc(6, 0), "ADD"))
        self.assertEqual(packing["childEPCs"], [other._epc(1, n) for n in range(6)])

    def unit_of(self, batch, level, index):
        return Unit(batch.id, level, index), batch

    def test_words_of_the_card_and_the_partner(self):
        card = self.env["liquor.unit.card"].create({"name": self.case()})
        self.assertIn(f"/liquor/epcis/unit/{self.codes.id}/6/0", card.action_epcis()["url"])
        with self.assertRaises(ValidationError):
            self.second_shop.liquor_gln = "6901234000017"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.second_shop.liquor_gln = SHOP_GLN
            self.env.flush_all()
