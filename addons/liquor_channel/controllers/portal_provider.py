"""``/my/provider``: the bills of who does a service for members (代驾 and the like), and how far each is."""

from typing import NamedTuple

from odoo.api import Environment
from odoo.http import request, route

from odoo.addons.liquor_member.tools.download import send_file

from ..tools.workbook import write_workbook
from .portal_common import LiquorPortal
from .portal_filter import ListFilter
from .portal_list import Column, PortalList

PAGE = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}


class Party(NamedTuple):
    """A provider in one company: what pages read of a role, for who has none."""

    env: Environment
    company_id: object
    partner_id: object


class BillList(PortalList):
    """Bills by their day and number; a draft is the maker's own."""

    model = "liquor.provider.bill"
    order = "date desc, id desc"
    searches = ("find", "days", "state")

    def narrowed(self):
        return self.wanted.days("date") + self.words("reference")

    def title(self):
        return self.env._("Bills")

    def columns(self):
        return [
            Column(self.env._("Number"), "reference"),
            Column(self.env._("Day"), "date"),
            Column(self.env._("From"), "date_from"),
            Column(self.env._("To"), "date_to"),
            Column(self.env._("Rows"), "line_count"),
            # what was taken back is billed anew: it stays on the list and in no total
            Column(self.env._("Billed"), self._unless_reversed("amount_billed"), total=True),
            Column(self.env._("To Pay"), self._unless_reversed("amount_allowed"), total=True),
            Column(self.env._("Not Paid"), self._unless_reversed("amount_difference"), total=True),
            Column(self.env._("State"), "state"),
        ]

    def _unless_reversed(self, field):
        return lambda bill: 0.0 if bill.state == "reversed" else bill[field]


class BillRowList(PortalList):
    """Rows of one bill, with why one is not paid as it was billed."""

    model = "liquor.provider.bill.line"
    order = "line, id"
    searches = ("find", "state")

    def __init__(self, party, wanted, bill_sudo):
        super().__init__(party, wanted)
        self.bill_sudo = bill_sudo

    def own(self):
        return [("bill_id", "=", self.bill_sudo.id)]

    def narrowed(self):
        return self.words("number")

    def choices(self):
        return self.records_sudo._fields["reason"]._description_selection(self.env)

    def chosen(self, state):
        return [("reason", "=", state)]

    def title(self):
        return self.bill_sudo.reference

    def columns(self):
        return [
            Column(self.env._("Row"), "line"),
            Column(self.env._("Use Number"), "number"),
            Column(self.env._("Day"), "day"),
            Column(self.env._("Service"), "benefit_id.name"),
            Column(self.env._("Billed"), "amount", total=True),
            Column(self.env._("To Pay"), "allowed", total=True),
            Column(self.env._("Differs Because"), "reason"),
        ]


class ProviderPortal(LiquorPortal):
    """Bills of the signed-in user's own company partner, never of one that the request names."""

    def _party(self):
        """Return the provider in the company that he chose among those he works for.

        :raises NotFound: he does no service
        """
        partner_sudo = request.env.user.partner_id.commercial_partner_id.sudo()
        companies_sudo = request.env["liquor.benefit"].sudo()._companies_served_by(partner_sudo)
        company_sudo = self._chosen(companies_sudo)
        self._use_zone(company_sudo)
        return Party(request.env(su=True), company_sudo, partner_sudo)

    @route("/my/provider", **PAGE)
    def provider_home(self, **_kw):
        """List his bills."""
        party = self._party()
        values = self._values(party, "liquor_provider", **self._listed(BillList, party))
        return request.render("liquor_channel.portal_provider", values)

    @route("/my/provider/bills/<int:bill_id>", **PAGE)
    def provider_bill(self, bill_id, **_kw):
        """Show one bill with its rows."""
        party = self._party()
        listing = self._rows_of(party, bill_id)
        rows, paging = listing.page(request.params.get("page"))
        shown = {"listing": listing, "rows": rows, "paging": paging, "wanted": listing.wanted}
        values = self._values(party, "liquor_provider", bill_sudo=listing.bill_sudo, **shown)
        return request.render("liquor_channel.portal_provider_bill", values)

    def _rows_of(self, party, bill_id):
        bill_sudo = self._own("liquor.provider.bill", bill_id, party.company_id)
        return BillRowList(party, ListFilter.of(request.params), bill_sudo)

    @route("/my/provider.xlsx", type="http", auth="user", methods=["GET"])
    def provider_export(self, **_kw):
        """Send the list of bills."""
        listing = BillList(self._party(), ListFilter.of(request.params))
        return send_file(write_workbook([listing.sheet()]), "bills.xlsx")

    @route("/my/provider/bills/<int:bill_id>.xlsx", type="http", auth="user", methods=["GET"])
    def provider_bill_export(self, bill_id, **_kw):
        """Send the rows of one bill."""
        listing = self._rows_of(self._party(), bill_id)
        return send_file(write_workbook([listing.sheet()]), f"{listing.bill_sudo.reference}.xlsx")
