from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts import booking
from ...engine.accounts.grouping import EarningInput, group_earnings
from ...engine.common.money import decimal

ADVISORY_SPACE = 19_000_101


class LiquorAccrualRun(models.Model):
    """Books what was earned and is not in the ledger yet: one entry per month and kind (channel.md Acc-1)."""

    _name = "liquor.accrual.run"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Accrual Run"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_to = fields.Date(
        required=True,
        string="Earned up to",
        default=lambda self: today(self.env.company),
        help="Booked days up to here.",
    )
    accounting_date = fields.Date(
        help="Leave empty: each month is booked on its last day, or the first open day where it is closed."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Done")], default="draft", required=True, readonly=True, copy=False
    )
    move_ids = fields.One2many("account.move", "liquor_accrual_run_id", readonly=True)
    line_ids = fields.One2many("liquor.accrual.line", "run_id", readonly=True)
    line_count = fields.Integer(readonly=True, copy=False, string="Earnings")
    amount_total = fields.Monetary(readonly=True, copy=False, string="Accrued")
    run_at = fields.Datetime(readonly=True, copy=False)
    run_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _amount_bounds = models.Constraint(
        "CHECK (amount_total IS NULL OR amount_total BETWEEN -1000000000000 AND 1000000000000)",
        "The amount of a run is out of bounds.",
    )

    @api.depends("date_to")
    def _compute_name(self):
        for run in self:
            run.name = self.env._("Accrual up to %(day)s", day=run.date_to or "")

    # ------------------------------------------------------------------ running
    def action_run(self):
        """Accrue; a second press, or a second run, finds nothing new."""
        self.check_access("write")
        for run in self.filtered(lambda item: item.state == "draft"):
            run._run()

    @api.model
    def _accrue(self, company, date_to=None, earning_ids=None):
        """Accrue a company's earnings booked up to a day, or just some; returns the run (empty: nothing new)."""
        rows = self._collect(company, date_to, earning_ids)
        if not rows:
            return self.browse()
        run = self.sudo().create({"company_id": company.id, "date_to": date_to or today(company)})
        run._run(rows)
        return run

    @api.model
    def _cron_accrue(self):
        """Accrue every company's earnings of yesterday and before."""
        companies = self.env["liquor.account.mapping"].sudo()._read_group([], ["company_id"])
        for (company,) in companies:
            self._accrue(company)
            self.env["ir.cron"]._commit_progress(1)

    def _run(self, rows=None):
        self.ensure_one()
        run = self.sudo().with_company(self.company_id)
        run._lock()
        if rows is None:
            rows = run._collect(run.company_id, run.date_to)
        entries = group_earnings(rows)
        moves = run._post_entries(entries)
        run._link(entries, moves, {row.id: row.amount for row in rows})
        run.write({
            "state": "done",
            "line_count": len(rows),
            "amount_total": float(sum(entry.total for entry in entries)),
            "run_at": fields.Datetime.now(),
            "run_by_id": self.env.uid,
        })

    def _lock(self):
        """Let one run a company work at a time; the unique earning of an accrual line judges in the end."""
        query = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", ADVISORY_SPACE, self.company_id.id)
        if not self.env.execute_query(query)[0][0]:
            raise UserError(self.env._("Another accrual of %(company)s is running.", company=self.company_id.name))

    # ------------------------------------------------------------------ collect
    @api.model
    def _collect(self, company, date_to=None, earning_ids=None):
        """Return what is not accrued as the engine's inputs, in one query."""
        self.env["liquor.earning"].flush_model()
        self.env["liquor.accrual.line"].flush_model()
        self.env["liquor.payout.line"].flush_model()
        conditions = [SQL("e.company_id = %s", company.id), SQL("a.id IS NULL"), SQL("e.amount <> 0")]
        if earning_ids is not None:
            conditions.append(SQL("e.id = ANY(%s)", list(earning_ids)))
        if date_to:
            conditions.append(SQL("e.booked_day <= %s", date_to))
        rows = self.env.execute_query(
            SQL(
                """SELECT e.id, e.partner_id, e.beneficiary_kind, e.amount, e.booked_day, e.funder_id,
                          COALESCE(e.funder_amount, 0),
                          EXISTS (SELECT 1 FROM liquor_payout_line p WHERE p.earning_id = e.reverses_id AND p.approved)
                     FROM liquor_earning e
                     LEFT JOIN liquor_accrual_line a ON a.earning_id = e.id
                    WHERE %s
                 ORDER BY e.id""",
                SQL(" AND ").join(conditions),
            )
        )
        return [
            EarningInput(number, partner, kind, decimal(amount), day, funder, decimal(share), paid_out)
            for number, partner, kind, amount, day, funder, share, paid_out in rows
        ]

    # ------------------------------------------------------------------ prepare, write
    def _post_entries(self, entries):
        """Create and post one move per entry, on days that were checked before, so that Odoo moves none of them."""
        if not entries:
            return self.env["account.move"]
        accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
        journal = self.env["liquor.account.mapping"]._journals(self.company_id)["accrual"]
        moves = self.env["account.move"].create([
            self._prepare_move_values(entry, accounts, journal) for entry in entries
        ])
        moves._post(soft=False)
        return moves

    def _prepare_move_values(self, entry, accounts, journal):
        storno = self.company_id.account_storno
        label = self._entry_label(entry)
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": self._entry_day(entry, journal),
            "ref": label,
            "liquor_accrual_run_id": self.id,
            "line_ids": [
                fields.Command.create({
                    "account_id": accounts[line.role].id,
                    "partner_id": line.partner_id,
                    "name": label,
                    "balance": float(line.balance),
                    **({"is_storno": True} if storno and line.storno else {}),
                })
                for line in entry.lines
            ],
        }

    def _entry_label(self, entry):
        kinds = {"rebate": self.env._("rebates"), "reward": self.env._("rewards")}
        return self.env._("Accrued %(kind)s of %(month)s", kind=kinds[entry.kind], month=f"{entry.month:%Y-%m}")

    def _entry_day(self, entry, journal):
        """Return the day of an entry: the asked one, else the end of its month so far, else the first open day."""
        periods = self.env["liquor.period"]
        if self.accounting_date:
            return periods._open_day(self.company_id, self.accounting_date, journal, asked=True)
        day = min(booking.month_end(entry.month), max(self.date_to, entry.month))
        return periods._open_day(self.company_id, day, journal)

    def _link(self, entries, moves, amounts):
        """Remember which journal item owes each earning; the unique earning lets one of two runs win."""
        rows = []
        for entry, move in zip(entries, moves, strict=True):
            items = move.line_ids.sorted("id")
            rows += [
                (self.company_id.id, self.id, earning_id, items[position].id, float(amounts[earning_id]))
                for earning_id, position in entry.owed_line.items()
            ]
        if rows:
            lines = self.env["liquor.accrual.line"]
            with loser_retries(self.env, "liquor_accrual_line_earning_unique"):
                lines._bulk_insert(["company_id", "run_id", "earning_id", "move_line_id", "amount"], rows)

    def action_open_moves(self):
        """Open the journal entries of this run."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [(self.env.ref("account.view_move_tree").id, "list"), (False, "form")],
            "domain": [("liquor_accrual_run_id", "in", self.ids)],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(run.state == "done" for run in self):
            raise UserError(self.env._("A run that booked entries stays."))
