from odoo import fields, models


class LiquorPrintHandover(models.TransientModel):
    """Shows link and password once; they are to travel by two different ways."""

    _name = "liquor.print.handover"
    _description = "Hand over to the Printer"

    order_id = fields.Many2one("liquor.print.order", required=True, readonly=True)
    link = fields.Char("One-time Link", readonly=True)
    password = fields.Char(readonly=True)
