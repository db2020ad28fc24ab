from typing import NamedTuple

from psycopg2.errors import LockNotAvailable

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts import booking
from ...engine.accounts.expectation import expected_entry
from ...engine.accounts.grouping import EarningInput, group_earnings
from ...engine.accounts.member_rewards import group_member_rewards
from ...engine.common.money import decimal
from ...tools.book_turn import ADVISORY_SPACE
from ...tools.windows import entries_window

#: seconds for which a second run waits for the first one
TURN_SECONDS = 30
READ_HERE = (
    "liquor.earning", "liquor.accrual.line", "liquor.payout.line", "liquor.policy", "liquor.policy.version",
    "liquor.reward.expectation",
)  # fmt: skip
LINK_COLUMNS = ["company_id", "run_id", "earning_id", "move_line_id", "amount", "expectation_id"]
#: earnings that no journal item owes yet. What a campaign expected is taken from there, and what takes back an earning
#: goes back to where its cost came from, while the campaign is open (trade.md R7).
NOT_ACCRUED = """
    SELECT e.id, e.partner_id, e.beneficiary_kind, e.amount, e.booked_day, e.funder_id, COALESCE(e.funder_amount, 0),
           EXISTS (SELECT 1 FROM liquor_payout_line p WHERE p.earning_id = e.reverses_id AND p.approved),
           e.territory_id, v.policy_id, COALESCE(p.nature, ''), x.id, '', '', e.form
      FROM liquor_earning e
 LEFT JOIN liquor_accrual_line a ON a.earning_id = e.id
 LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
 LEFT JOIN liquor_policy p ON p.id = v.policy_id
 LEFT JOIN liquor_earning o ON o.id = e.reverses_id
 LEFT JOIN liquor_accrual_line oa ON oa.earning_id = o.id
 LEFT JOIN liquor_reward_expectation x ON x.company_id = e.company_id AND x.state IN ('open', 'closing')
       AND CASE WHEN oa.id IS NOT NULL THEN x.id = oa.expectation_id
                ELSE x.policy_id = v.policy_id
                     AND COALESCE(o.business_day, e.business_day) BETWEEN x.date_start AND x.date_end END
     WHERE %s
  ORDER BY e.id
"""


class Waiting(NamedTuple):
    """What a run books, as the engine's inputs: earnings, what members are owed, what campaigns expect."""

    rows: list
    members: list
    expectations: list

    def __bool__(self):
        return bool(self.rows or self.members or any(one.due for one in self.expectations))

    @property
    def parts(self):
        """Earnings and what members are owed, one after the other."""
        return [*self.rows, *self.members]

    @property
    def partner_ids(self):
        """Whom it is owed."""
        return {row.partner_id for row in self.parts if row.partner_id}


