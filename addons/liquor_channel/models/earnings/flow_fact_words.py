from odoo import api, models


class LiquorFlowFact(models.Model):
    """Names the paper behind a fact, for who may read the fact: an order, an invoice, a delivery, a payment."""

    _inherit = "liquor.flow.fact"

    @api.model
    def _words_of(self, facts):
        """Return what a reader is told about the sources of facts: as many queries for one as for 1,000.

        :param facts: fact dicts
        :return: {fact key: {"name", "note", "page" (portal page of the party itself, or "")}}
        """
        by_model = {}
        for fact in facts:
            by_model.setdefault(fact["source_model"], []).append(fact)
        words = {}
        for model, own in by_model.items():
            say = getattr(self, f"_words_{(model or '').replace('.', '_')}", None)
            if say:
                records = self.env[model].sudo().browse({fact["source_id"] for fact in own}).exists()
                known = {record.id: values for record, values in say(records)}
                words.update({fact["key"]: known[fact["source_id"]] for fact in own if fact["source_id"] in known})
        return words

    def _words_sale_order_line(self, lines):
        for line in lines:
            yield line, {"name": line.order_id.name, "note": line.name or "", "page": f"/my/orders/{line.order_id.id}"}

    def _words_stock_move(self, moves):
        for move in moves:
            order = move.sale_line_id.order_id
            page = f"/my/orders/{order.id}" if order else ""
            yield move, {"name": move.picking_id.name or move.reference or "", "note": order.name or "", "page": page}

    def _words_account_move_line(self, items):
        for item in items:
            page = f"/my/invoices/{item.move_id.id}"
            yield item, {"name": item.move_id.name or "", "note": item.name or "", "page": page}

    def _words_account_payment(self, payments):
        for payment in payments:
            yield payment, {"name": payment.name or "", "note": payment.memo or "", "page": ""}
