from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

OURS = "odoo.addons.liquor_"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Refuse what no form of ours sends: uploads, NUL (PostgreSQL stores no such text), a word named self.

        :raises BadRequest: the client's fault, not an error of ours
        """
        super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("type") != "http" or not rule.endpoint.func.__module__.startswith(OURS):
            return
        sent = {**request.get_http_params(), **args}
        texts = [value for value in sent.values() if isinstance(value, str)]
        if request.httprequest.files or "self" in sent or any("\0" in text for text in texts):
            raise BadRequest("No form of ours sends this.")
