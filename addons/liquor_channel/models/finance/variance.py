from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from .variance_classes import VARIANCE_CLASSES


class LiquorVariance(models.Model):
    """One cause why what was shipped, scanned, earned, booked and paid do not agree (channel.md d2).

    Found by ``liquor.variance.match``; a cause has one row for good. Open ones are resolved when the next match no
    longer finds them, closed by hand with a reason, or carried into the next month with one.
    """

    _name = "liquor.variance"
    _description = "Variance"
    _inherit = [
        "liquor.guarded.mixin",
        "liquor.labelled.mixin",
        "liquor.bulk.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "state, amount desc, id desc"
    _rec_name = "variance_class"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    variance_class = fields.Selection(VARIANCE_CLASSES, string="Class", required=True, readonly=True, index=True)
    cause_key = fields.Char(required=True, readonly=True, help="Names the cause; found again it is the same row.")
    note = fields.Char(readonly=True, help="As the match noted it: a name, a number, or a key of what was found.")
    what = fields.Char(compute="_compute_what")
    partner_id = fields.Many2one("res.partner", string="Party", readonly=True, index=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True, aggregator="sum", help="What is at stake.")
    quantity = fields.Float("Bottles", digits=(16, 2), readonly=True, aggregator="sum")
    day = fields.Date("Since", readonly=True, help="Day of the oldest thing behind it.")
    age_days = fields.Integer("Age (days)", compute="_compute_age_days")
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    owner_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    state = fields.Selection(
        [("open", "Open"), ("carried", "Carried Over"), ("resolved", "Resolved"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    reason = fields.Char(readonly=True, tracking=True, help="Why it was closed or carried over.")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True)
    last_found_at = fields.Datetime(readonly=True)

    _cause_unique = models.UniqueIndex("(company_id, variance_class, cause_key)", "This cause has a row already.")
    _bounds = models.Constraint(
        """CHECK (COALESCE(amount, 0) BETWEEN 0 AND 1000000000000
              AND COALESCE(quantity, 0) BETWEEN 0 AND 1000000000000)""",
        "A variance is out of bounds.",
    )
    _decided = models.Constraint(
        "CHECK (state NOT IN ('closed', 'carried') OR (reason IS NOT NULL AND decided_by_id IS NOT NULL))",
        "Closing or carrying a variance over needs a reason.",
    )

    @api.depends("variance_class", "what")
    def _compute_display_name(self):
        labels = dict(self._fields["variance_class"]._description_selection(self.env))
        for variance in self:
            parts = (labels.get(variance.variance_class), variance.what)
            variance.display_name = " · ".join(part for part in parts if part)

    @api.depends("note")
    @api.depends_context("lang")
    def _compute_what(self):
        words = self._note_words()
        for variance in self:
            variance.what = words.get(variance.note, variance.note)

    @api.model
    def _note_words(self):
        """Words for the keys that matches note; a room that notes others adds its own."""
        return dict(self.env["liquor.flow.fact"]._fields["kind"]._description_selection(self.env))

    @api.depends("day", "state")
    def _compute_age_days(self):
        for variance in self:
            end = fields.Date.to_date(variance.decided_at) if variance.state == "closed" else None
            last = end or today(variance.company_id or self.env.company)
            variance.age_days = max(0, (last - variance.day).days) if variance.day else 0

    # ------------------------------------------------------------------ deciding
    def _decide(self, state, reason):
        """Close or carry over, with a reason; whoever comes second is told.

        :raises UserError: it is not open any more, or there is no reason
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))
        if state == "closed" and not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance closes variances."))
        self.lock_for_update()
        if self.filtered(lambda item: item.state not in ("open", "carried")):
            raise UserError(self.env._("This variance was decided already."))
        self.sudo().write({
            "state": state,
            "reason": reason.strip()[:500],
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
        })

    def _carry(self, reason, user):
        """Carry over what is open when a month closes; called by the close, which checked the rights."""
        self.write({
            "state": "carried",
            "reason": reason.strip()[:500],
            "decided_by_id": user.id,
            "decided_at": fields.Datetime.now(),
        })

    @api.model
    def action_match(self):
        """Match anew, in the background, and show the progress."""
        self.check_access("write")
        company = self.env.company
        run = self.env["liquor.run"]._start(
            "three_way_match", self.env._("Three-way match"), company=company, key=f"match/{company.id}"
        )
        return run._show()

    def action_take(self):
        """Look after it oneself."""
        self.check_access("write")
        self.write({"owner_id": self.env.uid})

    def action_open_origin(self):
        """Open what it is about.

        :raises UserError: nothing single stands behind it
        """
        self.ensure_one()
        if not self.origin_model or not self.env[self.origin_model].browse(self.origin_id).exists():
            return self.action_open_facts()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "views": [[False, "form"]],
        }

    def action_open_facts(self):
        """Open the proven movements of its party and product."""
        self.ensure_one()
        partner = self.partner_id.id
        domain = ["|", ("partner_id", "=", partner), ("counterparty_id", "=", partner)] if partner else []
        if self.product_id:
            domain.append(("product_id", "=", self.product_id.id))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proven movements"),
            "res_model": "liquor.flow.fact",
            "view_mode": "list,pivot",
            "domain": [("company_id", "=", self.company_id.id), *domain],
        }
