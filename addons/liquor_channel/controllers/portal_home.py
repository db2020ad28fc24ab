"""After login everybody lands on his own page."""

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.web.controllers.home import Home

#: role -> page, the first that fits wins
PAGES = (
    (("distributor", "sub_distributor"), "/my/channel"),
    (("terminal",), "/my/terminal"),
    (("guide", "waiter"), "/my/guide"),
)


def role_page(env, user):
    """Return the page of a portal user's role, or nothing."""
    partner = user.partner_id.commercial_partner_id
    roles = env["liquor.channel.role"].sudo().search([
        ("partner_id", "=", partner.id), ("state", "in", ("trial", "formal", "suspended"))
    ])  # fmt: skip
    kinds = set(roles.mapped("kind"))
    page = next((page for wanted, page in PAGES if kinds & set(wanted)), None)
    return page or ("/my/provider" if env["liquor.benefit"].sudo()._companies_served_by(partner) else None)


class LiquorHome(Home):
    """Sends distributors, shops and guides to their page."""

    def _login_redirect(self, uid, redirect=None):
        if not redirect:
            user = request.env["res.users"].sudo().browse(uid)
            if user.share:
                redirect = role_page(request.env, user)
        return super()._login_redirect(uid, redirect=redirect)


class LiquorPortalHome(CustomerPortal):
    """Shows the role's page on the portal's home."""

    @route()
    def home(self, **kw):
        """Add the entry of the user's own page."""
        response = super().home(**kw)
        if hasattr(response, "qcontext"):
            response.qcontext["liquor_page"] = role_page(request.env, request.env.user)
        return response
