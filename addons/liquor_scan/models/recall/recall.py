from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.flow.units import Unit

STATES = [("draft", "Draft"), ("active", "Under Recall"), ("closed", "Closed")]
OUTCOMES = [("kept", "The Goods Stay Stopped"), ("released", "The Goods Are Released")]


class LiquorRecall(models.Model):
    """Goods that have to come back: windows of bottles, who has them, what came back.

    draft -> active -> closed. Who begins a recall, or releases its goods, is another person than who prepared it.
    While it is active, and after it for what did not come back, the public page says stop and every scan but those
    that bring goods back is refused.
    """

    _name = "liquor.recall"
    _inherit = ["liquor.numbered.mixin", "mail.thread"]
    _description = "Recall"
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    reason = fields.Text(required=True, help="Why the goods are recalled; for people in the office only.")
    advice = fields.Text(help="What the public page and the messages tell people to do.", translate=True)
    state = fields.Selection(STATES, required=True, readonly=True, copy=False, default="draft", tracking=True)
    stops = fields.Boolean("Goods Are Stopped", readonly=True, copy=False)
    prepared_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    activated_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", tracking=True)
    activated_at = fields.Datetime("Active Since", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", tracking=True)
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    outcome = fields.Selection(
        OUTCOMES, "Remaining Goods", help="What becomes of goods that did not come back.", tracking=True
    )
    close_reason = fields.Char("Result", help="What the recall ended with.", copy=False)
    selection_ids = fields.One2many("liquor.recall.selection", "recall_id", copy=True)
    range_ids = fields.One2many("liquor.recall.range", "recall_id", "Ranges", readonly=True)
    holder_ids = fields.One2many("liquor.recall.holder", "recall_id", "Holders", readonly=True)
    notice_ids = fields.One2many("liquor.recall.notice", "recall_id", "Notices", readonly=True)
    notice_count = fields.Integer("Notified", compute="_compute_notice_count")
    bottles = fields.Integer(readonly=True, copy=False)
    open_bottles = fields.Integer("Outside", readonly=True, copy=False, help="With the trade, on the way or unknown.")
    unknown_bottles = fields.Integer("Unknown Holder", readonly=True, copy=False, help="Never scanned by anybody.")
    returned_bottles = fields.Integer("Came Back", readonly=True, copy=False)
    stock_bottles = fields.Integer(
        "With Us", readonly=True, copy=False, help="In our own stock; never left or back before."
    )
    used_bottles = fields.Integer("Sold or Opened", readonly=True, copy=False)
    unprinted_bottles = fields.Integer(
        "Not on Goods", readonly=True, copy=False, help="Codes that are void or were never activated."
    )
    located_at = fields.Datetime("As Of", readonly=True, copy=False)
    located_seconds = fields.Float("Seconds to Locate", readonly=True, copy=False, digits=(12, 1))

    _people = models.Constraint(
        "CHECK (activated_by_id <> prepared_by_id AND activated_by_id <> create_uid)",
        "A recall is begun by another person than who prepared it.",
    )
    _active_facts = models.Constraint(
        "CHECK (state = 'draft' OR (activated_by_id IS NOT NULL AND activated_at IS NOT NULL))",
        "A recall that began says when and by whom.",
    )
    _totals = models.Constraint(
        "CHECK (COALESCE(bottles, 0) = COALESCE(open_bottles, 0) + COALESCE(returned_bottles, 0)"
        " + COALESCE(stock_bottles, 0) + COALESCE(used_bottles, 0) + COALESCE(unprinted_bottles, 0)"
        " AND COALESCE(unknown_bottles, 0) BETWEEN 0 AND COALESCE(open_bottles, 0)"
        " AND COALESCE(bottles, 0) BETWEEN 0 AND 2000000000)",
        "Every bottle of a recall stands in one column.",
    )
    _stopping_idx = models.Index("(company_id) WHERE stops")

    def _compute_notice_count(self):
        counts = dict(self.env["liquor.recall.notice"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id"], ["__count"]
        ))  # fmt: skip
        for recall in self:
            recall.notice_count = counts.get(recall, 0)

    def write(self, vals):
        """What a recall is about stays as it was activated."""
        if (
            not self.env.su
            and {"company_id", "reason"} & vals.keys()
            and self.filtered(lambda one: one.state != "draft")
        ):
            raise UserError(self.env._("A recall that began stays as it is. Start another one."))
        if (
            not self.env.su
            and {"outcome", "close_reason"} & vals.keys()
            and self.filtered(lambda one: one.state == "closed")
        ):
            raise UserError(self.env._("This recall is closed."))
        if not self.env.su and "company_id" in vals:
            self.sudo()._forget_ranges()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if self.filtered(lambda recall: recall.state != "draft"):
            raise UserError(self.env._("Only a draft can be deleted."))

    # --- steps ------------------------------------------------------------------------------------------------

    def _check_manager(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_scan.group_scan_manager"):
            raise AccessError(self.env._("Only a codes manager handles recalls."))

    def action_prepare(self):
        """Work out the ranges and who has the goods; nothing is stopped by it. This is the drill, too."""
        self.ensure_one()
        self._check_manager()
        self._check_state("draft")
        windows = self.selection_ids._windows()
        if not windows:
            raise UserError(
                self.env._("Say first what is recalled: a batch, a lot, bottles by number, a line and time.")
            )
        recall = self.sudo()
        recall.prepared_by_id = self.env.uid
        recall.range_ids.unlink()
        ranges = recall.env["liquor.recall.range"]
        ranges._bulk_insert(
            ["company_id", "recall_id", "batch_id", "first", "last", "bottles"],
            [(recall.company_id.id, recall.id, *window, window.bottles) for window in windows],
        )
        recall._locate()

    def action_activate(self):
        """Stop the goods at once and tell who has them."""
        self.ensure_one()
        self._check_manager()
        recall = self._take_turn("draft")
        if not recall.range_ids or not recall.located_at:
            raise UserError(self.env._("Work out the ranges first."))
        if self.env.user in recall.prepared_by_id | recall.create_uid:
            raise UserError(self.env._("A recall is begun by another person than who prepared it."))
        recall.write({
            "state": "active",
            "stops": True,
            "activated_by_id": self.env.uid,
            "activated_at": fields.Datetime.now(),
        })
        recall._locate()
        # scans that came first are counted by the next look, in a transaction behind this one
        recall.env.ref("liquor_scan.ir_cron_recalls")._trigger()

    def action_locate(self):
        """Look again who has the goods and what came back."""
        self.ensure_one()
        self._check_manager()
        if not self.sudo().range_ids:
            raise UserError(self.env._("Work out the ranges first."))
        self.sudo()._locate()

    def action_notify(self):
        """Tell holders who were not told yet."""
        self.ensure_one()
        self._check_manager()
        self._check_state("active")
        self.sudo()._notify()

    def action_close(self):
        """End the recall; its goods are released only by a person who did not prepare it."""
        self.ensure_one()
        self._check_manager()
        recall = self._take_turn("active")
        if not recall.outcome or not (recall.close_reason or "").strip():
            raise UserError(
                self.env._("Say what the recall ended with and what becomes of goods that did not come back.")
            )
        if recall.outcome == "released" and self.env.user in recall.prepared_by_id | recall.create_uid:
            raise UserError(self.env._("Goods are released by another person than who prepared the recall."))
        recall._locate()
        recall.write({
            "state": "closed",
            "stops": recall.outcome != "released",
            "closed_by_id": self.env.uid,
            "closed_at": fields.Datetime.now(),
        })

    def action_report(self):
        """Fetch the report: every window with its holder, and the totals."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/liquor/recall/{self.id}.xlsx", "target": "download"}

    def action_view_holders(self):
        """Show who has how many."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.recall_holder_action")
        return {**action, "domain": [("recall_id", "=", self.id)], "context": {"search_default_group_situation": 1}}

    def _take_turn(self, state):
        """Stop scans that are on their way, hold the recall and read it anew; return it in sudo."""
        recall = self.sudo()
        recall.env["liquor.stop.gate"]._turn(recall.company_id.ids)
        recall.lock_for_update()
        recall.invalidate_recordset()
        self._check_state(state)
        return recall

    def _check_state(self, state):
        if self.sudo().state != state:
            raise UserError(self.env._("The recall is not in the right state for this: look at it again."))

    @api.model
    def _recalls_of(self, located, hold=True):
        """{LocatedUnit's engine Unit: recall in sudo} of units that are stopped now; goes through the gate.

        :param located: ``LocatedUnit``s
        :param bool hold: whether the answer must stand until the transaction ends; a page only tells
        """
        units = {Unit(one.batch.id, one.bottles, one.index): one.batch for one in located}
        stops = self.env["liquor.stop.gate"].sudo()._pass({batch.company_id.id for batch in units.values()}, hold)
        concerned = [unit for unit, batch in units.items() if "recall" in stops.get(batch.company_id.id, ())]
        found = self.env["liquor.recall.reader"].sudo()._touched(concerned, fields.Datetime.now())
        return {unit: self.sudo().browse(recall) for unit, recall in found.items()}

    @api.model
    def _cron_recalls(self):
        """Keep active recalls up to date and tell holders who came to be known."""
        recalls = self.search([("state", "=", "active")])
        for number, recall in enumerate(recalls, 1):
            recall._locate()
            recall._notify()
            self.env["ir.cron"]._commit_progress(1, remaining=len(recalls) - number)
