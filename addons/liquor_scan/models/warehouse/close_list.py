from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.liquor_channel.tools.workbook import Sheet, write_workbook

from ...engine.warehouse.loading import close_lines, counted
from ..flow.reasons import reason_text


class StockPicking(models.Model):
    """The close list of a truck: per transfer what was expected, what was scanned, and what was wrong and why."""

    _inherit = "stock.picking"

    def action_liquor_close_list(self):
        """Send the close list of these transfers as a workbook."""
        self._liquor_check_close_list()
        numbers = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "url": f"/liquor/close_list.xlsx?ids={numbers}", "target": "download"}

    def _liquor_check_close_list(self):
        self.check_access("read")
        if not self.env.user.has_group("liquor_scan.group_warehouse"):
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))

    def _liquor_close_list(self):
        """What the list says, a dict per transfer in their order; three queries for all of them.

        :return: [{"picking", "lines": [{"product", "lots", "expected", "scanned", "difference"}], "expected",
            "scanned", "units", "pallets", "wrong": [(reason in words, how many, [code])]}]
        """
        self._liquor_check_close_list()
        scans = self.env["liquor.picking.scan"].search([("picking_id", "in", self.ids)], order="id")
        refused = self.env["liquor.picking.answer"].search(
            [("picking_id", "in", self.ids), ("kind", "=", "scan"), ("reason", "!=", False)], order="id"
        )
        scans_of, refused_of = scans.grouped("picking_id"), refused.grouped("picking_id")
        return [
            picking._liquor_close_of(scans_of.get(picking, scans.browse()), refused_of.get(picking, refused.browse()))
            for picking in self
        ]

    def _liquor_close_of(self, scans, refused):
        scanned, lots = {}, {}
        for scan in scans:
            key = scan.product_id.id
            scanned[key] = scanned.get(key, 0) + scan.bottles
            own = lots.setdefault(key, {})
            own[scan.lot_id.name or ""] = own.get(scan.lot_id.name or "", 0) + scan.bottles
        lines = [
            {
                "product": self.env["product.product"].browse(line.key).display_name,
                "lots": lots.get(line.key, {}),
                "expected": line.expected,
                "scanned": line.scanned,
                "difference": line.difference,
            }
            for line in close_lines(self._liquor_wanted(), scanned)
        ]
        return {
            "picking": self,
            "lines": lines,
            "expected": sum(line["expected"] for line in lines),
            "scanned": sum(line["scanned"] for line in lines),
            "units": len(scans),
            "pallets": scans.result_package_id.mapped("name"),
            "wrong": [
                (reason_text(self.env, reason), number, codes)
                for reason, number, codes in counted((answer.reason, answer.code or "") for answer in refused)
            ],
        }

    def _liquor_close_workbook(self):
        """The close list as XLSX: one sheet of goods, one of wrong scans, all transfers below each other."""
        goods, wrong = [], []
        for entry in self._liquor_close_list():
            picking = entry["picking"]
            head = [picking.name, picking.origin or "", picking.partner_id.display_name or ""]
            for line in entry["lines"]:
                lots = ", ".join(f"{lot} × {bottles}" for lot, bottles in line["lots"].items())
                goods.append([*head, line["product"], lots, line["expected"], line["scanned"], line["difference"]])
            wrong += [[*head, reason, number, " ".join(codes)] for reason, number, codes in entry["wrong"]]
        head = [self.env._("Transfer"), self.env._("Source Document"), self.env._("Customer")]
        lines = [
            *head,
            self.env._("Product"),
            self.env._("Lots"),
            self.env._("Expected"),
            self.env._("Scanned"),
            self.env._("Difference"),
        ]
        faults = [*head, self.env._("Reason"), self.env._("Times"), self.env._("Codes")]
        return write_workbook([
            Sheet(self.env._("Goods"), lines, goods, totals=(5, 6, 7), total=self.env._("Total")),
            Sheet(self.env._("Wrong Scans"), faults, wrong, totals=(4,), total=self.env._("Total")),
        ])
