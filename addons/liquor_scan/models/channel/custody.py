from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.flow.transitions import SUB, TERMINAL, TRANSFER_DAYS


class LiquorCustody(models.Model):
    _inherit = "liquor.custody"

    is_unconfirmed = fields.Boolean(
        "Awaiting the Shop",
        compute="_compute_is_unconfirmed",
        search="_search_is_unconfirmed",
        help="Scanned out to a shop and not scanned in after the days that the company gives.",
    )
    decides_on = fields.Datetime(
        compute="_compute_decides_on", help="The transfer takes effect then unless the holder objects."
    )

    @api.depends("state", "since", "holder_kind", "company_id.liquor_receipt_days")
    def _compute_is_unconfirmed(self):
        overdue = self.filtered_domain(self._unconfirmed_domain(self.company_id))
        for row in self:
            row.is_unconfirmed = row in overdue

    def _search_is_unconfirmed(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self._unconfirmed_domain(self.env.companies)
        return Domain.OR((overdue if wanted else ~overdue) for wanted in value)

    @api.model
    def _unconfirmed_domain(self, companies):
        """Goods scanned out to shops and sub-distributors of these companies and not scanned in in time (R9 d)."""
        now = fields.Datetime.now()
        late = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("since", "<=", now - timedelta(days=company.sudo().liquor_receipt_days))
            for company in companies
        )
        return Domain("state", "=", "in_transit") & Domain("holder_kind", "in", (TERMINAL, SUB)) & late

    @api.depends("pending_since")
    def _compute_decides_on(self):
        for row in self:
            row.decides_on = row.pending_since and row.pending_since + timedelta(days=TRANSFER_DAYS)

    def _answer_transfer(self, user, agreed):
        """The holder's answer to a shop that asks for goods, through the scan service.

        :return: the answer of ``liquor.scan.request._take``
        """
        self.ensure_one()
        asked = self.pending_event_id
        word = "agree" if agreed else "object"
        event = {
            "id": f"move-{asked.id}-{word}",
            "type": "transfer",
            "code": self.batch_id._code(asked.code_kind, self.unit_index),
            "at": f"{max(fields.Datetime.now(), self.since).isoformat()}Z",
        }
        if not agreed:
            event["purpose"] = "object"
        return self.env["liquor.scan.request"].sudo()._take(user, [event], "portal")[0]
