from odoo import api, fields, models

from ...engine.flow.units import Unit


class LiquorReceiptReturn(models.Model):
    """Which receipt goods that came back belong to, as it was seen when they came back.

    A receipt that counted nothing then (a shop between scans and reports) may count later, when a report arrives
    behind it: what came back of it is taken back then (``liquor.policy._after_rise``). Packages change, so this
    cannot be found afterwards.
    """

    _name = "liquor.receipt.return"
    _inherit = ["liquor.append.mixin", "liquor.bulk.mixin"]
    _description = "Return of a Receipt"
    _order = "id desc"
    _rec_name = "event_id"

    event_id = fields.Many2one(
        "liquor.scan.event", "Receipt", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    batch_id = fields.Many2one("liquor.code.batch", required=True, readonly=True, ondelete="restrict")
    level = fields.Integer("Bottles per Unit", required=True, readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    bottles = fields.Integer("Bottles Back", required=True, readonly=True)
    received = fields.Integer("Bottles Received", required=True, readonly=True)

    _bounds = models.Constraint(
        "CHECK (bottles BETWEEN 0 AND 1000000 AND received BETWEEN 0 AND 1000000)", "No package holds so many bottles."
    )

    @api.model
    def _note(self, rows):
        """Keep what came back.

        :param rows: list of (fact key of the receipt, unit, bottles back, bottles received)
        """
        if not rows:
            return
        numbers = [int(key.rpartition("/")[2]) for key, *_rest in rows]
        companies = {
            event.id: event.company_id.id for event in self.env["liquor.scan.event"].sudo().browse(sorted(set(numbers)))
        }
        self._bulk_insert(
            ["event_id", "company_id", "batch_id", "level", "unit_index", "bottles", "received"],
            [
                [number, companies[number], unit.batch, unit.level, unit.index, bottles, received]
                for number, (_key, unit, bottles, received) in zip(numbers, rows, strict=True)
            ],
        )

    @api.model
    def _of(self, fact_keys):
        """Return what came back of receipts: {fact key: [(fact key, unit, bottles back, bottles received), …]}."""
        head = f"{self.env['liquor.scan.event']._name}/"
        numbers = [int(key.removeprefix(head)) for key in fact_keys if key.startswith(head)]
        found = {}
        for row in self.search([("event_id", "in", numbers)], order="id") if numbers else ():
            key = f"{head}{row.event_id.id}"
            unit = Unit(row.batch_id.id, row.level, row.unit_index)
            found.setdefault(key, []).append((key, unit, row.bottles, row.received))
        return found
