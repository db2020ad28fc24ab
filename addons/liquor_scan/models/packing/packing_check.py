from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.flow.units import Unit
from ...engine.flow.windows import Contents, Window, overlap
from ...engine.packing.sample import compare, planned
from ..flow.reasons import reason_text

MOST = 400


class LiquorPackingCheck(models.Model):
    """Sample check of a roll of printed sets: one of every so many cases is scanned fully.

    open -> passed, when enough cases matched; one case that does not match stops the roll: its codes are neither
    activated nor shipped until a manager who did not check it releases it with a reason.
    """

    _name = "liquor.packing.check"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _description = "Sample Check of a Roll"
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char("Roll", required=True, help="Label of the roll.")
    company_id = fields.Many2one("res.company", related="batch_id.company_id", store=True, index=True)
    batch_id = fields.Many2one("liquor.code.batch", required=True, index=True, ondelete="restrict")
    product_id = fields.Many2one(related="batch_id.product_id")
    first = fields.Integer("First Bottle", required=True, default=1, aggregator=None, help="Counted from 1.")
    last = fields.Integer("Last Bottle", required=True, aggregator=None, help="Included.")
    every = fields.Integer(
        "One of", required=True, default=50, aggregator=None, help="One of so many cases is scanned."
    )
    planned_count = fields.Integer("Cases to Check", compute="_compute_planned_count", store=True)
    checked_count = fields.Integer("Cases Checked", readonly=True)
    state = fields.Selection(
        [("open", "To Check"), ("passed", "Passed"), ("stopped", "Stopped"), ("released", "Released")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    case_ids = fields.One2many("liquor.packing.check.case", "check_id", readonly=True)
    stop_ids = fields.One2many("liquor.packing.stop", "check_id", "Stops and Releases", readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict", tracking=True)
    released_at = fields.Datetime(readonly=True)
    release_reason = fields.Char(tracking=True)

    _bounds = models.Constraint(
        "CHECK (first >= 1 AND last >= first AND last <= 1048576 AND every BETWEEN 1 AND 10000)",
        "The first bottle comes before the last one; one of 1 to 10,000 cases is checked.",
    )
    _released = models.Constraint(
        "CHECK (state <> 'released' OR (released_by_id IS NOT NULL AND release_reason IS NOT NULL))",
        "A release says who and why.",
    )
    _stopped_idx = models.Index("(batch_id, first) WHERE state = 'stopped'")

    @api.depends("first", "last", "every", "batch_id")
    def _compute_planned_count(self):
        for check in self:
            size = check._case_size()
            cases = -(-max(check.last - check.first + 1, 0) // size) if size else 0
            check.planned_count = planned(cases, check.every) if check.every > 0 else 0

    @api.constrains("last", "batch_id")
    def _check_inside(self):
        for check in self:
            if check.last > check.batch_id.bottles:
                raise ValidationError(
                    self.env._(
                        "Batch %(batch)s ends with bottle %(bottles)s.",
                        batch=check.batch_id.name,
                        bottles=check.batch_id.bottles,
                    )
                )

    def write(self, vals):
        """The roll of a check that began stays as it is."""
        if not self.env.su and {"batch_id", "first", "last", "every"} & vals.keys() and self.filtered("checked_count"):
            raise UserError(self.env._("This check began: make another one."))
        if not self.env.su and "release_reason" in vals and self.filtered(lambda one: one.state == "released"):
            raise UserError(self.env._("This was decided already."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if self.filtered("checked_count"):
            raise UserError(self.env._("This check began: make another one."))

    def _case_size(self):
        """Bottles of the smallest package."""
        sizes = [size for size in self.batch_id.scheme_id.level_ids.mapped("bottles") if size > 1]
        return min(sizes, default=0)

    # --- a case -----------------------------------------------------------------------------------------------

    def _sample(self, case, codes):
        """Compare one case, scanned fully, with what its numbers and links say.

        :param str case: code outside the case
        :param list codes: codes of all bottles in it
        :return: the line of this case
        :raises UserError: the case is not of this roll, or was checked before
        """
        self.ensure_one()
        if not isinstance(codes, list) or len(codes) > MOST or not all(isinstance(code, str) for code in codes):
            raise UserError(self.env._("Scan the package and up to %(most)s units that go into it.", most=MOST))
        codes = [code.strip() for code in codes if code.strip()]
        check = self.sudo()
        check.lock_for_update(allow_referencing=True)
        places = check.env["liquor.code.batch"]._locate([case, *codes])
        place = places.get(case)
        inside = place and place.batch == check.batch_id and check.first <= place.first + 1 <= check.last
        if not inside or place.bottles != check._case_size():
            raise UserError(self.env._("This case is not of the roll that is checked."))
        if check.state in ("stopped", "released"):
            raise UserError(self.env._("The roll is stopped: a manager looks at it first."))
        if place.index in check.case_ids.mapped("case_index"):
            raise UserError(self.env._("This case was checked before."))
        fault = compare(check._expected(place), [check._bottle(places.get(code)) for code in codes])
        line = check.env["liquor.packing.check.case"].create({
            "check_id": check.id,
            "case_index": place.index,
            "scanned": len(codes),
            "fault": fault or False,
            "user_id": self.env.uid,
            "checked_at": fields.Datetime.now(),
        })
        count = check.checked_count + 1
        passed = "passed" if count >= check.planned_count else check.state
        check.write({"checked_count": count, "state": "stopped" if fault else passed})
        if fault:
            check._turn_gate("stopped", fault=fault)
        return line

    def _expected(self, place):
        """Bottles that should lie in the case now."""
        unit = Unit(place.batch.id, place.bottles, place.index)
        contents = Contents(self.env["liquor.code.link"]._below({unit}))
        return {
            Unit(window.batch, 1, bottle)
            for window in contents.at(unit, fields.Datetime.now())
            for bottle in range(window.first, window.last + 1)
        }

    def _bottle(self, place):
        return Unit(place.batch.id, 1, place.index) if place and place.bottles == 1 else None

    # --- the stop ---------------------------------------------------------------------------------------------

    def action_release(self):
        """Let a stopped roll go on, with a reason; not by who checked it."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_scan.group_scan_manager"):
            raise AccessError(self.env._("Only a codes manager releases a roll."))
        check = self.sudo()
        check.lock_for_update()
        check.invalidate_recordset()
        if check.state != "stopped":
            raise UserError(self.env._("This roll is not stopped."))
        if not (check.release_reason or "").strip():
            raise UserError(self.env._("Say why the roll may go on."))
        if self.env.user in check.case_ids.user_id:
            raise UserError(self.env._("A roll is released by another person than who checked it."))
        check.write({"state": "released", "released_by_id": self.env.uid, "released_at": fields.Datetime.now()})
        check._turn_gate("released", reason=check.release_reason.strip())

    def _turn_gate(self, kind, **why):
        """Stop the roll or let it go: what is on its way to be shipped waits for it or runs again; and write it down.

        The trace is a row of its own: chatter follows the caller's context.
        """
        self.env["liquor.stop.gate"]._turn(self.company_id.ids)
        self.env["liquor.packing.stop"].create({
            "check_id": self.id,
            "company_id": self.company_id.id,
            "batch_id": self.batch_id.id,
            "first": self.first,
            "last": self.last,
            "kind": kind,
            "user_id": self.env.uid,
            # behind the turn: what was shipped before it is older
            "event_time": fields.Datetime.now(),
            **why,
        })

    def action_scan(self):
        """Open the page on which a case of this roll is scanned."""
        self.ensure_one()
        return self.env["liquor.packing.desk"]._open("check", self)

    @api.model
    def _stopped_windows(self, batches):
        """Bottles of stopped rolls as engine ``Window``s; one query."""
        found = self.sudo().search([("batch_id", "in", batches), ("state", "=", "stopped")])
        return [check._window() for check in found]

    @api.model
    def _stopped_among(self, units):
        """Those of the units that hold a bottle of a stopped roll now, by number or by links; two queries.

        :param units: engine ``Unit``s
        """
        if not units:
            return set()
        inside = self._inside(units)
        stopped = self._stopped_windows(list({window.batch for windows in inside.values() for window in windows}))
        return {unit for unit, windows in inside.items() if overlap(windows, stopped)}

    @api.model
    def _inside(self, units):
        """{unit: engine ``Window``s of the bottles that lie in it now}; one query."""
        contents, now = Contents(self.env["liquor.code.link"].sudo()._below(units)), fields.Datetime.now()
        return {unit: contents.at(unit, now) for unit in units}

    def _window(self):
        return Window(self.batch_id.id, self.first - 1, self.last - 1)

    @api.model
    def _stop_text(self):
        return reason_text(self.env, "roll_stopped")
