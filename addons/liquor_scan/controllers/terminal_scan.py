import re

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

MOST = 200
"""Events a phone sends in one call; the rest of its queue follows."""
COUNT_KEY = re.compile(r"C-[A-Za-z0-9_-]{8,40}")
"""Name of a stock count that its scans carry as their reference."""
BACK = {"terminal": "/my/terminal", "channel": "/my/channel/outbound"}
ROLE_MODES = {
    "terminal": ("receive", "unpack", "return", "transfer"),
    "sub_distributor": ("receive", "ship", "return"),
    "distributor": ("ship", "receive", "return"),
}


class LiquorTerminalScan(http.Controller):
    """The phone page on which a shop scans goods in and a distributor scans them out."""

    def _roles_sudo(self):
        partner = request.env.user.partner_id.commercial_partner_id
        return (
            request
            .env["liquor.channel.role"]
            .sudo()
            .search([
                ("partner_id", "=", partner.id),
                ("kind", "in", list(ROLE_MODES)),
                ("state", "!=", "ended"),
            ])
        )

    @http.route(["/my/terminal/scan", "/my/channel/scan"], type="http", auth="user", methods=["GET"])
    def page(self, count="", **_ignored):
        """Show the scanning page of the signed-in party, or that of a stock count which ``count`` names.

        :raises NotFound: it has no role in the trade
        """
        roles_sudo = self._roles_sudo()
        if not roles_sudo:
            raise NotFound
        counting = count if isinstance(count, str) and COUNT_KEY.fullmatch(count) else ""
        page = "terminal" if roles_sudo[0].kind == "terminal" else "channel"
        modes = (
            ["count"]
            if counting
            else list(dict.fromkeys(mode for role in roles_sudo for mode in ROLE_MODES[role.kind]))
        )
        receivers = self._receivers_sudo(roles_sudo) if "ship" in modes else roles_sudo.partner_id.browse()
        return request.render(
            "liquor_scan.terminal_scan_page",
            {
                "partner_sudo": roles_sudo[0].partner_id,
                "modes": modes,
                "count": counting,
                "back": f"/my/{page}/count?key={counting}" if counting else BACK[page],
                "receivers_sudo": receivers,
                # bound to the session, not to the hour: the queue may wait long
                "token": request.csrf_token(time_limit=None),
                "storage_key": f"liquor.scan.{request.env.uid}",
                "lang": request.env.lang or "zh_CN",
            },
        )

    def _receivers_sudo(self, roles_sudo):
        """Shops and sub-distributors that the party supplies today."""
        own, companies = roles_sudo.partner_id, roles_sudo.company_id
        assigned = request.env["liquor.channel.assignment"].sudo()._shops_of(own, companies)
        below = (
            request
            .env["liquor.channel.role"]
            .sudo()
            .search([("parent_distributor_id", "in", own.ids), ("company_id", "in", companies.ids)])
        )
        return assigned | below.partner_id

    @http.route("/my/terminal/scan/take", type="jsonrpc", auth="user", methods=["POST"])
    def take(self, events=None, token=None, **_ignored):
        """Take events of the phone's queue: one answer each, repeated where the phone asks again.

        :return: {"answers": [...]} or {"error": sentence}
        """
        # anything but an ASCII text would break the comparison
        if not isinstance(token, str) or not token.isascii() or not request.validate_csrf(token):
            return {"error": request.env._("This page is out of date. Open it again: nothing of your list is lost.")}
        if isinstance(events, list) and len(events) > MOST:
            return {"error": request.env._("At most %(count)s events in one call.", count=MOST)}
        try:
            taken = request.env["liquor.scan.request"].sudo()._take(request.env.user, events, "portal")
        except (UserError, ValidationError) as error:
            return {"error": str(error)}
        return {"answers": taken}
