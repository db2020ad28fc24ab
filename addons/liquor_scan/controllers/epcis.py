import json
from urllib.parse import urlencode

from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.http import request

from odoo.addons.liquor_member.tools.download import send_file

from ..engine.flow.units import Unit
from ..engine.standards.epcis_check import events_of
from .api import LiquorScanApi, key_route
from .json_ld import JSON_LD, JsonLdDispatcher

VERSIONS = [("GS1-EPCIS-Version", "2.0.0"), ("GS1-CBV-Version", "2.0.0"), ("GS1-Extensions", "")]


class LiquorEpcis(LiquorScanApi):
    """EPCIS 2.0 in and out (docs/standards.md)."""

    @key_route("/liquor/v1/epcis/capture", "epcis", "POST", JsonLdDispatcher.routing_type)
    def epcis_capture(self, **document):
        """Take the events of a document; each gets its own answer, good ones are not lost by bad ones."""
        client = self._client(max(len(events_of(document)), 1))
        return request.env["liquor.epcis.capture"]._capture(request.env.user, client, document)

    @key_route("/liquor/v1/epcis/capture/<int:capture>", "epcis", "GET")
    def epcis_captured(self, capture, **_ignored):
        """The answer that a document of the same client got.

        :raises NotFound: no document of this client
        """
        client = self._client(1)
        own = [("id", "=", capture), ("api_client_id", "=", client.id)]
        found = capture < 2**31 and request.env["liquor.epcis.capture"].sudo().search(own)
        if not found:
            raise NotFound()
        return {**found.answer, "repeated": True}

    @key_route("/liquor/v1/epcis/events", "epcis", "GET")
    def epcis_events(self, **_ignored):
        """Events the client may read, oldest record first, a page at a time; the next one by the Link header."""
        client = self._client(1)
        parameters = request.httprequest.args.to_dict()
        events, token = request.env["liquor.epcis.query"].sudo()._find(client, parameters)
        told = request.env["liquor.epcis.told"]._document(events)
        body = {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": events}}
        told |= {"type": "EPCISQueryDocument", "epcisBody": {"queryResults": body}}
        headers = [("Content-Type", JSON_LD), *VERSIONS]
        if token:
            rest = urlencode({**parameters, "nextPageToken": token})
            headers.append(("Link", f'</liquor/v1/epcis/events?{rest}>; rel="next"'))
        return request.make_response(json.dumps(told, ensure_ascii=False), headers)

    # --- for people -------------------------------------------------------------------------------------------

    @http.route("/liquor/epcis/picking/<int:picking>", type="http", auth="user", methods=["GET"])
    def picking(self, picking, **_ignored):
        """Document of a transfer, for the warehouse.

        :raises NotFound: no such transfer for this user
        """
        record = self._readable("stock.picking", picking)
        events = request.env["liquor.epcis.told"].sudo()._of_pickings(record)
        return self._download(record, events, record.name)

    @http.route(
        "/liquor/epcis/unit/<int:batch>/<int:level>/<int:index>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def unit(self, batch, level, index, **_ignored):
        """Document of everything that is known of a unit.

        :raises NotFound: no such unit for this user
        """
        record = self._readable("liquor.code.batch", batch)
        sizes = record.scheme_id.level_ids.mapped("bottles")
        if level not in sizes or index >= 2**31 or index * level >= record.bottles:
            raise NotFound()
        events = request.env["liquor.epcis.told"].sudo()._of_units([(Unit(record.id, level, index), record.sudo())])
        return self._download(record, events, f"{record.name}-{level}-{index}")

    @http.route("/liquor/epcis/recall/<int:recall>", type="http", auth="user", methods=["GET"])
    def recall(self, recall, **_ignored):
        """Document of a recall: its begin and its end.

        :raises NotFound: no such recall for this user
        """
        record = self._readable("liquor.recall", recall)
        return self._download(record, request.env["liquor.epcis.told"].sudo()._of_recalls(record), record.name)

    @http.route("/liquor/epcis/capture/<int:capture>", type="http", auth="user", methods=["GET"], readonly=True)
    def captured(self, capture, **_ignored):
        """A document as it came, for a codes manager.

        :raises NotFound: no such document for this user
        """
        text = self._readable("liquor.epcis.capture", capture)._document_text()
        return self._file(text, f"capture-{capture}")

    def _readable(self, model, number):
        """The record, where the user is of the warehouse and may read it.

        :raises Forbidden: not of the warehouse: the document names codes
        """
        if not request.env.user.has_group("liquor_scan.group_warehouse"):
            raise Forbidden()
        record = request.env[model].search([("id", "=", number)]) if number < 2**31 else None
        if not record:
            raise NotFound()
        return record

    def _download(self, record, events, name):
        """The file; who took it stands in the record's log, for it names codes."""
        record.sudo()._message_log(
            body=request.env._("EPCIS document downloaded: %(count)s events.", count=len(events))
        )
        told = request.env["liquor.epcis.told"]._document(events)
        return self._file(json.dumps(told, ensure_ascii=False, indent=1), name)

    def _file(self, text, name):
        return send_file(text, f"{name}.jsonld", JSON_LD)
