from odoo import models


class LiquorPayee(models.Model):
    """Looks at payee accounts and changes of them are written down (C73)."""

    _name = "liquor.payee"
    _inherit = ["liquor.payee", "liquor.channel.watched"]

    _watched = frozenset({"holder", "masked_account", "bank_name", "active"})
