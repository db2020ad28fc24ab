from odoo import fields, models

from ..flow.scan_event import PARTY_KINDS

SITUATIONS = [
    ("stock", "With Us"),
    ("held", "With the Holder"),
    ("transit", "On the Way"),
    ("used", "Sold or Opened"),
    ("returned", "Came Back"),
    ("unknown", "Unknown Holder"),
    ("void", "Void Label"),
    ("inactive", "Never Activated"),
]


class LiquorRecallHolder(models.Model):
    """How many recalled bottles somebody has, had used or gave back; written anew by each look."""

    _name = "liquor.recall.holder"
    _inherit = ["liquor.labelled.mixin", "liquor.bulk.mixin"]
    _description = "Holder of Recalled Goods"
    _check_company_auto = True
    _order = "recall_id desc, bottles desc, id"
    _rec_name = "situation"

    recall_id = fields.Many2one(
        "liquor.recall", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    situation = fields.Selection(SITUATIONS, required=True, readonly=True)
    holder_kind = fields.Selection(PARTY_KINDS, readonly=True)
    holder_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who has the goods; of goods that came back, were sold or opened: who had them last.",
    )
    member_id = fields.Many2one("liquor.member", readonly=True, index="btree_not_null", ondelete="restrict")
    bottles = fields.Integer(required=True, readonly=True)

    _place_unique = models.UniqueIndex(
        "(recall_id, situation, COALESCE(holder_kind, ''), COALESCE(holder_id, 0), COALESCE(member_id, 0))",
        "This holder has his row already.",
    )
    _bounds = models.Constraint("CHECK (bottles BETWEEN 1 AND 2000000000)", "A holder has at least one bottle.")
