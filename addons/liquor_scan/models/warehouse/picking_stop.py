from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Goods of a lot of which some are stopped leave by their codes alone.

    A quantity without codes does not say which bottles it is: where a roll of the lot is stopped, or some of it is
    recalled, they could be those. Scanned ones are judged one by one; the others stay until they are scanned.
    """

    _inherit = "stock.picking"

    def _action_done(self):
        """Refuse what left without codes out of a lot with stopped bottles.

        :raises UserError: more was taken of such a lot than was scanned; nothing of the transfers is done then
        """
        result = super()._action_done()
        leaving = self.filtered(lambda picking: picking.state == "done" and picking._liquor_scan_type() == "ship")
        leaving._liquor_check_unscanned()
        return result

    def _liquor_check_unscanned(self):
        lots = self.move_line_ids.lot_id
        # behind the share lock no stop can begin until this transaction ends
        if not lots or not any(self.env["liquor.stop.gate"].sudo()._pass(set(self.company_id.ids)).values()):
            return
        stopped = self._liquor_stopped_lots(lots)
        wrong = {lot for _picking, lot in self._liquor_unscanned(stopped)} if stopped else ()
        if wrong:
            names = ", ".join(sorted(lot.name for lot in wrong))
            raise UserError(
                self.env._(
                    "Some bottles of lot %(lots)s are stopped: a sample did not match, or they are recalled. "
                    "Scan what leaves, so that none of them is loaded.",
                    lots=names,
                )
            )

    def _liquor_unscanned(self, lots):
        """{(picking, lot): bottles} that left without a code, of these lots only; one query."""
        left = {}
        for line in self.move_line_ids.filtered(lambda line: line.state == "done" and line.lot_id in lots):
            key = (line.picking_id, line.lot_id)
            left[key] = left.get(key, 0) + line.quantity_product_uom
        scanned = self.env["liquor.picking.scan"].sudo()._read_group(
            [("picking_id", "in", self.ids), ("lot_id", "in", lots.ids)], ["picking_id", "lot_id"], ["bottles:sum"]
        )  # fmt: skip
        for picking, lot, bottles in scanned:
            key = (picking.with_env(self.env), lot.with_env(self.env))
            if key in left:
                left[key] -= bottles
        # a bottle is the product's own unit: what is left of a float below half a bottle is none
        return {key: bottles for key, bottles in left.items() if bottles > 0.5}

    def _liquor_stopped_lots(self, lots):
        """Those of the lots of which a roll is stopped; rooms that stop goods otherwise add theirs; one query."""
        checks = self.env["liquor.packing.check"].sudo()
        return checks.search([("state", "=", "stopped"), ("batch_id.lot_id", "in", lots.ids)]).batch_id.lot_id
