"""The close list of a truck as a workbook."""

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.liquor_member.tools.download import send_file

MOST = 200


class CloseList(Controller):
    """For people of the warehouse; transfers of other companies are not found."""

    @route("/liquor/close_list.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def close_list(self, ids="", **_kw):
        """Send the list of the transfers named by ``ids`` (numbers with commas between, at most 200)."""
        numbers = [int(part) for part in ids.split(",") if part.isascii() and part.isdigit() and len(part) < 10]
        pickings = request.env["stock.picking"].search([("id", "in", numbers[:MOST])], order="id")
        if not pickings or not request.env.user.has_group("liquor_scan.group_warehouse"):
            raise NotFound
        name = request.env._("Close List")
        return send_file(pickings._liquor_close_workbook(), f"{name}.xlsx")
