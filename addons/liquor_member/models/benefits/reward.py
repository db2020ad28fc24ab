from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorReward(models.AbstractModel):
    """The only place that hands out rewards to members (design 5)."""

    _name = "liquor.reward"
    _description = "Reward of a Member"

    @api.model
    def _grant(self, grants):
        """Hand out rewards, each exactly once.

        :param list grants: dicts ``{"kind": "points"|"cash_back"|"gift", "member", "key", "origin", "reason",
            "rule_version", "event_time"}`` with ``points`` (whole number), ``amount`` (currency of the member's
            company) or ``benefit`` (record; optionally ``quantity``); optionally ``product``, the goods
            that it is given for. Points take ``available_on`` and
            ``expires_on`` (company's days) where given; else they can be used at once, for 24 months.
        :return: the points entries, cash entries and entitlements, in the order of ``grants``; for a key that is
            known, what was handed out then
        :raises UserError: an amount is out of bounds, or the club has no such reward
        """
        members = self.env["liquor.member"].sudo().browse([grant["member"].id for grant in grants])
        grants = [{**grant, "member": member} for grant, member in zip(grants, members, strict=True)]
        results = [None] * len(grants)
        for kind in dict.fromkeys(grant["kind"] for grant in grants):
            places = [place for place, grant in enumerate(grants) if grant["kind"] == kind]
            handed = self._grant_of_kind(kind, [grants[place] for place in places])
            for place, row in zip(places, handed, strict=True):
                results[place] = row
        return results

    def _grant_of_kind(self, kind, grants):
        handlers = {"points": self._grant_points, "cash_back": self._grant_cash_back, "gift": self._grant_gift}
        if kind not in handlers:
            raise ValueError(f"no reward of kind {kind!r}")
        return handlers[kind](grants)

    def _grant_points(self, grants):
        for grant in grants:
            if not grant["member"].program_id.use_points:
                raise UserError(self.env._("This club has no points."))
        return self.env["liquor.point.entry"].sudo()._move([self._prepare_points(grant) for grant in grants])

    def _prepare_points(self, grant):
        member = grant["member"]
        moment = fields.Datetime.to_datetime(grant.get("event_time")) or fields.Datetime.now()
        first, last = self.env["liquor.point.rule"]._terms(member.company_id, moment)
        return {
            "member": member,
            "kind": "earn",
            "points": grant["points"],
            "key": f"points/{grant['key']}",
            "origin": grant.get("origin"),
            "product": grant.get("product"),
            "reason": grant.get("reason"),
            "rule_version": grant.get("rule_version"),
            "event_time": moment,
            "available_on": grant.get("available_on") or first,
            "expires_on": grant.get("expires_on") or last,
        }

    def _grant_cash_back(self, grants):
        return self.env["liquor.cash.entry"]._earn([{**grant, "key": f"cash/{grant['key']}"} for grant in grants])

    def _grant_gift(self, grants):
        return self.env["liquor.benefit.entitlement"]._entitle([
            {**grant, "key": f"gift/{grant['key']}"} for grant in grants
        ])
