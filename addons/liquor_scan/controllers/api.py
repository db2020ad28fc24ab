from werkzeug.exceptions import NotFound, TooManyRequests

from odoo import http
from odoo.http import request
from odoo.sql_db import Cursor

from odoo.addons.liquor_member.tools.own_transaction import own_transaction

from ..models.flow.ir_http import BODY_LIMIT


def key_route(path, right, method, kind="json2"):
    """Route for machines whose key has ``right``: no session, a body of at most 4 MiB."""
    return http.route(
        path,
        type=kind,
        auth="liquor_key",
        liquor_right=right,
        methods=[method],
        save_session=False,
        readonly=method == "GET",
        max_content_length=BODY_LIMIT,
    )


class LiquorScanApi(http.Controller):
    """``/liquor/v1``: machines of the maker, of distributors and shops (design.md 6)."""

    def _client(self, amount):
        """The calling client, after ``amount`` events were counted against its rate.

        :raises TooManyRequests: the rate of the present minute is used up
        """
        client = request.env["liquor.api.client"].sudo().browse(request.liquor_client_id)
        key = f"liquor.api/{client.id}"
        cr = request.env.cr
        if cr.readonly and not isinstance(cr, Cursor):
            return client  # the read-only cursor of a test cannot open a second one
        if not own_transaction(request.env, key, lambda cr: client._within_rate(cr, amount)):
            raise TooManyRequests(retry_after=60)
        return client

    @key_route("/liquor/v1/scans", "scan", "POST")
    def scans(self, events=None, **_ignored):
        """Take at most 5,000 events; answers in their order."""
        client = self._client(len(events) if isinstance(events, list) else 1)
        taken = request.env["liquor.scan.request"]._take(request.env.user, events, "api", client)
        return {"events": taken}

    @key_route("/liquor/v1/associations", "associate", "POST")
    def associations(self, upload=None, links=None, line=None, at=None, **_ignored):
        """Take what a line packed, once per upload number."""
        client = self._client(len(links) if isinstance(links, list) else 1)
        return request.env["liquor.association"]._take(request.env.user, upload, links, client, line, at)

    @key_route("/liquor/v1/trace/<path:code>", "trace", "GET")
    def trace(self, code, **_ignored):
        """The chain of one unit, as far as it concerns the client's party.

        :raises NotFound: no code of ours, or goods the party has nothing to do with: both look alike
        """
        client = self._client(1)
        answer = request.env["liquor.unit.trace"].sudo()._for_client(client, code)
        if answer is None:
            raise NotFound()
        return answer
