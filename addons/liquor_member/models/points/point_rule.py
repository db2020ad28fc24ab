from datetime import timedelta

from odoo import api, fields, models

from ...engine.points.lots import MAX_POINTS, expiry_day
from ...tools.business_day import business_day


class LiquorPointRule(models.Model):
    """How many points one kind of behaviour gives in a club, from when they can be used and how long (M5, Q8)."""

    _name = "liquor.point.rule"
    _description = "Points Rule"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _order = "program_id, source, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True, tracking=True)
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    source = fields.Selection(
        [
            ("order", "Our order, delivered"),
            ("scan", "Bottle opened"),
            ("report", "Distributor's report"),
            ("join", "Joining"),
        ],
        required=True,
    )
    basis = fields.Selection(
        [("bottle", "Per bottle"), ("amount", "Per unit of currency"), ("event", "Per event")],
        required=True,
        default="bottle",
    )
    points = fields.Float(required=True, digits=(16, 2), tracking=True)
    hold_days = fields.Integer(
        "Days on Hold", default=15, tracking=True, help="Points become usable so many days after the event (待生效)."
    )
    expiry_months = fields.Integer(
        "Months of Validity", default=24, tracking=True, help="To the end of the month; 0: points do not expire."
    )
    version = fields.Integer(default=1, readonly=True, copy=False)

    _source_unique = models.UniqueIndex("(program_id, source) WHERE active", "A club has one rule per source.")
    _bounds = models.Constraint(
        f"CHECK (points BETWEEN 0 AND {MAX_POINTS} AND hold_days BETWEEN 0 AND 366"
        " AND expiry_months BETWEEN 0 AND 240)",
        "Points, days on hold or months of validity are out of bounds.",
    )

    def write(self, vals):
        """Number the versions: every entry names the one it was counted by."""
        if {"source", "basis", "points", "hold_days", "expiry_months"} & set(vals):
            for rule in self:
                super(LiquorPointRule, rule).write({**vals, "version": rule.version + 1})
            return True
        return super().write(vals)

    @api.model
    def _rule_of(self, program, source):
        """Return the live rule of a club for a source, in sudo; empty where the club uses no points."""
        if not program.sudo().use_points:
            return self.sudo().browse()
        return self.sudo().search([("program_id", "=", program.id), ("source", "=", source)], limit=1)

    def _points_for(self, bottles=0, amount=0):
        """Return whole points, rounded down.

        >>> # 1.5 points per bottle, 5 bottles: 7.5 -> 7
        """
        self.ensure_one()
        base = {"bottle": bottles, "amount": amount, "event": 1}[self.basis]
        return int(self.points * base + 1e-6)

    def _version_name(self):
        self.ensure_one()
        return f"{self.name} #{self.id}.{self.version}"

    def _terms(self, company, moment):
        """Return the first and the last day of points earned at ``moment`` (naive UTC)."""
        day = business_day(company, moment)
        return day + timedelta(days=self.hold_days or 0), expiry_day(day, self.expiry_months if self else 24)
