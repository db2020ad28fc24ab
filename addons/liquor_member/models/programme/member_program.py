from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...engine.programme.levels import Ladder, Rung, Standing, evaluate, window
from ...tools.business_day import today


class LiquorMemberProgram(models.Model):
    """One club of one brand line (spec M1, M20). Its points are spent through a native loyalty programme
    that has no rule, so that native code only redeems (design 5)."""

    _name = "liquor.member.program"
    _description = "Member Club"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _check_company_auto = True
    _order = "sequence, id"

    name = fields.Char("Club", required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    mode = fields.Selection(
        [("national", "National: at scale"), ("regional", "Regional: by relation")],
        required=True,
        default="regional",
        tracking=True,
        help="A regional club lives on relation: cash-back and gifts, no levels and no points unless switched on.",
    )
    use_levels = fields.Boolean("Levels", compute="_compute_from_mode", store=True, readonly=False, tracking=True)
    use_points = fields.Boolean("Points", compute="_compute_from_mode", store=True, readonly=False, tracking=True)
    loyalty_program_id = fields.Many2one(
        "loyalty.program",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="What points can be exchanged for on a sales order. It has no earning rule: points come from our ledger.",
    )
    reward_ids = fields.One2many(related="loyalty_program_id.reward_ids", readonly=False, string="Points Rewards")
    level_ids = fields.One2many("liquor.member.level", "program_id", "Levels of the Club")
    dimension = fields.Selection(
        [("quantity", "Cases bought"), ("amount", "Amount spent")], required=True, default="quantity", tracking=True
    )
    case_unit = fields.Selection(
        [("six", "Cases of 6 bottles"), ("product", "Cases as each product is packed")],
        "Case Counted As",
        required=True,
        default="six",
        tracking=True,
    )
    level_period = fields.Selection(
        [("rolling", "Last 12 months"), ("year", "Calendar year")], required=True, default="rolling", tracking=True
    )
    grace_days = fields.Integer(
        "Grace before Downgrade",
        default=30,
        required=True,
        tracking=True,
        help="Days a level is kept after it is no longer reached.",
    )
    opening_cap = fields.Integer(
        "Counted Openings a Day",
        default=12,
        required=True,
        tracking=True,
        help="Openings of unbound bottles that count for one member on one day.",
    )
    event_new_rate = fields.Float(
        "New Guests at Events (%)",
        default=30.0,
        required=True,
        tracking=True,
        help="Events below it in a row stop the money of the next one, until a manager says what changes.",
    )
    event_misses = fields.Integer("Events in a Row", default=3, required=True, tracking=True)
    terms_version = fields.Char(default="1", required=True, tracking=True)
    terms = fields.Html("Member Terms", translate=True)
    evaluated_on = fields.Date("Levels Checked On", readonly=True, copy=False)
    member_ids = fields.One2many("liquor.member", "program_id", "Members")
    member_count = fields.Integer(compute="_compute_member_count")

    _loyalty_program_unique = models.UniqueIndex(
        "(loyalty_program_id) WHERE loyalty_program_id IS NOT NULL", "This loyalty program belongs to another club."
    )
    _days_bounds = models.Constraint(
        "CHECK (grace_days BETWEEN 0 AND 366 AND opening_cap BETWEEN 0 AND 1000)",
        "Grace is between 0 and 366 days, counted openings between 0 and 1000 a day.",
    )

    _event_bounds = models.Constraint(
        "CHECK (event_new_rate BETWEEN 0 AND 100 AND event_misses BETWEEN 1 AND 100)",
        "A rate lies between 0 and 100 %, and at least one event is looked at.",
    )

    @api.depends("mode")
    def _compute_from_mode(self):
        for program in self:
            program.use_levels = program.use_points = program.mode == "national"

    @api.depends("member_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["liquor.member"]._read_group([("program_id", "in", self.ids)], ["program_id"], ["__count"])
        )
        for program in self:
            program.member_count = counts.get(program, 0)

    @api.constrains("company_id")
    def _check_company_has_no_members(self):
        for program in self:
            if program.loyalty_program_id and program.loyalty_program_id.company_id != program.company_id:
                raise ValidationError(self.env._("A club stays with its company."))

    @api.model_create_multi
    def create(self, vals_list):
        """Create clubs, each with the loyalty program that redeems its points."""
        programs = super().create(vals_list)
        for program in programs:
            if not program.loyalty_program_id:
                program.sudo().loyalty_program_id = program._create_loyalty_program()
        return programs

    def _create_loyalty_program(self):
        loyalty = self.env["loyalty.program"].sudo().create(self._prepare_loyalty_program_values())
        # the type may have brought a rule of its own: then native code would earn points past our ledger
        loyalty.rule_ids.unlink()
        loyalty.communication_plan_ids.unlink()
        return loyalty

    def _prepare_loyalty_program_values(self):
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "currency_id": self.company_id.currency_id.id,
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": False,
            "portal_point_name": self.env._("Points"),
            "rule_ids": [],
            "communication_plan_ids": [],
            "reward_ids": [
                fields.Command.create({
                    "reward_type": "discount",
                    "discount_mode": "per_point",
                    "discount": 0.01,
                    "required_points": 100,
                })
            ],
        }

    def write(self, vals):
        """Keep the name of the loyalty program equal to the club's."""
        result = super().write(vals)
        if "name" in vals:
            for program in self:
                program.sudo().loyalty_program_id.name = program.name
        return result

    # --- levels ----------------------------------------------------------------------------------------------

    def _ladder(self):
        """Return the engine's ladder of the levels that are reached by evidence."""
        self.ensure_one()
        return Ladder(
            Rung(
                criterion.level_id.id,
                Decimal(str(criterion.threshold)),
                Decimal(str(criterion.keep_threshold)) if criterion.keep_threshold else None,
            )
            for criterion in self.sudo().level_ids.criterion_ids
        )

    def _evaluate_levels(self, members=None):
        """Bring levels up to date from the qualifying events of the window; only changes are written.

        :param members: those to look at; all active members of the clubs by default
        :return: log entries of what changed
        """
        logs = self.env["liquor.member.level.log"].sudo()
        for program in self.sudo():
            if not program.use_levels or not program.level_ids.criterion_ids:
                continue
            day = today(program.company_id)
            standings = program._collect_standings(window(day, program.level_period), members)
            decisions = evaluate(program._ladder(), standings, day, program.grace_days)
            logs |= program._apply_decisions(decisions, day)
            if members is None:
                program.sudo().evaluated_on = day
        return logs

    def _value_sql(self):
        if self.dimension == "amount":
            return SQL("e.amount")
        if self.case_unit == "six":
            return SQL("e.bottles / 6.0")
        return SQL("e.bottles::numeric / e.case_bottles")

    def _collect_standings(self, days, members=None):
        """Return one engine ``Standing`` per active member; days are the company's, both included."""
        self.env["liquor.member"].flush_model()
        self.env["liquor.qualifying.event"].flush_model()
        only = SQL("AND m.id = ANY(%s)", list(members.ids)) if members is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id, m.level_id, round(COALESCE(SUM(%(value)s), 0), 6),
                          m.level_below_since, m.level_locked_until
                     FROM liquor_member m
                     LEFT JOIN liquor_qualifying_event e
                       ON e.member_id = m.id AND e.qualifies AND e.reversed_at IS NULL
                      AND e.business_day BETWEEN %(first)s AND %(last)s
                    WHERE m.program_id = %(program)s AND m.state = 'active' %(only)s
                    GROUP BY m.id ORDER BY m.id""",
                value=self._value_sql(),
                first=days[0],
                last=days[1],
                program=self.id,
                only=only,
            )
        )
        # psycopg2 hands numbers over as floats here: back to the six digits that SQL rounded to
        return [Standing(member, level, Decimal(str(value)), *rest) for member, level, value, *rest in rows]

    def _apply_decisions(self, decisions, day):
        """Write decisions grouped by what is written, and log those that change a level."""
        groups = {}
        for decision in decisions:
            groups.setdefault((decision.new, decision.below_since), []).append(decision.member)
        for (level, below_since), ids in groups.items():
            self.env["liquor.member"].sudo().browse(ids).write({"level_id": level, "level_below_since": below_since})
        changes = [decision for decision in decisions if decision.old != decision.new]
        logs = self.env["liquor.member.level.log"].sudo()._post_changes(self, changes, window(day, self.level_period))
        logs._after_change()
        return logs

    @api.model
    def _cron_evaluate_levels(self):
        """Evaluate every club once a day; a club is one item of progress."""
        programs = self.sudo().search([("use_levels", "=", True)])
        due = programs.filtered(lambda program: program.evaluated_on != today(program.company_id))
        for done, program in enumerate(due, 1):
            program._evaluate_levels()
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - done)

    def action_evaluate_levels(self):
        """Button: bring the levels of the club up to date now."""
        self.check_access("write")
        logs = self._evaluate_levels()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("%(count)s levels changed.", count=len(logs)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_members(self):
        """Smart button: members of the club."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_member.member_action")
        return {**action, "domain": [("program_id", "in", self.ids)], "context": {"default_program_id": self[:1].id}}

    def action_open_loyalty_program(self):
        """Smart button: what points buy on a sales order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.program",
            "res_id": self.loyalty_program_id.id,
            "views": [(False, "form")],
        }
