from odoo import fields, models

REASONS = [
    ("unknown_reference", "No payout has this reference"),
    ("other_amount", "Other amount than ours"),
    ("twice", "Paid or returned twice"),
    ("contradicts", "Contradicts what is known"),
]


class LiquorPayoutBillLine(models.Model):
    """One row of a bill; it is matched to a payout once, or says why it is not."""

    _name = "liquor.payout.bill.line"
    _description = "Line of a Payout Bill"
    _inherit = ["liquor.bulk.mixin"]
    _order = "bill_id, line, id"
    _check_company_auto = True
    _rec_name = "serial"

    bill_id = fields.Many2one(
        "liquor.payout.bill", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    channel = fields.Selection([("wechat", "WeChat"), ("bank", "Bank")], required=True, readonly=True)
    line = fields.Integer("Row", readonly=True)
    serial = fields.Char("Transaction Number", required=True, readonly=True)
    reference = fields.Char("Payout Reference", readonly=True)
    kind = fields.Selection(
        [("payment", "Payment"), ("refund", "Came Back"), ("fee", "Fee")], required=True, readonly=True
    )
    day = fields.Char(readonly=True)
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    fee = fields.Monetary(readonly=True, aggregator="sum")
    payout_id = fields.Many2one(
        "liquor.payout", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    reason = fields.Selection(REASONS, "Left Over Because", readonly=True)

    _serial_unique = models.UniqueIndex("(company_id, channel, serial)", "This row of a bill was loaded before.")
    _payout_once = models.UniqueIndex(
        "(payout_id, kind) WHERE payout_id IS NOT NULL", "This payout is matched already."
    )
    _bounds = models.Constraint(
        "CHECK (amount BETWEEN 0 AND 1000000000000 AND COALESCE(fee, 0) BETWEEN 0 AND 1000000000000)",
        "The amounts of a bill are out of bounds.",
    )
