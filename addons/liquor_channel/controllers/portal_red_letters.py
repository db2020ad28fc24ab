"""Tells a distributor how many red-letter forms wait for him at the tax office (trade.md R6)."""

from odoo.http import request, route

from .portal_channel import ChannelPortal
from .portal_common import DISTRIBUTOR_KINDS


class RedLetterPages(ChannelPortal):
    """His page, with the forms to confirm."""

    @route()
    def channel_home(self, **kw):
        """Add the forms that wait for the buyer."""
        response = super().channel_home(**kw)
        if hasattr(response, "qcontext"):
            role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
            forms = request.env["liquor.red.allocation"].sudo()
            domain = [*forms._portal_domain(request.env.user), ("company_id", "=", role_sudo.company_id.id)]
            response.qcontext["red_letters_sudo"] = forms.search(domain, order="deadline, id", limit=20)
            response.qcontext["red_letter_count"] = forms.search_count(domain)
        return response
