import secrets

from odoo import fields, models


class LiquorExpenseReason(models.Model):
    """Why a photo is rejected or an amount cut; the distributor reads it."""

    _name = "liquor.expense.reason"
    _description = "Reason of a Cut"
    _order = "sequence, id"
    _rec_names_search = ("code", "name")

    code = fields.Char(required=True, copy=False, default=lambda self: f"own_{secrets.token_hex(4)}")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    for_photos = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "There is a reason with this code already.")
