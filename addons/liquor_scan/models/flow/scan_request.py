from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from odoo.addons.liquor_member.tools.business_day import DEFAULT_ZONE
from odoo.addons.liquor_member.tools.forget import forget
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.request import MAX_EVENTS, Refusal, normalise
from .reasons import REASONS, reason_text
from .scan_event import EVENT_KINDS
from .scene import Outcome

KEPT = timedelta(days=400)
"""Thirteen months: as long as a device may repeat itself."""
STATUSES = [("accepted", "Accepted"), ("held", "Held"), ("rejected", "Refused")]
COLUMNS = [
    "user_id", "client_id", "company_id", "scan_type", "source", "body_hash", "status", "reason", "api_client_id",
    "event_id", "event_numbers", "answer", "received_time",
]  # fmt: skip


class LiquorScanRequest(models.Model):
    """Every event that was sent to us, also a refused one, with its answer: said once, answered once."""

    _name = "liquor.scan.request"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Scan Request"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "client_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    client_id = fields.Char("Sender's Number", required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null", ondelete="restrict")
    api_client_id = fields.Many2one("liquor.api.client", readonly=True, index="btree_not_null", ondelete="restrict")
    scan_type = fields.Selection(EVENT_KINDS, string="Type", readonly=True)
    source = fields.Selection(
        [("api", "API"), ("portal", "Phone"), ("warehouse", "Warehouse"), ("public", "Public Page")],
        required=True,
        readonly=True,
    )
    body_hash = fields.Char(required=True, readonly=True)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    reason = fields.Selection("_reason_selection", readonly=True)
    reason_text = fields.Char("Why", compute="_compute_reason_text")
    event_id = fields.Many2one("liquor.scan.event", readonly=True, ondelete="restrict")
    event_numbers = fields.Json(readonly=True)
    answer = fields.Json(readonly=True)
    received_time = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(user_id, client_id)", "This id was sent before.")
    _received_idx = models.Index("USING brin (received_time)")
    _refused_idx = models.Index("(id) WHERE status <> 'accepted'")

    @api.model
    def _reason_selection(self):
        return [(reason, reason_text(self.env, reason)) for reason in REASONS]

    @api.depends("reason")
    def _compute_reason_text(self):
        for request in self:
            request.reason_text = reason_text(self.env, request.reason)

    # --- the one scan service --------------------------------------------------------------------------------

    @api.model
    def _take(self, user, events, source="api", client=None):
        """Take events of one sender: judge, store, pay and answer, in the transaction of the caller.

        Queries do not grow with the number of events. Undos are done after everything else of the same call.

        :param user: res.users who sends; his context and company decide nothing
        :param list events: dicts as in ``POST /liquor/v1/scans`` (design.md 6)
        :param str source: api | portal | warehouse | public
        :param client: liquor.api.client whose key was used
        :return: one answer per event in its order: {"id", "status": accepted | held | rejected, "repeated",
            "reason", "message", "rewards"}
        :raises ValidationError: no list, empty, or more than 5,000 events or codes
        :raises ConcurrencyError: a parallel call scanned the same units or sent the same ids; Odoo runs it again
        """
        # nothing else of a client's context counts
        self = self.with_context({"lang": self.env.lang}).sudo()  # pylint: disable=context-overridden
        self._check_size(events)
        now = fields.Datetime.now()
        items = [normalise(event, now, phone=source == "portal") for event in events]
        stored = self._of_user(user, {item.client_id for item in items if item.client_id})
        fresh, answers = self._split(items, stored)
        work = [fresh_item for fresh_item in fresh.values() if not isinstance(fresh_item, Refusal)]
        scans = [item for item in work if item.type != "void"]
        outcomes, numbers, rewards = self.env["liquor.scan.desk"].sudo()._process(user, scans, source, client, now)
        outcomes += [Outcome(item, "rejected", item.reason) for item in fresh.values() if isinstance(item, Refusal)]
        self._keep(outcomes, numbers, rewards, user, source, client, now)
        undos, undo_numbers = (
            self
            .env["liquor.scan.undo"]
            .sudo()
            ._process(user, [item for item in work if item.type == "void"], source, now)
        )
        self._keep(undos, undo_numbers, {}, user, source, client, now)
        made = {outcome.item.client_id: self._answer(outcome, rewards) for outcome in [*outcomes, *undos]}
        return self._assemble(items, answers, made)

    def _check_size(self, events):
        if not isinstance(events, list) or not events:
            raise ValidationError(self.env._("“events” is a list of 1 to 5,000 events."))
        codes = sum(len(event["codes"]) for event in events if isinstance(event, dict)
                    and isinstance(event.get("codes"), list))  # fmt: skip
        if len(events) > MAX_EVENTS or codes > MAX_EVENTS:
            raise ValidationError(self.env._("At most 5,000 events and 5,000 codes in one call."))

    def _of_user(self, user, client_ids):
        """Stored requests of a user: {client id: request}; one query."""
        found = self.search([("user_id", "=", user.id), ("client_id", "in", list(client_ids))])
        return {request.client_id: request for request in found}

    def _split(self, items, stored):
        """New events by id, and the answers that are known without any work, by position."""
        fresh, answers = {}, {}
        for number, item in enumerate(items):
            known = stored.get(item.client_id) or fresh.get(item.client_id)
            if not item.client_id:
                answers[number] = self._plain_answer(None, item.reason)
            elif known is None:
                fresh[item.client_id] = item
            elif known.body_hash != item.body_hash:
                answers[number] = self._plain_answer(item.client_id, "id_reused")
            elif item.client_id in stored:
                answers[number] = {**known.answer, "repeated": True}
        return fresh, answers

    def _assemble(self, items, answers, made):
        """Answers in the order of the call; the second of two equal events of one call is a repetition."""
        result, given = [], set()
        for number, item in enumerate(items):
            if number in answers:
                result.append(answers[number])
                continue
            result.append({**made[item.client_id], "repeated": item.client_id in given})
            given.add(item.client_id)
        return result

    def _plain_answer(self, client_id, reason):
        return {
            "id": client_id,
            "status": "rejected",
            "repeated": False,
            "reason": reason,
            "message": reason_text(self.env, reason),
            "rewards": [],
        }

    def _answer(self, outcome, rewards):
        message = reason_text(self.env, outcome.reason)
        if outcome.since:
            message = self.env._(
                "%(message)s (%(time)s)",
                message=message,
                time=format_datetime(
                    self.env, outcome.since, tz=self.env.user.tz or DEFAULT_ZONE, dt_format="yyyy-MM-dd HH:mm"
                ),
            )
        answer = self._plain_answer(outcome.item.client_id, outcome.reason)
        return {
            **answer,
            "status": outcome.status,
            "message": message,
            "rewards": rewards.get(outcome.item.client_id, []),
        }

    def _keep(self, outcomes, numbers, rewards, user, source, client, now):
        """Store the requests; a parallel call with the same id makes this one run again and repeat its answer."""
        if not outcomes:
            return
        rows = []
        for outcome in outcomes:
            item, own = outcome.item, numbers.get(outcome.item.client_id, [])
            company = outcome.judged[0].ref.company if outcome.judged else (client.company_id.id if client else None)
            rows.append(
                [user.id, item.client_id, company, getattr(item, "type", None), source, item.body_hash,
                 outcome.status, outcome.reason or None, client.id if client else None, own[0] if own else None,
                 own or None, self._answer(outcome, rewards), now]
            )  # fmt: skip
        with loser_retries(self.env, self._once.full_name(self)):
            self._bulk_insert(COLUMNS, rows)

    # --- housekeeping ----------------------------------------------------------------------------------------

    @api.autovacuum
    def _gc_requests(self):
        """Forget what no device repeats any more."""
        return forget(self, "received_time", KEPT)
