"""``/m/cash/account``: where a member's cash-back is paid to."""

from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.liquor_member.controllers.member_login import text_of
from odoo.addons.liquor_member.controllers.member_pages import MemberPages, member_page
from odoo.addons.liquor_member.tools.phone_vault import PhoneVault
from odoo.addons.liquor_member.tools.secrets_box import box

FIELDS = ("channel", "holder", "account", "bank_name")


class MemberPayee(MemberPages):
    """A member says where to pay, after a fresh code to his phone; a new account retires the old one."""

    def _cash_values(self, visitor):
        member = visitor.member
        payouts = request.env["liquor.payout"].sudo()
        waiting = [
            ("company_id", "=", member.company_id.id),
            ("partner_id", "=", member.partner_id.id),
            ("kind", "=", "cash_back"),
            ("payee_id", "=", False),
            ("state", "=", "requested"),
        ]
        return {
            **super()._cash_values(visitor),
            "payee": request.env["liquor.payee"]._of(member.company_id, member.partner_id),
            "waits_for_payee": bool(payouts.search_count(waiting, limit=1)),
        }

    @member_page("/m/cash/account")
    def payee(self, visitor, **_ignored):
        """Ask for the account."""
        return self._payee_form(visitor, {"channel": "wechat"})

    @member_page("/m/cash/account", methods=("POST",))
    def payee_step(self, visitor, **form):
        """Check the account and send a code, or check the code and store the account."""
        given = {name: text_of(form.get(name)).strip()[:100] for name in FIELDS}
        check = form.get("step") == "check"
        try:
            request.env["liquor.payee"]._check_values(
                given["channel"], given["holder"], "".join(given["account"].split())
            )
            if not check:
                return self._send_code(visitor, given)
            if not self._code_is_right(visitor, given, text_of(form.get("digits"))[:20]):
                error = request.env._("This code is wrong or too old. Check it, or ask for a new one.")
                return self._payee_form(visitor, given, step="check", error=error)
            member = visitor.member
            request.env["liquor.payee"]._store_account(
                member.company_id,
                member.partner_id,
                given["channel"],
                given["holder"],
                given["account"],
                given["bank_name"],
            )
        except (UserError, ValidationError) as error:
            return self._payee_form(visitor, given, error=str(error))
        return visitor.go("/m/cash")

    def _send_code(self, visitor, given):
        member = visitor.member
        message = self._codes()._send(
            PhoneVault(request.env).reveal(member),
            self._purpose(given),
            visitor.nonce,
            company=member.company_id,
            lang=request.env.lang,
        )
        return self._payee_form(visitor, given, step="check", shown=message._screen_text())

    def _code_is_right(self, visitor, given, digits):
        member = visitor.member
        phone = PhoneVault(request.env).reveal(member)
        return self._codes()._check(phone, self._purpose(given), visitor.nonce, digits, company=member.company_id)

    def _purpose(self, given):
        """A code is good for the very account it was asked for; the account itself is not readable in it."""
        text = "\n".join(given[name] for name in FIELDS)
        return f"payee/{box().blind_index(text, 'member payee')}"

    def _codes(self):
        return request.env["liquor.phone.code"].sudo()

    def _payee_form(self, visitor, given, **values):
        values = {"tab": "cash", "step": "", "given": {name: given.get(name, "") for name in FIELDS}, **values}
        return visitor.page("liquor_channel.phone_payee", values)
