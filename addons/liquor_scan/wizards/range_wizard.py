from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.codes.kinds import KINDS


class LiquorCodeRangeWizard(models.TransientModel):
    """Activates or voids bottles of a batch: by number, or by scanning the first and the last code of a roll."""

    _name = "liquor.code.range.wizard"
    _description = "Activate or Void Codes"

    batch_id = fields.Many2one("liquor.code.batch", required=True)
    bottles = fields.Integer(related="batch_id.bottles", related_sudo=False)
    state = fields.Selection([("active", "Activate"), ("void", "Void")], required=True, default="active")
    whole = fields.Boolean("Whole Batch", default=True)
    first_code = fields.Char("First Code of the Roll")
    last_code = fields.Char("Last Code of the Roll")
    first = fields.Integer("First Bottle", compute="_compute_bounds", store=True, readonly=False)
    last = fields.Integer("Last Bottle", compute="_compute_bounds", store=True, readonly=False)
    kind = fields.Selection(KINDS, help="Empty: all codes of these bottles.")
    roll = fields.Char()
    cause = fields.Selection(lambda self: self.env["liquor.code.range"]._fields["cause"].selection, default="spoiled")
    reason = fields.Char()

    @api.depends("whole", "first_code", "last_code", "batch_id")
    def _compute_bounds(self):
        for wizard in self:
            if wizard.whole and wizard.batch_id.sudo(False).has_access("read"):
                wizard.first, wizard.last = 1, wizard.batch_id.bottles
            if wizard.first_code and not wizard.whole:
                wizard.first = wizard._unit(wizard.first_code).first + 1
            if wizard.last_code and not wizard.whole:
                wizard.last = wizard._unit(wizard.last_code).last + 1

    def _unit(self, text):
        # bounds are stored, so they are computed in sudo
        self.batch_id.sudo(False).check_access("read")
        text = (text or "").strip()
        unit = self.env["liquor.code.batch"]._locate([text]).get(text)
        if not unit or unit.batch != self.batch_id:
            raise UserError(self.env._("This is no code of batch %(batch)s.", batch=self.batch_id.name))
        return unit

    def _check_may_book(self):
        """Batches are written by nobody; who scans in the warehouse books their ranges, one company's only."""
        self.batch_id.check_access("read")
        if not self.env.su and not self.env.user.has_group("liquor_scan.group_warehouse"):
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))

    def action_book(self):
        """Book the range."""
        self.ensure_one()
        self._check_may_book()
        if not 1 <= self.first <= self.last <= self.batch_id.bottles:
            raise UserError(self.env._("Choose bottles between 1 and %(last)s.", last=self.batch_id.bottles))
        if self.state == "void" and not (self.reason or "").strip():
            raise UserError(self.env._("Say why the codes are voided."))
        self.env["liquor.code.range"]._book(
            self.batch_id,
            self.state,
            self.first - 1,
            self.last - 1,
            self.kind or None,
            self.roll,
            self.reason,
            self.cause,
        )
        return {"type": "ir.actions.act_window_close"}
