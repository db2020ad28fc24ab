from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.partners.roles import LIVE, RoleDays, StepError, take_step
from .role_states import STATES

DATED = ("date_start", "date_end", "suspended_on")


class LiquorRoleLifeCycle(models.AbstractModel):
    """Steps of a role: candidate, trial, formal, suspended, ended; each with a day, a reason and a row of history."""

    _name = "liquor.role.life.cycle"
    _description = "Life Cycle of a Channel Role"

    pauses = fields.Json(readonly=True, copy=False, help="Suspensions that are over: [[first day, last day], …].")
    trial_until = fields.Date(tracking=True, copy=False)
    trial_terms = fields.Text(help="What has to be reached in the trial.")
    event_ids = fields.One2many("liquor.channel.role.event", "role_id", string="Steps", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_known(self):
        """Who worked with us is ended, with a day and a reason; his steps and papers stay."""
        if not self.env.su and self.filtered(lambda role: role.state != "candidate"):
            raise UserError(self.env._("Who worked with you is ended, not deleted."))

    def action_trial(self, day=None, reason=None):
        """Start a trial on a business day, today by default."""
        self._step_as_user("trial", day, reason or self.env._("Accepted on trial"))

    def action_formal(self, day=None, reason=None):
        """Accept for good, also after a suspension."""
        self._step_as_user("formal", day, reason or self.env._("Accepted"))

    def action_suspend(self, day=None, reason=None):
        """Stop earning from a day on, until accepted again."""
        self._step_as_user("suspended", day, reason)

    def action_end(self, day=None, reason=None):
        """End for good; ``day`` is the last day in force."""
        self._step_as_user("ended", day, reason)

    def _step_as_user(self, step, day, reason, despite_duplicates=False):
        self.check_access("write")
        if step in LIVE:
            self._check_acceptance(despite_duplicates)
        self._step(step, fields.Date.to_date(day), reason)

    def _step(self, step, day, reason):
        """Take a step with every role and write its history.

        :param day: business day, not in the past; today of the role's company where it is empty
        :raises UserError: the state does not allow it, the day is over, or there is no reason
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason stays in the history."))
        groups, events = {}, []
        for role in self.sudo():
            now = today(role.company_id)
            values = role._prepare_step(step, day or now, now)
            groups.setdefault(repr(values), (values, []))[1].append(role.id)
            events.append(role._prepare_event(values["state"], day or now, reason))
        for values, ids in groups.values():
            self.sudo().browse(ids).write(values)
        self.env["liquor.channel.role.event"].sudo().create(events)
        if step in LIVE:
            self.sudo()._after_acceptance()

    def _prepare_step(self, step, day, now):
        try:
            after = take_step(self._to_days(), step, day, now)
        except StepError as error:
            raise UserError(self._explain_step(error, step)) from error
        return {
            "state": after.state,
            "date_start": after.start,
            "date_end": after.end or False,
            "suspended_on": after.suspended_on or False,
            "pauses": [[first.isoformat(), last.isoformat()] for first, last in after.pauses] or False,
        }

    def _explain_step(self, error, step):
        if error.code == "past":
            return self.env._("A step lies today or later: what was earned until now stays.")
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(partner)s is “%(now)s” and cannot become “%(next)s”.",
            partner=self.partner_id.name,
            now=states[self.state],
            next=dict(STATES).get(step) and states[step],
        )

    def _prepare_event(self, state, day, reason):
        return {
            "role_id": self.id,
            "company_id": self.company_id.id,
            "state_from": self.state,
            "state_to": state,
            "day": day,
            "reason": reason,
            "user_id": self.env.uid,
            "event_time": fields.Datetime.now(),
        }

    def _to_days(self):
        dates = {name: self[name] or None for name in DATED}
        return RoleDays(self.state, dates["date_start"], dates["date_end"], dates["suspended_on"], self._get_pauses())

    def _get_pauses(self):
        """Suspensions that are over, as the engine takes them."""
        read = fields.Date.to_date
        return tuple((read(first), read(last)) for first, last in self.pauses or ())

    # --- acceptance ------------------------------------------------------------------------------------------

    def _check_acceptance(self, despite_duplicates=False):
        """Refuse to accept one's own registration, a likely duplicate, and whoever lacks what his role needs.

        :raises UserError: naming what is missing
        """
        for role in self.filtered(lambda role: role.state == "candidate"):
            if role.registered_by_id == self.env.user and not self.env.su:
                raise UserError(self.env._("Somebody else has to accept whom you registered."))
        missing = [sentence for role in self for sentence in role._missing_for_acceptance()]
        if missing:
            raise UserError("\n".join(missing))
        if not despite_duplicates:
            self._check_no_duplicates()

    def _missing_for_acceptance(self):
        """Sentences that say what this role lacks before it may be accepted; the contracts add theirs."""
        self.ensure_one()
        if self.kind == "sub_distributor" and not self.parent_distributor_id:
            return [self.env._("Say which distributor supplies %(partner)s.", partner=self.partner_id.name)]
        return []

    def _after_acceptance(self):
        """What follows from an acceptance; the registration assigns the shop to its distributor."""
