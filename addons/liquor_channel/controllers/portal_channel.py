"""``/my/channel``: the distributor's day."""

from odoo.http import request, route

from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal
from .portal_lists import AgreementList, ChargedList, EarningList, OrderList, ShopList, agreements_to_read


class ChannelPortal(LiquorPortal):
    """Amounts, to-do, earnings, agreements, shops and orders of one distributor."""

    @route("/my/channel", type="http", auth="user", website=True, methods=["GET"])
    def channel_home(self, **_kw):
        """Show what is owed and why, and what waits for him."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        company, partner_sudo = role_sudo.company_id, role_sudo.partner_id
        settlements_sudo, _paging = self._list("liquor.settlement", [], company, order="date_to desc, id desc")
        values = self._values(
            role_sudo,
            "liquor_channel",
            amounts=request.env["liquor.settlement"].sudo()._distributor_amounts(company, partner_sudo),
            next_tiers=request.env["liquor.settlement"].sudo()._next_tiers(company, partner_sudo),
            settlements_sudo=settlements_sudo[:5],
            to_confirm_sudo=settlements_sudo.filtered(lambda item: item.state == "sent"),
            agreements_sudo=agreements_to_read(role_sudo),
            rebate_lots=[lot for lot in self._rebate_lots(role_sudo) if lot["soon"]],
        )
        return request.render("liquor_channel.portal_channel", values)

    @route("/my/channel/earnings", type="http", auth="user", website=True, methods=["GET"])
    def channel_earnings(self, charged="", **_kw):
        """List his rebates, or with ``charged`` what he carries, with the reason of each figure."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        listed = self._listed(ChargedList if charged else EarningList, role_sudo)
        values = self._values(role_sudo, "liquor_channel", charged=bool(charged), **listed)
        return request.render("liquor_channel.portal_channel_earnings", values)

    @route("/my/channel/agreements", type="http", auth="user", website=True, methods=["GET"])
    def channel_agreements(self, **_kw):
        """List his agreements."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(role_sudo, "liquor_channel", **self._listed(AgreementList, role_sudo))
        return request.render("liquor_channel.portal_channel_agreements", values)

    @route("/my/channel/agreements/<int:agreement_id>", type="http", auth="user", website=True, methods=["GET"])
    def channel_agreement(self, agreement_id, **_kw):
        """Show an agreement to read."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(
            role_sudo,
            "liquor_channel",
            agreement_sudo=self._own("liquor.agreement", agreement_id, role_sudo.company_id),
        )
        return request.render("liquor_channel.portal_channel_agreement", values)

    @route("/my/channel/agreements/<int:agreement_id>/accept", type="http", auth="user", website=True, methods=["POST"])
    def channel_agreement_accept(self, agreement_id, read="", **_kw):
        """Accept an agreement he said he has read."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        agreement_sudo = self._own("liquor.agreement", agreement_id, role_sudo.company_id)
        error = (
            request.env._("Tick that you have read the agreement.")
            if not read
            else self._try(lambda: agreement_sudo._accept(request.env.user))
        )
        if not error:
            return request.redirect(f"/my/channel/agreements/{agreement_id}")
        values = self._values(role_sudo, "liquor_channel", agreement_sudo=agreement_sudo, error=error)
        return request.render("liquor_channel.portal_channel_agreement", values)

    @route("/my/channel/terminals", type="http", auth="user", website=True, methods=["GET"])
    def channel_terminals(self, **_kw):
        """List his shops with their grade (he may see it; shops may not)."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(role_sudo, "liquor_channel", **self._listed(ShopList, role_sudo))
        return request.render("liquor_channel.portal_channel_terminals", values)

    @route("/my/channel/orders", type="http", auth="user", website=True, methods=["GET"])
    def channel_orders(self, **_kw):
        """List the orders of all users of his company, with what was paid from the rebate account."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        rebate = request.env["sale.order"]._liquor_portal_rebate(role_sudo)
        values = self._values(role_sudo, "liquor_channel", rebate=rebate, **self._listed(OrderList, role_sudo))
        return request.render("liquor_channel.portal_channel_orders", values)

    def _rebate_lots(self, role_sudo):
        accounts_sudo = request.env["liquor.rebate.account"].sudo()
        account_sudo = accounts_sudo.search([
            ("company_id", "=", role_sudo.company_id.id),
            ("partner_id", "=", role_sudo.partner_id.id),
            ("currency_id", "=", role_sudo.company_id.currency_id.id),
        ])
        return account_sudo._portal_lots() if account_sudo else []
