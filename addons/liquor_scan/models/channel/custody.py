from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.channel.stock import held_bottles, outermost
from ...engine.flow.custody import GONE
from ...engine.flow.transitions import SUB, TERMINAL, TRANSFER_DAYS
from ...engine.flow.units import Unit


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

    # --- stock by codes ----------------------------------------------------------------------------------------

    @api.model
    def _held_by(self, company, party):
        """Bottles that a party holds by its codes, less what was scanned out of its packages: {product id: bottles}.

        The number of queries does not grow with the goods.
        """
        self.flush_model()
        own = self.search([
            ("company_id", "=", company.id), ("holder_id", "=", party.id), ("state", "!=", GONE)
        ])  # fmt: skip
        units = [Unit(row.batch_id.id, row.level, row.unit_index) for row in own]
        rows, parents = self._surroundings(units)
        facts = self._facts_of(rows)
        held = held_bottles(rows, parents, {unit: bottles for unit, (_product, bottles) in facts.items()})
        found = {}
        for unit, bottles in held.get(party.id, {}).items():
            product = facts[unit][0]
            found[product] = found.get(product, 0) + bottles
        return found

    def _surroundings(self, units):
        """Rows of the units, of what they lie in and of what lies in them, and who lies in whom."""
        if not units:
            return {}, {}
        collect, link = self.env["liquor.scan.collect"], self.env["liquor.code.link"].sudo()
        levels_of = collect._levels_of(self.env["liquor.code.batch"].sudo().browse({unit.batch for unit in units}))
        packed = link._packed(units, levels_of)
        inside = link._inside([unit for unit in units if unit.level > 1])
        around = set(units) | {hop.parent for hop in packed} | {part for parts in inside.values() for part in parts}
        rows = {unit: row for unit, row, _pending, _purpose in self._around(around, levels_of)}
        parents = collect._parents_now(set(rows), packed, levels_of)
        for package, parts in inside.items():
            for part in parts:
                if package not in parents.setdefault(part, []):
                    parents[part].append(package)
        return rows, parents

    def _facts_of(self, units):
        """{unit: (product id, bottles)} of units that have a row; one query."""
        if not units:
            return {}
        columns = [list(column) for column in zip(*units, strict=True)]
        found = self.env.execute_query(
            SQL(
                """
                SELECT c.batch_id, c.level, c.unit_index, c.product_id, c.bottles
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS u(batch, level, idx)
                  JOIN liquor_custody c ON c.batch_id = u.batch AND c.level = u.level AND c.unit_index = u.idx
                """,
                *columns,
            )
        )
        return {Unit(*row[:3]): (row[3], row[4] or 0) for row in found}

    @api.model
    def _outermost(self, events):
        """One event for each unit of a count, without those that lie in another unit of it."""
        latest = {Unit(event.batch_id.id, event.level, event.unit_index): event for event in events.sorted("id")}
        if not latest:
            return events
        collect = self.env["liquor.scan.collect"]
        levels_of = collect._levels_of(events.batch_id)
        packed = self.env["liquor.code.link"].sudo()._packed(list(latest), levels_of)
        parents = collect._parents_now(set(latest), packed, levels_of)
        return events.browse([latest[unit].id for unit in outermost(list(latest), parents)])
