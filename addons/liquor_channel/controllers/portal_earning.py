"""From an amount to what it was earned by: scans, orders, invoices, reported rows, payments, claims, contracts."""

from werkzeug.exceptions import NotFound

from odoo.http import request, route

from .portal_common import DISTRIBUTOR_KINDS, PAGE_SIZE, WALLET_PAGES, LiquorPortal, positive

#: model of the paper behind an earning -> how to its page: (kind of page, model whose record it shows, address)
PAPERS = {
    "liquor.expense": ("channel", "liquor.expense", "/my/channel/expenses/%s"),
    "liquor.agreement.payment": ("terminal", "liquor.agreement", "/my/terminal/contracts"),
}


class EarningPortal(LiquorPortal):
    """One earning of the signed-in party, explained down to its movements."""

    @route(
        "/my/<any(channel,terminal,guide):page_kind>/earnings/<int:earning_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def earning(self, page_kind, earning_id, page=1, **_kw):
        """Show one figure: the rule in words, the movements that were counted, the claim or contract."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS if page_kind == "channel" else WALLET_PAGES[page_kind])
        earning_sudo = self._earning_sudo(role_sudo, earning_id, page_kind == "channel")
        own = earning_sudo.partner_id == role_sudo.partner_id
        facts, paging = self._facts_page(earning_sudo, page)
        values = self._values(
            role_sudo,
            f"liquor_{page_kind}",
            page_kind=page_kind,
            earning_sudo=earning_sudo,
            own=own,
            amount=earning_sudo.amount if own else earning_sudo.funder_amount,
            why=earning_sudo._why(outward=own),
            paging=paging,
            # what a shop buys for is the distributor's own; of others he reads bottles
            facts=facts,
            with_amounts=page_kind == "channel" and own,
            back=self._back_of(earning_sudo, page_kind, own),
            paper=self._paper_page(earning_sudo, page_kind),
        )
        return request.render("liquor_channel.portal_earning", values)

    def _earning_sudo(self, role_sudo, earning_id, also_carried):
        """Return an earning of his own, or one that he carries a part of.

        :raises NotFound: there is none, or it is somebody else's: one answer for both
        """
        partner_id = role_sudo.partner_id.id
        whose = [("partner_id", "=", partner_id)]
        if also_carried:
            whose = ["|", *whose, "&", ("funder_id", "=", partner_id), ("funder_amount", "!=", 0)]
        domain = [("id", "=", earning_id), ("company_id", "=", role_sudo.company_id.id), *whose]
        earning_sudo = request.env["liquor.earning"].sudo().with_company(role_sudo.company_id).search(domain, limit=1)
        if not earning_sudo:
            raise NotFound
        return earning_sudo

    def _facts_page(self, earning_sudo, page):
        """Return a page of the movements with the papers behind them, and the sums of all of them."""
        number = positive(page) or 1
        found = earning_sudo._sources(PAGE_SIZE, (number - 1) * PAGE_SIZE)
        source_sudo = request.env["liquor.flow.fact"].sudo()
        words = source_sudo._words_of(found.facts)
        kinds = dict(source_sudo._fields["kind"]._description_selection(request.env))
        products_sudo = (
            request.env["product.product"].sudo().browse({fact["product_id"] for fact in found.facts} - {False, None})
        )
        names = {product.id: product.name for product in products_sudo}
        rows = [
            {
                "day": fact["business_day"],
                "kind": kinds.get(fact["kind"], ""),
                "product": names.get(fact["product_id"], ""),
                "bottles": fact["bottles"],
                "amount": fact["amount"],
                **words.get(fact["key"], {"name": "", "note": "", "page": ""}),
            }
            for fact in found.facts
        ]
        return rows, {
            "page": number,
            "has_next": number * PAGE_SIZE < found.count,
            "count": found.count,
            "bottles": found.bottles,
            "amount": found.amount,
        }

    def _back_of(self, earning_sudo, page_kind, own):
        """Return where he came from: the statement that the line stands in, else his list."""
        if page_kind != "channel":
            return f"/my/{page_kind}"
        lines_sudo = request.env["liquor.settlement.line"].sudo()
        line_sudo = lines_sudo.search(
            [
                ("earning_id", "=", earning_sudo.id),
                ("live", "=", True),
                ("settlement_id.state", "not in", ("draft", "cancelled")),
            ],
            limit=1,
        )
        if line_sudo and own:
            return f"/my/channel/statements/{line_sudo.settlement_id.id}"
        return "/my/channel/earnings" if own else "/my/channel/earnings?charged=1"

    def _paper_page(self, earning_sudo, page_kind):
        """Return (name, address) of the claim or contract behind an earning, where this reader has a page of it."""
        model, record_id = earning_sudo._paper() or (None, None)
        if model not in PAPERS or PAPERS[model][0] != page_kind:
            return None
        record_sudo = request.env[model].sudo().browse(record_id).exists()
        shown_model, address = PAPERS[model][1:]
        shown_sudo = record_sudo if model == shown_model else record_sudo.agreement_id
        domain = [("id", "in", shown_sudo.ids), *shown_sudo._portal_domain(request.env.user)]
        if not shown_sudo.search_count(domain, limit=1):
            return None
        return shown_sudo.display_name, address % shown_sudo.id if "%s" in address else address
