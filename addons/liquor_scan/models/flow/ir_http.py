import json
import re

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, Unauthorized

from odoo import SUPERUSER_ID, models
from odoo.http import request

BODY_LIMIT = 4 * 1024 * 1024
_BEARER = re.compile(r"bearer\s+(\S+)\s*\Z", re.IGNORECASE)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        request.liquor_right = endpoint.routing.get("liquor_right")
        return super()._authenticate(endpoint)

    @classmethod
    def _auth_method_liquor_key(cls):
        """A key of the right that the route names, of a live API client; a session never counts.

        :raises Unauthorized: no key, a wrong one, or one of another right: all look alike
        """
        found = _BEARER.match(request.httprequest.headers.get("Authorization", ""))
        right = request.liquor_right
        env = request.env(user=SUPERUSER_ID)
        uid = found and right and env["res.users.apikeys"]._check_credentials(scope=f"liquor.{right}", key=found[1])
        client = env["liquor.api.client"]._of_key(uid, right) if uid else None
        if not client:
            raise Unauthorized("Invalid key", www_authenticate=WWWAuthenticate("bearer"))
        cls._liquor_check_body()
        request.update_env(user=uid)
        request.session.can_save = False
        request.liquor_client_id = client.id

    @classmethod
    def _liquor_check_body(cls):
        """A body that is too large or nested without end is the sender's fault, not an error of ours."""
        if (request.httprequest.content_length or 0) > BODY_LIMIT:
            raise RequestEntityTooLarge()
        if request.httprequest.content_length:
            try:
                body = json.loads(request.httprequest.get_data(as_text=True))
            except RecursionError:
                raise BadRequest("The body is nested too deeply.")
            except ValueError:
                raise BadRequest("The body is not JSON.")
            if isinstance(body, dict) and "self" in body:
                raise BadRequest("There is no parameter of the name “self”.")
