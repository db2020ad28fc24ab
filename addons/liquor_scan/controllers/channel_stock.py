"""Stock on the pages of shops and distributors: what is told (推算), what the codes say, and counting it (盘点)."""

import secrets

from odoo.http import request, route

from odoo.addons.liquor_channel.controllers.portal_common import PAGE_SIZE, positive

from .channel_goods import HOLDERS, PAGE, ChannelGoodsPortal
from .terminal_scan import COUNT_KEY

MOST_PRODUCTS = 200
MOST_CASES = 100_000


class ChannelStockPortal(ChannelGoodsPortal):
    """Figures of his own company partner, and of the shops that he supplies today."""

    @route("/my/<any(terminal,channel):kind>/stock", methods=["GET"], **PAGE)
    def stock(self, kind, **_kw):
        """Show what he has: a shop its estimate, a distributor what his codes say and the estimates of his shops."""
        role_sudo = self._role_sudo(HOLDERS[kind])
        page = positive(request.params.get("page")) or 1
        estimates_sudo = request.env["liquor.stock.estimate"].sudo()
        rows_sudo = estimates_sudo.search(
            [("company_id", "=", role_sudo.company_id.id), *estimates_sudo._portal_domain(request.env.user)],
            limit=PAGE_SIZE + 1,
            offset=(page - 1) * PAGE_SIZE,
            order="partner_id, product_id",
        )
        values = self._values(
            role_sudo,
            f"liquor_{kind}",
            kind=kind,
            rows_sudo=rows_sudo[:PAGE_SIZE],
            paging={"page": page, "has_next": len(rows_sudo) > PAGE_SIZE},
            own=self._own_stock(role_sudo) if kind == "channel" else [],
            last_count_sudo=self._list("liquor.stock.count", [], role_sudo.company_id)[0][:1],
        )
        return request.render("liquor_scan.portal_stock", values)

    def _own_stock(self, role_sudo):
        """What the distributor holds by his codes: list of (product, bottles)."""
        held = request.env["liquor.custody"].sudo()._held_by(role_sudo.company_id, role_sudo.partner_id)
        products_sudo = request.env["product.product"].sudo().browse(held)
        return [(product, held[product.id]) for product in products_sudo.sorted("display_name")]

    # --- counting ----------------------------------------------------------------------------------------------

    @route("/my/<any(terminal,channel):kind>/count", methods=["GET"], **PAGE)
    def count(self, kind, key="", **_kw):
        """Show the form of a count: products with what was scanned, and what is typed beside it."""
        return self._count_page(self._role_sudo(HOLDERS[kind]), kind, self._key(key))

    def _key(self, text):
        """Return the name of a count that an address or form carries, or a new one."""
        known = isinstance(text, str) and COUNT_KEY.fullmatch(text)
        return text if known else f"C-{secrets.token_urlsafe(12)}"

    def _count_page(self, role_sudo, kind, key, **values):
        counts = request.env["liquor.stock.count"].sudo()
        company, party = role_sudo.company_id, role_sudo.partner_id
        scanned = counts._scanned(company, party, request.env.user, key)
        held = request.env["liquor.custody"].sudo()._held_by(company, party)
        others = (
            request
            .env["liquor.code.batch"]
            .sudo()
            ._read_group([("company_id", "=", company.id)], ["product_id"], limit=MOST_PRODUCTS)
        )
        first = request.env["product.product"].sudo().browse(dict.fromkeys([*scanned, *held]))
        rest = request.env["product.product"].sudo().union(*(product for (product,) in others)) - first
        rows = [(product, scanned.get(product.id, (0, 0))) for product in first]
        values = self._values(role_sudo, f"liquor_{kind}", kind=kind, key=key, rows=rows, rest=rest, **values)
        return request.render("liquor_scan.portal_count", values)

    @route("/my/<any(terminal,channel):kind>/count", methods=["POST"], **PAGE)
    def count_take(self, kind, key="", **form):
        """Store a count; sent twice it counts once."""
        role_sudo = self._role_sudo(HOLDERS[kind])
        key = self._key(key)
        typed = self._typed(form)
        counts = request.env["liquor.stock.count"]
        error = self._try(
            lambda: counts._take_count(
                role_sudo.company_id, role_sudo.partner_id, request.env.user, typed, key, counted_by="own"
            )
        )
        if error:
            return self._count_page(role_sudo, kind, key, error=error)
        return request.redirect(f"/my/{kind}/stock?message=counted")

    def _typed(self, form):
        """{product id: bottles} of what was filled in ``c_<product>`` (cases) and ``b_<product>`` (bottles)."""
        numbers = {positive(name[2:]) for name, text in form.items() if name[:2] in ("c_", "b_") and str(text).strip()}
        products_sudo = request.env["product.product"].sudo().browse(sorted(numbers - {0})).exists()
        return {
            product.id: min(positive(form.get(f"c_{product.id}")), MOST_CASES) * (product.liquor_bottles_per_case or 1)
            + min(positive(form.get(f"b_{product.id}")), MOST_CASES)
            for product in products_sudo
        }
