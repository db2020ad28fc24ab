"""Payout files: account numbers in clear, so streamed to finance and stored nowhere."""

from datetime import datetime

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.liquor_member.tools.download import CSV, XLSX, send_file

from ..engine.accounts.booking import month_end
from ..tools import tables
from ..tools.workbook import Sheet, write_workbook


def with_numbers(rows):
    """Return the rows of a payout file, header first, with amounts that a workbook can add up."""
    header, *payouts = rows
    column = header.index("amount")
    return [header, *([*row[:column], float(row[column]), *row[column + 1 :]] for row in payouts)]


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
        content = tables.write_csv(rows) if kind == "csv" else tables.write_xlsx({batch.name: with_numbers(rows)})
        return send_file(content, f"{batch.name}.{kind}", CSV if kind == "csv" else XLSX)


class WithholdingFiles(Controller):
    """The monthly list of withheld income tax, for the tax office."""

    @route(
        "/liquor/withholding/<int:company_id>/<string(length=7):month>.xlsx", type="http", auth="user", methods=["GET"]
    )
    def withholding_file(self, company_id, month, **_kw):
        """Send the list of a month (``2026-03``) to channel finance of the company."""
        user = request.env.user
        try:
            first = datetime.strptime(month, "%Y-%m").date()
        except ValueError:
            raise NotFound from None
        if not user.has_group("liquor_channel.group_finance") or company_id not in user.company_ids.ids:
            raise NotFound
        company = request.env["res.company"].browse(company_id)
        lines = request.env["liquor.withholding.line"].with_company(company)
        rows = lines.with_context(allowed_company_ids=company.ids)._sheet(company, first, month_end(first))
        header, *lines = rows
        name = request.env._("Withheld Income Tax %(month)s", month=month)
        # reward, what of it is taxed, and the tax
        sheet = Sheet(name, header, lines, totals=(6, 7, 9), total=request.env._("Total"))
        return send_file(write_workbook([sheet]), f"{month}.xlsx")
