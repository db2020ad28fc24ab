"""Workbooks of finance, by the reader's own rights and companies: audit pack, tie-out, return on spend."""

from decimal import Decimal

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.liquor_member.tools.download import send_file

from ..tools.workbook import Formula, Sheet, write_workbook


class FinanceFiles(Controller):
    """Files that back-office users download."""

    @route("/liquor/pack/settlement/<int:settlement_id>.xlsx", type="http", auth="user", methods=["GET"])
    def settlement_pack(self, settlement_id, **_kw):
        """Send the audit pack of a settlement that was sent."""
        settlement = request.env["liquor.settlement"].browse(settlement_id).exists()
        if not request.env.user._is_internal() or not settlement or not settlement.has_access("read"):
            raise NotFound
        if not settlement.sudo().snapshot:
            raise NotFound
        return self._answer(settlement._pack_sheets(), f"{settlement.name}-audit")

    @route("/liquor/finance/tie-out.xlsx", type="http", auth="user", methods=["GET"])
    def tie_out(self, **_kw):
        """Send sub-ledger against ledger of the companies the user works for."""
        ties = request.env["liquor.tie.out"]
        if not request.env.user._is_internal() or not ties.has_access("read"):
            raise NotFound
        rows_of = ties.search([("company_id", "in", request.env.companies.ids)])
        roles = dict(ties._fields["role"]._description_selection(request.env))
        rows = [
            (
                row.company_id.name,
                roles.get(row.role, row.role),
                row.account_id.code,
                row.partner_id.name,
                Decimal(str(row.sub_ledger)),
                Decimal(str(row.general_ledger)),
                Formula("=F{row}-E{row}", Decimal(str(row.difference))),
            )
            for row in rows_of
        ]
        header = [
            request.env._("Company"),
            request.env._("Used as"),
            request.env._("Account"),
            request.env._("Partner"),
            request.env._("Sub-ledger"),
            request.env._("General Ledger"),
            request.env._("Difference"),
        ]
        name = request.env._("Tie-out")
        total = request.env._("Total")
        return self._answer([Sheet(name, header, rows, totals=(4, 5, 6), total=total)], "tie-out")

    @route("/liquor/finance/return/<int:return_id>.xlsx", type="http", auth="user", methods=["GET"])
    def spend_return(self, return_id, **_kw):
        """Send the workbook of a return on spend."""
        found = request.env["liquor.spend.return"].browse(return_id).exists()
        if not request.env.user._is_internal() or not found or not found.has_access("read"):
            raise NotFound
        return self._answer(found._return_sheets(), f"return-{found.date_from}-{found.date_to}")

    def _answer(self, sheets, name):
        return send_file(write_workbook(sheets), f"{name}.xlsx")
