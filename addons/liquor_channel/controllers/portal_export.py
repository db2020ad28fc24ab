"""The distributor's lists as workbooks: what the page shows, all of it, narrowed the same way."""

from odoo.http import request, route

from odoo.addons.liquor_member.tools.business_day import business_day
from odoo.addons.liquor_member.tools.download import send_file
from odoo.addons.liquor_member.tools.xlsx import write_xlsx

from .portal_channel import ChannelPortal
from .portal_common import DISTRIBUTOR_KINDS
from .portal_expense import expenses_domain
from .portal_filter import EXPORT_ROWS, ListFilter
from .portal_funds import charges_domain
from .portal_statement import statements_domain


class ExportPortal(ChannelPortal):
    """At most 10,000 rows, his own only."""

    @route(
        "/my/channel/<any(statements,earnings,terminals,orders,expenses,charges):name>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def channel_export(self, name, charged="", **_kw):
        """Send one list as a workbook."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        wanted = ListFilter.of(request.params)
        header, rows = getattr(self, f"_export_{name}")(role_sudo, wanted, bool(charged))
        return send_file(write_xlsx(header, rows), f"{name}.xlsx")

    def _labels(self, records, field):
        return dict(records._fields[field]._description_selection(request.env))

    def _export_statements(self, role_sudo, wanted, _charged):
        settlements_sudo = request.env["liquor.settlement"].sudo()
        domain = [("company_id", "=", role_sudo.company_id.id), *settlements_sudo._portal_domain(request.env.user)]
        rows_sudo = settlements_sudo.search(
            domain + statements_domain(wanted), order="date_to desc, id desc", limit=EXPORT_ROWS
        )
        states = self._labels(rows_sudo, "state")
        header = [
            request.env._("Statement"),
            request.env._("From"),
            request.env._("To"),
            request.env._("Amount"),
            request.env._("Held"),
            request.env._("State"),
        ]
        return header, [
            (row.name, row.date_from, row.date_to, row.amount_total, row.amount_held, states[row.state])
            for row in rows_sudo
        ]

    def _export_expenses(self, role_sudo, wanted, _charged):
        expenses_sudo = request.env["liquor.expense"].sudo()
        domain = [("company_id", "=", role_sudo.company_id.id), *expenses_sudo._portal_domain(request.env.user)]
        rows_sudo = expenses_sudo.search(domain + expenses_domain(wanted), order="id desc", limit=EXPORT_ROWS)
        states = self._labels(rows_sudo, "state")
        header = [
            request.env._("Number"),
            request.env._("What For"),
            request.env._("Kind"),
            request.env._("From"),
            request.env._("To"),
            request.env._("Applied For"),
            request.env._("Approved"),
            request.env._("Claimed"),
            request.env._("Allowed"),
            request.env._("State"),
        ]
        return header, [
            (
                row.name,
                row.title,
                row.kind_id.name,
                row.date_start,
                row.date_end,
                row.amount,
                row.approved_amount,
                row.asked_amount,
                row.allowed_amount,
                states[row.state],
            )
            for row in rows_sudo
        ]

    def _export_charges(self, role_sudo, wanted, _charged):
        company, charges_sudo = role_sudo.company_id, request.env["liquor.charge"].sudo()
        domain = [("company_id", "=", company.id), *charges_sudo._portal_domain(request.env.user)]
        rows_sudo = charges_sudo.search(domain + charges_domain(wanted, company), order="id desc", limit=EXPORT_ROWS)
        states, kinds = self._labels(rows_sudo, "state"), self._labels(rows_sudo.line_ids, "kind")
        header = [
            request.env._("Number"),
            request.env._("Day"),
            request.env._("Agreement"),
            request.env._("Charged"),
            request.env._("Waiting"),
            request.env._("State"),
            request.env._("Sources"),
        ]
        return header, [
            (
                row.name,
                business_day(company, row.approved_at),
                row.agreement_id.name,
                row.amount,
                row.waiting_amount,
                states[row.state],
                "、".join(f"{kinds[line.kind]} {line.amount:.2f}" for line in row.line_ids),
            )
            for row in rows_sudo
        ]

    def _export_earnings(self, role_sudo, wanted, charged):
        rows_sudo, _paging = self._earnings_sudo(role_sudo, charged, wanted, limit=EXPORT_ROWS)
        header = [
            request.env._("Day"),
            request.env._("Product"),
            request.env._("Bottles"),
            request.env._("Amount"),
            request.env._("What for"),
        ]
        rows = [
            (
                row.business_day,
                row.product_id.display_name or "",
                row.bottles,
                row.funder_amount if charged else row.amount,
                row.partner_id.name if charged else row.reason or row.component or "",
            )
            for row in rows_sudo
        ]
        return [*header[:-1], request.env._("Shop")] if charged else header, rows

    def _export_terminals(self, role_sudo, wanted, _charged):
        header = [
            request.env._("Shop"),
            request.env._("Title"),
            request.env._("Grade"),
            request.env._("State"),
            request.env._("Last reward"),
        ]
        shops = self._shops(role_sudo, wanted)
        return header, [[shop[key] for key in ("name", "title", "grade", "state", "last_day")] for shop in shops]

    def _export_orders(self, role_sudo, wanted, _charged):
        orders_sudo, _paging = self._orders_sudo(role_sudo, wanted, limit=EXPORT_ROWS)
        states, kinds = self._labels(orders_sudo, "state"), self._labels(orders_sudo, "liquor_kind")
        header = [
            request.env._("Order"),
            request.env._("Day"),
            request.env._("Kind"),
            request.env._("Amount"),
            request.env._("Paid by rebate"),
            request.env._("State"),
        ]
        return header, [
            (
                order.name,
                business_day(order.company_id, order.date_order),
                kinds.get(order.liquor_kind, ""),
                order.amount_total,
                order.liquor_rebate_used,
                states[order.state],
            )
            for order in orders_sudo
        ]
