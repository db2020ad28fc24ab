"""The lists of the distributor's pages."""

from decimal import Decimal

from odoo.addons.liquor_member.tools.business_day import business_day, today

from .portal_common import own_domain
from .portal_list import Column, PortalList


class StatementList(PortalList):
    """Statements by their last day and the products on their lines."""

    model = "liquor.settlement"
    order = "date_to desc, id desc"
    searches = ("days", "product", "state")
    hidden = ("draft", "cancelled")

    def narrowed(self):
        return self.wanted.days("date_to") + self.wanted.products("line_ids.product_id")

    def title(self):
        return self.env._("Statements")

    def columns(self):
        return [
            Column(self.env._("Statement"), "name"),
            Column(self.env._("From"), "date_from"),
            Column(self.env._("To"), "date_to"),
            Column(self.env._("Amount"), "amount_total", total=True),
            Column(self.env._("Held"), "amount_held", total=True),
            Column(self.env._("State"), "state"),
        ]


class AccountList(PortalList):
    """Monthly accounts. Balances of different months are not added up."""

    model = "liquor.account.statement"
    order = "date_from desc, id desc"
    searches = ("find", "days", "state")

    def narrowed(self):
        first = [("date_to", ">=", self.wanted.first)] if self.wanted.first else []
        return [*first, *([("date_from", "<=", self.wanted.last)] if self.wanted.last else []), *self.words("name")]

    def title(self):
        return self.env._("Monthly accounts")

    def columns(self):
        return [
            Column(self.env._("Number"), "name"),
            Column(self.env._("From"), "date_from"),
            Column(self.env._("To"), "date_to"),
            *(Column(label, self._closing_of(account)) for account, label in self._accounts()),
            Column(self.env._("Confirm until"), "deadline"),
            Column(self.env._("State"), "state"),
        ]

    def _accounts(self):
        return self.env["liquor.account.statement.line"]._fields["account"]._description_selection(self.env)

    def _closing_of(self, account):
        return lambda row: sum(line.closing for line in row.line_ids if line.account == account)


class EarningList(PortalList):
    """Rebates of his own."""

    model = "liquor.earning"
    order = "business_day desc, id desc"
    searches = ("days", "product")

    def choices(self):
        return []

    def own(self):
        return [("partner_id", "=", self.partner_sudo.id), ("company_id", "=", self.company.id)]

    def narrowed(self):
        return self.wanted.days("business_day") + self.wanted.products("product_id")

    def title(self):
        return self.env._("Rebates")

    def columns(self):
        return [
            Column(self.env._("Day"), "business_day"),
            Column(self.env._("Product"), "product_id.display_name"),
            Column(self.env._("Bottles"), "bottles", total=True),
            Column(self.env._("Amount"), "amount", total=True),
            Column(
                self.env._("What for"), lambda row: row.policy_version_id.policy_id.name or row.reason or row.component
            ),
        ]

    def _cause(self, row):
        return row.policy_version_id.policy_id.name or row.reason or row.component


class ChargedList(EarningList):
    """What he carries of his shops' rewards."""

    more = "&charged=1"

    def own(self):
        carried = [("funder_id", "=", self.partner_sudo.id), ("funder_amount", "!=", 0)]
        return [*carried, ("company_id", "=", self.company.id)]

    def title(self):
        return self.env._("My share")

    def columns(self):
        day, product, bottles, _amount, cause = super().columns()
        amount = Column(self.env._("Amount"), "funder_amount", total=True)
        return [day, product, bottles, amount, Column(self.env._("Shop"), "partner_id.name"), cause]


