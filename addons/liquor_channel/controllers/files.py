"""Payout files: account numbers in clear, so streamed to finance and stored nowhere."""

from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

from ..tools import tables
from .portal_statement import XLSX


class PayoutFiles(Controller):
    """The file for bank or WeChat."""

    @route(
        "/liquor/payout/<int:batch_id>.<any(csv,xlsx):kind>", type="http", auth="user", methods=["GET"], readonly=False
    )
    def payout_file(self, batch_id, kind, **_kw):
        """Send the payout file of a batch that was sent."""
        batch = request.env["liquor.payout.batch"].browse(batch_id).exists()
        if not batch or not batch.has_access("write") or batch.state not in ("sent", "done"):
            raise NotFound
        rows = batch._file_rows()
        content = tables.write_csv(rows) if kind == "csv" else tables.write_xlsx({batch.name: rows})
        headers = [
            ("Content-Type", "text/csv; charset=utf-8" if kind == "csv" else XLSX),
            ("Content-Disposition", content_disposition(f"{batch.name}.{kind}")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
