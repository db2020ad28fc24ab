from odoo import api, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.columns import columns
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import decimal
from ...engine.settlement import statement
from ...tools.windows import entries_window

#: of a line, beside the settlement it is in, its company and currency
LINE_COLUMNS = (
    "earning_id", "business_day", "label", "product_id", "bottles", "amount", "held", "held_reason", "live",
)  # fmt: skip


def taken_once(rows):
    """Leave out the rows of an earning that a settlement before takes already; what is held, all of them show.

    >>> [row[0] for row in taken_once([(1, 7, True), (2, 7, True), (2, 8, False)])]
    [1, 2]
    """
    taken = set()
    for row in rows:
        if row[1] not in taken:
            yield row
        if row[-1]:
            taken.add(row[1])


class LiquorSettlementSnapshot(models.AbstractModel):
    """What a settlement collects, and the frozen text the distributor confirms."""

    _name = "liquor.settlement.snapshot"
    _inherit = ["liquor.statement.mixin"]
    _description = "Frozen Statement"

    _statement_pages = "/my/channel/statements"

    # ------------------------------------------------------------------ lines
    def _prepare_lines(self):
        """Replace the drafts' lines by what the distributors earned up to the last day and is in no live settlement.

        Of two settlements that could take the same earning the first of ``self`` does.
        """
        settlements = self.sudo()
        lines = settlements.env["liquor.settlement.line"]
        lines.search([("settlement_id", "in", settlements.ids), ("dispute_ids", "=", False)]).unlink()
        wanted = SQL(
            """SELECT wanted.place, t.id, t.company_id, t.partner_id, t.date_to
                 FROM unnest(%s::int4[]) WITH ORDINALITY AS wanted (id, place)
                 JOIN liquor_settlement t ON t.id = wanted.id""",
            settlements.ids,
        )
        settlements._insert_lines(list(taken_once(settlements._collect_lines(wanted))))
        settlements._write_totals()

    def _insert_lines(self, rows):
        """Insert rows of ``_collect_lines``, whose place is that of the settlement in ``self``."""
        if not rows:
            return
        heads = list(columns(self, "id", "company_id", "currency_id"))
        names = ["settlement_id", "company_id", "currency_id", *LINE_COLUMNS]
        with loser_retries(self.env, "liquor_settlement_line_one_live"):
            self.env["liquor.settlement.line"]._bulk_insert(
                names, [(*heads[place - 1], *values) for place, *values in rows]
            )
        self.invalidate_recordset(["line_ids"])

    @api.model
    def _collect_lines(self, wanted):
        """Return rows of (place, LINE_COLUMNS) in one query: the last state of an earning tells whether it is held.

        :param wanted: SQL of (place, settlement id or NULL, company id, partner id, last day)
        """
        for name in (
            "liquor.earning",
            "liquor.earning.state",
            "liquor.policy",
            "liquor.settlement",
            "liquor.settlement.line",
        ):
            self.env[name].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT t.place, e.id, e.business_day,
                          COALESCE(NULLIF(e.reason, ''),
                                   NULLIF(concat_ws(' · ', %s, NULLIF(e.component, 'base')), ''), e.type),
                          e.product_id, e.bottles, e.amount, x.held, s.reason, NOT x.held
                     FROM (%s) AS t (place, id, company_id, partner_id, date_to)
                     JOIN liquor_earning e ON e.partner_id = t.partner_id AND e.company_id = t.company_id
                LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
                LEFT JOIN liquor_policy p ON p.id = v.policy_id
                LEFT JOIN LATERAL (SELECT result, reason FROM liquor_earning_state
                                    WHERE earning_id = COALESCE(e.reverses_id, e.id) ORDER BY id DESC LIMIT 1) s ON TRUE
               CROSS JOIN LATERAL (SELECT COALESCE(s.result, e.payable) = 'held' AS held) x
                    WHERE e.booked_day <= t.date_to
                      AND e.beneficiary_kind IN ('distributor', 'sub_distributor') AND e.amount <> 0
                      AND e.origin_model IS DISTINCT FROM 'liquor.expense'
                      AND NOT EXISTS (SELECT 1 FROM liquor_settlement_line l
                                       WHERE l.earning_id = e.id AND (l.live OR l.settlement_id = t.id))
                 ORDER BY t.place, e.business_day, e.id""",
                self.env["liquor.policy"]._field_to_sql("p", "name"),
                wanted,
            )
        )

    def _write_totals(self):
        """Sum the lines into the settlements; of what is not new the change of the total goes into the chatter."""
        if not self.env.context.get("tracking_disable"):
            self._track_prepare(["amount_total"])
        for name in ("liquor.settlement", "liquor.settlement.line"):
            self.env[name].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_settlement t
                      SET amount_total = sums.live, amount_held = sums.held, write_uid = %s, write_date = %s
                     FROM (SELECT wanted.id, COALESCE(SUM(l.amount) FILTER (WHERE l.live), 0) AS live,
                                  COALESCE(SUM(l.amount) FILTER (WHERE l.held), 0) AS held
                             FROM unnest(%s::int4[]) AS wanted (id)
                        LEFT JOIN liquor_settlement_line l ON l.settlement_id = wanted.id
                         GROUP BY wanted.id) sums
                    WHERE t.id = sums.id""",
                self.env.uid,
                self.env.cr.now(),
                self.ids,
            )
        )
        names = ["amount_total", "amount_held"]
        self.invalidate_recordset([*names, "write_uid", "write_date"], flush=False)
        self.modified(names)

    # ------------------------------------------------------------------ snapshot
    def _freeze(self):
        """Write the canonical text of lines and four accounts, and its fingerprint; the ledger is read once."""
        for (company, first, last), group in (
            self.sudo().grouped(lambda item: (item.company_id, item.date_from, item.date_to)).items()
        ):
            settlements = group.with_company(company)
            self.env["liquor.accrual.run"]._accrue(company, last)
            settlements._write_totals()
            accounts = self.env["liquor.statement.source"]._collect(company, group.partner_id, first, last)
            goods = settlements._earned_goods()
            for settlement in settlements:
                settlement._freeze_text(accounts[settlement.partner_id.id], goods.get(settlement.id, {}))

    def _freeze_text(self, accounts, goods):
        text = statement.canonical_json(self._snapshot_values(*accounts, goods))
        self.write({
            "snapshot": text,
            "snapshot_hash": statement.snapshot_hash(text),
            "snapshot_number": self.snapshot_number + 1,
        })

    def _snapshot_values(self, openings, movements, goods):
        """Return the plain values of the statement.

        :param openings: {account: Decimal} on the first day; ``movements``: those of the period; ``goods``: {product:
            engine's EarnedGoods} of what leaves in bottles
        """
        digits = self.currency_id.decimal_places
        sections = statement.build_sections(openings, movements)
        return {
            "format": 1,
            "number": self.snapshot_number + 1,
            "name": self.name,
            "company": self.company_id.name,
            "distributor": self.partner_id.name,
            "currency": self.currency_id.name,
            "from": self.date_from,
            "to": self.date_to,
            "payment": self.payment_method,
            "total": statement.money(self.amount_total, digits),
            "held": statement.money(self.amount_held, digits),
            "accounts": [statement.section_values(section, digits) for section in sections],
            "lines": [self._snapshot_line(line, digits) for line in self.line_ids if line.live or line.held],
            **self._snapshot_goods(goods, digits),
        }

    def _snapshot_goods(self, goods, digits):
        """What of the total is money, and what leaves in whole bottles: rows of product, bottles and worth."""
        rows = [
            [product.display_name, f"{part.bottles:g}", statement.money(part.value, digits)]
            for product, part in goods.items()
            if part.bottles
        ]
        if not rows:
            return {}
        delivered = sum(decimal(row[2]) for row in rows)
        return {"goods": rows, "money": statement.money(decimal(self.amount_total) - delivered, digits)}

    def _snapshot_line(self, line, digits):
        return {
            "id": line.earning_id.id,
            "day": line.business_day,
            "label": line.label or "",
            "product": line.product_id.display_name or "",
            "bottles": f"{line.bottles:g}",
            "amount": statement.money(line.amount, digits),
            "held": line.held,
            "reason": line.held_reason or "",
            **self._snapshot_parts(line.earning_id, digits),
        }

    def _snapshot_parts(self, earning, digits):
        """Where a line is made by tiers: rows of product, tier, rate and amount, which sum to it."""
        parts = earning._parts()
        if not parts:
            return {}
        names = {product.id: product.display_name for product in self._products_of(parts)}
        return {
            "parts": [
                [names.get(product, ""), tier, rate, statement.money(amount, digits)]
                for product, tier, rate, amount in earning._parts_in_words(parts)
            ]
        }

    def _products_of(self, parts):
        return self.env["product.product"].browse({product for *_tier, product, _amount in parts if product})

    # ------------------------------------------------------------------ checks
    def _lines_match_snapshot(self):
        """Tell whether the live lines are those of the frozen text, to the cent."""
        frozen = {(line["id"], line["amount"]) for line in self._snapshot_data()["lines"] if not line["held"]}
        digits = self.currency_id.decimal_places
        live = self.sudo().line_ids.filtered("live")
        return frozen == {(line.earning_id.id, statement.money(line.amount, digits)) for line in live}

    def action_download_xlsx(self):
        """Download the frozen statement as a workbook."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/liquor/statement/{self.id}.xlsx", "target": "download"}

    def action_open_lines(self):
        """Open the lines."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lines of %(name)s", name=self.name),
            "res_model": "liquor.settlement.line",
            "view_mode": "list,pivot",
            "domain": [("settlement_id", "=", self.id)],
        }

    def action_open_parts(self):
        """Open the lines by product and tier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(name)s by product and tier", name=self.name),
            "res_model": "liquor.settlement.part",
            "view_mode": "list,pivot",
            "domain": [("settlement_id", "=", self.id)],
            "context": {"search_default_by_product": 1},
        }

    def action_open_moves(self):
        """Open the journal entries."""
        self.ensure_one()
        return entries_window(self.env, [("liquor_settlement_id", "in", (self | self.reversed_by_ids).ids)])
