"""``/my/channel/charges``: what was charged of the distributor's shares, from which source, and what waits."""

from odoo.http import request, route

from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal
from .portal_filter import ListFilter


def charges_domain(wanted, company):
    """Return the domain of charges by the day of their approval, and by words of their number or agreement."""
    found = wanted.moments("approved_at", company)
    return found + (["|", ("name", "ilike", wanted.find), ("agreement_id.name", "ilike", wanted.find)]
                    if wanted.find else [])  # fmt: skip


class ChargePortal(LiquorPortal):
    """Charges of the signed-in distributor."""

    @route("/my/channel/charges", type="http", auth="user", website=True, methods=["GET"])
    def charges(self, page=1, **_kw):
        """List what was charged, the newest first."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        company, partner_sudo = role_sudo.company_id, role_sudo.partner_id
        wanted = ListFilter.of(request.params)
        charges_sudo, paging = self._list("liquor.charge", charges_domain(wanted, company), company, page, "id desc")
        due = request.env["liquor.charge"].sudo()._due_of(company, partner_sudo)
        values = self._values(
            role_sudo, "liquor_channel", charges_sudo=charges_sudo, paging=paging, due=due, wanted=wanted
        )
        return request.render("liquor_channel.portal_charges", values)
