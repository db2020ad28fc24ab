import base64
import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.unique_loser import loser_retries
from ...tools.xlsx import write_xlsx

_logger = logging.getLogger(__name__)

BATCH = 500
MAXIMUM_ATTEMPTS = 5
LIVE = ("queued", "running")
RETRIED = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class LiquorRun(models.Model):
    """Long work that a cron does in batches and a screen shows (design.md 3.10).

    A kind of work is a method ``_run_<kind>(self, budget)`` on this model. It handles at most about ``budget``
    items that follow ``self.cursor`` (any JSON value; nothing at the start), reads what it needs from
    ``self.parameters`` and returns ``(handled, cursor)``; ``cursor`` is where the next batch goes on and ``None``
    when nothing is left. It neither commits nor catches conflicts: the runner commits after every batch, together
    with the cursor, so that work that was killed goes on behind its last batch. It acts as the user who started it.

    States: draft -> queued -> running -> done | failed | cancelled; failed -> queued again.
    """

    _name = "liquor.run"
    _description = "Background Run"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True, index=True)
    key = fields.Char(readonly=True, copy=False, help="Only one live run of a kind and company may have this key.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Started by", required=True, readonly=True, index=True)
    parameters = fields.Json(readonly=True)
    cursor = fields.Json(readonly=True, copy=False)
    total = fields.Integer("Items", readonly=True, help="Items to handle; 0 where the number is not known before.")
    done = fields.Integer("Handled", readonly=True, copy=False)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    attempt_count = fields.Integer("Attempts", readonly=True, copy=False, help="Failed attempts at the present batch.")
    message = fields.Text(readonly=True, copy=False)
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    finished_at = fields.Datetime("Finished", readonly=True, copy=False)
    error_ids = fields.One2many("liquor.run.error", "run_id", "Errors", readonly=True)
    error_count = fields.Integer("Number of Errors", compute="_compute_error_count")
    error_file = fields.Binary(attachment=True, readonly=True, copy=False)
    error_file_name = fields.Char(compute="_compute_file_names")
    result_file = fields.Binary(attachment=True, readonly=True, copy=False)
    result_file_name = fields.Char(readonly=True, copy=False)

    _one_live_run = models.UniqueIndex(
        "(company_id, kind, key) WHERE key IS NOT NULL AND state IN ('queued', 'running')",
        "This work is running already.",
    )
    _amounts = models.Constraint("CHECK (total >= 0 AND done >= 0)", "A run cannot handle fewer than no items.")

    @api.depends("total", "done", "state")
    def _compute_progress(self):
        for run in self:
            known = min(100.0, 100.0 * run.done / run.total) if run.total else 0.0
            run.progress = 100.0 if run.state == "done" else known

    @api.depends("error_ids")
    def _compute_error_count(self):
        counts = dict(self.env["liquor.run.error"]._read_group([("run_id", "in", self.ids)], ["run_id"], ["__count"]))
        for run in self:
            run.error_count = counts.get(run, 0)

    @api.depends("kind")
    def _compute_file_names(self):
        for run in self:
            run.error_file_name = f"{run.kind}-{run.id}-errors.xlsx"

    # --- starting and stopping -------------------------------------------------------------------------------

    @api.model
    def _start(self, kind, title, total=0, parameters=None, *, company=None, key=None):
        """Queue a run and wake the cron.

        :param str kind: there is a method ``_run_<kind>``
        :param str title: what the screen shows, translated
        :param int total: number of items, 0 where it is not known
        :param dict parameters: JSON values
        :param company: whose work it is; the user's own company by default
        :param str key: where a live run of the same kind, company and key exists, it is returned instead
        :rtype: liquor.run
        :raises ConcurrencyError: a parallel transaction queued the same key; Odoo runs the call again
        """
        self._get_worker(kind)
        company = company or self.env.user.company_id
        live = self._find_live(kind, company, key)
        if live:
            return live
        values = {
            "name": title,
            "kind": kind,
            "key": key,
            "total": total,
            "parameters": parameters or {},
            "company_id": company.id,
            "user_id": self.env.uid,
            "state": "queued",
        }
        with loser_retries(self.env):
            run = self.env(su=True, context={})["liquor.run"].create(values)
        self._wake()
        return self.browse(run.id)

    def _find_live(self, kind, company, key):
        if not key:
            return self.browse()
        domain = [("kind", "=", kind), ("company_id", "=", company.id), ("key", "=", key), ("state", "in", LIVE)]
        return self.browse(self.sudo().search(domain, limit=1).ids)

    def _get_worker(self, kind):
        worker = getattr(self, f"_run_{kind}", None)
        if worker is None:
            raise ValueError(f"liquor.run has no method _run_{kind}")
        return worker

    def _wake(self):
        self.env.ref("liquor_member.liquor_run_cron").sudo()._trigger()

    def _show(self):
        """Return the action that opens the run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    def action_cancel(self):
        """Stop after the batch that is being handled; what it did stays done."""
        self.check_access("read")
        waiting = self.sudo().filtered(lambda run: run.state in ("draft", *LIVE))
        if not waiting:
            raise UserError(self.env._("This run has ended already."))
        waiting.write({"state": "cancelled", "finished_at": fields.Datetime.now()})

    def action_retry(self):
        """Queue again what failed; it goes on behind its last good batch."""
        self.check_access("read")
        failed = self.sudo().filtered(lambda run: run.state == "failed")
        if not failed:
            raise UserError(self.env._("Only a failed run can be tried again."))
        with loser_retries(self.env):
            failed.write({"state": "queued", "attempt_count": 0, "message": False, "finished_at": False})
            failed.flush_recordset()
        self._wake()

    # --- working, in the cron --------------------------------------------------------------------------------

    @api.model
    def _process_queue(self):
        """Handle batches of waiting runs, oldest first, until the time of the cron is used up."""
        cron = self.env["ir.cron"]
        while run := self.search([("state", "in", LIVE)], order="id", limit=1):
            handled = run._process_batch()
            waiting = self.search_count([("state", "in", LIVE)])
            if cron._commit_progress(handled, remaining=waiting) <= 0:
                return

    def _process_batch(self):
        """Handle one batch and return the number of its items; the caller commits."""
        try:
            handled, cursor = self._call_worker()
            self._note_progress(handled, cursor)
            self.env.flush_all()
        except RETRIED as error:
            return self._note_failure(error, final=self.attempt_count + 1 >= MAXIMUM_ATTEMPTS)
        except Exception as error:
            return self._note_failure(error, final=True)
        return handled

    def _call_worker(self):
        if self.state == "queued":
            self.write({"state": "running", "started_at": self.started_at or fields.Datetime.now()})
        context = {"lang": self.user_id.lang, "tz": self.user_id.tz, "allowed_company_ids": self.company_id.ids}
        run = self.env(user=self.user_id.id, su=False, context=context)["liquor.run"].browse(self.id)
        before = self.cursor
        handled, cursor = run._get_worker(self.kind)((self.parameters or {}).get("batch") or BATCH)
        if cursor is not None and not handled and cursor == before:
            raise RuntimeError(f"_run_{self.kind} made no progress")
        return handled, cursor

    def _note_progress(self, handled, cursor):
        self.write({"done": self.done + handled, "cursor": cursor, "attempt_count": 0})
        if cursor is None:
            self._finish("done")

    def _note_failure(self, error, final):
        """Undo the batch and note why; a conflict is tried again with the next turn of the cron."""
        self.env.cr.rollback()
        run = self.sudo().search([("id", "=", self.id), ("state", "in", LIVE)])
        if not run:  # cancelled meanwhile
            return 0
        run.write({"attempt_count": run.attempt_count + 1, "message": self._explain(error)})
        if final:
            run._finish("failed")
        return 0

    def _explain(self, error):
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, RETRIED):
            _logger.info("Run %s met a conflict: %s", self.id, error)
            return self.env._("Other work changed the same records. The batch is tried again.")
        _logger.error("Run %s (%s) failed", self.id, self.kind, exc_info=error)
        return self.env._("Unexpected error: %(kind)s. The server log tells more.", kind=type(error).__name__)

    def _finish(self, state):
        values = {"state": state, "finished_at": fields.Datetime.now()}
        if self.error_count:
            values["error_file"] = base64.b64encode(self._build_error_file())
        if state == "done":
            values["message"] = False
        self.write(values)
        self._tell_owner()

    def _tell_owner(self):
        failed = self.state == "failed" or self.error_count
        env = self.with_context(lang=self.user_id.lang).env
        text = env._("Failed") if self.state == "failed" else env._("Done")
        if self.error_count:
            text = env._("%(state)s, %(count)s errors", state=text, count=self.error_count)
        self.user_id._bus_send(
            "simple_notification",
            {"title": self.name, "message": text, "type": "danger" if failed else "success", "sticky": bool(failed)},
        )

    # --- kinds of this add-on --------------------------------------------------------------------------------

    def _run_reencrypt(self, budget):
        """Encrypt private values again with the newest key (``liquor.key.rotation``)."""
        rotation = self.sudo().env["liquor.key.rotation"]
        position, after = self.cursor or (0, 0)
        numbers, errors = rotation._reencrypt(position, after, budget)
        columns = rotation._get_columns()
        if errors:
            label = ".".join(columns[position][:2])
            self._add_errors([(number, reason, {"column": label}) for number, reason in errors])
        if numbers:
            return len(numbers), [position, numbers[-1]]
        return 0, [position + 1, 0] if position + 1 < len(columns) else None

    # --- errors of single items ------------------------------------------------------------------------------

    def _add_errors(self, errors):
        """Keep what is wrong with single items, for the error file; the good ones go on.

        :param list errors: tuples (line number, reason in the user's language, dict of the item's values)
        """
        self.ensure_one()
        company = self.sudo().company_id.id
        self.env["liquor.run.error"].sudo()._bulk_insert(
            ["run_id", "company_id", "line", "reason", "item"],
            [[self.id, company, line, reason, values or {}] for line, reason, values in errors],
        )

    def _build_error_file(self):
        """Return an XLSX with the refused items as they came in, and the reason of each."""
        env = self.with_context(lang=self.user_id.lang).env
        errors = self.error_ids.sorted(lambda error: (error.line, error.id))
        columns = list(dict.fromkeys(name for error in errors for name in error.item or {}))
        header = [env._("Line"), *columns, env._("Reason")]
        rows = ([error.line, *((error.item or {}).get(name) for name in columns), error.reason] for error in errors)
        return write_xlsx(header, rows)
