"""The description of the API against the routes that there are, and against what they answer."""

import re
from urllib.parse import quote

import jsonschema

from odoo.http import _generate_routing_rules
from odoo.tests import tagged

from ...controllers.openapi import LiquorOpenApi
from ...engine.standards.openapi import OPERATIONS, document
from ..flow.test_api import ApiCase

PREFIX = "/liquor/v1/"


@tagged("post_install", "-at_install")
class TestOpenApi(ApiCase):
    def routes(self):
        """{(method, path): routing} of all routes of the API that need a key."""
        found = {}
        modules = self.env.registry._init_modules
        for url, endpoint in _generate_routing_rules(modules, nodb_only=False):
            if url.startswith(PREFIX) and endpoint.routing.get("auth") != "public":
                for method in endpoint.routing["methods"]:
                    found[method.lower(), re.sub(r"<\w+:(\w+)>", r"{\1}", url)] = endpoint.routing
        return found

    def test_every_route_is_described_with_its_right(self):
        routes = self.routes()
        self.assertEqual(set(routes), {(one.method, one.path) for one in OPERATIONS})
        for one in OPERATIONS:
            routing = routes[one.method, one.path]
            self.assertEqual((routing["auth"], routing["liquor_right"]), ("liquor_key", one.right))
            self.assertEqual((routing["save_session"], routing["readonly"]), (False, one.method == "get"))

    def test_it_is_served_and_is_openapi(self):
        response = self.url_open("/liquor/v1/openapi.json")
        self.assertEqual(response.json(), document())
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))
        self.assertEqual(LiquorOpenApi._text(), response.text)

    def test_answers_are_as_described(self):
        described = document()

        def check(path, method, answer):
            content = described["paths"][path][method]["responses"]["200"]["content"]
            [schema] = [one["schema"] for one in content.values()]
            jsonschema.Draft202012Validator({**schema, "components": described["components"]}).validate(answer)

        bad = {"id": "x 1", "type": "ship", "at": "yesterday"}
        sent = self.call("line", "scans", {"events": [self.event("ship", self.pallet(), to="D001"), bad]}).json()
        check("/liquor/v1/scans", "post", sent)
        self.assertEqual([one["status"] for one in sent["events"]], ["accepted", "rejected"])
        got = self.call("till", "scans", {"events": [self.event("receive", self.case())]}).json()
        self.assertTrue(got["events"][0]["rewards"])
        check("/liquor/v1/scans", "post", got)
        check("/liquor/v1/trace/{code}", "get", self.call("line_trace", f"trace/{self.case()}").json())
        link = quote(f"https://id.gs1.org/01/16901234567899/21/{self.case()}", safe="")
        self.assertEqual(self.call("line_trace", f"trace/{link}").json()["unit"]["kind"], "case_outer")
        upload = {"upload": "u1", "links": [{"parent": self.case(1), "children": [self.cap(99)]}]}
        check("/liquor/v1/associations", "post", self.call("line_associate", "associations", upload).json())
        self.line.right_epcis = True
        self.keys["line_epcis"] = self.line._issue_key("epcis")
        taken = self.call("line_epcis", "epcis/capture", {"type": "EPCISDocument"}).json()
        check("/liquor/v1/epcis/capture", "post", taken)
        check("/liquor/v1/epcis/events", "get", self.call("line_epcis", "epcis/events").json())

    def test_every_call_counts_against_the_rate(self):
        """The calls that read are tried against a running server: a test's read-only cursor cannot count."""
        self.line.write({"right_epcis": True, "rate": 1})
        self.keys["line_epcis"] = self.line._issue_key("epcis")
        keys = {"scan": "line", "associate": "line_associate", "epcis": "line_epcis"}
        self.env["liquor.api.usage"].search([]).unlink()
        carton = {"upload": "u", "links": [{"parent": "X", "children": ["Y"]}]}
        bodies = {"scan": {"events": [{}]}, "associate": carton, "epcis": {"type": "EPCISDocument"}}
        statuses = {}
        for one in OPERATIONS:
            if one.method == "post":
                path = one.path.removeprefix(PREFIX)
                statuses[path] = [self.call(keys[one.right], path, bodies[one.right]).status_code for _ in range(2)][1]
        self.assertEqual(set(statuses.values()), {429}, statuses)
