import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.common.money import ZERO, decimal
from ...engine.simulation.compare import LOSERS, headroom, ledger_effect, total, totals
from ...tools.workbook import Sheet, write_workbook
from .policy_forecast import Ledger

#: parties or days beyond which the work goes to the background
LARGE_PARTIES = 2000
MOST_DAYS = 3 * 366
LINE_COLUMNS = [
    "simulation_id", "company_id", "currency_id", "partner_id", "territory_id", "grade", "old_amount", "new_amount",
    "difference", "booked_amount", "old_measure", "new_measure", "old_rate", "new_rate", "outcome", "reason",
]  # fmt: skip


class LiquorPolicySimulation(models.Model):
    """What a version would have given over some days beside what was in force (channel.md, differentiator 8)."""

    _name = "liquor.policy.simulation"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Policy Simulation"
    _order = "id desc"
    _rec_names_search = ("policy_id.name",)
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    version_id = fields.Many2one(
        "liquor.policy.version", required=True, index=True, ondelete="cascade", check_company=True
    )
    policy_id = fields.Many2one(related="version_id.policy_id", store=True)
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="version_id.currency_id")
    date_from = fields.Date("From", required=True, help="The whole period that contains this day is compared.")
    date_to = fields.Date("To", required=True)
    state = fields.Selection(
        [("draft", "Draft"), ("queued", "Waiting"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    run_at = fields.Datetime("Simulated On", readonly=True, copy=False)
    run_by_id = fields.Many2one("res.users", string="Simulated By", readonly=True, copy=False)
    outdated = fields.Boolean(compute="_compute_outdated", help="The terms changed after the simulation.")
    compared_from = fields.Date(readonly=True, copy=False)
    compared_to = fields.Date(readonly=True, copy=False)
    party_count = fields.Integer("Parties", readonly=True, copy=False)
    gain_count = fields.Integer("Gain", readonly=True, copy=False)
    loss_count = fields.Integer("Lose", readonly=True, copy=False)
    old_amount = fields.Monetary("In Force", readonly=True, copy=False)
    new_amount = fields.Monetary("Simulated", readonly=True, copy=False)
    difference = fields.Monetary(readonly=True, copy=False)
    booked_amount = fields.Monetary("Booked So Far", readonly=True, copy=False)
    carried_amount = fields.Monetary("Of the Difference, Distributors Carry", readonly=True, copy=False)
    fund_id = fields.Many2one("liquor.fund", readonly=True, copy=False, ondelete="set null", check_company=True)
    fund_free = fields.Monetary("Free in the Fund", readonly=True, copy=False)
    fund_after = fields.Monetary("Free Afterwards", readonly=True, copy=False)
    line_ids = fields.One2many("liquor.policy.simulation.line", "simulation_id", readonly=True)
    loser_ids = fields.Many2many("liquor.policy.simulation.line", compute="_compute_loser_ids", string="Losers")
    region_ids = fields.One2many(
        "liquor.policy.simulation.total", "simulation_id", domain=[("kind", "=", "region")], readonly=True
    )
    grade_ids = fields.One2many(
        "liquor.policy.simulation.total", "simulation_id", domain=[("kind", "=", "grade")], readonly=True
    )
    ledger_ids = fields.One2many(
        "liquor.policy.simulation.total", "simulation_id", domain=[("kind", "=", "ledger")], readonly=True
    )

    _dates = models.Constraint("CHECK (date_from <= date_to)", "A simulation cannot end before it starts.")

    @api.depends("version_id.display_name", "date_from", "date_to")
    def _compute_name(self):
        for one in self:
            one.name = f"{one.version_id.display_name or ''} · {one.date_from or ''} – {one.date_to or ''}"

    @api.depends("line_ids.difference")
    def _compute_loser_ids(self):
        for one in self:
            one.loser_ids = self.env["liquor.policy.simulation.line"].search(
                [("simulation_id", "=", one.id), ("difference", "<", 0)], order="difference, partner_id", limit=LOSERS
            )

    @api.depends("run_at", "version_id.write_date")
    def _compute_outdated(self):
        for one in self:
            one.outdated = bool(one.run_at) and one.run_at < one.version_id._terms_written_at()

    @api.onchange("version_id")
    def _onchange_version_id(self):
        if self.version_id and not self.date_from:
            self.date_from, self.date_to = self.version_id._days_to_simulate()

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for one in self:
            if (one.date_to - one.date_from).days > MOST_DAYS:
                raise ValidationError(self.env._("Simulate at most three years at a time."))

    def write(self, vals):
        self.check_access("write")
        if {"version_id", "date_from", "date_to"} & vals.keys() and self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("What was simulated stays: make another simulation."))
        return super().write(vals)

    # --- running -----------------------------------------------------------------------------------------------

    def action_simulate(self):
        """Compute now, or in the background where many parties are concerned; earlier results are replaced."""
        self.ensure_one()
        self.check_access("write")
        self.version_id.check_access("read")
        parties = len(self.version_id.sudo()._candidates(limit=LARGE_PARTIES + 1))
        if parties <= LARGE_PARTIES:
            self._simulate()
            return None
        self.sudo().state = "queued"
        run = self.env["liquor.run"]._start(
            "policy_simulation",
            self.name,
            1,
            {"simulation": self.id},
            company=self.company_id,
            key=str(self.id),
        )
        return run._show()

    def _simulate(self):
        """Collect, compute and store in a constant number of queries."""
        self.ensure_one()
        own = self.sudo()
        company = own.company_id
        own.line_ids.unlink()
        (own.region_ids | own.grade_ids | own.ledger_ids).unlink()
        forecast = own.version_id._forecast(company, own.date_from, own.date_to)
        places = own._places([outcome.partner for outcome in forecast.outcomes], forecast.last)
        own._store_lines(forecast, places)
        own._store_totals(forecast, places)
        own._store_sums(forecast)

    def _places(self, partner_ids, day):
        """Region and grade of each party by its latest role of the kind: {partner id: (territory, grade)}."""
        roles = (
            self
            .env["liquor.channel.role"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind", "=", self.version_id.beneficiary_kind),
                    ("partner_id", "in", partner_ids),
                    ("date_start", "<=", day),
                ],
                order="date_start, id",
            )
        )
        return {role.partner_id.id: (role._territory_on(day), role.grade or None) for role in roles}

    def _store_lines(self, forecast, places):
        nowhere = (self.env["liquor.territory"], None)
        self.env["liquor.policy.simulation.line"]._bulk_insert(
            LINE_COLUMNS,
            [
                self._prepare_line(one, forecast.booked.get(one.partner, Ledger()), places.get(one.partner, nowhere))
                for one in forecast.outcomes
            ],
        )
        self.invalidate_recordset(["line_ids", "loser_ids"])

    def _prepare_line(self, outcome, ledger, place):
        difference = outcome.difference
        return [
            self.id,
            self.company_id.id,
            self.currency_id.id,
            outcome.partner,
            place[0].id or None,
            place[1],
            outcome.old.amount,
            outcome.new.amount,
            difference,
            ledger.amount,
            outcome.old.measure,
            outcome.new.measure,
            outcome.old.rate or ZERO,
            outcome.new.rate or ZERO,
            "gains" if difference > 0 else "loses" if difference < 0 else "same",
            outcome.reason,
        ]

    def _store_totals(self, forecast, places):
        nowhere = self.env._("Without")
        regions = {partner: place[0].display_name or nowhere for partner, place in places.items()}
        grades = {partner: place[1] or nowhere for partner, place in places.items()}
        rows = [
            self._prepare_total(kind, one)
            for kind, names in (("region", regions), ("grade", grades))
            for one in totals(forecast.outcomes, lambda partner, names=names: names.get(partner, nowhere))
        ]
        labels = dict(self.env["liquor.account.mapping"]._selection_role())
        effect = ledger_effect(
            forecast.outcomes,
            self.version_id.beneficiary_kind,
            forecast.last,
            forecast.shares,
            self.policy_id.nature or "",
        )
        rows += [
            {"simulation_id": self.id, "kind": "ledger", "label": labels.get(role, role), "difference": float(balance)}
            for role, balance in effect.items()
        ]
        self.env["liquor.policy.simulation.total"].create(rows)

    def _prepare_total(self, kind, one):
        return {
            "simulation_id": self.id,
            "kind": kind,
            "label": one.key,
            "parties": one.parties,
            "old_amount": float(one.old),
            "new_amount": float(one.new),
            "difference": float(one.difference),
        }

    def _store_sums(self, forecast):
        outcomes, fund = forecast.outcomes, self.policy_id.fund_id
        whole = total(outcomes)
        carried = sum((share.amount for share in forecast.shares.values()), ZERO)
        free = decimal(self.env["liquor.fund"]._headroom(fund)[fund.id]) if fund else ZERO
        self.write({
            "state": "done",
            # the moment of what was read: terms written since are newer
            "run_at": self.env.cr.now().replace(microsecond=0),
            "run_by_id": self.env.uid,
            "compared_from": forecast.first,
            "compared_to": forecast.last,
            "party_count": whole.parties,
            "gain_count": sum(one.difference > 0 for one in outcomes),
            "loss_count": sum(one.difference < 0 for one in outcomes),
            "old_amount": float(whole.old),
            "new_amount": float(whole.new),
            "difference": float(whole.difference),
            "booked_amount": float(sum((one.amount for one in forecast.booked.values()), ZERO)),
            "carried_amount": float(carried),
            "fund_id": fund.id,
            "fund_free": float(free),
            "fund_after": float(headroom(free, whole.difference, carried)) if fund else 0.0,
        })

    # --- looking -----------------------------------------------------------------------------------------------

    def action_open_lines(self):
        """Open the parties: list, pivot and graph."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.policy_simulation_line_action")
        return {**action, "domain": [("simulation_id", "in", self.ids)], "context": {}}

    def action_download(self):
        """Give the parties as a workbook."""
        self.ensure_one()
        self.check_access("read")
        header = [
            self.env._("Partner"),
            self.env._("Region"),
            self.env._("In Force"),
            self.env._("Simulated"),
            self.env._("Difference"),
            self.env._("Booked So Far"),
            self.env._("Why"),
        ]
        rows = (
            (
                line.partner_id.display_name,
                line.territory_id.display_name or "",
                line.old_amount,
                line.new_amount,
                line.difference,
                line.booked_amount,
                line.explanation,
            )
            for line in self.line_ids
        )
        sheet = Sheet(self.env._("Simulation"), header, rows, totals=(2, 3, 4, 5), total=self.env._("Total"))
        attachment = self.env["ir.attachment"].create({
            "name": f"simulation-{self.id}.xlsx",
            "res_model": self._name,
            "res_id": self.id,
            "datas": base64.b64encode(write_workbook([sheet])),
        })
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
