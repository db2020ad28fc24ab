from odoo import fields, models


class LiquorPrintHandover(models.TransientModel):
    """Shows link and password once; they are to travel by two different ways."""

    _name = "liquor.print.handover"
    _description = "Hand over to the Printer"

    order_id = fields.Many2one("liquor.print.order", required=True, readonly=True)
    link = fields.Char("One-time Link", readonly=True)
    password = fields.Char(readonly=True)
    bottles = fields.Integer(related="order_id.bottles")
    first = fields.Integer("First Bottle", readonly=False)
    last = fields.Integer("Last Bottle", readonly=False)

    def action_part(self):
        """Issue a link to these bottles only, in place of the one shown."""
        self.ensure_one()
        return self.order_id._issue_link(self.first - 1, self.last - 1)
