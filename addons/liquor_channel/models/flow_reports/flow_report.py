import base64
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import day_start, today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow_reports import parsing
from ...tools import tables

COLUMNS = [
    "report_id", "company_id", "currency_id", "line", "reporter_id", "buyer_id", "buyer_text", "product_id", "kind",
    "bottles", "amount", "event_time", "business_day", "territory_id", "grade", "reference", "row_key", "live",
]  # fmt: skip
PREVIEW_ROWS = 20


class LiquorFlowReport(models.Model):
    """What left a distributor's or chain's shelves, by its own file: mapped, checked, loaded, undone as a whole."""

    _name = "liquor.flow.report"
    _description = "Flow Report"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Reported by", required=True, index=True, ondelete="restrict", tracking=True
    )
    file = fields.Binary(attachment=True, required=True, copy=False)
    filename = fields.Char(copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Checked"), ("loaded", "Loaded"), ("undone", "Undone")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    column_ids = fields.One2many("liquor.flow.report.column", "report_id", string="Columns")
    line_ids = fields.One2many("liquor.flow.report.line", "report_id", readonly=True)
    row_count = fields.Integer(readonly=True, copy=False, string="Rows")
    good_count = fields.Integer(readonly=True, copy=False, string="Good rows")
    bad_count = fields.Integer(readonly=True, copy=False, string="Bad rows")
    bottles_total = fields.Integer(readonly=True, copy=False, string="Bottles")
    preview = fields.Html(readonly=True, copy=False, sanitize=False)
    error_file = fields.Binary(readonly=True, copy=False, attachment=True)
    error_filename = fields.Char(readonly=True, copy=False)
    loaded_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("partner_id", "filename")
    def _compute_name(self):
        for report in self:
            report.name = f"{report.partner_id.name or ''} · {report.filename or ''}"

    def write(self, vals):
        """Refuse another file or reporter once rows were loaded."""
        if {"file", "partner_id", "company_id"} & set(vals) and self.filtered(
            lambda item: item.state in ("loading", "loaded", "undone")
        ):
            raise UserError(self.env._("Rows of this file were loaded: make a new report for another file."))
        result = super().write(vals)
        if "file" in vals:
            self.filtered("column_ids").column_ids.unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loaded(self):
        if any(report.state in ("loading", "loaded") for report in self):
            raise UserError(self.env._("Undo the report before you delete it."))

    # ------------------------------------------------------------------ reading
    def _read_rows(self, most=None):
        """Return the file's rows, header first.

        :param int most: stop behind so many rows that are not empty
        :raises UserError: it cannot be read
        """
        self.ensure_one()
        try:
            rows = tables.read_table(base64.b64decode(self.file or b""), self.filename or "", most)
        except tables.TableError as error:
            raise UserError(self._table_message(error)) from None
        if len(rows) < 2:
            raise UserError(self.env._("The file has no rows below its header."))
        return rows

    def _table_message(self, error):
        messages = {
            "too_large": self.env._("The file is too large: split it, at most 30 MB each."),
            "too_many_rows": self.env._("The file has too many rows: split it, at most 200,000 each."),
            "too_many_columns": self.env._("The file has more than 60 columns: keep those that are needed."),
        }
        return messages.get(error.code, self.env._("This is no CSV or XLSX file that can be read."))

    def action_read(self):
        """Read the header; columns mean what they meant in the reporter's last file, else what their words say."""
        for report in self:
            rows = report._read_rows(most=2)
            guess = report._guess_fields(rows[0])
            samples = rows[1]
            report.column_ids.unlink()
            report.column_ids = [
                fields.Command.create({
                    "position": position,
                    "header": header or self.env._("Column %(number)s", number=position + 1),
                    "sample": samples[position] if position < len(samples) else "",
                    "field": guess.get(position),
                })
                for position, header in enumerate(rows[0])
            ]

    def _mapping(self):
        mapping = {column.field: column.position for column in self.column_ids if column.field}
        missing = [name for name in parsing.REQUIRED if name not in mapping]
        if missing:
            labels = dict(self.column_ids._fields["field"]._description_selection(self.env))
            raise UserError(
                self.env._("Say which column holds: %(fields)s.", fields=", ".join(labels[name] for name in missing))
            )
        return mapping

    # ------------------------------------------------------------------ collect
    def _parse(self):
        """Return ``(rows, good, bad)`` of the file: one query for products, one for buyers, one for known rows."""
        self.ensure_one()
        rows = self._read_rows()
        if not self.column_ids:
            self.action_read()
        mapping = self._mapping()
        body = rows[1:]
        lookup = parsing.Lookup(
            products=self._find_products(self._raw_texts(body, mapping["product"])),
            buyers=self._find_buyers(self._raw_texts(body, mapping.get("buyer"))),
            today=today(self.company_id),
            reporter_id=self.partner_id.id,
            by_shop=set(self._roles_of(self.partner_id.ids).mapped("kind")) == {"terminal"},
        )
        good, bad = parsing.parse_rows(body, mapping, lookup)
        known = self._known_keys([move.row_key for move in good])
        bad += [
            parsing.BadRow(move.line, "reference", parsing.REPORTED_BEFORE, move.reference, tuple(rows[move.line - 1]))
            for move in good
            if move.row_key in known
        ]
        return rows, [move for move in good if move.row_key not in known], sorted(bad, key=lambda item: item.line)

    def _find_products(self, texts):
        products = (
            self
            .env["product.product"]
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("company_id", "in", (False, self.company_id.id)),
                    "|",
                    ("default_code", "in", texts),
                    ("barcode", "in", texts),
                ],
                ["default_code", "barcode", "product_tmpl_id"],
            )
        )
        found = {}
        for product in products:
            size = product.product_tmpl_id.liquor_bottles_per_case or 0
            for text in (product.barcode, product.default_code):
                if text:
                    found[parsing.normalise(text)] = parsing.Product(product.id, size)
        return found

    def _find_buyers(self, texts):
        """Return what buyer texts mean: a reference is a reference; a name counts where only one partner has it."""
        partners = self.env["res.partner"].search_fetch(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("parent_id", "=", False),
                "|",
                ("ref", "in", texts),
                ("name", "in", texts),
            ],
            ["ref", "name"],
        )
        by_name = defaultdict(set)
        for partner in partners:
            by_name[parsing.normalise(partner.name)].add(partner.id)
        found = {name: next(iter(ids)) for name, ids in by_name.items() if len(ids) == 1}
        found.update({parsing.normalise(partner.ref): partner.id for partner in partners if partner.ref})
        return found

    def _raw_texts(self, body, column):
        """Return the distinct texts of a column, also in capitals: codes are typed either way."""
        if column is None:
            return []
        texts = {row[column].strip().lstrip("'") for row in body if column < len(row)} - {""}
        return sorted(texts | {text.upper() for text in texts})

    def _known_keys(self, keys):
        self.env["liquor.flow.report.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT row_key FROM liquor_flow_report_line WHERE live AND company_id = %s AND row_key = ANY(%s)",
                self.company_id.id,
                keys,
            )
        )
        return {key for (key,) in rows}

    # ------------------------------------------------------------------ checking and loading
    def action_check(self):
        """Check every row and show the first ones; nothing is loaded."""
        self.check_access("write")
        for report in self:
            report._check_state("draft", "checked")
            rows, good, bad = report._parse()
            report._write_findings(rows, good, bad, "checked")

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(self.env._("The rows of %(report)s were loaded already.", report=self.name))

    def _insert(self, good):
        days = {day: day_start(self.company_id, day) for day in {move.day for move in good}}
        role = self._roles_of(self.partner_id.ids)[:1]
        places = self._places_of({move.buyer_id for move in good if move.buyer_id})
        head = (self.id, self.company_id.id, self.company_id.currency_id.id)
        rows = [
            (
                *head, move.line, self.partner_id.id, move.buyer_id, move.buyer_text, move.product_id, move.kind,
                -move.bottles if move.kind == "returned" else move.bottles,
                self._signed(move), days[move.day], move.day,
                self._place_on(places.get(move.buyer_id), role, move.day), role.grade, move.reference,
                move.row_key, True,
            )
            for move in good
        ]  # fmt: skip
        if not rows:
            return []
        with loser_retries(self.env, "liquor_flow_report_line_row_unique"):
            return self.env["liquor.flow.report.line"].sudo()._bulk_insert(COLUMNS, rows)

    def _signed(self, move):
        if move.amount is None:
            return None
        return -move.amount if move.kind == "returned" else move.amount

    def _roles_of(self, partner_ids):
        """Return the present roles of partners, as sellers first; territory and grade are stored on the rows."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "in", list(partner_ids)),
            ("kind", "in", ("distributor", "sub_distributor", "terminal")),
            ("state", "!=", "ended"),
        ]
        return self.env["liquor.channel.role"].sudo().search(domain).sorted("kind")

    def _places_of(self, partner_ids):
        """Return who says where goods went to: {buyer: role}."""
        return {role.partner_id.id: role for role in self._roles_of(partner_ids)}

    def _place_on(self, buyer, seller, day):
        """Return the territory of the buyer on the day of the movement, else the seller's: an id or False."""
        place = buyer._territory_on(day) if buyer else None
        return (place or (seller._territory_on(day) if seller else seller.territory_id)).id

    def _earn(self, line_ids):
        """Let policies that pay on reported movements pay; a report nobody pays on costs one query."""
        days = self.env["liquor.flow.report.line"]._read_group(
            [("id", "in", line_ids)], [], ["business_day:min", "business_day:max"]
        )[0]
        policies = self.env["liquor.policy"].sudo()
        kinds = ("reported", "sold", "returned")
        if line_ids and (
            policies._per_unit_versions(self.company_id, kinds, *days) or self._reaches_changed_shops(line_ids)
        ):
            domain = [("source_model", "=", "liquor.flow.report.line"), ("source_id", "in", line_ids)]
            policies._earn(self.env["liquor.flow.fact"]._facts(domain))

    def _reaches_changed_shops(self, line_ids):
        """Tell whether a buyer changed between scans and reports: rows of his decide what his scans are paid."""
        buyers = self._buyers_of([("id", "in", line_ids)])
        return bool(buyers and self.env["liquor.fact.scope"]._changed_shops(self.company_id, buyers))

    def _buyers_of(self, domain):
        """Ids of those who bought by these rows."""
        groups = self.env["liquor.flow.report.line"]._read_group([*domain, ("buyer_id", "!=", False)], ["buyer_id"])
        return [buyer.id for (buyer,) in groups]

    def action_undo(self):
        """Take the whole report back: its rows are no facts any more and what they earned is clawed back."""
        self.check_access("write")
        policies = self.env["liquor.policy"]
        for report in self:
            report.lock_for_update()
            if report.state not in ("loading", "loaded"):
                raise UserError(self.env._("Only a loaded report can be undone."))
            report._check_not_running()
            buyers = report._buyers_of([("report_id", "=", report.id), ("live", "=", True)])
            with policies._proving(report.company_id, buyers):
                keys = [f"liquor.flow.report.line/{number}" for number in report._take_lines_back()]
                report.sudo().state = "undone"
                self.env["liquor.earning"]._claw_back(keys, self.env._("Flow report undone"))

    def _take_lines_back(self):
        """Let the rows be no facts any more, in one statement; return their ids."""
        lines = self.env["liquor.flow.report.line"]
        lines.flush_model()
        rows = self.env.execute_query(
            SQL(
                """UPDATE liquor_flow_report_line SET live = FALSE, write_uid = %s, write_date = %s
                    WHERE report_id = %s AND live RETURNING id""",
                self.env.uid,
                self.env.cr.now(),
                self.id,
            )
        )
        lines.invalidate_model(["live", "write_uid", "write_date"], flush=False)
        return [number for (number,) in rows]

    # ------------------------------------------------------------------ findings
    def _write_findings(self, rows, good, bad, state):
        self.sudo().write({
            "state": state,
            "row_count": len(rows) - 1,
            "good_count": len(good),
            "bad_count": len(bad),
            "bottles_total": sum(-move.bottles if move.kind == "returned" else move.bottles for move in good),
            "preview": self._preview_html(good, bad),
            "error_file": base64.b64encode(self._error_table(rows[0], bad)) if bad else False,
            "error_filename": self.env._("bad rows of %(file)s.xlsx", file=(self.filename or "").rsplit(".", 1)[0])
            if bad
            else False,
            **self._overlap(good),
        })

    def _error_table(self, header, bad):
        reasons = self._reasons()
        width = max([len(header), *(len(row.cells) for row in bad)])
        lines = [[*header, *[""] * (width - len(header)), self.env._("Row"), self.env._("What is wrong")]]
        for row in bad:
            cells = [*row.cells, *[""] * (width - len(row.cells))]
            lines.append([*cells, str(row.line), reasons[row.reason]])
        return tables.write_xlsx({self.env._("Bad rows"): lines})

    def _reasons(self):
        return {
            parsing.NO_VALUE: self.env._("A required value is missing"),
            parsing.NOT_A_DAY: self.env._("This is no date"),
            parsing.FUTURE_DAY: self.env._("The date lies in the future"),
            parsing.NOT_A_QUANTITY: self.env._("This is no whole positive quantity"),
            parsing.UNKNOWN_UNIT: self.env._("Unknown unit: write bottle or case"),
            parsing.UNKNOWN_KIND: self.env._("Unknown kind: write sold, reported or returned"),
            parsing.UNKNOWN_PRODUCT: self.env._("No product has this code"),
            parsing.UNKNOWN_BUYER: self.env._("No partner, or more than one, has this code or name"),
            parsing.LOST_DIGITS: self.env._("The spreadsheet lost digits of this code: format the column as text"),
            parsing.NO_CASE_SIZE: self.env._("The product does not say how many bottles are in a case"),
            parsing.TWICE_IN_FILE: self.env._("The same row stands in the file twice"),
            parsing.REPORTED_BEFORE: self.env._("This row was reported before"),
            parsing.NOT_AN_AMOUNT: self.env._("This is no amount"),
        }

    def _preview_html(self, good, bad):
        products = self.env["product.product"].browse({move.product_id for move in good[:PREVIEW_ROWS]})
        names = {product.id: product.display_name for product in products}
        reasons = self._reasons()
        return self.env["ir.qweb"]._render(
            "liquor_channel.flow_report_preview",
            {
                "good": [(move, names[move.product_id]) for move in good[:PREVIEW_ROWS]],
                "bad": [(row, reasons[row.reason]) for row in bad[:PREVIEW_ROWS]],
            },
        )

    def action_open_lines(self):
        """Open the loaded rows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "liquor.flow.report.line",
            "view_mode": "list,pivot",
            "domain": [("report_id", "=", self.id)],
        }
