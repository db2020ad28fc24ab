"""Goods on their way: what a distributor scanned out, what a shop is to confirm, what shops ask of each other."""

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.liquor_channel.controllers.portal_common import DISTRIBUTOR_KINDS, PAGE_SIZE, LiquorPortal, positive

PAGE = {"type": "http", "auth": "user", "website": True}
HOLDERS = {"terminal": ("terminal",), "channel": DISTRIBUTOR_KINDS}


class ChannelGoodsPortal(LiquorPortal):
    """Everything is looked up among the goods that the user's own company partner sent, gets or holds."""

    def _goods(self, role_sudo, domain, order="since, id"):
        """Return ``(rows in sudo, paging)`` of the goods of the role's company."""
        page = positive(request.params.get("page")) or 1
        rows_sudo = (
            request
            .env["liquor.custody"]
            .sudo()
            .search(
                Domain("company_id", "=", role_sudo.company_id.id) & domain,
                limit=PAGE_SIZE + 1,
                offset=(page - 1) * PAGE_SIZE,
                order=order,
            )
        )
        return rows_sudo[:PAGE_SIZE], {"page": page, "has_next": len(rows_sudo) > PAGE_SIZE}

    # --- on the way --------------------------------------------------------------------------------------------

    @route("/my/channel/outbound", methods=["GET"], **PAGE)
    def channel_outbound(self, **_kw):
        """Show what he scanned out and the shops have not confirmed, the overdue ones first."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        sent = Domain("giver_id", "=", role_sudo.partner_id.id) & Domain("state", "=", "in_transit")
        rows_sudo, paging = self._goods(role_sudo, sent)
        return request.render(
            "liquor_scan.portal_outbound",
            self._values(
                role_sudo,
                "liquor_channel",
                rows_sudo=rows_sudo,
                paging=paging,
                arriving=self._count_arriving(role_sudo),
                days=role_sudo.company_id.liquor_receipt_days,
            ),
        )

    def _count_arriving(self, role_sudo):
        coming = self._coming(role_sudo) & Domain("company_id", "=", role_sudo.company_id.id)
        return request.env["liquor.custody"].sudo().search_count(coming)

    def _coming(self, role_sudo):
        return Domain("holder_id", "=", role_sudo.partner_id.id) & Domain("state", "=", "in_transit")

    @route("/my/<any(terminal,channel):kind>/arriving", methods=["GET"], **PAGE)
    def arriving(self, kind, **_kw):
        """Show what was sent to him and waits for his scan."""
        role_sudo = self._role_sudo(HOLDERS[kind])
        rows_sudo, paging = self._goods(role_sudo, self._coming(role_sudo))
        values = self._values(role_sudo, f"liquor_{kind}", kind=kind, rows_sudo=rows_sudo, paging=paging)
        return request.render("liquor_scan.portal_arriving", values)

    # --- between shops -----------------------------------------------------------------------------------------

    @route("/my/terminal/moves", methods=["GET"], **PAGE)
    def moves(self, **_kw):
        """Show what other shops ask for, and what he asked for."""
        return self._moves_page(self._role_sudo(("terminal",)))

    def _moves_page(self, role_sudo, **values):
        shop = role_sudo.partner_id.id
        either = Domain("holder_id", "=", shop) | Domain("pending_id", "=", shop)
        rows_sudo, paging = self._goods(role_sudo, Domain("pending_id", "!=", False) & either, "pending_since, id")
        values = self._values(role_sudo, "liquor_terminal", rows_sudo=rows_sudo, paging=paging, **values)
        return request.render("liquor_scan.portal_moves", values)

    @route("/my/terminal/moves/<int:row_id>/<any(agree,object):word>", methods=["POST"], **PAGE)
    def move_answer(self, row_id, word, asked="", **_kw):
        """Let goods go to the shop that asks for them, or keep them."""
        role_sudo = self._role_sudo(("terminal",))
        own = (
            Domain("id", "=", row_id)
            & Domain("company_id", "=", role_sudo.company_id.id)
            & Domain("holder_id", "=", role_sudo.partner_id.id)
            # what he read is what he answers: a later wish of somebody else is another question
            & Domain("pending_event_id", "=", positive(asked))
        )
        row_sudo = request.env["liquor.custody"].sudo().search(own, limit=1) if positive(asked) else None
        if not row_sudo:
            return self._moves_page(role_sudo, error=request.env._("This is decided already."))
        answer = row_sudo._answer_transfer(request.env.user, word == "agree")
        if answer["status"] != "accepted":
            return self._moves_page(role_sudo, error=answer["message"])
        return request.redirect(f"/my/terminal/moves?message={word}")

    # --- second place ------------------------------------------------------------------------------------------

    @route("/my/terminal/place", methods=["GET"], **PAGE)
    def place(self, **_kw):
        """Show his second place, or ask for one."""
        return self._place_page(self._role_sudo(("terminal",)))

    @route("/my/terminal/place", methods=["POST"], **PAGE)
    def place_ask(self, **form):
        """Ask for a second place."""
        role_sudo = self._role_sudo(("terminal",))
        places = request.env["liquor.shop.place"]
        error = self._try(lambda: places._ask(role_sudo, form, request.env.user))
        if error:
            return self._place_page(role_sudo, error=error, form=form)
        return request.redirect("/my/terminal/place?message=asked")

    def _place_page(self, role_sudo, **values):
        places_sudo, paging = self._list("liquor.shop.place", [], role_sudo.company_id)
        values = {"form": {}, **values}
        values = self._values(role_sudo, "liquor_terminal", places_sudo=places_sudo, paging=paging, **values)
        return request.render("liquor_scan.portal_place", values)
