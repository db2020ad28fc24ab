from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ACCOUNTS = [
    ("goods", "Goods Account"),
    ("rebate", "Rebates"),
    ("expense", "Expenses"),
    ("deposit", "Deposit"),
    ("in_kind", "Goods in Kind (cases)"),
]


class LiquorAccountStatementLine(models.Model):
    """One account of a statement, its four figures, and what the distributor says to it."""

    _name = "liquor.account.statement.line"
    _description = "Account of a Statement"
    _inherit = ["liquor.guarded.mixin", "liquor.labelled.mixin", "liquor.bulk.mixin"]
    _order = "statement_id, id"
    _rec_name = "account"
    _check_company_auto = True
    _typed_while = {"answer": ("open", "disputed")}

    statement_id = fields.Many2one(
        "liquor.account.statement", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(related="statement_id.partner_id", store=True, index=True)
    account = fields.Selection(ACCOUNTS, required=True, readonly=True)
    # cases and money stand in one column: no currency, and no sum over both
    opening = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    incoming = fields.Float("In", digits=(16, 2), readonly=True, aggregator=None)
    outgoing = fields.Float("Out", digits=(16, 2), readonly=True, aggregator=None)
    closing = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    gap = fields.Float(
        "Booked Late",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Opening less the closing of the month before: what was booked into that month after its statement.",
    )
    state = fields.Selection(
        [("open", "Open"), ("confirmed", "Confirmed"), ("disputed", "Disputed")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    said_by_id = fields.Many2one("res.users", "Answered By", readonly=True, ondelete="restrict")
    said_at = fields.Datetime("Answered At", readonly=True)
    objection = fields.Text(readonly=True)
    answer = fields.Text(help="What the distributor reads when the statement is sent again.")

    _account_unique = models.UniqueIndex("(statement_id, account)", "A statement has each account once.")
    _adds_up = models.Constraint(
        "CHECK (opening + incoming - outgoing = closing)", "Opening + in - out is the closing balance."
    )
    _bounds = models.Constraint(
        """CHECK (opening BETWEEN -1000000000000 AND 1000000000000 AND closing BETWEEN -1000000000000 AND 1000000000000
              AND incoming BETWEEN 0 AND 1000000000000 AND outgoing BETWEEN 0 AND 1000000000000)""",
        "An account of a statement is out of bounds.",
    )

    @api.constrains("objection", "answer")
    def _check_texts(self):
        if any(len(text or "") > 2000 for line in self for text in (line.objection, line.answer)):
            raise ValidationError(self.env._("A text has at most 2,000 characters."))

    def _say(self, state, user, objection=""):
        """Note what the distributor says to these accounts.

        :raises UserError: it was confirmed already
        """
        if self.filtered(lambda line: line.state == "confirmed"):
            raise UserError(self.env._("This account was confirmed already."))
        self.write({"state": state, "said_by_id": user.id, "said_at": fields.Datetime.now(), "objection": objection})
