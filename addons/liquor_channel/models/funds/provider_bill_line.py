from odoo import fields, models

REASONS = [
    ("unknown", "Not Used by Our Members"),
    ("twice", "Billed Before"),
    ("price", "Another Amount Than Agreed"),
    ("unreadable", "Amount Not Readable"),
]


class LiquorProviderBillLine(models.Model):
    """One row of a provider's bill: the use that it stands for, what is paid of it, and why less."""

    _name = "liquor.provider.bill.line"
    _description = "Row of a Provider's Bill"
    _inherit = ["liquor.bulk.mixin"]
    _order = "bill_id desc, line, id"
    _check_company_auto = True
    _rec_name = "number"

    bill_id = fields.Many2one(
        "liquor.provider.bill", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    line = fields.Integer("Row", readonly=True)
    number = fields.Char("Use Number", readonly=True)
    day = fields.Char(readonly=True)
    amount = fields.Monetary("Billed", required=True, readonly=True, aggregator="sum")
    allowed = fields.Monetary("To Pay", required=True, readonly=True, aggregator="sum")
    claim_id = fields.Many2one(
        "liquor.benefit.claim",
        "Use",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    benefit_id = fields.Many2one(related="claim_id.benefit_id")
    reason = fields.Selection(REASONS, "Differs Because", readonly=True)
    live = fields.Boolean(readonly=True, default=True)

    _use_once = models.UniqueIndex("(claim_id) WHERE live AND claim_id IS NOT NULL", "This use was billed already.")
    _bounds = models.Constraint(
        "CHECK (amount BETWEEN 0 AND 1000000000 AND allowed BETWEEN 0 AND amount"
        " AND (allowed = 0 OR claim_id IS NOT NULL))",
        "What is paid of a row lies between nothing and what was billed, for a use of ours.",
    )
