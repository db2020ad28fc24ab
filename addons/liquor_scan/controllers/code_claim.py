import hashlib
import hmac
import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .code_page import PUBLIC, CodePage, Visitor, find_unit, invalid_page, local_time, page_values

DEVICE_COOKIE = "liquor_device"
DEVICE_DAYS = 400
PURPOSE = "claim"
NONCE = re.compile(r"[0-9a-f]{64}")


class CodeClaim(CodePage):
    """Join and claim: two screens for a new phone, one tap for one that is known.

    A form is answered only with the nonce that this browser's page carried: a site elsewhere can neither read
    it nor send our cookie along (SameSite). Of the form nothing counts but the fields named here.
    """

    @http.route(
        "/b/<string:code>/claim",
        methods=["POST"],
        csrf=False,  # our own nonce, bound to the browser's cookie; there is no session
        **PUBLIC,
    )
    def claim(self, code, **form):
        """Take one step of the claim and answer with the next page."""
        unit = find_unit(code)
        if not unit:
            return invalid_page()
        visitor = Visitor()
        claims = request.env["liquor.code.claim"]
        if not visitor.known or not same_nonce(visitor, unit, form.get("nonce")):
            return self._screen(unit, visitor, error=request.env._("Please allow cookies, then try again."), status=400)
        if not claims._is_claimable(unit):
            error = request.env._("The reward lies under the cap: open the bottle and scan the code inside the cap.")
            return self._screen(unit, visitor, error=error, status=400)
        program = find_program(unit)
        member = known_member(program)
        if claims._of_unit(unit):
            return go_back(code)
        if member:
            claims._claim(unit, member)
            return go_back(code)
        return self._step(code, unit, visitor, program, form)

    def _step(self, code, unit, visitor, program, form):
        if not form.get("adult"):
            error = request.env._("Please confirm that you are 18 or older and accept the member terms.")
            return self._screen(unit, visitor, form=form, error=error)
        try:
            if form.get("step") == "prove":
                return self._prove(code, unit, visitor, program, form)
            return self._send(unit, visitor, program, form)
        except UserError as error:
            return self._screen(unit, visitor, form=form, error=str(error))

    def _send(self, unit, visitor, program, form):
        """First screen: send the code to the phone."""
        message = (
            request
            .env["liquor.phone.code"]
            .sudo()
            ._send(form.get("phone"), PURPOSE, visitor.visit, company=program.company_id, lang=request.env.lang)
        )
        return self._screen(unit, visitor, form=form, template="prove", shown=message._screen_text())

    def _prove(self, code, unit, visitor, program, form):
        """Second screen: the code proves the phone; join, remember the device, claim."""
        right = (
            request
            .env["liquor.phone.code"]
            .sudo()
            ._check(form.get("phone"), PURPOSE, visitor.visit, form.get("digits"), company=program.company_id)
        )
        if not right:
            error = request.env._("This code is wrong or too old. Check it, or ask for a new one.")
            return self._screen(unit, visitor, form=form, template="prove", error=error)
        members = request.env["liquor.member"].sudo()
        proof = f"{unit.batch.name}-{unit.index + 1}"
        member = members._join(program, form.get("phone"), "cap", program.terms_version, proof)
        chosen = [purpose for purpose in ("messages", "recommendation") if form.get(purpose)]
        request.env["liquor.consent"].sudo()._give(member, chosen, program.terms_version, "cap", proof)
        request.env["liquor.code.claim"]._claim(unit, member)
        response = go_back(code)
        token = request.env["liquor.device"].sudo()._issue(member, visitor.agent)
        set_device(response, token)
        return response

    # --- pages ------------------------------------------------------------------------------------------------

    def _screen(self, unit, visitor, form=None, template="start", error=None, shown=None, status=200):
        values = page_values(unit, visitor, (1, None, 1))
        form = form or {}
        values.update({
            "program": find_program(unit),
            "nonce": nonce_of(visitor, unit),
            "form": {name: (form.get(name) or "")[:40] for name in ("phone", "adult", "messages", "recommendation")},
            "error": error,
            "shown": shown,
            "screen": template,
        })
        return visitor.answer("liquor_scan.claim_page", values, status=status)

    def _page_values(self, unit, visitor, looks):
        values = super()._page_values(unit, visitor, looks)
        claims = request.env["liquor.code.claim"]
        if not claims._is_claimable(unit):
            return values
        program = find_program(unit)
        member = known_member(program)
        claim = claims._of_unit(unit)
        return {
            **values,
            "program": program,
            "member": member,
            "claim": claim,
            "mine": bool(claim and claim.member_id.partner_id == member.partner_id),
            "taken": claim and taken_text(unit, claim),
            "nonce": nonce_of(visitor, unit),
        }


def find_program(unit):
    """Return the club that rewards the bottle: the rule's, else the first of the company, in sudo."""
    company = unit.batch.company_id
    day = request.env["liquor.code.claim"]._today(company)
    rule = request.env["liquor.claim.rule"]._rule_for(company, unit.batch.product_id, day)
    programs = request.env["liquor.member.program"].sudo()
    return rule.program_id or programs.search([("company_id", "=", company.id)], limit=1)


def known_member(program):
    """Return the member of this phone in the club, or an empty record."""
    device = request.env["liquor.device"]._resolve(request.httprequest.cookies.get(DEVICE_COOKIE))
    if not device:
        return request.env["liquor.member"].sudo().browse()
    return device._member_in(program)


def taken_text(unit, claim):
    """Return what others may know of a claim: the masked phone and the time."""
    return request.env._(
        "Taken by %(phone)s on %(time)s",
        phone=claim.member_id.phone_masked,
        time=local_time(unit.batch.company_id, claim.claimed_at),
    )


def nonce_of(visitor, unit):
    """Return the value that ties a form to this browser and this code."""
    secret = request.env["liquor.code.key"]._secret("claim form")
    text = f"{visitor.visit}/{unit.batch.number}/{unit.kind}/{unit.index}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def same_nonce(visitor, unit, given):
    """Tell whether a form carries the nonce of this browser's page."""
    return bool(NONCE.fullmatch(given or "")) and hmac.compare_digest(given, nonce_of(visitor, unit))


def go_back(code):
    """Answer a form with the page itself, so that going back or reloading repeats nothing."""
    return request.redirect(f"/b/{code}", code=303)


def set_device(response, token):
    """Leave the device token where no script reads it."""
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=DEVICE_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=request.httprequest.scheme == "https",
    )
