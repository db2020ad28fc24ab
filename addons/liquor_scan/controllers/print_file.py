import base64
import binascii
import hashlib

from odoo import SUPERUSER_ID, api, http
from odoo.http import request

from ..engine.codes import archive
from .code_page import PUBLIC

NO_STORE = [("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex"), ("Referrer-Policy", "no-referrer")]


class PrintFile(http.Controller):
    """The printer's one-time link: a page that explains, and a button that fetches the file once."""

    @http.route("/liquor/print/<int:order_id>/<string:token>", methods=["GET"], **PUBLIC)
    def page(self, order_id, token, **_ignored):
        """Explain the file; looking does not use the link up, so previews of messengers do no harm."""
        link = self._link(order_id, token)
        values = {"link": link, "order": link.order_id}
        status = 200 if link else 404
        response = request.render("liquor_scan.print_file_page", values, status=status, headers=NO_STORE)
        return response

    @http.route(
        "/liquor/print/<int:order_id>/<string:token>",
        methods=["POST"],
        csrf=False,  # the token in the address is the secret; there is no session to ride on
        **PUBLIC,
    )
    def fetch(self, order_id, token, **_ignored):
        """Use the link up and stream the file."""
        link = self._link(order_id, token)
        visitor = request.httprequest
        if not link or not link._consume(visitor.remote_addr, visitor.user_agent.string):
            values = {"link": link.browse(), "order": link.order_id.browse()}
            return request.render("liquor_scan.print_file_page", values, status=404, headers=NO_STORE)
        order = link.order_id
        entries = order._entries(*link._bounds())
        headers = [
            *NO_STORE,
            ("Content-Type", "application/zip"),
            ("Content-Length", str(archive.archive_size(entries))),
            ("Content-Disposition", f'attachment; filename="{order.name}.zip"'),
        ]
        return request.make_response(_stream(request.env.registry, link.id, entries, order), headers)

    def _link(self, order_id, token):
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        return request.env["liquor.print.download"]._find(order_id, raw)


def _stream(registry, link_id, entries, order):
    """Return an iterator that needs neither the request nor its cursor, and notes that it was fetched."""
    password, rows = order._password(), order._rows_of(entries)

    def pieces():
        digest = hashlib.sha256()
        last = b""
        for piece in archive.stream(entries, password):
            yield last
            digest.update(piece)
            last = piece
        # before the closing directory is sent: whoever has the whole file finds it noted
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["liquor.print.download"].browse(link_id)._note_complete(cr, digest.hexdigest(), rows)
        yield last

    return pieces()
