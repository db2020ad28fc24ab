from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.book_turn import take_book_turn
from ...tools.windows import entries_window

FLOW = {"draft": ("approved", "cancelled"), "approved": ("sent",), "sent": ("done",)}


class LiquorPayoutBatch(models.Model):
    """Payouts that finance approves as a whole, sends as a file and closes by the result file (trade.md R8)."""

    _name = "liquor.payout.batch"
    _description = "Payout Batch"
    _inherit = ["liquor.numbered.mixin", "mail.thread", "liquor.payout.posting"]
    _order = "id desc"
    _check_company_auto = True
    _typed_while = {"fresh_payees_checked": ("draft",)}

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("sent", "Sent"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        domain="[('type', '=', 'bank'), ('company_id', 'parent_of', company_id)]",
        check_company=True,
        help="Empty: the bank journal of the account mapping.",
    )
    payout_ids = fields.One2many("liquor.payout", "batch_id", readonly=True)
    payout_count = fields.Integer(compute="_compute_figures")
    open_count = fields.Integer(compute="_compute_figures", string="Without result")
    failed_count = fields.Integer(compute="_compute_figures", string="Failed or returned")
    amount_total = fields.Monetary(compute="_compute_figures", string="Total")
    amount_ok = fields.Monetary(compute="_compute_figures", string="Arrived")
    fresh_payee_count = fields.Integer(compute="_compute_figures", string="New accounts")
    fresh_payees_checked = fields.Boolean(
        help="Somebody called the payees whose account is less than 72 hours old.", tracking=True, copy=False
    )
    author_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False, ondelete="restrict"
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "liquor_payout_batch_id", readonly=True)

    _approver_differs = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> author_id)",
        "A batch is approved by somebody else than its author.",
    )

    _payer_differs = models.Constraint(
        "CHECK (sent_by_id IS NULL OR sent_by_id <> approved_by_id)",
        "A batch is sent by somebody else than the one who approved it.",
    )

    @api.depends("payout_ids.state", "payout_ids.amount")
    def _compute_figures(self):
        for batch in self:
            payouts = batch.payout_ids
            bad = payouts.filtered(lambda item: item.state in ("failed", "returned"))
            batch.payout_count = len(payouts)
            batch.open_count = len(payouts.filtered(lambda item: item.state in ("batched", "sent")))
            batch.failed_count = len(bad)
            batch.amount_total = sum(payouts.mapped("amount"))
            batch.amount_ok = sum(payouts.filtered(lambda item: item.state == "ok").mapped("amount"))
            batch.fresh_payee_count = len(payouts.filtered("fresh_payee"))

    def write(self, vals):
        """Refuse another company or bank once the batch was approved: what was approved is what is paid."""
        if {"journal_id", "company_id"} & vals.keys() and self.filtered(lambda batch: batch.state != "draft"):
            raise UserError(self.env._("%(name)s has moved on already.", name=self[:1].name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(batch.state not in ("draft", "cancelled") or batch.payout_ids for batch in self):
            raise UserError(self.env._("Only an empty draft can be deleted."))

    # ------------------------------------------------------------------ states
    def _move_to(self, state, **values):
        wrong = self.filtered(lambda item: state not in FLOW.get(item.state, ()))
        if wrong:
            raise UserError(self.env._("%(name)s has moved on already.", name=wrong[0].name))
        self.lock_for_update()
        self.sudo().write({"state": state, **values})

    def _check_finance(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance handles payouts."))

    def action_collect(self):
        """Take every request that waits for a batch."""
        self._check_finance()
        for batch in self:
            if batch.state != "draft":
                raise UserError(self.env._("%(name)s has moved on already.", name=batch.name))
            batch._touch_draft()
            waiting = self.env["liquor.payout"].sudo().search([
                ("company_id", "=", batch.company_id.id), ("state", "=", "requested"), ("payee_id", "!=", False)
            ])  # fmt: skip
            # a request somebody cancels at this moment is left for the next batch
            taken = (waiting - waiting._without_identity()).try_lock_for_update()
            taken.write({"state": "batched", "batch_id": batch.id})

    def _touch_draft(self):
        """Write the draft's row: an approval that does not know of this collection is run again."""
        self.lock_for_update()
        self.sudo().write({"state": "draft"})
        self.flush_recordset()

    def action_approve(self):
        """Approve the whole batch: finance, and not its author; makes the rewards payable (Acc-2 #6)."""
        self._check_finance()
        take_book_turn(self.env, self.sudo().company_id)
        for batch in self:
            if batch.author_id == self.env.user:
                raise UserError(self.env._("A batch is approved by somebody else than its author."))
            if not batch.payout_ids:
                raise UserError(self.env._("%(name)s is empty.", name=batch.name))
            if batch.fresh_payee_count and not batch.fresh_payees_checked:
                raise UserError(
                    self.env._(
                        "%(count)s accounts are less than 72 hours old: have their payees called and tick it.",
                        count=batch.fresh_payee_count,
                    )
                )
            batch._move_to("approved", approved_by_id=self.env.uid, approved_at=fields.Datetime.now())
            # a payout that was cancelled meanwhile is not approved
            batch.sudo().payout_ids.lock_for_update()
            batch.payout_ids._check_identity()
            batch.sudo().with_company(batch.company_id)._post_approval()

    def action_send(self):
        """Book the payment and let the file be downloaded (Acc-2 #7): not by the one who approved it."""
        self._check_finance()
        take_book_turn(self.env, self.sudo().company_id)
        for batch in self:
            if batch.approved_by_id == self.env.user:
                raise UserError(self.env._("A batch is sent by somebody else than the one who approved it."))
            batch._move_to("sent", sent_by_id=self.env.uid, sent_at=fields.Datetime.now())
            batch.sudo().payout_ids.write({"state": "sent"})
            batch.sudo().with_company(batch.company_id)._post_payment()

    def action_cancel(self):
        """Dissolve a draft: its requests wait for the next batch."""
        self._check_finance()
        self._move_to("cancelled")
        self.sudo().payout_ids.write({"state": "requested", "batch_id": False})

    # ------------------------------------------------------------------ screens
    def action_download_csv(self):
        """Download the payout file as CSV."""
        return self._download("csv")

    def action_download_xlsx(self):
        """Download the payout file as a workbook."""
        return self._download("xlsx")

    def _download(self, kind):
        self.ensure_one()
        self._check_finance()
        if self.state not in ("sent", "done"):
            raise UserError(self.env._("Send the batch first: the file belongs to a booked payment."))
        return {"type": "ir.actions.act_url", "url": f"/liquor/payout/{self.id}.{kind}", "target": "download"}

    def action_import_result(self):
        """Open the dialog that loads a result file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load result file"),
            "res_model": "liquor.payout.result",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": self.id},
        }

    def action_open_payouts(self):
        """Open the payouts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "liquor.payout",
            "view_mode": "list,form",
            "domain": [("batch_id", "=", self.id)],
        }

    def action_open_moves(self):
        """Open the journal entries."""
        self.ensure_one()
        return entries_window(self.env, [("liquor_payout_batch_id", "=", self.id)])
