"""A transfer as an EPCIS document: what its people scanned, all of it and nothing else."""

from urllib.parse import quote

import jsonschema
import pytest

from odoo.tests import HttpCase, tagged

from ...engine.standards.epcis_check import faults
from ..codes.data_folder import read_vectors
from ..warehouse.test_picking_scan import PickingCase


@tagged("post_install", "-at_install")
class TestShipmentTold(PickingCase, HttpCase):
    def shipped(self):
        """A truck with three cases, scanned by two people, beside another truck of the same day."""
        picking, other = self.delivery(18), self.delivery(6)
        mate = self.user("told_mate", "group_warehouse")
        self.scan(picking, self.case(0), self.case(1))
        self.scan(picking.with_user(mate), self.case(2))
        self.scan(other, self.case(7))
        other.button_validate()
        picking.button_validate()
        return picking

    def test_every_unit_of_the_truck_once(self):
        picking = self.shipped()
        self.authenticate("flow_warehouse", "flow_warehouse")
        self.assertIn(f"/liquor/epcis/picking/{picking.id}", picking.action_liquor_epcis()["url"])
        response = self.url_open(f"/liquor/epcis/picking/{picking.id}")
        self.assertEqual(response.status_code, 200, response.text[:300])
        self.assertIn("application/ld+json", response.headers["Content-Type"])
        told = response.json()
        self.assertEqual(faults(told), [])
        events = told["epcisBody"]["eventList"]
        self.assertEqual(sorted(event["epcList"][0] for event in events),
                         sorted(self.codes._epc(6, case) for case in range(3)))  # fmt: skip
        paper = {"type": "desadv", "bizTransaction": f"urn:x-liquor:document:{quote(picking.name, safe='')}"}
        for event in events:
            self.assertEqual((event["bizStep"], event["disposition"]), ("shipping", "in_transit"))
            self.assertEqual(event["bizTransactionList"], [paper])
            self.assertEqual(event["destinationList"][0]["destination"], self.distributor._liquor_party_uri())
            self.assertEqual(event["sourceList"][0]["source"], self.company.partner_id._liquor_party_uri())
        self.assertEqual(picking.message_ids[0].author_id, self.warehouse.partner_id, "who took it is in the log")

    def test_nothing_left_yet(self):
        picking = self.delivery(12)
        self.scan(picking, self.case(0))
        self.assertEqual(self.env["liquor.epcis.told"]._of_pickings(picking), [])

    def test_queries_do_not_grow(self):
        one, many = self.delivery(6), self.delivery(240)
        self.scan(one, self.case(0))
        self.scan(many, *(self.case(case) for case in range(1, 41)))
        (one | many).button_validate()
        counts = []
        for picking, events in ((one, 1), (many, 40)):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.env["liquor.epcis.told"]._of_pickings(picking)), events)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    @pytest.mark.external
    def test_valid_by_the_schema(self):
        told = self.env["liquor.epcis.told"]
        document = told._document(told._of_pickings(self.shipped()))
        schema = jsonschema.Draft7Validator(read_vectors("epcis/schema/epcis-json-schema-2.0.1.json"))
        self.assertEqual([error.message for error in schema.iter_errors(document)], [])
