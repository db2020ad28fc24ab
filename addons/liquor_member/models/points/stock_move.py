from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _liquor_record_purchases(self):
        """Record qualifying events and points for delivered and returned lines of members' orders."""
        moves = self.sudo().filtered(lambda move: move.state == "done" and move.sale_line_id and move._liquor_sign())
        members = moves._liquor_members()
        moves = moves.filtered(lambda move: move.sale_line_id.order_id in members)
        if not moves:
            return
        self.env["liquor.qualifying.event"]._record([
            move._liquor_prepare_event(members[move.sale_line_id.order_id]) for move in moves
        ])
        moves.filtered(lambda move: move._liquor_sign() > 0)._liquor_grant_points(members)
        moves.filtered(lambda move: move._liquor_sign() < 0)._liquor_take_points_back()

    def _liquor_sign(self):
        """Return 1 for goods that go to a customer, -1 for goods that come back, 0 for anything else."""
        to_customer = self.location_dest_id.usage == "customer"
        return int(to_customer) - int(self.location_id.usage == "customer")

    def _liquor_members(self):
        """Return order -> the customer's active member record in the company's first club."""
        orders = self.sale_line_id.order_id
        found = (
            self
            .env["liquor.member"]
            .sudo()
            .search([
                ("partner_id", "in", orders.partner_id.ids),
                ("company_id", "in", orders.company_id.ids),
                ("state", "=", "active"),
            ])
        )
        first = {}
        for member in found.sorted(lambda member: (member.program_id.sequence, member.program_id.id), reverse=True):
            first[member.partner_id, member.company_id] = member
        keys = {order: (order.partner_id, order.company_id) for order in orders}
        return {order: first[key] for order, key in keys.items() if key in first}

    def _liquor_bottles(self):
        return round(self.product_uom._compute_quantity(self.quantity, self.product_id.uom_id, round=False))

    def _liquor_amount(self):
        line = self.sale_line_id
        quantity = self.product_uom._compute_quantity(self.quantity, line.product_uom_id, round=False)
        share = line.price_subtotal * quantity / line.product_uom_qty if line.product_uom_qty else 0
        return line.currency_id._convert(share, self.company_id.currency_id, self.company_id, self.date)

    def _liquor_prepare_event(self, member):
        sign = self._liquor_sign()
        return {
            "member_id": member.id,
            "source": "order",
            "credit": "purchase",
            "product_id": self.product_id.id,
            "bottles": sign * self._liquor_bottles(),
            "amount": sign * self._liquor_amount(),
            "event_time": self.date,
            "event_key": f"stock.move,{self.id}",
            "origin_model": "sale.order",
            "origin_id": self.sale_line_id.order_id.id,
        }

    def _liquor_grant_points(self, members):
        grants = []
        for move in self:
            member = members[move.sale_line_id.order_id]
            rule = self.env["liquor.point.rule"]._rule_of(member.program_id, "order")
            points = rule._points_for(move._liquor_bottles(), move._liquor_amount()) if rule else 0
            if points:
                grants.append(move._liquor_prepare_grant(member, rule, points))
        self.env["liquor.reward"]._grant(grants)

    def _liquor_prepare_grant(self, member, rule, points):
        first, last = rule._terms(member.company_id, self.date)
        return {
            "kind": "points",
            "member": member,
            "points": points,
            "key": f"stock.move/{self.id}",
            "origin": self.sale_line_id.order_id,
            "product": self.product_id,
            "reason": self.sale_line_id.order_id.name,
            "rule_version": rule._version_name(),
            "event_time": self.date,
            "available_on": first,
            "expires_on": last,
        }

    def _liquor_take_points_back(self):
        """Take back the share of the returned bottles, counted from the whole: many small returns equal a big one."""
        for move in self.filtered("origin_returned_move_id"):
            delivered = move.origin_returned_move_id
            earned = (
                self
                .env["liquor.point.entry"]
                .sudo()
                .search([("idempotency_key", "=", f"points/stock.move/{delivered.id}")])
            )
            if not earned:
                continue
            returns = delivered.returned_move_ids.filtered(lambda back: back.state == "done")
            due = earned.points * sum(back._liquor_bottles() for back in returns) // delivered._liquor_bottles()
            taken = -sum(
                self
                .env["liquor.point.entry"]
                .sudo()
                .search([
                    ("origin_model", "=", earned._name),
                    ("origin_id", "=", earned.id),
                    ("kind", "=", "claw_back"),
                ])
                .mapped("points")
            )
            if due > taken:
                earned._take_back(move.picking_id.name, due - taken, f"claw_back/stock.move/{move.id}")
