import json
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import decimal
from ...engine.settlement import statement

LINE_COLUMNS = [
    "settlement_id",
    "company_id",
    "currency_id",
    "earning_id",
    "business_day",
    "label",
    "product_id",
    "bottles",
    "amount",
    "held",
    "held_reason",
    "live",
]
#: account of the statement -> (parts in the account mapping, sign that makes what stands there positive)
ACCOUNT_PARTS = {"rebate": ("rebate_accrued", -1), "expense": ("cofunding_due", 1), "deposit": ("deposit", -1)}


class LiquorSettlementSnapshot(models.AbstractModel):
    """What a settlement collects, and the frozen text the distributor confirms."""

    _name = "liquor.settlement.snapshot"
    _description = "Frozen Statement"

    # ------------------------------------------------------------------ lines
    def _prepare_lines(self):
        """Replace the draft's lines by what the distributor earned up to its last day and is in no live settlement."""
        self.ensure_one()
        settlement = self.sudo().with_company(self.company_id)
        settlement.line_ids.filtered(lambda line: not line.dispute_ids).unlink()
        rows = [settlement._prepare_line_row(row) for row in settlement._collect_earnings()]
        if rows:
            with loser_retries(self.env, "liquor_settlement_line_one_live"):
                settlement.env["liquor.settlement.line"]._bulk_insert(LINE_COLUMNS, rows)
            settlement.invalidate_recordset(["line_ids"])
        settlement._write_totals()

    def _collect_earnings(self):
        """Return earnings as dicts in one query: with the last state of each, which tells what is held."""
        for name in ("liquor.earning", "liquor.earning.state", "liquor.settlement.line"):
            self.env[name].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """SELECT e.id, e.business_day, e.type, e.component, e.reason, e.product_id, e.bottles, e.amount,
                          COALESCE(s.result, e.payable) = 'held' AS held, s.reason AS held_reason
                     FROM liquor_earning e
                LEFT JOIN LATERAL (SELECT result, reason FROM liquor_earning_state
                                    WHERE earning_id = COALESCE(e.reverses_id, e.id) ORDER BY id DESC LIMIT 1) s ON TRUE
                    WHERE e.company_id = %s AND e.partner_id = %s AND e.booked_day <= %s
                      AND e.beneficiary_kind IN ('distributor', 'sub_distributor') AND e.amount <> 0
                      AND NOT EXISTS (SELECT 1 FROM liquor_settlement_line l
                                       WHERE l.earning_id = e.id AND (l.live OR l.settlement_id = %s))
                 ORDER BY e.business_day, e.id""",
                self.company_id.id,
                self.partner_id.id,
                self.date_to,
                self.id,
            )
        )

    def _prepare_line_row(self, row):
        label = row["reason"] or row["component"] or row["type"]
        return (
            self.id,
            self.company_id.id,
            self.currency_id.id,
            row["id"],
            row["business_day"],
            label,
            row["product_id"],
            row["bottles"],
            row["amount"],
            row["held"],
            row["held_reason"],
            not row["held"],
        )

    def _write_totals(self):
        sums = self.env["liquor.settlement.line"]._read_group(
            [("settlement_id", "=", self.id)], ["live", "held"], ["amount:sum"]
        )
        self.sudo().write({
            "amount_total": sum(amount for live, _held, amount in sums if live),
            "amount_held": sum(amount for _live, held, amount in sums if held),
        })

    # ------------------------------------------------------------------ snapshot
    def _freeze(self):
        """Write the canonical text of lines and four accounts, and its fingerprint."""
        self.ensure_one()
        settlement = self.sudo().with_company(self.company_id)
        self.env["liquor.accrual.run"]._accrue(self.company_id, self.date_to)
        settlement._write_totals()
        text = statement.canonical_json(settlement._snapshot_values())
        settlement.write({
            "snapshot": text,
            "snapshot_hash": statement.snapshot_hash(text),
            "snapshot_number": settlement.snapshot_number + 1,
        })

    def _snapshot_values(self):
        digits = self.currency_id.decimal_places
        sections = statement.build_sections(*self._collect_accounts())
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
        }

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
        }

    def _collect_accounts(self):
        """Return openings and movements of the four accounts from posted journal items: one query each."""
        parts = self._account_parts()
        openings, movements = {}, []
        for account_id, amount in self._opening_rows(list(parts)):
            name, sign = parts[account_id]
            openings[name] = openings.get(name, Decimal(0)) + sign * decimal(amount)
        for account_id, day, reference, label, amount in self._movement_rows(list(parts)):
            name, sign = parts[account_id]
            movements.append(statement.Movement(name, day, sign * decimal(amount), reference or "", label or ""))
        return openings, movements

    def _account_parts(self):
        """Return ``{account id: (account of the statement, sign)}``: receivables are the goods account."""
        accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
        receivable = self.env["account.account"].search([
            ("company_ids", "parent_of", self.company_id.id),
            ("account_type", "=", "asset_receivable"),
        ])
        parts = {account.id: ("goods", 1) for account in receivable}
        parts.update({accounts[role].id: (name, sign) for name, (role, sign) in ACCOUNT_PARTS.items()})
        return parts

    def _opening_rows(self, account_ids):
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT account_id, SUM(balance) FROM account_move_line
                    WHERE company_id = %s AND partner_id = %s AND parent_state = 'posted'
                      AND account_id = ANY(%s) AND date < %s GROUP BY account_id""",
                self.company_id.id,
                self.partner_id.id,
                account_ids,
                self.date_from,
            )
        )

    def _movement_rows(self, account_ids):
        return self.env.execute_query(
            SQL(
                """SELECT l.account_id, l.date, m.name, COALESCE(m.ref, m.invoice_origin), SUM(l.balance)
                     FROM account_move_line l JOIN account_move m ON m.id = l.move_id
                    WHERE l.company_id = %s AND l.partner_id = %s AND l.parent_state = 'posted'
                      AND l.account_id = ANY(%s) AND l.date BETWEEN %s AND %s
                 GROUP BY l.account_id, l.date, m.id, m.name, m.ref, m.invoice_origin HAVING SUM(l.balance) <> 0""",
                self.company_id.id,
                self.partner_id.id,
                account_ids,
                self.date_from,
                self.date_to,
            )
        )

    # ------------------------------------------------------------------ checks
    def _snapshot_is_intact(self):
        """Tell whether the frozen text still has its fingerprint and adds up."""
        settlement = self.sudo()
        return bool(settlement.snapshot) and statement.check_snapshot(settlement.snapshot, settlement.snapshot_hash)

    def _snapshot_data(self):
        """Return the frozen statement; the page, the PDF and the XLSX are drawn from this alone.

        :raises UserError: the text was tampered with
        """
        self.ensure_one()
        if not self._snapshot_is_intact():
            raise UserError(self.env._("The statement does not match its fingerprint."))
        return json.loads(self.sudo().snapshot)

    def _lines_match_snapshot(self):
        """Tell whether the live lines are those of the frozen text, to the cent."""
        frozen = {(line["id"], line["amount"]) for line in self._snapshot_data()["lines"] if not line["held"]}
        digits = self.currency_id.decimal_places
        live = self.sudo().line_ids.filtered("live")
        return frozen == {(line.earning_id.id, statement.money(line.amount, digits)) for line in live}

    def action_preview(self):
        """Open the statement as the distributor sees it."""
        self.ensure_one()
        if not self.sudo().snapshot:
            raise UserError(self.env._("Send the statement first: there is nothing frozen yet."))
        return {"type": "ir.actions.act_url", "url": f"/my/channel/statements/{self.id}", "target": "new"}

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

    def action_open_moves(self):
        """Open the journal entries."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("liquor_settlement_id", "in", (self | self.reversed_by_ids).ids)],
            "context": {"create": False},
        }
