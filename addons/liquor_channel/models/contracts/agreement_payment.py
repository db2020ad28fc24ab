from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import day_bounds, today

from ...engine.common.money import decimal
from ...engine.contracts.targets import Done, Target, done_for, period_from_label, volume_pay, with_plain_label
from ..earnings.policy_bases import NO_RETURNS

MOST = 10**12
VERDICT = frozenset({"verdict", "allowed_amount", "verdict_reason", "checked_by_id"})


class LiquorAgreementPayment(models.Model):
    """What a signed shop is paid for a period: for its display once somebody saw it, for its volume once it is over."""

    _name = "liquor.agreement.payment"
    _description = "Payment of a Shop's Contract"
    _inherit = ("liquor.agreement.part",)
    _check_company_auto = True
    _order = "agreement_id, label, id"
    _rec_names_search = ("party_id.name", "label")

    _free = VERDICT | {"approved_by_id", "done"}

    party_id = fields.Many2one(related="agreement_id.party_id", store=True, index=True, precompute=True)
    kind = fields.Selection([("display", "Display"), ("volume", "Volume")], required=True, default="display")
    expense_kind_id = fields.Many2one(
        "liquor.expense.kind",
        string="Cost Lies As",
        compute="_compute_expense_kind_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Finance's kind of expense: a display is a service of the shop. Empty: it reduces revenue.",
    )
    label = fields.Char(string="Period", required=True, help="2026-Q1, or 2026-03, or 2026.")
    date_end = fields.Date(compute="_compute_date_end", store=True, precompute=True)
    amount = fields.Monetary(required=True)
    goal_cases = fields.Float(string="Cases", digits=(16, 2))
    basis = fields.Selection(
        [
            ("received", "Scanned Receipts"),
            ("reported", "Flow Reports"),
            ("opened", "Openings of Bottles It Received"),
        ],
        string="Counted By",
        required=True,
        default="received",
        help="What proves the volume: proposed by the kind of shop on the first day, fixed by the signature.",
    )
    category_id = fields.Many2one("product.category", string="Series", ondelete="restrict")
    floor_percent = fields.Float(string="Paid From (%)", digits=(5, 2), default=100, help="Below nothing is paid.")
    verdict = fields.Selection([("kept", "Kept"), ("partly", "Partly Kept"), ("failed", "Failed")])
    allowed_amount = fields.Monetary(string="Allowed")
    verdict_reason = fields.Char(string="Reason")
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    done = fields.Float(string="Counted (Cases)", digits=(16, 2), readonly=True, copy=False)
    booked_amount = fields.Monetary(compute="_compute_booked_amount", compute_sudo=True)
    state = fields.Selection(related="agreement_id.state", string="Agreement")

    _bounds = models.Constraint(
        f"""CHECK (amount > 0 AND amount <= {MOST} AND COALESCE(allowed_amount, 0) BETWEEN 0 AND amount
            AND COALESCE(goal_cases, 0) BETWEEN 0 AND {MOST} AND floor_percent BETWEEN 0 AND 100)""",
        "Amounts are positive, what is allowed is at most what was agreed, a floor lies between 0 and 100 %.",
    )
    _goal_of_volume = models.Constraint(
        "CHECK (kind <> 'volume' OR goal_cases > 0)", "Say how many cases the volume is paid for."
    )
    _approver = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id IS DISTINCT FROM checked_by_id)",
        "Whoever checked a display does not approve its payment.",
    )

    @api.depends("kind")
    def _compute_expense_kind_id(self):
        """A display is a service by which a shop earns (Acc-1); a volume is paid for buying."""
        display = self.env.ref("liquor_channel.expense_kind_display", raise_if_not_found=False)
        for payment in self:
            payment.expense_kind_id = display if payment.kind == "display" else False

    @api.depends("label")
    def _compute_date_end(self):
        for payment in self:
            try:
                payment.date_end = period_from_label(payment.label).end
            except ValueError:
                payment.date_end = False

    @api.constrains("label")
    def _check_label(self):
        for payment in self:
            if not payment.date_end:
                raise ValidationError(
                    self.env._("%(label)s is no period: write 2026, 2026-Q1 or 2026-03.", label=payment.label)
                )

    @api.depends("party_id.name", "label", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for payment in self:
            payment.display_name = f"{payment.party_id.name} · {payment.label} · {kinds.get(payment.kind, '')}"

    def _compute_booked_amount(self):
        sums = self._booked()
        for payment in self:
            payment.booked_amount = sums.get(payment.id, (0.0, 0))[0]

    def _booked(self):
        """{payment id: (sum, number of lines)} in the ledger."""
        groups = (
            self
            .env["liquor.earning"]
            .sudo()
            ._read_group(
                [("origin_model", "=", self._name), ("origin_id", "in", self.ids)],
                ["origin_id"],
                ["amount:sum", "__count"],
            )
        )
        return {number: (amount, count) for number, amount, count in groups}

    def _content(self):
        return {
            "kind": self.kind,
            "period": self.label,
            "amount": f"{self.amount:.2f}",
            "cases": f"{self.goal_cases:.2f}",
            "series": self.category_id.display_name or None,
            "from": f"{self.floor_percent:.2f}",
            # contracts that were accepted before there was a choice read as they did
            **({"counted_by": self.basis} if self.kind == "volume" and self.basis != "received" else {}),
        }

    @api.model_create_multi
    def create(self, vals_list):
        """What is agreed carries no verdict yet: who gives one is written down with it."""
        if not self.env.su:
            vals_list = [{name: value for name, value in vals.items() if name not in VERDICT} for vals in vals_list]
            self = self.with_context(**{f"default_{name}": False for name in VERDICT})
        return super().create([with_plain_label(vals) for vals in self._with_basis(vals_list)])

    @api.model
    def _with_basis(self, vals_list):
        """Count as the kind of shop says where nothing else is said (trade.md R10, R17)."""
        named = {vals.get("agreement_id") for vals in vals_list if "basis" not in vals} - {None}
        bases = {agreement.id: agreement.volume_basis for agreement in self.env["liquor.agreement"].browse(named)}
        return [
            vals
            if "basis" in vals or vals.get("agreement_id") not in bases
            else {**vals, "basis": bases[vals["agreement_id"]]}
            for vals in vals_list
        ]

    def write(self, vals):
        """A verdict names who gave it, and stands once it was approved."""
        vals = with_plain_label(vals)
        if VERDICT & vals.keys() and not self.env.su:
            if self.filtered(lambda payment: payment.kind != "display" or payment.approved_by_id):
                raise UserError(self.env._("Only a display that is not paid yet gets a verdict."))
            vals = {name: value for name, value in vals.items() if name != "checked_by_id"}
            super().write(vals)
            return self.sudo().write({"checked_by_id": self.env.uid})
        return super().write(vals)

    def action_approve(self):
        """Pay displays as they were judged, by somebody else than who judged them."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager approves what a shop is paid."))
        for payment in self:
            if (
                payment.kind != "display"
                or not payment.verdict
                or payment.agreement_id.state not in ("accepted", "ended")
            ):
                raise UserError(self.env._("Only a display of an accepted contract that was judged can be approved."))
            if payment.checked_by_id == self.env.user:
                raise UserError(self.env._("Whoever checked a display does not approve its payment."))
        self.sudo().filtered(lambda payment: not payment.approved_by_id).write({"approved_by_id": self.env.uid})
        self.sudo()._book({payment.id: payment._allowed() for payment in self})

    def _allowed(self):
        shares = {"kept": self.amount, "partly": self.allowed_amount, "failed": 0.0}
        return decimal(shares[self.verdict])

    @api.model
    def _pay_volumes(self, company, day):
        """Pay the volumes of periods that are over; late data and returns give the difference.

        :return: the new earnings
        """
        payments = self.sudo().search([
            ("company_id", "=", company.id),
            ("kind", "=", "volume"),
            ("date_end", "<", day),
            ("date_end", ">=", fields.Date.subtract(day, days=400)),
            ("agreement_id.state", "in", ("accepted", "ended")),
        ])
        return payments._book(payments._volumes_due(company))

    def _volumes_due(self, company):
        due = {}
        for (label, basis), payments in self.grouped(lambda payment: (payment.label, payment.basis)).items():
            period = period_from_label(label)
            kinds = [basis] if basis in NO_RETURNS else [basis, "returned"]
            rows = self.env["liquor.flow.fact"]._sums(company, kinds, period.start, period.end, payments.party_id.ids)
            products = self.env["liquor.fact.scope"]._products({row.product for row in rows if row.product})
            sums = [payments._to_done(row, basis) for row in rows]
            for payment in payments:
                goal = decimal(payment.goal_cases)
                target = Target(payment.id, payment.party_id.id, "cases", goal, payment.category_id.id or None)
                done = done_for(target, sums, products)
                payment.done = float(done)
                due[payment.id] = volume_pay(goal, done, decimal(payment.amount), decimal(payment.floor_percent))
        return due

    @api.model
    def _to_done(self, row, basis):
        """A sum of facts as its buyer's: a report names who sold first, scans name the shop first."""
        party = row.counterparty if basis == "reported" else row.partner
        return Done(party, row.product, row.purpose, decimal(row.bottles), decimal(row.amount), row.currency)

    def _book(self, due):
        """Book what is due and not booked; the number of lines before is part of the key, so two runs book once."""
        booked = self._booked()
        values_list = []
        for payment in self:
            before, lines = booked.get(payment.id, (0.0, 0))
            amount = due[payment.id] - decimal(before)
            if amount:
                values_list.append(payment._prepare_earning(float(amount), lines))
        return self.env["liquor.earning"]._book(values_list) if values_list else self.env["liquor.earning"]

    def _prepare_earning(self, amount, lines):
        ended = day_bounds(self.company_id, min(self.date_end, today(self.company_id)))[1]
        return {
            "company_id": self.company_id.id,
            "partner_id": self.party_id.id,
            "beneficiary_kind": "terminal",
            "currency_id": self.currency_id.id,
            "amount": amount,
            "type": "earn" if amount > 0 else "clawback",
            "component": self.kind,
            "fact_key": f"contract/{self.id}/{lines}",
            "payable": "available",
            "event_time": min(fields.Datetime.now(), fields.Datetime.subtract(ended, seconds=1)),
            "origin_model": self._name,
            "origin_id": self.id,
            "reason": self.env._(
                "Contract %(contract)s, %(period)s", contract=self.agreement_id.name, period=self.label
            ),
        }

    @api.model
    def _cron_pay_volumes(self):
        """Every day: volumes of periods that are over."""
        for company in self._companies([("kind", "=", "volume"), ("agreement_id.state", "in", ("accepted", "ended"))]):
            self._pay_volumes(company, today(company))