class LiquorAccrualRun(models.Model):
    """Books what was earned and is not in the ledger yet: one entry per month and kind (channel.md Acc-1)."""

    _name = "liquor.accrual.run"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Accrual Run"
    _order = "id desc"
    _rec_names_search = ("date_to", "move_ids.name")
    _check_company_auto = True
    _typed_while = dict.fromkeys(("company_id", "date_to", "accounting_date"), ("draft",))

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
    line_count = fields.Integer(readonly=True, copy=False, string="Count")
    amount_total = fields.Monetary(readonly=True, copy=False, string="Accrued")
    run_at = fields.Datetime(readonly=True, copy=False)
    run_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    waiting_amount = fields.Monetary(compute="_compute_waiting", string="To Accrue")
    waiting_partner_ids = fields.Many2many("res.partner", compute="_compute_waiting", string="Owed To")

    _amount_bounds = models.Constraint(
        "CHECK (amount_total IS NULL OR amount_total BETWEEN -1000000000000 AND 1000000000000)",
        "The amount of a run is out of bounds.",
    )

    @api.depends("date_to")
    def _compute_name(self):
        for run in self:
            run.name = self.env._("Accrual up to %(day)s", day=run.date_to or "")

    def _compute_waiting(self):
        """What a run of now would book, and whom it is owed; of drafts only."""
        for run in self:
            found = run._waiting() if run.state == "draft" else Waiting([], [], [])
            run.waiting_amount = float(sum(entry.total for entry in run._entries(found)))
            run.waiting_partner_ids = self.env["res.partner"].browse(sorted(found.partner_ids))

    def _waiting(self):
        """Return what is not in the ledger up to its day."""
        run = self.sudo().with_company(self.company_id)
        return run._wait(run.company_id, run.date_to)

    @api.model
    def _wait(self, company, date_to=None, earning_ids=None):
        """Return what is not in the ledger up to a day, or of some earnings alone."""
        rows = self._collect(company, date_to, earning_ids)
        if earning_ids is not None:
            return Waiting(rows, [], [])
        day = date_to or today(company)
        members = self._member_rewards(company, day)
        return Waiting(rows, members, self._expectations(company, day, rows + members))

    def _entries(self, waiting):
        """Return the entries of a run: what was earned, what members are owed, then what campaigns expect."""
        entries = group_earnings(waiting.rows) + group_member_rewards(waiting.members)
        return entries + [entry for one in waiting.expectations if (entry := expected_entry(one, self.date_to))]

    # ------------------------------------------------------------------ running
    def action_run(self):
        """Accrue; a second press, or a second run, finds nothing new."""
        self.check_access("write")
        for run in self.filtered(lambda item: item.state == "draft"):
            run._run()

    @api.model
    def _accrue(self, company, date_to=None, earning_ids=None):
        """Accrue a company's earnings booked up to a day, or just some; returns the run (empty: nothing new)."""
        waiting = self._wait(company, date_to, earning_ids)
        if not waiting:
            return self.browse()
        run = self.sudo().create({"company_id": company.id, "date_to": date_to or today(company)})
        run._run(waiting, some=earning_ids is not None)
        return run

    @api.model
    def _cron_accrue(self):
        """Accrue every company's earnings of yesterday and before."""
        companies = self.env["liquor.account.mapping"].sudo()._read_group([], ["company_id"])
        for (company,) in companies:
            self._accrue(company)
            self.env["ir.cron"]._commit_progress(1)

    def _run(self, waiting=None, some=False):
        self.ensure_one()
        run = self.sudo().with_company(self.company_id)
        run._take_turn(waiting.rows if some else None)
        if waiting is None:
            waiting = run._wait(run.company_id, run.date_to)
        entries = run._entries(waiting)
        moves = run._post_entries(entries)
        run._link(entries, moves, {row.id: row.amount for row in waiting.rows})
        run.write({
            "state": "done",
            "line_count": len(waiting.rows) + len(waiting.members),
            "amount_total": float(sum(entry.total for entry in entries)),
            "run_at": fields.Datetime.now(),
            "run_by_id": self.env.uid,
        })

    def _take_turn(self, some):
        """Let one run a company work at a time: whoever comes second waits for the first one to be done.

        He reads what stood before it. Some earnings of his own go on: the unique earning of an accrual line judges. A
        run of everything, and what campaigns expect, is computed from the ledger and so is read again: Odoo runs it
        once more, and nothing is lost.

        :raises ConcurrencyError: it has to be read again
        :raises UserError: the other run takes too long
        """
        key = SQL("%s, %s", ADVISORY_SPACE, self.company_id.id)
        if self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", key))[0][0]:
            return
        try:
            self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{int(TURN_SECONDS * 1000)}ms"))
            self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", key), log_exceptions=False)
            self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")
        except LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "Another accrual of %(company)s is still running: nothing is lost. Press again in a minute.",
                    company=self.company_id.name,
                )
            ) from error
        if some is None or any(row.expectation_id for row in some):
            raise ConcurrencyError(f"accruals of company {self.company_id.id} changed meanwhile")

    # ------------------------------------------------------------------ collect
    @api.model
    def _collect(self, company, date_to=None, earning_ids=None):
        """Return what is not accrued as the engine's inputs, in one query."""
        for name in READ_HERE:
            self.env[name].flush_model()
        conditions = [SQL("e.company_id = %s", company.id), SQL("a.id IS NULL"), SQL("e.amount <> 0")]
        if earning_ids is not None:
            conditions.append(SQL("e.id = ANY(%s)", list(earning_ids)))
        if date_to:
            conditions.append(SQL("e.booked_day <= %s", date_to))
        rows = self.env.execute_query(SQL(NOT_ACCRUED, SQL(" AND ").join(conditions)))
        return [
            EarningInput(number, partner, kind, decimal(amount), day, funder, decimal(share), *more)
            for number, partner, kind, amount, day, funder, share, *more in rows
        ]

    @api.model
    def _expectations(self, company, day, rows):
        """Return what campaigns expect, as the engine's inputs, ``rows`` counted as earned."""
        return []

    @api.model
    def _member_rewards(self, company, day):
        """Return what members are owed and no entry says yet, booked up to a day, as the engine's inputs."""
        return []

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
        label = self._entry_label(entry)
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": self._entry_day(entry, journal),
            "ref": label,
            "liquor_accrual_run_id": self.id,
            "line_ids": self.env["liquor.entry.lines"]._commands(self.company_id, entry.lines, accounts, label),
        }

    def _entry_label(self, entry):
        kinds = {
            "rebate": self.env._("rebates"),
            "reward": self.env._("rewards"),
            "expected": self.env._("expected rewards"),
            "member_cash": self.env._("cash-back of members"),
            "member_points": self.env._("points of members"),
        }
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
        columns, more = self._link_more(list(amounts))
        for entry, move in zip(entries, moves, strict=True):
            items = move.line_ids.sorted("id")
            rows += [
                (
                    self.company_id.id, self.id, earning_id, items[position].id, float(amounts[earning_id]),
                    entry.covered.get(earning_id), *more.get(earning_id, ()),
                )
                for earning_id, position in entry.owed_line.items()
            ]  # fmt: skip
        if rows:
            lines = self.env["liquor.accrual.line"]
            with loser_retries(self.env, "liquor_accrual_line_earning_unique"):
                lines._bulk_insert([*LINK_COLUMNS, *columns], rows)

    def _link_more(self, earning_ids):
        """Columns that other rooms note with an accrued earning: (names, {earning id: values}); override and append."""
        return [], {}

    def action_open_moves(self):
        """Open the journal entries of this run."""
        return entries_window(self.env, [("liquor_accrual_run_id", "in", self.ids)])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(run.state == "done" for run in self):
            raise UserError(self.env._("A run that booked entries stays."))
