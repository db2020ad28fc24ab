"""Statements on the distributor's page: page, PDF and workbook are drawn from the frozen snapshot alone."""

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.liquor_member.tools.download import XLSX, send_file

from ..tools.workbook import write_workbook
from .portal_common import DISTRIBUTOR_KINDS, ROWS_SHOWN, LiquorPortal
from .portal_filter import ListFilter
from .portal_lists import StatementList

#: which lines of a statement the page can be narrowed to
SHOWN = ("", "held", "disputed")
#: longest file as base64 text
FILE_TEXT = 12 * 1024 * 1024


class StatementPortal(LiquorPortal):
    """Read, confirm or dispute a statement. The page costs the same queries for 100 and for 10,000 lines."""

    @route("/my/channel/statements", type="http", auth="user", website=True, methods=["GET"])
    def statements(self, **_kw):
        """List his statements."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        values = self._values(role_sudo, "liquor_channel", **self._listed(StatementList, role_sudo))
        return request.render("liquor_channel.portal_channel_statements", values)

    @route("/my/channel/statements/<int:settlement_id>", type="http", auth="user", website=True, methods=["GET"])
    def statement(self, settlement_id, **_kw):
        """Show one statement; staff sees it as the distributor does."""
        return self._render_statement(*self._statement_found(settlement_id))

    def _statement_found(self, settlement_id):
        """Return the statement and the distributor's role: of his own, or what staff may read by its rights."""
        if request.env.user._is_internal():
            return self._staff_statement(settlement_id), None
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        return self._own("liquor.settlement", settlement_id, role_sudo.company_id), role_sudo

    def _staff_statement(self, settlement_id):
        """Return a statement that the signed-in colleague may read by his own rights."""
        settlement = request.env["liquor.settlement"].browse(settlement_id).exists()
        if not settlement or not settlement.has_access("read") or not settlement.sudo().snapshot:
            raise NotFound
        self._use_zone(settlement.company_id)
        return settlement.sudo()

    def _render_statement(self, settlement_sudo, role_sudo, error=""):
        data, wanted = settlement_sudo._snapshot_data(), ListFilter.of(request.params)
        show = request.params.get("show")
        show = show if show in SHOWN else ""
        page = self._rows(data["lines"], wanted, self._line_test(settlement_sudo, show))
        may_answer = bool(role_sudo) and settlement_sudo.state in ("sent", "disputed")
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "liquor_channel",
            "settlement_sudo": settlement_sudo,
            "role_sudo": role_sudo,
            "data": data,
            "page": page,
            "wanted": wanted,
            "show": show,
            "movements_of": f"/my/channel/statements/{settlement_sudo.id}/movements",
            "disputes": settlement_sudo._disputes_of([row["id"] for row in page.rows]),
            "may_answer": may_answer,
            "token": request.csrf_token(time_limit=None) if may_answer else "",
            "error": error,
        }
        return request.render("liquor_channel.portal_statement", values)

    def _line_test(self, settlement_sudo, show):
        """Return the test of the lines that are asked for, or nothing for all."""
        if show == "held":
            return lambda row: row["held"]
        if show == "disputed":
            disputed = settlement_sudo._disputed_ids()
            return lambda row: row["id"] in disputed
        return None

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

    # ------------------------------------------------------------------ disputes
    @route(
        "/my/channel/statements/<int:settlement_id>/dispute", type="http", auth="user", website=True, methods=["POST"]
    )
    def statement_dispute(self, settlement_id, line="", text="", **_kw):
        """Dispute one line of it."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        settlement_sudo = self._own("liquor.settlement", settlement_id, role_sudo.company_id)
        line_sudo = self._line_sudo(settlement_sudo, line)
        error = self._try(lambda: self._dispute(settlement_sudo, line_sudo, text))
        if error:
            return self._render_statement(settlement_sudo, role_sudo, error)
        return request.redirect(self._line_address(settlement_sudo, line_sudo.earning_id.id))

    @route("/my/channel/statements/<int:settlement_id>/dispute/files", type="jsonrpc", auth="user", methods=["POST"])
    def statement_dispute_files(self, settlement_id, line=None, text="", files=None, token=None, **_kw):
        """Dispute one line and send papers with it, in one transaction.

        :param files: list of {"name", "content" (base64)}, at most three
        :return: {"url": where the line shows} or {"error": sentence}
        """
        if not self._has_token(token):
            return {"error": request.env._("This page is out of date. Open it again.")}
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        settlement_sudo = self._own("liquor.settlement", settlement_id, role_sudo.company_id)
        line_sudo = self._line_sudo(settlement_sudo, line)
        error = self._try(lambda: self._dispute(settlement_sudo, line_sudo, text)._add_files(read_files(files)))
        return {"error": error} if error else {"url": self._line_address(settlement_sudo, line_sudo.earning_id.id)}

    def _dispute(self, settlement_sudo, line_sudo, text):
        return settlement_sudo._dispute_line(line_sudo, str(text).strip(), request.env.user)

    def _line_sudo(self, settlement_sudo, earning):
        """Return the live line of one earning.

        :raises NotFound: there is none
        """
        lines_sudo = request.env["liquor.settlement.line"].sudo()
        number = str(earning)
        domain = [("settlement_id", "=", settlement_sudo.id), ("live", "=", True)]
        known = number.isascii() and number.isdigit() and len(number) <= 9
        line_sudo = lines_sudo.search([*domain, ("earning_id", "=", int(number))], limit=1) if known else lines_sudo
        if not line_sudo:
            raise NotFound
        return line_sudo

    def _line_address(self, settlement_sudo, earning_id):
        """Return the page that shows a line."""
        ids = [row["id"] for row in settlement_sudo._snapshot_data()["lines"]]
        page = ids.index(earning_id) // ROWS_SHOWN + 1 if earning_id in ids else 1
        return f"/my/channel/statements/{settlement_sudo.id}?page={page}#line{earning_id}"

    @route("/my/channel/disputes/<int:dispute_id>/<int:file_id>", type="http", auth="user", methods=["GET"])
    def dispute_file(self, dispute_id, file_id, **_kw):
        """Send one of the papers that his company sent with a dispute."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        dispute_sudo = request.env["liquor.dispute"].sudo().search([
            ("id", "=", dispute_id),
            ("partner_id", "=", role_sudo.partner_id.id),
            ("company_id", "=", role_sudo.company_id.id),
        ])  # fmt: skip
        file_sudo = dispute_sudo.file_ids.filtered(lambda one: one.id == file_id)
        if not file_sudo:
            raise NotFound
        return send_file(file_sudo.raw, file_sudo.name, file_sudo.mimetype)

    # ------------------------------------------------------------------ files
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
        settlement_sudo, _role_sudo = self._statement_found(settlement_id)
        if kind == "xlsx":
            data = settlement_sudo._snapshot_data()
            content, mime = write_workbook(settlement_sudo._snapshot_sheets(data)), XLSX
        else:
            report_sudo = request.env["ir.actions.report"].sudo()
            content, _type = report_sudo._render_qweb_pdf("liquor_channel.settlement_report", settlement_sudo.ids)
            mime = "application/pdf"
        return send_file(content, f"{settlement_sudo.name}.{kind}", mime)


def read_files(files):
    """Return (name, base64 text) of the files of a JSON call.

    :raises UserError: it is no list of files, or one is too large
    """
    files = files if isinstance(files, list) else [files] if files else []
    pairs = [(one.get("name"), one.get("content")) if isinstance(one, dict) else (None, None) for one in files]
    for name, content in pairs:
        if not isinstance(name, str) or not isinstance(content, str) or len(content) > FILE_TEXT:
            raise UserError(request.env._("Send a PDF, a photo (JPEG, PNG) or a workbook (XLSX) of at most 8 MB."))
    return pairs
