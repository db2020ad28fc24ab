from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import split_every

from ...engine.flow.request import MAX_EVENTS

WRONG_SHOWN = 20


class StockPicking(models.Model):
    """What scanned goods do when a transfer is done, cancelled or taken back."""

    _inherit = "stock.picking"

    def action_cancel(self):
        """Units scanned for a cancelled transfer are free again."""
        result = super().action_cancel()
        self.env["liquor.picking.scan"].sudo().search(
            [("picking_id", "in", self.ids), ("event_posted", "=", False)]
        ).unlink()  # fmt: skip
        return result

    def _action_done(self):
        """Move custody of what was scanned; what was expected is kept, since a back order changes the demand."""
        expected = {picking: picking._liquor_wanted() for picking in self if picking._liquor_scan_type()}
        result = super()._action_done()
        for picking, wanted in expected.items():
            picking.sudo().liquor_expected = wanted
        self.filtered(lambda picking: picking.state == "done")._liquor_post_scans()
        return result

    def _liquor_post_scans(self):
        """Scanned units change hands now: calls of the scan service per transfer and person who scanned.

        :raises UserError: a unit has moved on meanwhile; nothing of the transfer is done then
        """
        scans = self.env["liquor.picking.scan"].sudo().search(
            [("picking_id", "in", self.ids), ("event_posted", "=", False)], order="id"
        )  # fmt: skip
        now = fields.Datetime.now()
        for (picking, user), group in scans.grouped(lambda scan: (scan.picking_id, scan.user_id)).items():
            for part in split_every(MAX_EVENTS, group):
                picking._liquor_post_part(user, part, now)
        scans.write({"event_posted": True})

    def _liquor_post_part(self, user, scans, now):
        events = [self._liquor_prepare_event(scan, now) for scan in scans]
        answers = self.env["liquor.scan.request"].sudo()._take(user, events, "warehouse")
        wrong = [
            f"{scan.code}: {answer['message']}"
            for scan, answer in zip(scans, answers, strict=True)
            if answer["status"] != "accepted"
        ]
        if wrong:
            shown = "\n".join(wrong[:WRONG_SHOWN])
            raise UserError(self.env._("These units cannot leave any more:\n%(units)s", units=shown))

    def _liquor_prepare_event(self, scan, now):
        kind = scan.event_kind or self._liquor_scan_type()
        purpose = self.sale_id.liquor_kind if kind == "ship" and self.sale_id else ""
        return {
            "id": f"picking:{self.id}:{scan.id}",
            "type": kind,
            "code": scan.code,
            "at": f"{now.isoformat()}Z",
            "to": str(self.partner_id.commercial_partner_id.id) if kind in ("ship", "receive") else "",
            "purpose": purpose,
            "reference": self.name,
        }

    # --- taken back ------------------------------------------------------------------------------------------

    def action_liquor_unship(self):
        """Take back a delivery that is done: everything scanned on it comes back by a return of its own.

        The books and the custody go back together. Goods that moved on from their receiver stop it as a whole.

        :raises UserError: the delivery is not done, nothing was scanned on it, or goods have moved on
        """
        self._liquor_check_right()
        codes = self._liquor_units().values()
        if self.state != "done" or self._liquor_scan_type() != "ship" or not codes:
            raise UserError(self.env._("Only a delivery that is done and was scanned can be taken back."))
        back = self._liquor_return({scan.product_id: 0 for scan in codes}, codes)
        answers = back.liquor_scan([scan.code for scan in codes])["answers"]
        wrong = [f"{answer['code']}: {answer['message']}" for answer in answers if not answer["ok"]]
        if wrong:
            shown = "\n".join(wrong[:WRONG_SHOWN])
            raise UserError(self.env._("These goods have moved on and cannot be taken back:\n%(units)s", units=shown))
        back.with_context(skip_backorder=True).button_validate()
        self.message_post(body=self.env._("Taken back by %(transfer)s.", transfer=back.name))
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": back.id,
            "view_mode": "form",
        }

    def _liquor_return(self, bottles, scans):
        """A native return of what was scanned, not more; ready to be scanned."""
        for scan in scans:
            bottles[scan.product_id] += scan.bottles
        wizard = self.env["stock.return.picking"].create({"picking_id": self.id})
        commands = []
        for line in wizard.product_return_moves:
            product = line.product_id
            held = line.move_id.product_uom._compute_quantity(line.move_id.quantity, product.uom_id)
            taken = min(bottles.get(product, 0), held)
            if taken:
                bottles[product] -= taken
                quantity = product.uom_id._compute_quantity(taken, line.uom_id)
                commands.append(Command.update(line.id, {"quantity": quantity}))
        wizard.product_return_moves = commands
        return self.browse(wizard.action_create_returns()["res_id"])
