"""``/m/claim/<id>/identity``: name and ID of a member whose prize is above the limit."""

from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.liquor_member.controllers.member_login import text_of
from odoo.addons.liquor_member.controllers.member_pages import MemberPages, member_page


class MemberIdentity(MemberPages):
    """Asked for a prize of his own only, and only while it is needed."""

    @member_page("/m/claim/<int:number>/identity")
    def identity(self, visitor, number, **_ignored):
        """Ask for name and ID."""
        claim = self._prize(visitor, number)
        return self._identity_form(visitor, claim) if claim else visitor.not_found()

    @member_page("/m/claim/<int:number>/identity", methods=("POST",))
    def identity_give(self, visitor, number, **form):
        """Store them, sealed; the gift's code appears."""
        claim = self._prize(visitor, number)
        if not claim:
            return visitor.not_found()
        kind, name, given = (text_of(form.get(key))[:100] for key in ("kind", "name", "id_number"))
        try:
            request.env["liquor.prize.identity"]._give(claim.company_id, claim.member_id.partner_id, kind, name, given)
        except (UserError, ValidationError) as error:
            return self._identity_form(visitor, claim, error=str(error))
        return visitor.go(f"/m/claim/{claim.id}")

    def _prize(self, visitor, number):
        claim = visitor.own("liquor.benefit.claim", number)
        return claim if claim and claim.state == "ready" and claim._needs_identity() else claim.browse()

    def _identity_form(self, visitor, claim, **values):
        return visitor.page("liquor_channel.phone_identity", {"tab": "gifts", "claim": claim, **values})
