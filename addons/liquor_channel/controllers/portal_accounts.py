"""往来对账单 on the distributor's page: page, PDF and workbook are drawn from the frozen snapshot alone."""

from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.liquor_member.tools.download import XLSX, send_file

from ..tools.workbook import write_workbook
from .portal_channel import ChannelPortal
from .portal_common import DISTRIBUTOR_KINDS, PAGE_SIZE, positive
from .portal_lists import AccountList

#: kind of a movement's origin -> the page that shows it
PAGES = {"invoice": "/my/invoices/%s", "settlement": "/my/channel/statements/%s", "order": "/my/orders/%s"}
#: most movements of one account on the page of the month; the account's own page has all of them
MOVEMENTS_SHOWN = 10


class AccountPortal(ChannelPortal):
    """Read the monthly statement, confirm its accounts or object to one."""

    @route()
    def channel_home(self, **kw):
        """Add the monthly statements that wait for his confirmation."""
        response = super().channel_home(**kw)
        if hasattr(response, "qcontext"):
            role_sudo = response.qcontext["role_sudo"]
            response.qcontext["accounts_to_confirm_sudo"] = self._waiting_sudo(role_sudo)
        return response

    def _waiting_sudo(self, role_sudo):
        statements_sudo = request.env["liquor.account.statement"].sudo()
        domain = [("company_id", "=", role_sudo.company_id.id), ("state", "=", "sent")]
        return statements_sudo.search(domain + statements_sudo._portal_domain(request.env.user), limit=12)

    @route("/my/channel/accounts", type="http", auth="user", website=True, methods=["GET"])
    def accounts(self, **_kw):
        """List his monthly statements."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(role_sudo, "liquor_channel", **self._listed(AccountList, role_sudo))
        return request.render("liquor_channel.portal_accounts", values)

    @route("/my/channel/accounts/<int:statement_id>", type="http", auth="user", website=True, methods=["GET"])
    def account(self, statement_id, **_kw):
        """Show one month; staff sees it as the distributor does."""
        return self._render_account(*self._found(statement_id))

    def _found(self, statement_id):
        """Return the statement and the distributor's role: of his own, or what staff may read by its rights."""
        if request.env.user._is_internal():
            statement = request.env["liquor.account.statement"].browse(statement_id).exists()
            if not statement or not statement.has_access("read"):
                raise NotFound
            self._use_zone(statement.company_id)
            return statement.sudo(), None
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        return self._own("liquor.account.statement", statement_id, role_sudo.company_id), role_sudo

    def _render_account(self, statement_sudo, role_sudo, error=""):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "liquor_channel",
            "statement_sudo": statement_sudo,
            "role_sudo": role_sudo,
            "data": statement_sudo._snapshot_data(),
            "labels": statement_sudo._account_labels(),
            "lines": {line.account: line for line in statement_sudo.line_ids},
            "may_answer": bool(role_sudo) and statement_sudo.state in ("sent", "disputed"),
            "address": f"/my/channel/accounts/{statement_sudo.id}",
            "link": self._origin_link if role_sudo else lambda _address, _origin: None,
            "most": MOVEMENTS_SHOWN,
            "error": error,
        }
        return request.render("liquor_channel.portal_account", values)

    def _origin_link(self, address, origin):
        """Return the page that shows what a movement came from; ``address`` is that of the document it stands in."""
        kind, _slash, number = (origin or "").partition("/")
        if kind in ("entry", "earning"):
            return f"{address}/{kind}/{number}"
        return PAGES[kind] % number if kind in PAGES else None

    def _paged(self, domain, page):
        page = positive(page) or 1
        records_sudo = (
            request
            .env["liquor.earning"]
            .sudo()
            .search(domain, limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE, order="business_day desc, id desc")
        )
        return records_sudo[:PAGE_SIZE], {"page": page, "has_next": len(records_sudo) > PAGE_SIZE}

    @route("/my/channel/accounts/<int:statement_id>/answer", type="http", auth="user", website=True, methods=["POST"])
    def account_answer(self, statement_id, account="", text=None, fingerprint="", **_kw):
        """Confirm one account or all that are open, or object to one: exactly the version he was shown."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        statement_sudo = self._own("liquor.account.statement", statement_id, role_sudo.company_id)
        if account and account not in statement_sudo._account_labels():
            raise NotFound
        accounts = (account,) if account else ()
        objection = None if text is None else str(text)[:2000]
        error = self._try(lambda: statement_sudo._answer(accounts, request.env.user, fingerprint, objection))
        if error:
            return self._render_account(statement_sudo, role_sudo, error)
        return request.redirect(f"/my/channel/accounts/{statement_id}")

    @route("/my/channel/accounts/<int:statement_id>.<any(pdf,xlsx):kind>", type="http", auth="user", methods=["GET"])
    def account_file(self, statement_id, kind, **_kw):
        """Send the statement as PDF or workbook."""
        statement_sudo, _role_sudo = self._found(statement_id)
        if kind == "xlsx":
            content, mime = write_workbook(statement_sudo._snapshot_sheets(statement_sudo._snapshot_data())), XLSX
        else:
            report_sudo = request.env["ir.actions.report"].sudo()
            content, _type = report_sudo._render_qweb_pdf("liquor_channel.account_statement_report", statement_sudo.ids)
            mime = "application/pdf"
        return send_file(content, f"{statement_sudo.name}.{kind}", mime)
