"""Statements on the distributor's page: page, PDF and workbook are drawn from the frozen snapshot alone."""

from werkzeug.exceptions import NotFound

from odoo.http import content_disposition, request, route

from ..tools import tables
from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal
from .portal_filter import ListFilter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def statements_domain(wanted):
    """Return the domain of statements by their last day and the products on their lines."""
    return wanted.days("date_to") + wanted.products("line_ids.product_id")


class StatementPortal(LiquorPortal):
    """Read, confirm or dispute a statement."""

    @route("/my/channel/statements", type="http", auth="user", website=True, methods=["GET"])
    def statements(self, page=1, **_kw):
        """List his statements."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        wanted = ListFilter.of(request.params)
        settlements_sudo, paging = self._list(
            "liquor.settlement", statements_domain(wanted), role_sudo.company_id, page, "date_to desc, id desc"
        )
        values = self._values(
            role_sudo, "liquor_channel", settlements_sudo=settlements_sudo, paging=paging, wanted=wanted
        )
        return request.render("liquor_channel.portal_channel_statements", values)

    @route("/my/channel/statements/<int:settlement_id>", type="http", auth="user", website=True, methods=["GET"])
    def statement(self, settlement_id, **_kw):
        """Show one statement; staff sees it as the distributor does."""
        if request.env.user._is_internal():
            return self._render_statement(self._staff_statement(settlement_id), None)
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        settlement_sudo = self._own("liquor.settlement", settlement_id, role_sudo.company_id)
        return self._render_statement(settlement_sudo, role_sudo)

    def _staff_statement(self, settlement_id):
        """Return a statement that the signed-in colleague may read by his own rights."""
        settlement = request.env["liquor.settlement"].browse(settlement_id).exists()
        if not settlement or not settlement.has_access("read"):
            raise NotFound
        self._use_zone(settlement.company_id)
        return settlement.sudo()

    def _render_statement(self, settlement_sudo, role_sudo, error=""):
        disputes = {}
        for dispute in settlement_sudo.dispute_ids.sorted("id"):
            disputes[dispute.settlement_line_id.earning_id.id] = dispute
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "liquor_channel",
            "settlement_sudo": settlement_sudo,
            "role_sudo": role_sudo,
            "data": settlement_sudo._snapshot_data(),
            "disputes": disputes,
            "may_answer": bool(role_sudo) and settlement_sudo.state in ("sent", "disputed"),
            "error": error,
        }
        return request.render("liquor_channel.portal_statement", values)

    @route(
        "/my/channel/statements/<int:settlement_id>/confirm", type="http", auth="user", website=True, methods=["POST"]
    )
    def statement_confirm(self, settlement_id, fingerprint="", **_kw):
        """Confirm exactly the version he was shown."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        settlement_sudo = self._own("liquor.settlement", settlement_id, role_sudo.company_id)
        if fingerprint != settlement_sudo.snapshot_hash:
            error = request.env._("The statement was changed meanwhile: read it again.")
        else:
            error = self._try(settlement_sudo._confirm)
        if error:
            return self._render_statement(settlement_sudo, role_sudo, error)
        return request.redirect(f"/my/channel/statements/{settlement_id}")

    @route(
        "/my/channel/statements/<int:settlement_id>/dispute", type="http", auth="user", website=True, methods=["POST"]
    )
    def statement_dispute(self, settlement_id, line="", text="", **_kw):
        """Dispute one line of it."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        settlement_sudo = self._own("liquor.settlement", settlement_id, role_sudo.company_id)
        line_sudo = settlement_sudo.line_ids.filtered(lambda item: str(item.earning_id.id) == str(line) and item.live)
        if not line_sudo:
            raise NotFound
        error = self._try(lambda: settlement_sudo._dispute_line(line_sudo, str(text).strip(), request.env.user))
        if error:
            return self._render_statement(settlement_sudo, role_sudo, error)
        return request.redirect(f"/my/channel/statements/{settlement_id}#line{line_sudo.earning_id.id}")

    @route(
        [
            "/my/channel/statements/<int:settlement_id>.<any(pdf,xlsx):kind>",
            "/liquor/statement/<int:settlement_id>.<any(pdf,xlsx):kind>",
        ],
        type="http",
        auth="user",
        methods=["GET"],
    )
    def statement_file(self, settlement_id, kind, **_kw):
        """Send the statement as PDF or workbook."""
        if request.env.user._is_internal():
            settlement_sudo = self._staff_statement(settlement_id)
        else:
            role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
            settlement_sudo = self._own("liquor.settlement", settlement_id, role_sudo.company_id)
        data = settlement_sudo._snapshot_data()
        if kind == "xlsx":
            content, mime = tables.write_xlsx(settlement_sudo._snapshot_sheets(data)), XLSX
        else:
            report_sudo = request.env["ir.actions.report"].sudo()
            content, _type = report_sudo._render_qweb_pdf("liquor_channel.settlement_report", settlement_sudo.ids)
            mime = "application/pdf"
        headers = [
            ("Content-Type", mime),
            ("Content-Disposition", content_disposition(f"{settlement_sudo.name}.{kind}")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers)
