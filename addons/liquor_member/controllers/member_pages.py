import re
from functools import wraps

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.phone_vault import PhoneVault
from .member_login import ROUTE, text_of
from .phone_visitor import DEVICE_COOKIE, PhoneVisitor, set_cookie

CASH_PURPOSE = "cash_back"
AMOUNT = re.compile(r"[0-9]{1,8}(\.[0-9]{1,2})?")
PAGE = 30


def member_page(route, methods=("GET",)):
    """Declare a page that only a known device sees; a form has to carry this browser's nonce."""

    def declare(method):
        @http.route(route, methods=list(methods), csrf=False, **ROUTE)
        @wraps(method)
        def answer(self, **values):
            visitor = PhoneVisitor()
            values.pop("visitor", None)
            if not visitor.device:
                return visitor.go("/m/login")
            if request.httprequest.method == "POST" and not visitor.allows(values):
                return visitor.page("liquor_member.phone_not_found", status=400)
            return method(self, visitor, **values)

        return answer

    return declare


class MemberPages(http.Controller):
    """The member's own pages. Every record is looked up among his own; nothing of the request names a member."""

    @member_page("/m")
    def home(self, visitor, **_ignored):
        """The card: level, points, cash-back, gifts that wait."""
        member = visitor.member
        request.env["liquor.point.entry"].sudo()._refresh(member)
        program = member.program_id
        values = {
            "tab": "home",
            "progress": member._level_progress() if program.use_levels and program.level_ids else None,
            "ready": member.claim_ids.filtered(lambda claim: claim.state == "ready"),
            "usable": member.entitlement_ids.filtered(lambda gift: gift.state == "usable"),
            "events": member.event_ids[:5],
        }
        return visitor.page("liquor_member.phone_home", values)

    @member_page("/m/level")
    def level(self, visitor, **_ignored):
        """Why this level: what counts, what is missing, every change."""
        member = visitor.member
        values = {
            "progress": member._level_progress(),
            "levels": member.program_id.level_ids,
            "logs": member.level_log_ids[:PAGE],
        }
        return visitor.page("liquor_member.phone_level", values)

    @member_page("/m/points")
    def points(self, visitor, **_ignored):
        """Points and why each entry is there."""
        entries = visitor.member.point_entry_ids[:PAGE]
        return visitor.page("liquor_member.phone_points", {"tab": "points", "entries": entries})

    @member_page("/m/bottles")
    def bottles(self, visitor, **_ignored):
        """Bottles bought and opened."""
        events = visitor.member.event_ids.filtered(lambda event: not event.reversed_at)[:PAGE]
        return visitor.page("liquor_member.phone_bottles", {"tab": "home", "events": events})

    # --- gifts -------------------------------------------------------------------------------------------------

    @member_page("/m/gifts")
    def gifts(self, visitor, **_ignored):
        """Gifts as tickets: usable now, locked with the level that opens them, used."""
        return self._gifts(visitor)

    def _gifts(self, visitor, error=None):
        member = visitor.member
        mine = member.entitlement_ids
        benefits = (
            request
            .env["liquor.benefit"]
            .sudo()
            .search([("program_id", "=", member.program_id.id), ("level_id", "!=", False)])
        )
        ready = member.claim_ids.filtered(lambda claim: claim.state == "ready")
        waiting = ready.entitlement_id
        values = {
            "tab": "gifts",
            "error": error,
            "ready": ready,
            "usable": mine.filtered(lambda gift: gift.state == "usable"),
            "locked": benefits.filtered(lambda benefit: not benefit._open_for(member)),
            "used": mine.filtered(lambda gift: gift.state != "usable" and gift not in waiting)[:PAGE],
        }
        return visitor.page("liquor_member.phone_gifts", values)

    @member_page("/m/gift/<int:number>/take", methods=("POST",))
    def take(self, visitor, number, **_ignored):
        """Take a gift: the pick-up code appears."""
        entitlement = visitor.own("liquor.benefit.entitlement", number)
        if not entitlement:
            return visitor.not_found()
        try:
            claim = request.env["liquor.benefit.claim"]._take(entitlement)
        except UserError as error:
            return self._gifts(visitor, error=str(error))
        return visitor.go(f"/m/claim/{claim.id}")

    @member_page("/m/claim/<int:number>")
    def claim(self, visitor, number, **_ignored):
        """One gift with its pick-up code."""
        claim = visitor.own("liquor.benefit.claim", number)
        if not claim:
            return visitor.not_found()
        return visitor.page("liquor_member.phone_claim", {"tab": "gifts", "claim": claim, "code": claim._code()})

    @member_page("/m/claim/<int:number>/cancel", methods=("POST",))
    def cancel(self, visitor, number, **_ignored):
        """Give a gift back before it is picked up."""
        claim = visitor.own("liquor.benefit.claim", number)
        if not claim:
            return visitor.not_found()
        try:
            claim._cancel()
        except UserError as error:
            return self._gifts(visitor, error=str(error))
        return visitor.go("/m/gifts")

    # --- cash-back ---------------------------------------------------------------------------------------------

    @member_page("/m/cash")
    def cash(self, visitor, **_ignored):
        """Cash-back with every entry."""
        return self._cash(visitor)

    def _cash(self, visitor, **values):
        entries = request.env["liquor.cash.entry"].sudo().search([("member_id", "=", visitor.member.id)], limit=PAGE)
        values = {**self._cash_values(visitor), "tab": "cash", "entries": entries, "step": "", **values}
        return visitor.page("liquor_member.phone_cash", values)

    def _cash_values(self, visitor):
        """Hook: what a sibling shows on this page, below the form."""
        return {}

    @member_page("/m/cash/withdraw", methods=("POST",))
    def withdraw(self, visitor, **form):
        """Withdraw: a fresh code before money leaves, also on a known phone."""
        member, codes = visitor.member, request.env["liquor.phone.code"].sudo()
        amount = text_of(form.get("amount"))
        try:
            if not AMOUNT.fullmatch(amount) or not 0 < float(amount) <= member.cash_balance:
                raise UserError(request.env._("Please enter an amount up to your balance."))
            phone = PhoneVault(request.env).reveal(member)
            purpose = f"{CASH_PURPOSE}/{amount}"
            if form.get("step") != "check":
                message = codes._send(phone, purpose, visitor.nonce, company=member.company_id, lang=request.env.lang)
                return self._cash(visitor, step="check", amount=amount, shown=message._screen_text())
            if not codes._check(phone, purpose, visitor.nonce, text_of(form.get("digits")), company=member.company_id):
                error = request.env._("This code is wrong or too old. Check it, or ask for a new one.")
                return self._cash(visitor, step="check", amount=amount, error=error)
            request.env["liquor.cash.entry"]._withdraw(member, float(amount), f"m/{member.id}/{member.cash_revision}")
        except UserError as error:
            return self._cash(visitor, error=str(error))
        return visitor.go("/m/cash")

    # --- privacy -------------------------------------------------------------------------------------------------

    @member_page("/m/me")
    def me(self, visitor, **_ignored):
        """What is held about the member, his consents, his phones, the way out."""
        member = visitor.member
        others = (
            request
            .env["liquor.member"]
            .sudo()
            .search([("partner_id", "=", member.partner_id.id), ("id", "!=", member.id), ("state", "=", "active")])
        )
        values = {
            "tab": "me",
            "others": others,
            "device": visitor.device,
            "devices": member.device_ids.filtered(lambda device: not device.revoked_at),
            "consents": member.consent_ids.filtered(lambda consent: not consent.withdrawn_at),
            "agreed": request.env["liquor.consent"].sudo()._live(member),
        }
        return visitor.page("liquor_member.phone_me", values)

    @member_page("/m/device/<int:number>/revoke", methods=("POST",))
    def revoke(self, visitor, number, **_ignored):
        """Log another phone out."""
        device = visitor.own("liquor.device", number)
        if not device:
            return visitor.not_found()
        device._revoke()
        return visitor.go("/m/me")

    @member_page("/m/consent", methods=("POST",))
    def consent(self, visitor, purpose=None, give=None, **_ignored):
        """Switch a free consent on or off."""
        consents, member = request.env["liquor.consent"].sudo(), visitor.member
        if purpose not in ("messages", "recommendation"):
            return visitor.not_found()
        if give:
            consents._give(
                member, (purpose,), member.program_id.terms_version, "m/me", f"liquor.device,{visitor.device.id}"
            )
        else:
            consents._withdraw(member, purpose)
        return visitor.go("/m/me")

    @member_page("/m/switch/<int:number>", methods=("POST",))
    def switch(self, visitor, number, **_ignored):
        """Go to the same person's membership in another club."""
        programs = request.env["liquor.member.program"].sudo()
        other = visitor.device._member_in(programs.browse(number)) if 0 < number < 2**31 else None
        if not other:
            return visitor.not_found()
        token = request.env["liquor.device"].sudo()._issue(other, visitor.agent)
        visitor.device._revoke()
        response = visitor.go("/m")
        set_cookie(response, DEVICE_COOKIE, token)
        return response
