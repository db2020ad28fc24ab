from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

OURS = "odoo.addons.liquor_"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Refuse NUL in what a client sends to a page of ours: PostgreSQL stores no such text.

        :raises BadRequest: the client's fault, not an error of ours
        """
        super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("type") != "http" or not rule.endpoint.func.__module__.startswith(OURS):
            return
        sent = [*request.get_http_params().values(), *args.values()]
        if any(isinstance(text, str) and "\0" in text for text in sent):
            raise BadRequest("NUL is no text.")