class ShopList(PortalList):
    """Shops he supplies today; narrowed by days or product, those that earned something then or with it."""

    model = "liquor.channel.role"
    order = None
    searches = ("find", "days", "product", "state")
    hidden = ("candidate",)

    def own(self):
        partners_sudo = self.env["liquor.channel.assignment"].sudo()._shops_of(self.partner_sudo, self.company)
        mine = [("partner_id", "in", partners_sudo.ids), ("company_id", "=", self.company.id)]
        return [*mine, ("kind", "=", "terminal")]

    def narrowed(self):
        found = self.words("partner_id.name", "outward_title")
        if self.wanted.first or self.wanted.last or self.wanted.product:
            earned = self.env["liquor.earning"].sudo()._search(self._earned())
            found.append(("partner_id", "in", earned.subselect("partner_id")))
        return found

    def _earned(self):
        days = self.wanted.days("business_day") + self.wanted.products("product_id")
        return [("company_id", "=", self.company.id), ("beneficiary_kind", "=", "terminal"), *days]

    def shown(self, records_sudo):
        earned = [*self._earned(), ("partner_id", "in", records_sudo.partner_id.ids)]
        days = self.env["liquor.earning"].sudo()._read_group(earned, ["partner_id"], ["business_day:max"])
        last = {partner.id: day for partner, day in days}
        states = dict(records_sudo._fields["state"]._description_selection(self.env))
        return [
            {
                "name": role.partner_id.name,
                "title": role.outward_title or "",
                "state": states[role.state],
                "grade": role.grade or "",
                "last_day": last.get(role.partner_id.id),
            }
            for role in records_sudo
        ]

    def title(self):
        return self.env._("My shops")

    def columns(self):
        titles = {
            "name": self.env._("Shop"),
            "title": self.env._("Title"),
            "grade": self.env._("Grade"),
            "state": self.env._("State"),
            "last_day": self.env._("Last reward"),
        }
        return [Column(title, lambda row, key=key: row[key]) for key, title in titles.items()]


class OrderList(PortalList):
    """Orders of all users of his company."""

    model = "sale.order"
    order = "date_order desc, id desc"
    searches = ("find", "days", "product", "state")

    def own(self):
        mine = [("partner_id.commercial_partner_id", "=", self.partner_sudo.id), ("company_id", "=", self.company.id)]
        return [*mine, ("state", "in", ("sent", "sale", "cancel"))]

    def narrowed(self):
        days = self.wanted.moments("date_order", self.company)
        return days + self.wanted.products("order_line.product_id") + self.words("name")

    def title(self):
        return self.env._("Orders")

    def columns(self):
        return [
            Column(self.env._("Order"), "name"),
            Column(self.env._("Day"), lambda order: business_day(order.company_id, order.date_order)),
            Column(self.env._("Kind"), "liquor_kind"),
            Column(self.env._("Amount"), "amount_total", total=True),
            Column(self.env._("Paid by rebate"), "liquor_rebate_used", total=True),
            Column(self.env._("State"), "state"),
        ]


class ExpenseList(PortalList):
    """Expenses that take place on days of the period, by words of their number or title."""

    model = "liquor.expense"
    searches = ("find", "days", "state")
    hidden = ()

    def narrowed(self):
        first = [("date_end", ">=", self.wanted.first)] if self.wanted.first else []
        last = [("date_start", "<=", self.wanted.last)] if self.wanted.last else []
        return first + last + self.words("name", "title")

    def title(self):
        return self.env._("Expenses")

    def columns(self):
        return [
            Column(self.env._("Number"), "name"),
            Column(self.env._("What For"), "title"),
            Column(self.env._("Kind"), "kind_id.name"),
            Column(self.env._("From"), "date_start"),
            Column(self.env._("To"), "date_end"),
            Column(self.env._("Applied For"), "amount", total=True),
            Column(self.env._("Approved"), "approved_amount", total=True),
            Column(self.env._("Claimed"), "asked_amount", total=True),
            Column(self.env._("Allowed"), "allowed_amount", total=True),
            Column(self.env._("State"), "state"),
        ]


class ChargeList(PortalList):
    """Charges by the day of their approval, by words of their number or agreement."""

    model = "liquor.charge"

    def narrowed(self):
        return self.wanted.moments("approved_at", self.company) + self.words("name", "agreement_id.name")

    def choices(self):
        words = super().choices()
        return [pair for pair in words if pair[0] in ("posted", "reversed")]

    def title(self):
        return self.env._("Charged shares")

    def columns(self):
        return [
            Column(self.env._("Number"), "name"),
            Column(self.env._("Day"), lambda row: business_day(self.company, row.approved_at)),
            Column(self.env._("Agreement"), "agreement_id.name"),
            # what was given back stays on the list and in no total
            Column(self.env._("Charged"), lambda row: 0.0 if row.state == "reversed" else row.amount, total=True),
            Column(self.env._("Waiting"), "waiting_amount"),
            Column(self.env._("State"), "state"),
            Column(self.env._("Sources"), self._sources),
        ]

    def _sources(self, row):
        kinds = dict(row.line_ids._fields["kind"]._description_selection(self.env))
        return "、".join(f"{kinds[line.kind]} {line.amount:.2f}" for line in row.line_ids)


