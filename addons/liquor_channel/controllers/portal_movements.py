"""Movements of one account of a statement: searched, paged, summed, and each down to what it is made of."""

from werkzeug.exceptions import NotFound

from odoo.http import request, route

from .portal_accounts import AccountPortal
from .portal_filter import ListFilter
from .portal_statement import StatementPortal

DOCUMENT = "/my/channel/<any(statements,accounts):document>/<int:number>"
PAGE = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}


class MovementPortal(AccountPortal, StatementPortal):
    """The same pages for settlements (statements) and for monthly accounts."""

    def _document(self, document, number):
        """Return a statement or a month, and the distributor's role (None for staff).

        :raises NotFound: there is none, or it is somebody else's
        """
        return self._statement_found(number) if document == "statements" else self._found(number)

    @route(f"{DOCUMENT}/movements/<string:account>", **PAGE)
    def movements(self, document, number, account, **_kw):
        """Show the movements of one account."""
        record_sudo, role_sudo = self._document(document, number)
        data, wanted = record_sudo._snapshot_data(), ListFilter.of(request.params)
        section = next((one for one in data["accounts"] if one["account"] == account), None)
        if not section:
            raise NotFound
        address = f"/my/channel/{document}/{number}"
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "liquor_channel",
            "role_sudo": role_sudo,
            "data": data,
            "account": section,
            "label": record_sudo._account_labels()[account],
            "page": self._rows(section["movements"], wanted),
            "wanted": wanted,
            "back": address,
            "link": self._origin_link if role_sudo else lambda _address, _origin: None,
            "error": "",
        }
        return request.render("liquor_channel.portal_movements", values)

    @route(f"{DOCUMENT}/<any(entry,earning):kind>/<int:origin>", **PAGE)
    def movement(self, document, number, kind, origin, page=1, **_kw):
        """Show what a movement is made of: an expense, a charge, or his own earnings, each down to its movements."""
        role_sudo = self._document(document, number)[1]
        if not role_sudo:
            raise NotFound
        paper = self._paper_of_entry(role_sudo, origin) if kind == "entry" else ""
        if paper:
            return request.redirect(paper)
        domain = request.env["liquor.statement.source"]._earnings_domain(
            role_sudo.company_id, role_sudo.partner_id, kind, origin
        )
        earnings_sudo, paging = self._paged(domain, page)
        values = self._values(
            role_sudo,
            "liquor_channel",
            back=f"/my/channel/{document}/{number}",
            earnings_sudo=earnings_sudo,
            paging=paging,
        )
        return request.render("liquor_channel.portal_account_earnings", values)

    def _paper_of_entry(self, role_sudo, number):
        """Return the page of the expense or charge that an entry of his stands for, or nothing."""
        lines_sudo = request.env["account.move.line"].sudo()
        line_sudo = lines_sudo.search(
            [
                ("move_id", "=", number),
                ("partner_id", "=", role_sudo.partner_id.id),
                ("company_id", "=", role_sudo.company_id.id),
            ],
            limit=1,
        )
        expense_sudo = line_sudo.move_id.liquor_expense_id
        if expense_sudo and expense_sudo.distributor_id == role_sudo.partner_id:
            return f"/my/channel/expenses/{expense_sudo.id}"
        return "/my/channel/charges" if line_sudo.move_id.liquor_charge_id else ""
