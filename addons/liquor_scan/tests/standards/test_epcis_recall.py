"""A recall as EPCIS: in a bottle's chain, in its own document, in the query; valid by schema and vocabulary."""

import jsonschema
import pytest

from odoo.tests import tagged

from ...engine.standards.epcis_check import faults
from ...engine.standards.event_hash import hash_id
from ...engine.standards.mapping import WORDS
from ..codes.data_folder import read_vectors
from .test_epcis import EpcisCase


@tagged("post_install", "-at_install")
class TestRecallTold(EpcisCase):
    """Bottles 1 to 360, pallet 0, of 720 are recalled; pallet 1 is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.user("told_author", "group_scan_manager")
        cls.second = cls.user("told_second", "group_scan_manager")
        cls.company.country_id = cls.env.ref("base.cn")

    def begin(self):
        window = {"kind": "window", "batch_id": self.codes.id, "first": 1, "last": 360}
        recall = self.env["liquor.recall"].with_user(self.author).create({
            "reason": "异味", "company_id": self.company.id, "selection_ids": [(0, 0, window)],
        })  # fmt: skip
        recall.action_prepare()
        recall.with_user(self.second).action_activate()
        return recall

    def end(self, recall, outcome):
        mine = recall.with_user(self.second)
        mine.write({"outcome": outcome, "close_reason": "复检合格"})
        mine.action_close()

    def said(self, events):
        return [
            (event.get("bizStep"), event.get("disposition"), event.get("persistentDisposition")) for event in events
        ]

    def chain(self, index, level=1):
        self.authenticate("flow_warehouse", "flow_warehouse")
        told = self.url_open(f"/liquor/epcis/unit/{self.codes.id}/{level}/{index}").json()
        return told["epcisBody"]["eventList"], told

    def test_a_bottle_s_chain_shows_begin_and_release(self):
        self.capture("line", self.shipped(self.epc(360, 0), minutes=90))
        recall = self.begin()
        begun = ("holding", "recalled", {"set": ["recalled"]})
        events, told = self.chain(3)
        self.assertEqual(self.said(events), [("shipping", "in_transit", None), begun])
        self.assertEqual(faults(told), [])
        self.assertEqual(events[1]["epcList"], [self.epc(1, 3)])
        self.assertEqual(
            events[1]["bizTransactionList"],
            [{"type": "urn:x-liquor:btt:recall", "bizTransaction": f"urn:x-liquor:document:{recall.name}"}],
        )
        self.assertEqual(events[1]["eventID"], hash_id(events[1], WORDS))
        self.end(recall, "released")
        events, told = self.chain(3)
        self.assertEqual(self.said(events)[1:], [begun, (None, "available", {"unset": ["recalled"]})])
        self.assertEqual(faults(told), [])
        self.assertEqual([event["eventID"] for event in events], [hash_id(event, WORDS) for event in events])
        # the other pallet was never meant, the pallet itself was
        self.assertEqual(self.chain(400)[0], [])
        self.assertEqual(len(self.chain(0, 360)[0]), 3)

    def test_goods_that_stay_stopped_are_told_so(self):
        recall = self.begin()
        self.end(recall, "kept")
        self.assertEqual(self.said(self.chain(3)[0])[1], ("holding", "non_sellable_other", None))

    def test_the_document_of_a_recall_counts_bottles_by_class(self):
        recall = self.begin()
        self.authenticate("flow_warehouse", "flow_warehouse")
        self.assertIn(str(recall.id), recall.action_epcis()["url"])
        told = self.url_open(f"/liquor/epcis/recall/{recall.id}").json()
        self.assertEqual(faults(told), [])
        [event] = told["epcisBody"]["eventList"]
        gtin = self.codes._gtin("cap_outer")
        name = f"https://id.gs1.org/01/{gtin}/10/{self.codes.lot_id.name}" if gtin else (
            f"urn:x-liquor:product:{self.product.id}"
        )  # fmt: skip
        self.assertEqual(event["quantityList"], [{"epcClass": name, "quantity": 360}])
        draft = recall.copy()
        self.assertEqual(self.env["liquor.epcis.told"]._of_recalls(draft), [])
        self.authenticate("flow_shop", "flow_shop")
        self.assertEqual(self.url_open(f"/liquor/epcis/recall/{recall.id}").status_code, 403)

    def test_who_reads_it_by_query(self):
        self.capture("line", self.shipped(self.epc(360, 0), minutes=90))
        recall = self.begin()
        self.end(recall, "released")
        for key, query, steps in (
            ("line", "", ["shipping", "holding", None]),
            ("line", "?EQ_disposition=recalled", ["holding"]),
            ("line", f"?MATCH_epc={self.epc(1, 3)}&EQ_bizStep=holding", ["holding"]),
            ("line", f"?MATCH_epc={self.epc(1, 400)}", []),
            ("line", "?LT_eventTime=2026-11-21T11:00:00Z", ["shipping"]),
            ("line", "?eventType=AggregationEvent", []),
            ("line", "?perPage=1", ["shipping"]),
            # who has the goods reads it, who never had them does not
            ("wms", "", ["shipping", "holding", None]),
            ("till", "", []),
        ):
            with self.subTest(key=key, query=query):
                told = self.events(key, query)[0]
                if query == "?perPage=1":
                    told = told[:1]
                self.assertEqual([event.get("bizStep") for event in told], steps)

    @pytest.mark.external
    def test_valid_by_the_schema(self):
        recall = self.begin()
        self.end(recall, "released")
        schema = jsonschema.Draft7Validator(read_vectors("epcis/schema/epcis-json-schema-2.0.1.json"))
        told = self.env["liquor.epcis.told"]
        for events in (told._of_recalls(recall), self.chain(3)[0]):
            found = [error.message for error in schema.iter_errors(told._document(events))]
            self.assertEqual((len(events), found), (2, []))
