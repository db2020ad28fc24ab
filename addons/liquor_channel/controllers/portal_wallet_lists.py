"""The lists of a shop's or guide's pages. Nothing of grades or of what a distributor carries is on them (R16)."""

from odoo.addons.liquor_member.tools.business_day import business_day

from .portal_list import Column, PortalList

#: standings of an earning that a party can ask for -> state of its live payout (None: no payout has it)
TAKEN = {"on_the_way": ("!=", "ok"), "paid": ("=", "ok")}


class RewardList(PortalList):
    """Rewards of his own by day and product, and by how far they are."""

    model = "liquor.earning"
    order = "id desc"
    searches = ("days", "product", "state")

    def own(self):
        return [("partner_id", "=", self.partner_sudo.id), ("company_id", "=", self.company.id)]

    def narrowed(self):
        return self.wanted.days("business_day") + self.wanted.products("product_id")

    def choices(self):
        words = dict(self.records_sudo._fields["progress"]._description_selection(self.env))
        return [(state, words[state]) for state in ("available", "pending", "held", *TAKEN)]

    def chosen(self, state):
        lines_sudo = self.env["liquor.payout.line"].sudo()
        live = [("live", "=", True), ("payout_id.partner_id", "=", self.partner_sudo.id)]
        if state in TAKEN:
            operator, payout = TAKEN[state]
            taken = lines_sudo._search([*live, ("payout_id.state", operator, payout)])
            return [("id", "in", taken.subselect("earning_id")), ("state", "!=", "held")]
        if state == "held":
            return [("state", "=", "held")]
        return [("state", "=", state), ("id", "not in", lines_sudo._search(live).subselect("earning_id"))]

    def title(self):
        return self.env._("My rewards")

    def columns(self):
        return [
            Column(self.env._("Day"), "business_day"),
            Column(self.env._("Product"), "product_id.name"),
            Column(self.env._("What for"), lambda row: row.policy_version_id.policy_id.name or row.reason or ""),
            Column(self.env._("Bottles"), "bottles", total=True),
            Column(self.env._("Amount"), "amount", total=True),
            Column(self.env._("Points"), "points", total=True),
            Column(self.env._("State"), "progress"),
        ]


class WithdrawalList(PortalList):
    """Withdrawals by the day they were asked for."""

    model = "liquor.payout"
    searches = ("find", "days", "state")
    hidden = ()

    def narrowed(self):
        return self.wanted.moments("requested_at", self.company) + self.words("name")

    def title(self):
        return self.env._("My withdrawals")

    def columns(self):
        return [
            Column(self.env._("Number"), "name"),
            Column(self.env._("Day"), lambda row: self._day(row.requested_at)),
            Column(self.env._("Amount"), "amount", total=True),
            Column(self.env._("To"), "payee_id.masked_account"),
            Column(self.env._("State"), "state"),
            Column(self.env._("Result on"), lambda row: self._day(row.result_at)),
        ]

    def _day(self, moment):
        return business_day(self.company, moment) if moment else None


#: word in the address -> list
WALLET_LISTS = {"earnings": RewardList, "withdrawals": WithdrawalList}
