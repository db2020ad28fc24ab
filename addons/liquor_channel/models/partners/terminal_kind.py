import secrets

from odoo import fields, models


class LiquorTerminalKind(models.Model):
    """Kind of a terminal as data: it drives default policies, screens and whether receipts must be scanned."""

    _name = "liquor.terminal.kind"
    _description = "Kind of Terminal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        default=lambda self: f"own_{secrets.token_hex(4)}",
        help="How files that are imported name the kind; people read the name.",
    )
    sequence = fields.Integer(default=10)
    must_scan = fields.Boolean(
        string="Receipts Must Be Scanned",
        default=True,
        help="Off for kinds whose figures come from flow reports, such as key accounts.",
    )
    company_id = fields.Many2one("res.company", help="Empty: a kind that all companies use.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "There is a kind with this code already.",
    )
