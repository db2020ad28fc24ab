"""``/my/channel``: the distributor's day."""

from odoo.http import request, route

from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal, positive
from .portal_filter import ListFilter


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
            agreements_sudo=self._agreements_sudo(role_sudo).filtered(lambda item: item.state == "sent"),
            rebate_lots=[lot for lot in self._rebate_lots(role_sudo) if lot["soon"]],
        )
        return request.render("liquor_channel.portal_channel", values)

    @route("/my/channel/earnings", type="http", auth="user", website=True, methods=["GET"])
    def channel_earnings(self, page=1, charged="", **_kw):
        """List his rebates, or with ``charged`` what he carries, with the reason of each figure."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        wanted = ListFilter.of(request.params)
        earnings_sudo, paging = self._earnings_sudo(role_sudo, bool(charged), wanted, page)
        values = self._values(
            role_sudo,
            "liquor_channel",
            earnings_sudo=earnings_sudo,
            paging=paging,
            charged=bool(charged),
            wanted=wanted,
        )
        return request.render("liquor_channel.portal_channel_earnings", values)

    def _earnings_sudo(self, role_sudo, charged, wanted, page=1, limit=20):
        column = "funder_id" if charged else "partner_id"
        page = positive(page) or 1
        domain = [(column, "=", role_sudo.partner_id.id), ("company_id", "=", role_sudo.company_id.id)]
        if charged:
            domain.append(("funder_amount", "!=", 0))
        domain += wanted.days("business_day") + wanted.products("product_id")
        earnings_sudo = (
            request
            .env["liquor.earning"]
            .sudo()
            .search(domain, order="business_day desc, id desc", limit=limit + 1, offset=(page - 1) * limit)
        )
        return earnings_sudo[:limit], {"page": page, "has_next": len(earnings_sudo) > limit}

    def _agreements_sudo(self, role_sudo):
        return (
            request
            .env["liquor.agreement"]
            .sudo()
            .search([
                ("party_id", "=", role_sudo.partner_id.id),
                ("company_id", "=", role_sudo.company_id.id),
                ("state", "!=", "draft"),
            ])
        )

    def _agreement_sudo(self, role_sudo, agreement_id):
        found_sudo = self._agreements_sudo(role_sudo).filtered(lambda item: item.id == agreement_id)
        if not found_sudo:
            raise request.not_found()
        return found_sudo

    @route("/my/channel/agreements", type="http", auth="user", website=True, methods=["GET"])
    def channel_agreements(self, **_kw):
        """List his agreements."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(role_sudo, "liquor_channel", agreements_sudo=self._agreements_sudo(role_sudo))
        return request.render("liquor_channel.portal_channel_agreements", values)

    @route("/my/channel/agreements/<int:agreement_id>", type="http", auth="user", website=True, methods=["GET"])
    def channel_agreement(self, agreement_id, **_kw):
        """Show an agreement to read."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(role_sudo, "liquor_channel", agreement_sudo=self._agreement_sudo(role_sudo, agreement_id))
        return request.render("liquor_channel.portal_channel_agreement", values)

    @route("/my/channel/agreements/<int:agreement_id>/accept", type="http", auth="user", website=True, methods=["POST"])
    def channel_agreement_accept(self, agreement_id, read="", **_kw):
        """Accept an agreement he said he has read."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        agreement_sudo = self._agreement_sudo(role_sudo, agreement_id)
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
        wanted = ListFilter.of(request.params)
        values = self._values(role_sudo, "liquor_channel", shops=self._shops(role_sudo, wanted), wanted=wanted)
        return request.render("liquor_channel.portal_channel_terminals", values)

    def _shops(self, role_sudo, wanted):
        """Return the shops he supplies today; narrowed, those that earned something on the product in the period."""
        company = role_sudo.company_id
        partners_sudo = request.env["liquor.channel.assignment"].sudo()._shops_of(role_sudo.partner_id, company)
        roles_sudo = request.env["liquor.channel.role"].sudo().search([
            ("partner_id", "in", partners_sudo.ids), ("company_id", "=", company.id), ("kind", "=", "terminal")
        ])  # fmt: skip
        earned = (
            request
            .env["liquor.earning"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", partners_sudo.ids),
                    ("company_id", "=", company.id),
                    *wanted.days("business_day"),
                    *wanted.products("product_id"),
                ],
                ["partner_id"],
                ["business_day:max"],
            )
        )
        last = {partner.id: day for partner, day in earned}
        labels = dict(roles_sudo._fields["state"]._description_selection(request.env))
        return [
            {
                "name": role.partner_id.name,
                "title": role.outward_title or "",
                "state": labels[role.state],
                "grade": role.grade or "",
                "last_day": last.get(role.partner_id.id),
            }
            for role in roles_sudo
            if not wanted or role.partner_id.id in last
        ]

    @route("/my/channel/orders", type="http", auth="user", website=True, methods=["GET"])
    def channel_orders(self, page=1, **_kw):
        """List the orders of all users of his company, with what was paid from the rebate account."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        wanted = ListFilter.of(request.params)
        orders_sudo, paging = self._orders_sudo(role_sudo, wanted, page)
        values = self._values(
            role_sudo,
            "liquor_channel",
            orders_sudo=orders_sudo,
            paging=paging,
            wanted=wanted,
            rebate=request.env["sale.order"]._liquor_portal_rebate(role_sudo),
        )
        return request.render("liquor_channel.portal_channel_orders", values)

    def _rebate_lots(self, role_sudo):
        accounts_sudo = request.env["liquor.rebate.account"].sudo()
        account_sudo = accounts_sudo.search([
            ("company_id", "=", role_sudo.company_id.id),
            ("partner_id", "=", role_sudo.partner_id.id),
            ("currency_id", "=", role_sudo.company_id.currency_id.id),
        ])
        return account_sudo._portal_lots() if account_sudo else []

    def _orders_sudo(self, role_sudo, wanted, page=1, limit=20):
        page = positive(page) or 1
        domain = [
            ("partner_id.commercial_partner_id", "=", role_sudo.partner_id.id),
            ("company_id", "=", role_sudo.company_id.id),
            ("state", "in", ("sent", "sale", "cancel")),
            *wanted.moments("date_order", role_sudo.company_id),
            *wanted.products("order_line.product_id"),
        ]
        orders_sudo = (
            request
            .env["sale.order"]
            .sudo()
            .search(domain, order="date_order desc, id desc", limit=limit + 1, offset=(page - 1) * limit)
        )
        return orders_sudo[:limit], {"page": page, "has_next": len(orders_sudo) > limit}
