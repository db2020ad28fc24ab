from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .phone_visitor import DEVICE_COOKIE, MAX_ID, PhoneVisitor, set_cookie

PURPOSE = "member_login"
ROUTE = {"type": "http", "auth": "public", "save_session": False, "sitemap": False}


class MemberLogin(http.Controller):
    """Into a club by phone and one-time code. Whether a number is a member shows only after its code."""

    @http.route("/m/login", methods=["GET"], **ROUTE)
    def login(self, club=None, **_ignored):
        """Ask for the phone."""
        visitor = PhoneVisitor()
        if visitor.device:
            return visitor.go("/m")
        return self._ask(visitor, {"club": club})

    @http.route("/m/login", methods=["POST"], csrf=False, **ROUTE)
    def login_step(self, **form):
        """Send the code, or check it."""
        visitor = PhoneVisitor()
        program = find_program(form.get("club"))
        if not visitor.known or not visitor.allows(form) or not program:
            error = request.env._("Please allow cookies, then try again.")
            return self._ask(visitor, form, error=error, status=400)
        if not form.get("accepted"):
            error = request.env._("Please confirm that you are 18 or older and accept the member terms.")
            return self._ask(visitor, form, error=error)
        try:
            if form.get("step") == "check":
                return self._check(visitor, program, form)
            message = self._codes()._send(
                text_of(form.get("phone"))[:40],
                PURPOSE,
                visitor.visit,
                company=program.company_id,
                lang=request.env.lang,
            )
            return self._ask(visitor, form, step="check", shown=message._screen_text())
        except UserError as error:
            return self._ask(visitor, form, step=form.get("step"), error=str(error))

    @http.route("/m/logout", methods=["POST"], csrf=False, **ROUTE)
    def logout(self, **form):
        """Forget this phone."""
        visitor = PhoneVisitor()
        if visitor.device and visitor.allows(form):
            visitor.device._revoke()
        response = request.redirect("/m/login", code=303)
        response.set_cookie(DEVICE_COOKIE, "", max_age=0)
        return response

    @http.route("/m/terms/<int:club>", methods=["GET"], **ROUTE)
    def terms(self, club, **_ignored):
        """Show the member terms of a club."""
        visitor = PhoneVisitor()
        program = find_program(club)
        if not program:
            return visitor.not_found()
        return visitor.page("liquor_member.phone_terms", {"program": program})

    def _check(self, visitor, program, form):
        phone, digits = text_of(form.get("phone"))[:40], text_of(form.get("digits"))[:20]
        if not self._codes()._check(phone, PURPOSE, visitor.visit, digits, company=program.company_id):
            error = request.env._("This code is wrong or too old. Check it, or ask for a new one.")
            return self._ask(visitor, form, step="check", error=error)
        member = request.env["liquor.member"].sudo()._join(program, phone, "desk", program.terms_version, "m/login")
        response = visitor.go("/m")
        set_cookie(response, DEVICE_COOKIE, request.env["liquor.device"].sudo()._issue(member, visitor.agent))
        return response

    def _codes(self):
        return request.env["liquor.phone.code"].sudo()

    def _ask(self, visitor, form, step=None, error=None, shown=None, status=200):
        program = find_program(form.get("club"))
        if not program:
            return visitor.not_found()
        values = {
            "program": program,
            "clubs": request.env["liquor.member.program"].sudo().search([]),
            "step": "check" if step == "check" else "phone",
            "phone": text_of(form.get("phone"))[:20],
            "accepted": bool(form.get("accepted")),
            "error": error,
            "shown": shown,
        }
        return visitor.page("liquor_member.phone_login", values, status=status)


def text_of(value):
    """Return what a form sent as text."""
    return value if isinstance(value, str) else ""


def find_program(number):
    """Return the club of a number as a client sent it, the first one where none is given, in sudo."""
    programs = request.env["liquor.member.program"].sudo()
    text = str(number or "")
    if not text:
        return programs.search([], limit=1)
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:12]) <= MAX_ID or len(text) > 12:
        return programs.browse()
    return programs.search([("id", "=", int(text))], limit=1)
