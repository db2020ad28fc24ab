from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import business_day, today

from ...engine.common.money import decimal
from ...engine.expenses import claims

#: days are counted up to here
DONE = ("paid", "refused", "expired")


class LiquorExpense(models.Model):
    """核销: what is asked, what is cut and why, what is allowed, and for how many days somebody waits."""

    _inherit = "liquor.expense"

    cut_ids = fields.One2many("liquor.expense.cut", "expense_id", "Cuts")
    claim_amount = fields.Monetary("To be Claimed", help="What the clerk claims in the distributor's name.")
    asked_amount = fields.Monetary("Claimed Amount", readonly=True, copy=False, tracking=True, aggregator="sum")
    cut_amount = fields.Monetary("Cut", compute="_compute_cut_amount", store=True, aggregator="sum")
    allowed_amount = fields.Monetary("Allowed", readonly=True, copy=False, tracking=True, aggregator="sum")
    guests = fields.Integer(help="Who came to the event.")
    new_guests = fields.Integer(help="Of whom joined the club there.")
    claimed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    claimed_at = fields.Datetime("Claimed On", readonly=True, copy=False)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    checked_at = fields.Datetime("Checked On", readonly=True, copy=False)
    earning_id = fields.Many2one(
        "liquor.earning", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", check_company=True
    )
    age_days = fields.Integer(
        "Age (Days)", compute="_compute_age_days", help="Days from the claim to the payment, or to today."
    )
    step_days = fields.Integer("Days in this Step", compute="_compute_age_days")

    @api.depends("cut_ids.amount")
    def _compute_cut_amount(self):
        for expense in self:
            expense.cut_amount = sum(expense.cut_ids.mapped("amount"))

    @api.depends("claimed_at", "paid_at", "state")
    def _compute_age_days(self):
        for expense in self:
            expense.age_days = expense._days_between(expense.claimed_at, expense.paid_at)
            expense.step_days = 0 if expense.state in DONE else expense._days_between(expense._step_begun(), None)

    def _step_begun(self):
        return self.paying_at or self.checked_at or self.claimed_at or self.approved_at or self.applied_at

    def _days_between(self, first, last):
        """Business days of the company are what both sides count; nothing before the first moment."""
        if not first or not self.company_id:
            return 0
        until = business_day(self.company_id, last) if last else today(self.company_id)
        return max(0, (until - business_day(self.company_id, first)).days)

    def _steps(self, names):
        """Return the way of an expense for the page: each step's label, days spent in it, done or now.

        :param names: states in their order
        """
        moments = {
            "applied": self.applied_at,
            "approved": self.approved_at,
            "claimed": self.claimed_at,
            "checked": self.checked_at,
            "paid": self.paid_at,
        }
        moments["executing"] = min(self.proof_ids.mapped("sent_at"), default=None) or self.claimed_at
        labels = dict(self._fields["state"]._description_selection(self.env))
        now = "checked" if self.state == "paying" else self.state
        steps = []
        for index, name in enumerate(names):
            begun = moments[name]
            ended = next((moments[later] for later in names[index + 1 :] if moments[later]), None)
            steps.append({
                "label": labels[name],
                "done": (bool(begun) and name != now) or now == "paid",
                "now": name == now,
                "days": self._days_between(begun, begun if name == "paid" else ended),
            })
        return steps

    @api.model
    def _waiting_of(self, company, partner):
        """Return how many claims of a distributor wait, their sum, and median and oldest age in days."""
        waiting = self.search([
            ("company_id", "=", company.id),
            ("distributor_id", "=", partner.id),
            ("state", "in", ("claimed", "checked", "paying")),
        ])  # fmt: skip
        middle, oldest = claims.ages(waiting.mapped("age_days"))
        amount = sum(one.allowed_amount or one.asked_amount for one in waiting)
        return {"count": len(waiting), "amount": amount, "median": middle, "oldest": oldest}

    # ------------------------------------------------------------------ claiming
    def action_claim(self):
        """Claim in the distributor's name, where he did so on paper."""
        self.check_access("write")
        for expense in self:
            expense._claim(expense.claim_amount or expense.approved_amount, self.env.user)

    def _claim(self, asked, user):
        """Claim an executed expense; called by the distributor's page too.

        :param asked: what is asked for (申报额)
        :param user: who claims
        :raises UserError: too late, too early, nothing asked or no proof
        """
        self.ensure_one()
        day = today(self.company_id)
        if not self.currency_id.compare_amounts(asked, 0) > 0 or asked > 10**9:
            raise UserError(self.env._("Say how much is claimed."))
        if self.deadline and day > self.deadline:
            raise UserError(self.env._("It could be claimed until %(day)s.", day=self.deadline))
        if day < self.date_start:
            raise UserError(self.env._("The action has not begun yet."))
        if len(self.proof_ids) < self.kind_id.proof_count:
            raise UserError(self.env._("At least %(count)s photos are needed.", count=self.kind_id.proof_count))
        self._move_to(
            "claimed",
            asked_amount=self.currency_id.round(asked),
            claimed_by_id=user.id,
            claimed_at=self.claimed_at or fields.Datetime.now(),
        )

    def action_return(self):
        """Give a claim back to be completed; its age runs on."""
        self.check_access("write")
        for expense in self:
            if expense.state != "claimed":
                raise UserError(self.env._("Only a claim that waits is given back."))
            expense._move_to("executing", asked_amount=0, claimed_by_id=False)

    # ------------------------------------------------------------------ checking
    def action_check(self):
        """Check claims: allowed = claimed less cuts, at most what was approved; each allowed amount is earned."""
        self.check_access("write")
        if not self.env.su and not self._may_check(self.env.user):
            raise AccessError(self.env._("Only clerks and finance of the channel check claims."))
        if self.filtered(lambda expense: self.env.user in (expense.author_id, expense.claimed_by_id)):
            raise UserError(self.env._("Somebody else than who applied or claimed checks the claim."))
        checked = {expense: expense._checked_amounts() for expense in self}
        self._move_to("checked", checked_by_id=self.env.uid, checked_at=fields.Datetime.now())
        self.sudo()._book_checked({expense.sudo(): amounts for expense, amounts in checked.items()})

    def _may_check(self, user):
        return any(user.has_group(f"liquor_channel.{group}") for group in ("group_clerk", "group_finance"))

    def _book_checked(self, checked):
        """Book what was allowed and give back what was not: funds, earnings and accruals move once for all.

        :param checked: {expense: the engine's amounts}
        """
        for expense, amounts in checked.items():
            expense.allowed_amount = float(amounts.allowed)
        self._cut_above_approved({expense: amounts.above_approved for expense, amounts in checked.items()})
        self._move_funds("reserved", "accrued", {one: amounts.allowed for one, amounts in checked.items()}, "check")
        self._release_fund("rest")
        for company, own in self.grouped("company_id").items():
            posting = own.with_company(company)
            posting.filtered("allowed_amount")._book_earnings()
            for expense in posting:
                expense._record_guests()
            self.env["liquor.expense.accrual"]._settle_unclaimed(company, own)
        self.filtered(lambda expense: not expense.allowed_amount)._close_empty()

    def _checked_amounts(self):
        required, standing = self.kind_id.proof_count, len(self.proof_ids.filtered(lambda p: p.verdict == "accepted"))
        if any(proof.verdict == "waiting" for proof in self.proof_ids):
            raise UserError(self.env._("Judge the photos of %(name)s first.", name=self.name))
        try:
            checked = claims.check(
                decimal(self.asked_amount),
                decimal(self.approved_amount),
                [decimal(cut.amount) for cut in self.cut_ids],
            )
        except claims.ClaimError as error:
            raise UserError(self.env._("More is cut from %(name)s than was claimed.", name=self.name)) from error
        if checked.allowed and standing < required:
            raise UserError(
                self.env._(
                    "%(name)s has %(standing)s accepted photos of %(required)s: cut all of it, or give it back.",
                    name=self.name,
                    standing=standing,
                    required=required,
                )
            )
        return checked

    def _cut_above_approved(self, amounts):
        reason = self.env.ref("liquor_channel.expense_reason_above_approved")
        self.env["liquor.expense.cut"].create([
            {"expense_id": expense.id, "amount": float(amount), "reason_id": reason.id}
            for expense, amount in amounts.items()
            if amount
        ])

    def _record_guests(self):
        """Hook: what an event brought is told to the club (C70)."""

    def _close_empty(self):
        """Nothing is allowed: there is nothing to pay."""
        self._move_to("paid", paid_at=fields.Datetime.now())

    def _book_earnings(self):
        """What is allowed is earned: one row a claim."""
        roles = self.filtered(lambda expense: expense.paid_by != "maker")._distributor_roles()
        kinds = {number: role.kind for number, role in roles.items()}
        earnings = self.env["liquor.earning"]._book([
            expense._prepare_earning(kinds.get(expense.id, "terminal")) for expense in self
        ])
        earnings.fetch(["company_id"])  # in one query what each link below asks for
        for expense, earning in zip(self, earnings, strict=True):
            expense.earning_id = earning

    def _prepare_earning(self, kind):
        return {
            "company_id": self.company_id.id,
            "partner_id": self._payees().id,
            "beneficiary_kind": kind,
            "currency_id": self.currency_id.id,
            "amount": self.allowed_amount,
            "type": "earn",
            "component": "expense",
            "fact_key": f"expense/{self.id}",
            "territory_id": self.territory_id.id,
            "payable": "available",
            "origin_model": self._name,
            "origin_id": self.id,
            "reason": self._say_allowed(),
            "trace": {
                "kind": "expense",
                "asked": str(decimal(self.asked_amount)),
                "cuts": [[cut.reason_id.code, str(decimal(cut.amount))] for cut in self.cut_ids],
                "amount": str(decimal(self.allowed_amount)),
            },
        }

    def _say_allowed(self):
        money = self.currency_id.format
        text = self.env._(
            "%(name)s: claimed %(asked)s, cut %(cut)s, allowed %(allowed)s.",
            name=self.display_name,
            asked=money(self.asked_amount),
            cut=money(self.asked_amount - self.allowed_amount),
            allowed=money(self.allowed_amount),
        )
        reasons = [f"{cut.reason_id.name} {money(cut.amount)}" for cut in self.cut_ids]
        return f"{text} {'; '.join(reasons)}".strip()
