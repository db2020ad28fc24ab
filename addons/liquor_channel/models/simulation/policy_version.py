from odoo import fields, models
from odoo.exceptions import AccessError, RedirectWarning

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.earnings.periods import period_of
from .policy_rerate import RERATING


class LiquorPolicyVersion(models.Model):
    """A version that follows one which has paid is simulated before it is put in force."""

    _inherit = "liquor.policy.version"

    simulation_ids = fields.One2many("liquor.policy.simulation", "version_id", string="Simulations", readonly=True)
    simulation_count = fields.Integer(compute="_compute_simulation_count")

    def _compute_simulation_count(self):
        counts = dict(
            self.env["liquor.policy.simulation"]._read_group(
                [("version_id", "in", self.ids)], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.simulation_count = counts.get(version, 0)

    def _days_to_simulate(self):
        """First and last day that a simulation compares: from where a past start would re-rate, else this period."""
        day = today(self.company_id or self.env.company)
        if self.date_start <= day:
            return self.date_start, day
        if self.period == "whole":
            running = self.policy_id.current_version_id
            return (min(running.date_start, day) if running else day), day
        return period_of(day, self.period).start, day

    def action_simulate(self):
        """Simulate this version over the running period and open the result."""
        self.ensure_one()
        self.check_access("read")
        first, last = self._days_to_simulate()
        simulation = self.env["liquor.policy.simulation"].create({
            "version_id": self.id,
            "date_from": first,
            "date_to": last,
        })
        shown = simulation.action_simulate()
        return shown or simulation._show()

    def action_open_simulations(self):
        """Open the simulations of this version."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.policy_simulation_action")
        return {**action, "domain": [("version_id", "in", self.ids)], "context": {}}

    def action_activate(self):
        """Ask for a simulation of exactly these terms where an earlier version has paid."""
        # a re-rating has asked before it marked the version as its own
        if not self.env.su and self.env.context.get("liquor_rerating") is not RERATING:
            for version in self.filtered(lambda one: one.state == "draft"):
                version._check_simulated()
        return super().action_activate()

    def _check_simulated(self):
        """Refuse, with the way to the simulation, what nobody has simulated.

        :raises RedirectWarning: the policy has paid and these terms were not simulated since they were written
        """
        paid = self.policy_id.version_ids.filtered(lambda one: one.state in ("frozen", "replaced"))
        if not paid or self.author_id == self.env.user:
            return
        if not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager puts a policy in force."))
        if self.sudo().simulation_ids.filtered(lambda one: one.state == "done" and not one.outdated):
            return
        raise RedirectWarning(
            self.env._(
                "%(policy)s has paid already: simulate %(version)s first, to see who gains and who loses.",
                policy=self.policy_id.name,
                version=self.display_name,
            ),
            self.env.ref("liquor_channel.policy_simulation_new_action").id,
            self.env._("Simulate"),
            {"default_version_id": self.id},
        )

    def _terms_written_at(self):
        """When these terms were written last, in full seconds as other moments are."""
        rows = self.sudo()
        parts = (rows, rows.tier_ids, rows.condition_ids, rows.uplift_ids)
        return max(moment for part in parts for moment in part.mapped("write_date")).replace(microsecond=0)
