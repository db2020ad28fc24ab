import secrets

from odoo import fields, models


class LiquorExpenseKind(models.Model):
    """A kind of expense (陈列, 品鉴会, 宴席, …): what proves it, until when it is claimed, where its cost lies."""

    _name = "liquor.expense.kind"
    _description = "Kind of Expense"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False, default=lambda self: f"own_{secrets.token_hex(4)}")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    cost_role = fields.Selection(
        [
            ("service_expense", "Selling expense (a service)"),
            ("rebate_contra", "Reduces revenue (a price concession)"),
        ],
        string="Where the Cost Lies",
        required=True,
        default="service_expense",
        help="Finance decides: a distinct service with the payee's invoice is an expense, all else reduces revenue.",
    )
    proof_count = fields.Integer("Photos Needed", required=True, default=1)
    claim_days = fields.Integer("Days to Claim", required=True, default=45, help="After the last day of the action.")
    has_guests = fields.Boolean(help="An event of the club: its guests and new members are counted (C70).")

    _code_unique = models.UniqueIndex("(code)", "There is a kind with this code already.")
    _bounds = models.Constraint(
        "CHECK (proof_count BETWEEN 0 AND 1000 AND claim_days BETWEEN 1 AND 730)", "Photos or days are out of bounds."
    )
