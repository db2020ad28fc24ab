from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.sequence_names import take_names
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts.booking import month_end
from ...engine.common.money import decimal
from ...engine.finance.account_statement import account_values, unchanged_accounts
from ...engine.settlement import statement

COLUMNS = ["name", "company_id", "currency_id", "partner_id", "date_from", "date_to", "state", "snapshot_number"]
LINE_COLUMNS = [
    "statement_id", "company_id", "account", "opening", "incoming", "outgoing", "closing", "gap",
    "state", "said_by_id", "said_at", "objection", "answer",
]  # fmt: skip
FIGURES = ("opening", "in", "out", "closing", "gap")


class LiquorAccountStatementFreeze(models.AbstractModel):
    """Makes and freezes the statements of a month of many distributors, in a constant number of queries."""

    _name = "liquor.account.statement.freeze"
    _inherit = ["liquor.statement.mixin"]
    _description = "Freezing of Account Statements"

    _statement_pages = "/my/channel/accounts"

    @api.model
    def _owed_partners(self, company, first, after=0, limit=None):
        """Return the distributors who get a statement of a month, lowest id first: one query.

        Every distributor who is more than a candidate, and every sub-distributor with an entry of his own.
        """
        accounts = list(self.env["liquor.statement.source"]._account_parts(company))
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT r.partner_id FROM liquor_channel_role r
                    WHERE r.company_id = %(company)s AND r.partner_id > %(after)s AND r.state <> 'candidate'
                      AND (r.date_start IS NULL OR r.date_start <= %(last)s)
                      AND (r.kind = 'distributor'
                           OR r.kind = 'sub_distributor' AND EXISTS (
                                  SELECT FROM account_move_line l
                                   WHERE l.partner_id = r.partner_id AND l.company_id = r.company_id
                                     AND l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'))
                 ORDER BY r.partner_id LIMIT %(limit)s""",
                company=company.id,
                after=after,
                last=month_end(first),
                accounts=accounts,
                limit=limit,
            )
        )
        return self.env["res.partner"].browse([number for (number,) in rows])

    @api.model
    def _make(self, company, first, partners):
        """Make and freeze the statements of a month; drafts are read again, what was sent stays.

        :param date first: first day of the month
        :return: the drafts, frozen
        :raises ConcurrencyError: a parallel transaction made one of them; Odoo runs the call again
        """
        statements = self.env["liquor.account.statement"]
        known = statements.search([
            ("company_id", "=", company.id),
            ("date_from", "=", first),
            ("partner_id", "in", partners.ids),
        ])
        missing = partners - known.partner_id
        made = statements.browse()
        if missing:
            names = take_names(self.env, statements._name, company, len(missing))
            base = (company.id, company.currency_id.id)
            rows = [
                (name, *base, partner, first, month_end(first), "draft", 0)
                for name, partner in zip(names, missing.ids, strict=True)
            ]
            with loser_retries(self.env, statements._month_unique.full_name(statements)):
                made = statements.browse(statements.sudo()._bulk_insert(COLUMNS, rows))
        drafts = known.filtered(lambda item: item.state == "draft") | made
        drafts._freeze_all()
        return drafts

    def _freeze_all(self):
        """Write text, fingerprint and accounts anew; accounts that say the same keep what was answered to them."""
        records = self.sudo()
        for (company, first), group in records.grouped(lambda item: (item.company_id, item.date_from)).items():
            group.with_company(company)._freeze_month(company, first)

    def _freeze_month(self, company, first):
        texts, lines = [], []
        for record, values in self._collect_values(company, first).items():
            text = statement.canonical_json(values)
            texts.append((record.id, text, statement.snapshot_hash(text), _count_gaps(values)))
            lines += record._line_rows(values)
        self.line_ids.unlink()
        self._write_texts(texts)
        self.env["liquor.account.statement.line"]._bulk_insert(LINE_COLUMNS, lines)
        self.invalidate_recordset(["line_ids"])

    def _collect_values(self, company, first):
        last, digits = month_end(first), company.currency_id.decimal_places
        found = self.env["liquor.statement.source"]._collect(company, self.partner_id, first, last, in_kind=True)
        previous, settlements = self._previous_closings(company, first), self._settlements_of(company, first, last)
        values = {}
        for record in self:
            partner = record.partner_id
            values[record] = {
                "format": 1,
                "kind": "accounts",
                "number": record.snapshot_number + 1,
                "name": record.name,
                "company": company.name,
                "distributor": partner.name,
                "currency": company.currency_id.name,
                "from": first,
                "to": last,
                "accounts": account_values(*found[partner.id], previous.get(partner.id), digits),
                "settlements": settlements.get(partner.id, []),
            }
        return values

    def _previous_closings(self, company, first):
        """Return ``{partner id: {account: closing of the month before}}`` of statements that were sent."""
        lines = self.env["liquor.account.statement.line"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", self.partner_id.ids),
                ("statement_id.date_from", "=", (first - timedelta(days=1)).replace(day=1)),
                ("statement_id.state", "!=", "draft"),
            ],
            ["partner_id", "account", "closing"],
        )
        found = {}
        for line in lines:
            found.setdefault(line.partner_id.id, {})[line.account] = decimal(line.closing)
        return found

    def _settlements_of(self, company, first, last):
        """Return what was settled in the month: the settlement is a section of the statement (trade.md R3)."""
        rows = self.env["liquor.settlement"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", self.partner_id.ids),
                ("date_to", ">=", first),
                ("date_to", "<=", last),
                ("state", "not in", ("draft", "cancelled")),
            ],
            ["name", "partner_id", "amount_total", "snapshot_hash"],
            order="date_to, id",
        )
        found = {}
        for row in rows:
            total = statement.money(row.amount_total, company.currency_id.decimal_places)
            values = {"id": row.id, "name": row.name, "total": total, "fingerprint": row.snapshot_hash or ""}
            found.setdefault(row.partner_id.id, []).append(values)
        return found

    def _line_rows(self, values):
        """Return rows of ``LINE_COLUMNS``; what was confirmed stays confirmed where nothing changed."""
        before = self._snapshot_data() if self.snapshot else {}
        same = unchanged_accounts(before, values) if before else set()
        old = {line.account: line for line in self.line_ids}
        rows = []
        for section in values["accounts"]:
            line, name = old.get(section["account"]), section["account"]
            kept = line if line and name in same and line.state == "confirmed" else None
            rows.append((
                self.id,
                self.company_id.id,
                name,
                *(float(section[key]) for key in FIGURES),
                "confirmed" if kept else "open",
                kept and kept.said_by_id.id,
                kept and kept.said_at,
                line and line.objection,
                line and line.answer,
            ))
        return rows

    def _write_texts(self, rows):
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_account_statement t
                      SET snapshot = given.text, snapshot_hash = given.hash, gap_count = given.gaps,
                          snapshot_number = t.snapshot_number + 1, write_uid = %s, write_date = %s
                     FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[]) AS given (id, text, hash, gaps)
                    WHERE t.id = given.id""",
                self.env.uid,
                fields.Datetime.now(),
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.invalidate_recordset()


def _count_gaps(values):
    return sum(decimal(section["gap"]) != 0 for section in values["accounts"])
