"""``/my/channel/charges``: what was charged of the distributor's shares, from which source, and what waits."""

from odoo.http import request, route

from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal
from .portal_lists import ChargeList


class ChargePortal(LiquorPortal):
    """Charges of the signed-in distributor."""

    @route("/my/channel/charges", type="http", auth="user", website=True, methods=["GET"])
    def charges(self, **_kw):
        """List what was charged, the newest first."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        due = request.env["liquor.charge"].sudo()._due_of(role_sudo.company_id, role_sudo.partner_id)
        values = self._values(role_sudo, "liquor_channel", due=due, **self._listed(ChargeList, role_sudo))
        return request.render("liquor_channel.portal_charges", values)
