import functools
import json

from odoo import http
from odoo.http import request

from ..engine.standards.openapi import document


class LiquorOpenApi(http.Controller):
    """The description of ``/liquor/v1``: it names no secret, so anybody may read it."""

    @http.route(
        "/liquor/v1/openapi.json", type="http", auth="public", methods=["GET"], save_session=False, sitemap=False
    )
    def openapi(self, **_ignored):
        """OpenAPI 3.1, made from the types the routes are described by."""
        headers = [("Content-Type", "application/json"), ("Cache-Control", "public, max-age=3600")]
        return request.make_response(self._text(), headers)

    @staticmethod
    @functools.cache
    def _text():
        return json.dumps(document(), ensure_ascii=False)
