from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.business_day import today


class LiquorBenefit(models.Model):
    """Something a member may have: here a gift that he takes on his phone and picks up at a shop by code (M52)."""

    _name = "liquor.benefit"
    _description = "Benefit"
    _inherit = ["liquor.guarded.mixin", "mail.thread", "image.mixin"]
    _check_company_auto = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("gift", "Gift picked up at a shop")], required=True, default="gift")
    stage = fields.Selection(
        [("buy", "Buying"), ("use", "Drinking"), ("after", "After")],
        required=True,
        default="after",
        help="Where on the way from buying to after drinking the benefit helps (M51).",
    )
    rarity = fields.Selection(
        [("base", "Basic"), ("exclusive", "Exclusive"), ("scarce", "Scarce")], required=True, default="base"
    )
    description = fields.Text(translate=True)
    product_id = fields.Many2one("product.product", "Goods", check_company=True, ondelete="restrict")
    unit_cost = fields.Monetary("Cost of One", tracking=True)
    level_id = fields.Many2one(
        "liquor.member.level",
        "From Level",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('program_id', '=', program_id)]",
        help="Granted once when this level or a higher one is reached.",
    )
    on_joining = fields.Boolean("Welcome Gift", help="Granted once to whoever joins.")
    valid_days = fields.Integer("Days of Validity", default=90, required=True)
    stock_limit = fields.Integer("At Most", help="How many may be granted in all; 0: no limit.")
    granted = fields.Integer(readonly=True, copy=False, default=0)
    entitlement_ids = fields.One2many("liquor.benefit.entitlement", "benefit_id", "Granted to")
    claim_count = fields.Integer("Picked Up", compute="_compute_claim_count")

    _bounds = models.Constraint(
        "CHECK (valid_days BETWEEN 1 AND 3650 AND stock_limit BETWEEN 0 AND 100000000 AND unit_cost BETWEEN 0 AND 1e9)",
        "Days, limit or cost are out of bounds.",
    )
    _granted_in_limit = models.Constraint(
        "CHECK (granted >= 0 AND (stock_limit = 0 OR granted <= stock_limit))",
        "All of this benefit have been granted.",
    )

    def _compute_claim_count(self):
        counts = dict(
            self.env["liquor.benefit.claim"]._read_group(
                [("benefit_id", "in", self.ids), ("state", "=", "done")], ["benefit_id"], ["__count"]
            )
        )
        for benefit in self:
            benefit.claim_count = counts.get(benefit, 0)

    def _grant_for_joining(self, member):
        """Hand the club's welcome gifts to a new member."""
        self._grant_each(member, self.search([("program_id", "=", member.program_id.id), ("on_joining", "=", True)]))

    def _grant_for_levels(self, members):
        """Hand over the benefits of the levels that members have reached, lower ones included (M18)."""
        benefits = self.search([("program_id", "in", members.program_id.ids), ("level_id", "!=", False)])
        for member in members:
            reached = benefits.filtered(lambda benefit, member=member: benefit._open_for(member))
            self._grant_each(member, reached)

    def _open_for(self, member):
        """Tell whether a member's level opens the benefit."""
        if self.program_id != member.program_id:
            return False
        return not self.level_id or bool(member.level_id and member.level_id._rank() >= self.level_id._rank())

    def _grant_each(self, member, benefits):
        """Grant once per member and benefit; what has run out is skipped, nobody is refused a level for it."""
        left = benefits.filtered(lambda benefit: not benefit.stock_limit or benefit.granted < benefit.stock_limit)
        self.env["liquor.reward"]._grant([
            {
                "kind": "gift",
                "member": member,
                "benefit": benefit,
                "key": f"{benefit.id}/{member.id}",
                "reason": benefit.level_id.name or self.env._("Welcome"),
            }
            for benefit in left
        ])

    @api.model
    def _day(self, member):
        return today(member.company_id)

    def action_open_entitlements(self):
        """Smart button: who has this benefit."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_member.benefit_entitlement_action")
        return {**action, "domain": [("benefit_id", "in", self.ids)]}

    def action_open_claims(self):
        """Smart button: where it was picked up."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_member.benefit_claim_action")
        return {**action, "domain": [("benefit_id", "in", self.ids)]}

    def _take_from_limit(self, count):
        """Count grants of a limited benefit in this transaction.

        :raises UserError: not so many are left
        """
        self.flush_recordset(["granted", "stock_limit"])
        taken = self.env.execute_query(
            SQL(
                "UPDATE liquor_benefit SET granted = granted + %s"
                " WHERE id = %s AND granted + %s <= stock_limit RETURNING id",
                count,
                self.id,
                count,
            )
        )
        self.invalidate_recordset(["granted"])
        if not taken:
            raise UserError(self.env._("All of “%(benefit)s” have been granted.", benefit=self.name))
