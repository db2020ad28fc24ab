from odoo import fields, models


class LiquorMemberPosting(models.Model):
    """Movement of a member's ledger -> the entry that books it; a row per movement, for ever.

    Of points, ``amount`` is the movement at the worth of its lot; with what is taken of it a lot sums to nothing.
    """

    _name = "liquor.member.posting"
    _description = "Posting of a Member's Reward"
    _inherit = ["liquor.run.posting.mixin", "liquor.bulk.mixin"]
    _order = "id desc"
    _rec_name = "move_id"

    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one("res.partner", "Member", readonly=True, ondelete="restrict")
    cash_entry_id = fields.Many2one("liquor.cash.entry", readonly=True, ondelete="restrict", check_company=True)
    point_entry_id = fields.Many2one("liquor.point.entry", readonly=True, ondelete="restrict", check_company=True)
    allocation_id = fields.Many2one("liquor.point.allocation", readonly=True, ondelete="restrict", check_company=True)
    step = fields.Selection(
        [("earned", "Earned"), ("used", "Used"), ("taken", "Taken Back"), ("expired", "Expired")],
        required=True,
        readonly=True,
    )
    worth_id = fields.Many2one("liquor.point.worth", readonly=True, index="btree_not_null", ondelete="restrict")
    expectation_id = fields.Many2one(
        "liquor.reward.expectation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The cost was expected when the goods left (Acc-2 #16).",
    )

    _cash_unique = models.UniqueIndex("(cash_entry_id) WHERE cash_entry_id IS NOT NULL", "This is in the books.")
    _point_unique = models.UniqueIndex("(point_entry_id) WHERE point_entry_id IS NOT NULL", "This is in the books.")
    _allocation_unique = models.UniqueIndex("(allocation_id) WHERE allocation_id IS NOT NULL", "This is in the books.")
    _one_source = models.Constraint(
        "CHECK (num_nonnulls(cash_entry_id, point_entry_id, allocation_id) = 1)", "A posting books one movement."
    )
    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000 AND amount <> 0)", "The amount is out of bounds."
    )
