from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.funds import stages
from ...engine.funds.stages import Move, ShortageError

#: who sells, and so decides nothing about the budget of member operations (channel.md C54, C55)
SALES_GROUPS = ("liquor_channel.group_clerk", "sales_team.group_sale_salesman")
APPROVERS = {
    "channel": (
        "liquor_channel.group_channel_manager",
        "liquor_channel.group_finance",
        "liquor_member.group_executive",
    ),
    "member_operations": ("liquor_member.group_member_manager", "liquor_member.group_executive"),
}
#: origins that may take from a fund: what sells is not among those of member operations
SPENDERS = {
    "channel": {
        "liquor.fund.transfer", "liquor.accrual.run", "liquor.expense", "liquor.expense.clawback", "liquor.settlement",
        "liquor.payout",
    },
    "member_operations": {"liquor.fund.transfer", "liquor.benefit.funding"},
}  # fmt: skip


class LiquorFund(models.Model):
    """A budget: what was allocated, and in which stage each yuan of it stands.

    The balances are the sums of ``liquor.fund.entry``; they are stored so that one locked row decides who of two
    gets the last yuan (design.md 3.4). ``_move`` and ``_spend`` are the only ways in.
    """

    _name = "liquor.fund"
    _description = "Fund"
    _inherit = ["liquor.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "date_start desc, name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    kind = fields.Selection(
        [("channel", "Channel Expenses"), ("member_operations", "Member Operations")],
        required=True,
        default="channel",
        tracking=True,
        help="The budget of member operations is out of reach of sales: no policy or expense of theirs takes from it.",
    )
    territory_id = fields.Many2one("liquor.territory", ondelete="restrict", check_company=True, tracking=True)
    date_start = fields.Date("From", required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date("To", tracking=True)
    stop = fields.Selection(
        [("hard", "Refuse"), ("warning", "Warn")],
        string="When Empty",
        required=True,
        default="hard",
        tracking=True,
        help="Refuse: nothing is promised beyond what is free. Warn: it is, and the fund shows it.",
    )
    allocated = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    free = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    reserved = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    accrued = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    settled = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    paid = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    uncovered = fields.Monetary(
        "Without Cover", readonly=True, copy=False, aggregator="sum", help="Owed although nothing was free."
    )
    used_percent = fields.Float("Used (%)", compute="_compute_used_percent")
    entry_ids = fields.One2many("liquor.fund.entry", "fund_id", readonly=True)

    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A fund cannot end before it starts."
    )
    _balance_bounds = models.Constraint(
        "CHECK ("
        + " AND ".join(
            f"COALESCE({stage}, 0) BETWEEN 0 AND 1000000000000"
            for stage in (*stages.SOURCES, "reserved", "accrued", "settled", "paid")
        )
        + " AND COALESCE(free, 0) BETWEEN CASE stop WHEN 'hard' THEN 0 ELSE -1000000000000 END AND 1000000000000)",
        "The fund does not hold that much.",
    )
    _balance_sum = models.Constraint(
        f"CHECK ({' + '.join(f'COALESCE({stage}, 0)' for stage in stages.SOURCES)}"
        f" = {' + '.join(f'COALESCE({stage}, 0)' for stage in stages.HELD)})",
        "The stages of a fund sum to what was allocated.",
    )

    @api.depends("allocated", "free")
    def _compute_used_percent(self):
        for fund in self:
            fund.used_percent = 100 * (1 - fund.free / fund.allocated) if fund.allocated else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals["currency_id"] = company.currency_id.id
        funds = super().create(vals_list)
        funds._check_keeper()
        return funds

    _guarded_in_create = frozenset({"currency_id"})

    def write(self, vals):
        """Refuse to turn a used fund into another one, and sales a hand on the budget of member operations."""
        self._check_keeper()
        if {"kind", "company_id"} & vals.keys() and self.sudo().entry_ids:
            raise UserError(self.env._("A fund that was used stays what it is."))
        if vals.get("stop") == "hard" and any(fund.free < 0 for fund in self.sudo()):
            raise UserError(self.env._("More is promised than was allocated: allocate before the fund refuses."))
        result = super().write(vals)
        self._check_keeper()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_keeper()
        if self.sudo().entry_ids:
            raise UserError(self.env._("A fund that was used stays; archive it."))

    # ------------------------------------------------------------------ who
    def _check_keeper(self):
        """Refuse sales a hand on a budget of member operations.

        :raises AccessError: the user is of a sales group
        """
        operations = self.filtered(lambda fund: fund.kind == "member_operations")
        if operations and not self.env.su and self._is_sales(self.env.user):
            raise AccessError(self.env._("The budget of member operations is out of reach of sales."))

    @api.model
    def _is_sales(self, user):
        return any(user.has_group(group) for group in SALES_GROUPS)

    def _check_approver(self, user, author):
        """Refuse who may not promise this fund's money.

        :param user: who approves
        :param author: who asked for it
        :raises AccessError: the groups of the user do not decide about this fund
        :raises UserError: he asked for it himself
        """
        for fund in self:
            if fund.kind == "member_operations" and self._is_sales(user):
                raise AccessError(self.env._("The budget of member operations is out of reach of sales."))
            if not any(user.has_group(group) for group in APPROVERS[fund.kind]):
                raise AccessError(self.env._("You do not decide about “%(fund)s”.", fund=fund.name))
        if user == author:
            raise UserError(self.env._("Somebody else than the author approves."))

    @api.model
    def _spenders(self):
        """Models whose records take from a fund, by its kind; another add-on adds its own."""
        return {kind: set(models_) for kind, models_ in SPENDERS.items()}

    def _is_open_on(self, day):
        """Tell whether the fund's days contain ``day``."""
        return self.active and self.date_start <= day and (not self.date_end or day <= self.date_end)

    # ------------------------------------------------------------------ moving money
    @api.model
    def _move(self, values_list):
        """Move money of funds between stages, exactly once per key, all or nothing: the one entry point.

        :param values_list: dicts of ``fund_id`` (record or id), ``stage_from``, ``stage_to``, ``amount`` (positive,
            in the fund's currency), ``key``, ``origin`` (record) and ``reason``
        :return: entries in order; for a key that is known, the stored one
        :raises UserError: the stage does not hold the amount (free: only where the fund refuses), the origin may not
            take from this kind of fund, or it is of another company
        :raises ConcurrencyError: a parallel transaction posted the same key
        """
        entries = self.env["liquor.fund.entry"].sudo()
        stored = entries._ledger_known({values["key"] for values in values_list})
        fresh = {}
        for values in values_list:
            if values["key"] not in stored:
                fresh.setdefault(values["key"], {**values, "fund": self._fund_of(values)})
        by_fund = defaultdict(list)
        for values in fresh.values():
            by_fund[values["fund"]].append(values)
        self._apply({
            fund: [Move(row["stage_from"], row["stage_to"], decimal(row["amount"])) for row in rows]
            for fund, rows in by_fund.items()
        })
        posted = entries._post([self._prepare_entry(values) for values in fresh.values()])
        stored.update(zip(fresh, posted.ids, strict=True))
        return self.env["liquor.fund.entry"].browse([stored[values["key"]] for values in values_list])

    def _fund_of(self, values):
        fund = values["fund_id"]
        fund = (fund if isinstance(fund, models.BaseModel) else self.browse(fund)).sudo()
        origin = values["origin"]
        if origin._name not in self._spenders()[fund.kind]:
            raise UserError(
                self.env._(
                    "“%(fund)s” is not for this: %(kind)s.",
                    fund=fund.name,
                    kind=self.env["ir.model"]._get(origin._name).name,
                )
            )
        if origin.sudo().company_id != fund.company_id:
            raise UserError(self.env._("“%(fund)s” belongs to another company.", fund=fund.name))
        return fund

    def _locked(self):
        """Lock the funds in the order of their ids and return their balances: {fund id: {stage: Decimal}}.

        At REPEATABLE READ a parallel change of the same row makes this transaction fail and run again.
        """
        self.flush_recordset()
        columns = SQL(", ").join(SQL("COALESCE(%s, 0)", SQL.identifier(stage)) for stage in stages.STAGES)
        rows = self.env.execute_query(
            SQL("SELECT id, %s FROM liquor_fund WHERE id = ANY(%s) ORDER BY id FOR UPDATE", columns, sorted(self.ids))
        )
        return {row[0]: dict(zip(stages.STAGES, map(decimal, row[1:]), strict=True)) for row in rows}

    def _apply(self, moves_by_fund):
        if not moves_by_fund:
            return
        funds = self.browse([fund.id for fund in moves_by_fund]).sudo()
        balances = funds._locked()
        for fund, moves in moves_by_fund.items():
            before = balances[fund.id]
            try:
                after = stages.apply(before, moves, fund.stop == "hard")
            except ShortageError as error:
                raise UserError(fund._say_shortage(error)) from error
            fund._write_balances(after)
            if before["free"] >= 0 > after["free"]:
                fund._warn_overdrawn(after["free"])

    def _write_balances(self, balances):
        self.env.cr.execute(
            SQL(
                "UPDATE liquor_fund SET %s WHERE id = %s",
                SQL(", ").join(SQL("%s = %s", SQL.identifier(stage), amount) for stage, amount in balances.items()),
                self.id,
            )
        )
        self.invalidate_recordset(list(balances), flush=False)

    def _say_shortage(self, error):
        labels = dict(self.env["liquor.fund.entry"]._fields["stage_from"]._description_selection(self.env))
        return self.env._(
            "“%(fund)s” has %(held)s in the stage “%(stage)s”: %(asked)s cannot be taken.",
            fund=self.name,
            held=self.currency_id.format(float(error.held)),
            asked=self.currency_id.format(float(error.asked)),
            stage=labels[error.stage],
        )

    def _warn_overdrawn(self, free):
        self.message_post(
            body=self.env._("More is promised than was allocated: %(free)s.", free=self.currency_id.format(float(free)))
        )

    def _prepare_entry(self, values):
        fund, origin = values["fund"], values["origin"]
        return {
            "company_id": fund.company_id.id,
            "fund_id": fund.id,
            "currency_id": fund.currency_id.id,
            "stage_from": values["stage_from"],
            "stage_to": values["stage_to"],
            "amount": float(values["amount"]),
            "user_id": self.env.uid,
            "origin_model": origin._name,
            "origin_id": origin.id,
            "reason": values["reason"],
            "idempotency_key": values["key"],
        }

    def _cover(self, origin):
        """Let what was allocated cover what was owed without cover before."""
        for fund in self:
            for step in stages.cover(fund._locked()[fund.id]):
                self._move([
                    {
                        "fund_id": fund,
                        "stage_from": step.stage_from,
                        "stage_to": step.stage_to,
                        "amount": step.amount,
                        "key": f"cover/{origin._name}/{origin.id}/{fund.id}",
                        "origin": origin,
                        "reason": self.env._("Covers what was owed before"),
                    }
                ])

    @api.model
    def _headroom(self, funds):
        """What is still free in each fund: {fund id: float}; read by simulations."""
        return {fund.id: fund.free for fund in funds.sudo()}

    def action_open_entries(self):
        """Smart button: what moved."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.fund_entry_action")
        return {**action, "domain": [("fund_id", "in", self.ids)], "context": {}}