class AgreementList(PortalList):
    """Agreements in force on days of the period, by words of their number."""

    model = "liquor.agreement"
    order = "date_start desc, id desc"
    searches = ("find", "days", "state")

    def narrowed(self):
        first = ["|", ("date_end", "=", False), ("date_end", ">=", self.wanted.first)] if self.wanted.first else []
        last = [("date_start", "<=", self.wanted.last)] if self.wanted.last else []
        return first + last + self.words("name")

    def title(self):
        return self.env._("Agreements")

    def columns(self):
        return [
            Column(self.env._("Number"), "name"),
            Column(self.env._("Kind"), "kind"),
            Column(self.env._("From"), "date_start"),
            Column(self.env._("To"), "date_end"),
            Column(self.env._("Deposit"), "deposit_due", total=True),
            Column(self.env._("Accepted by"), "accepted_by_id.name"),
            Column(self.env._("Accepted on"), self._accepted_on),
            Column(self.env._("State"), "state"),
        ]

    def _accepted_on(self, row):
        return business_day(self.company, row.accepted_at) if row.accepted_at else None


class TransferList(PortalList):
    """Transfers of shops, both given and got, by their first day and by words of shop or reason."""

    model = "liquor.terminal.transfer"
    searches = ("find", "days", "state")

    def narrowed(self):
        return self.wanted.days("day") + self.words("terminal_id.name", "reason")

    def title(self):
        return self.env._("Transfers of shops")

    def columns(self):
        return [
            Column(self.env._("Shop"), "terminal_id.name"),
            Column(self.env._("Direction"), self._direction),
            Column(self.env._("Products"), "category_id.name"),
            Column(self.env._("First Day"), "day"),
            Column(self.env._("Reason"), "reason"),
            Column(self.env._("Answer"), "answer"),
            Column(self.env._("State"), "state"),
        ]

    def _direction(self, row):
        return self.env._("To another distributor") if row.from_id == self.partner_sudo else self.env._("To me")


class TargetList(PortalList):
    """Targets of accepted contracts, measured now: those that run today, or in the period that is asked for.

    Years, quarters and months overlap and count in different measures, so they are not added up.
    """

    model = "liquor.agreement.target"
    order = "date_end, id"
    always = True

    def choices(self):
        return []

    def own(self):
        mine = [("party_id", "=", self.partner_sudo.id), ("company_id", "=", self.company.id)]
        return [*mine, ("agreement_id.state", "=", "accepted")]

    def narrowed(self):
        first, last = self.wanted.first, self.wanted.last
        if not (first or last):
            first = last = today(self.company)
        since = [("date_end", ">=", first)] if first else []
        return [*since, *([("date_start", "<=", last)] if last else []), *self.words("label", "category_id.name")]

    def shown(self, records_sudo):
        measured = {row["target"].id: row for row in records_sudo._measure()}
        return [measured[record.id] for record in records_sudo]

    def title(self):
        return self.env._("Targets")

    def columns(self):
        goal = lambda path: lambda row: self._cell(row["target"], path, {})  # noqa: E731
        number = lambda key: lambda row: None if row[key] is None else Decimal(row[key])  # noqa: E731
        return [
            Column(self.env._("Period"), goal("label")),
            Column(self.env._("Series"), goal("category_id.name")),
            Column(self.env._("Counted by"), goal("basis")),
            Column(self.env._("Measure"), goal("measure")),
            Column(self.env._("Target"), goal("goal")),
            Column(self.env._("Done"), number("done")),
            Column(self.env._("Completion (%)"), number("rate")),
            Column(self.env._("Missing"), number("gap")),
            Column(self.env._("Worth of Closing the Gap"), number("worth")),
        ]


#: word in the address -> list
CHANNEL_LISTS = {
    "statements": StatementList,
    "accounts": AccountList,
    "earnings": EarningList,
    "terminals": ShopList,
    "orders": OrderList,
    "expenses": ExpenseList,
    "charges": ChargeList,
    "agreements": AgreementList,
    "transfers": TransferList,
    "targets": TargetList,
}


def agreements_to_read(role_sudo):
    """Return the agreements that wait for the party's acceptance."""
    agreements_sudo = role_sudo.env["liquor.agreement"].sudo()
    return agreements_sudo.search([*own_domain(agreements_sudo, role_sudo.company_id), ("state", "=", "sent")])
