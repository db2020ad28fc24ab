from dataclasses import replace
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.earnings.periods import period_of
from ..earnings.policy_claim import Booked
from ..policies.policy_version import PAYING
from ..policies.version_terms import CUMULATIVE

# In the context of the re-rating only: an object of ours cannot come in by RPC.
RERATING = object()
# what only a re-rating writes
MARKS = {"is_rerating": False, "rerated_snapshot": False}


class LiquorPolicyVersion(models.Model):
    """Re-rating (channel.md d2): a version takes the place of others from a day in the past.

    What the others booked for those periods counts as booked by it, so its lines are the differences: one for each
    party and period, in the open period. No earlier line or statement changes.
    """

    _inherit = "liquor.policy.version"

    state = fields.Selection(selection_add=[("replaced", "Replaced by Re-rating")], ondelete={"replaced": "cascade"})
    rerated_ids = fields.Many2many(
        "liquor.policy.version",
        "liquor_policy_version_rerated_rel",
        "version_id",
        "rerated_id",
        string="Re-rates",
        readonly=True,
        copy=False,
        check_company=True,
    )
    can_rerate = fields.Boolean(compute="_compute_can_rerate")

    def _compute_can_rerate(self):
        for version in self:
            version.can_rerate = version.state == "draft" and bool(version._versions_to_rerate())

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody say what a version re-rates but its approval."""
        if not self.env.su:
            none = [Command.clear()]
            vals_list = [{**vals, **MARKS, "rerated_ids": none, "rerated_by_ids": none} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"rerated_ids", "rerated_by_ids", *MARKS} and not self.env.su:
            raise AccessError(self.env._("What a version re-rates is decided by its approval."))
        return super().write(vals)

    def _versions_to_rerate(self):
        """Versions in force on or after this one's first day, where that lies in the past; none else."""
        if not self.date_start or self.date_start >= today(self.company_id or self.env.company):
            return self.browse()
        return self.policy_id.version_ids.filtered(
            lambda v: v != self._origin and v.state in PAYING and (not v.date_end or v.date_end >= self.date_start)
        )

    def action_rerate(self):
        """Put a draft in force from its past first day on and book the differences; returns them as an action.

        :raises UserError: the author himself, terms that cannot take the place of the old ones, or nothing to re-rate
        :raises RedirectWarning: it was not simulated
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager puts a policy in force."))
        olds = self._versions_to_rerate()
        self._check_rerate(olds)
        if not self.env.su:
            self._check_simulated()
        self._bring_before_up_to_date(olds)
        self._take_place_of(olds)
        self.with_context(liquor_rerating=RERATING).action_activate()
        earnings = self.sudo()._book_rerate()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.earning_action")
        return {**action, "domain": [("id", "in", earnings.ids)], "context": {}}

    def _check_rerate(self, olds):
        if self.state != "draft":
            raise UserError(self.env._("%(version)s is in force already.", version=self.display_name))
        if self.author_id == self.env.user and not self.env.su:
            raise UserError(self.env._("Somebody else has to approve the terms that you wrote."))
        if not olds:
            raise UserError(self.env._("There is nothing to re-rate: no version is in force since that day."))
        for old in olds:
            self._check_can_replace(old)

    def _check_can_replace(self, old):
        if "points" in (self.form, old.form):
            raise UserError(self.env._("Points that members have are not re-rated: let the new version begin later."))
        same = ("period", "form", "goods_product_id", "measure" if self.form == "goods" else "form", "currency_id")
        if any(self[name] != old[name] for name in same):
            raise UserError(
                self.env._(
                    "%(version)s can re-rate %(old)s only with the same period, currency and kind of reward.",
                    version=self.display_name,
                    old=old.display_name,
                )
            )
        if self.kind not in CUMULATIVE and not (self._has_caps() or old._has_caps()):
            return  # each fact stands for itself, so any day is a first one
        inside = max(self.date_start, old.date_start)
        if period_of(inside, old.period, old.date_start).start != inside or (
            self.period == "whole" and self.date_start != old.date_start
        ):
            raise UserError(
                self.env._(
                    "A re-rating begins with a period: choose the first day of one of %(old)s.", old=old.display_name
                )
            )

    def _has_caps(self):
        return bool(self.cap_amount or self.cap_total or self.cap_supplier)

    def _bring_before_up_to_date(self, olds):
        """Book what the old terms still owe, so that the differences come from the terms alone.

        What is paid fact by fact owes nothing.
        """
        if self.kind not in CUMULATIVE:
            return
        day = today(self.company_id)
        for old in olds.sudo():
            first = max(self.date_start, old.date_start)
            for period in old._periods_between(first, day, old.date_start, old.date_end or None):
                old._bring_up_to_date(min(period.end, day))

    def _take_place_of(self, olds):
        """Link what is re-rated; what began with or after this version pays no more, what began before ends before."""
        own = self.sudo().with_context(liquor_rerating=RERATING)
        own.rerated_ids = olds | olds.sudo().rerated_ids
        eve = self.date_start - timedelta(days=1)
        olds = olds.sudo().with_context(liquor_rerating=RERATING)
        earlier = olds.filtered(lambda old: old.date_start < self.date_start)
        if earlier:
            earlier.write({"date_end": eve})
        (olds - earlier).write({"state": "replaced"})
        # they leave their days before this version takes them: the table lets nobody share a day
        olds.flush_recordset(["date_end", "state"])

    def _check_end_after_use(self, day):
        # what was paid after the new end is re-rated by its successor
        if self.env.context.get("liquor_rerating") is RERATING:
            return None
        return super()._check_end_after_use(day)

    def _book_rerate(self):
        """Lines for every period since the first day, of type rerate; a period without difference has none."""
        company, day = self.company_id, today(self.company_id)
        names = ", ".join(self.rerated_ids.mapped("display_name"))
        reason = self.env._("Re-rated from %(old)s to %(new)s", old=names, new=self.display_name)
        earnings = self.env["liquor.earning"]
        for period in self._periods_between(self.date_start, day, self.date_start, self.date_end or None):
            values_list = self._open_deltas(company, min(period.end, day), None)
            for values in values_list:
                if values["policy_version_id"] == self.id:
                    values.update(type="rerate", reason=reason)
            earnings += earnings._book(values_list) if values_list else earnings
        earnings.policy_version_id._freeze()
        return earnings

    def _booked(self, period, partners):
        """Count what re-rated versions booked for the period as booked by their successor."""
        successors = {old.id: version.id for version in self for old in version.rerated_ids}
        if not successors:
            return super()._booked(period, partners)
        found = super(LiquorPolicyVersion, self | self.rerated_ids)._booked(period, partners)
        merged = {}
        for (version, partner), row in found.items():
            key = (successors.get(version, version), partner)
            merged[key] = _both(merged[key], row) if key in merged else row
        return merged


def _both(one, other):
    days = [row.last_day for row in (one, other) if row.last_day]
    return replace(
        Booked(one.amount + other.amount, one.carried + other.carried, one.units + other.units),
        lines=one.lines + other.lines,
        last_day=max(days, default=None),
        agreement=max((row.agreement for row in (one, other) if row.agreement), default=None),
        last=max((row.last for row in (one, other) if row.last), default=None),
    )
