from odoo import fields, models


class LiquorRecallNotice(models.Model):
    """That a holder was told of a recall, once."""

    _name = "liquor.recall.notice"
    _description = "Notice of a Recall"
    _check_company_auto = True
    _order = "recall_id desc, id"
    _rec_name = "partner_id"

    recall_id = fields.Many2one(
        "liquor.recall", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    member_id = fields.Many2one("liquor.member", readonly=True, index="btree_not_null", ondelete="restrict")
    bottles = fields.Integer("Bottles When Told", required=True, readonly=True)
    message_id = fields.Many2one("liquor.outbound", readonly=True, ondelete="restrict")
    recipient_mask = fields.Char(related="message_id.recipient_mask")
    message_state = fields.Selection(related="message_id.state", string="Message")
    told_at = fields.Datetime(readonly=True)
    problem = fields.Char(readonly=True, help="Why nothing could be sent: somebody has to call.")

    _one_each = models.UniqueIndex(
        "(recall_id, COALESCE(partner_id, 0), COALESCE(member_id, 0))", "This holder was told already."
    )
    _somebody = models.Constraint(
        "CHECK ((partner_id IS NULL) <> (member_id IS NULL))", "A notice goes to a partner or to a member."
    )
