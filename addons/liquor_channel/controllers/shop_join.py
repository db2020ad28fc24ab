"""``/shop/join/<token>``: a shop registers itself by the QR code of its distributor or salesperson (C33)."""

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.liquor_member.controllers.member_login import text_of
from odoo.addons.liquor_member.controllers.phone_visitor import HEADERS, PhoneVisitor

from .portal_common import positive

ROUTE = {"type": "http", "auth": "public", "save_session": False, "sitemap": False}
FIELDS = ("name", "contact", "phone", "licence", "street", "kind", "latitude", "longitude")
POLICY = "Content-Security-Policy"


class ShopJoin(http.Controller):
    """Form, one-time code, waiting for approval. What the brand knows of other shops is not told here."""

    @http.route("/shop/join/<string:token>", methods=["GET"], **ROUTE)
    def join(self, token, **_ignored):
        """Ask for the shop."""
        visitor = PhoneVisitor()
        return self._page(visitor, token, {})

    @http.route("/shop/join/<string:token>", methods=["POST"], csrf=False, **ROUTE)
    def join_step(self, token, **form):
        """Send the code, or check it and register."""
        visitor, link = PhoneVisitor(), self._link(token)
        given = {name: text_of(form.get(name)).strip()[:128] for name in FIELDS}
        if not link:
            return visitor.not_found()
        if not visitor.known or not visitor.allows(form):
            error = request.env._("Please allow cookies, then try again.")
            return self._page(visitor, token, given, error=error, status=400)
        try:
            if form.get("step") == "check":
                return self._check(visitor, token, link, given, text_of(form.get("digits"))[:20])
            if not given["name"] or not self._kind(link, given):
                raise UserError(request.env._("Give the name and the kind of the shop."))
            message = self._codes()._send(
                given["phone"], self._purpose(link), visitor.visit, company=link.company_id, lang=request.env.lang
            )
            return self._page(visitor, token, given, step="check", shown=message._screen_text())
        except (UserError, ValidationError) as error:
            return self._page(visitor, token, given, step=form.get("step"), error=str(error))

    def _check(self, visitor, token, link, given, digits):
        company = link.company_id
        if not self._codes()._check(given["phone"], self._purpose(link), visitor.visit, digits, company=company):
            error = request.env._("This code is wrong or too old. Check it, or ask for a new one.")
            return self._page(visitor, token, given, step="check", error=error)
        request.env["liquor.channel.role"].sudo()._register_shop({
            **{name: given[name] for name in ("name", "contact", "phone", "licence", "street")},
            "company": company,
            "terminal_kind": self._kind(link, given),
            "latitude": degrees(given["latitude"]),
            "longitude": degrees(given["longitude"]),
            "link": link,
            "phone_proven": True,
        })
        return self._page(visitor, token, given, step="done")

    def _link(self, token):
        return request.env["liquor.registration.link"]._by_token(token)

    def _kinds(self, link):
        return request.env["liquor.terminal.kind"].sudo().search([("company_id", "in", (False, link.company_id.id))])

    def _kind(self, link, given):
        return self._kinds(link).filtered(lambda kind: kind.id == positive(given["kind"]))

    def _purpose(self, link):
        return f"shop/{link.id}"

    def _codes(self):
        return request.env["liquor.phone.code"].sudo()

    def _page(self, visitor, token, given, step=None, status=200, **values):
        link = self._link(token)
        if not link:
            return visitor.not_found()
        response = visitor.page(
            "liquor_channel.shop_join",
            {
                # the frame shows the tabs of members only
                "member": None,
                "program": link.company_id,
                "link": link,
                "kinds": self._kinds(link),
                "given": {name: given.get(name, "") for name in FIELDS},
                "step": step if step in ("check", "done") else "form",
                "shown": None,
                **values,
            },
            status=status,
        )
        # one script of ours asks the phone where it is, when the owner presses the button
        response.headers[POLICY] = dict(HEADERS)[POLICY] + "; script-src 'self'"
        return response


def degrees(text):
    """Return a coordinate as a phone sends it, or nothing.

    >>> degrees("118.79"), degrees("nan"), degrees("x"), degrees("1e3")
    (118.79, None, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -180 <= value <= 180 else None
