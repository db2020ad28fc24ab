from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class LiquorFundTransfer(models.Model):
    """Money into a fund, out of it, or from one to another: asked for by one person, approved by another."""

    _name = "liquor.fund.transfer"
    _description = "Budget Movement"
    _inherit = ["liquor.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    fund_from_id = fields.Many2one(
        "liquor.fund",
        "From",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Empty: new budget.",
    )
    fund_to_id = fields.Many2one(
        "liquor.fund",
        "To",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Empty: the money is given back.",
    )
    amount = fields.Monetary(required=True, tracking=True, aggregator="sum")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("draft", "To be Approved"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, default=lambda self: self.env.user, ondelete="restrict"
    )
    approved_by_id = fields.Many2one("res.users", "Decided By", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime("Decided", readonly=True, copy=False)

    _two_ends = models.Constraint(
        "CHECK ((fund_from_id IS NOT NULL OR fund_to_id IS NOT NULL) AND fund_from_id IS DISTINCT FROM fund_to_id)",
        "Say where the money comes from or where it goes, not the same fund twice.",
    )
    _amount_bounds = models.Constraint(
        "CHECK (amount > 0 AND amount <= 1000000000000)", "A budget movement is more than nothing."
    )
    _approver_differs = models.Constraint(
        "CHECK (state <> 'approved' OR (approved_by_id IS NOT NULL AND approved_by_id <> author_id))",
        "Somebody else than the author approves.",
    )

    @api.constrains("fund_from_id", "fund_to_id")
    def _check_kinds(self):
        """The budget of member operations does not become one of sales (channel.md C54)."""
        for transfer in self:
            if transfer.fund_from_id.kind == "member_operations" and transfer.fund_to_id.kind == "channel":
                raise ValidationError(self.env._("The budget of member operations is out of reach of sales."))

    @api.model_create_multi
    def create(self, vals_list):
        transfers = super().create(vals_list)
        (transfers.fund_from_id | transfers.fund_to_id)._check_keeper()
        return transfers

    def write(self, vals):
        """Refuse to change what was decided."""
        if not self.env.su and self.filtered(lambda transfer: transfer.state != "draft"):
            raise UserError(self.env._("What was decided is not changed any more."))
        result = super().write(vals)
        (self.fund_from_id | self.fund_to_id)._check_keeper()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda transfer: transfer.state == "approved"):
            raise UserError(self.env._("What was decided is not changed any more."))

    def action_approve(self):
        """Approve, as somebody else than the author who decides about these funds; the money moves at once."""
        self.check_access("write")
        for transfer in self:
            transfer._check_waits()
            (transfer.fund_from_id | transfer.fund_to_id)._check_approver(self.env.user, transfer.author_id)
            transfer.sudo().write({
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
            })
            transfer._post()

    def action_refuse(self):
        """Refuse: nothing moves."""
        self.check_access("write")
        for transfer in self:
            transfer._check_waits()
            funds = transfer.fund_from_id | transfer.fund_to_id
            funds._check_approver(self.env.user, self.env["res.users"])
        self.sudo().write({
            "state": "refused",
            "approved_by_id": self.env.uid,
            "approved_at": fields.Datetime.now(),
        })

    def _check_waits(self):
        self.lock_for_update()
        if self.state != "draft":
            raise UserError(self.env._("%(name)s was decided already.", name=self.name))
        if not self.env.su and self.env.company not in self.env.user.company_ids:
            raise AccessError(self.env._("This is another company's."))

    def _post(self):
        ends = [(self.fund_from_id, "free", "allocated", "out"), (self.fund_to_id, "allocated", "free", "in")]
        self.env["liquor.fund"]._move([
            {
                "fund_id": fund,
                "stage_from": stage_from,
                "stage_to": stage_to,
                "amount": self.amount,
                "key": f"transfer/{self.id}/{side}",
                "origin": self,
                "reason": self.reason,
            }
            for fund, stage_from, stage_to, side in ends
            if fund
        ])
        self.fund_to_id._cover(self)

    def action_open_entries(self):
        """Smart button: what moved."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.fund_entry_action")
        domain = [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}
