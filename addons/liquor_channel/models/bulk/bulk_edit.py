import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.bulk.compare import CHANGED, NEW
from ...tools import tables
from .bulk_editable import MOST_ROWS

MODELS = {
    "target": "liquor.agreement.target",
    "overlay": "liquor.policy.overlay",
    "transfer": "liquor.terminal.transfer",
    "claim": "liquor.expense",
}
WRITES = (NEW, CHANGED)


class LiquorBulkEdit(models.Model):
    """Rows edited in Excel: exported, edited, loaded back with a preview of differences, applied, undone as a whole.

    States: draft -> previewed -> applied -> undone; draft and previewed -> cancelled.
    """

    _name = "liquor.bulk.edit"
    _description = "Edit in Excel"
    _inherit = ("liquor.guarded.mixin",)
    _order = "id desc"
    _rec_names_search = ("filename", "export_filename")
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [
            ("target", "Targets of Contracts"),
            ("overlay", "Values of Single Shops"),
            ("transfer", "Transfers of Shops"),
            ("claim", "Claims of Expenses"),
        ],
        string="What Is Edited",
        required=True,
        default="target",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "To Be Edited"),
            ("previewed", "Previewed"),
            ("applied", "Written"),
            ("undone", "Undone"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    export_file = fields.Binary("Exported Sheet", attachment=True, readonly=True, copy=False)
    export_filename = fields.Char(readonly=True, copy=False)
    export_count = fields.Integer("Exported Rows", readonly=True, copy=False)
    file = fields.Binary("Edited Sheet", attachment=True, copy=False)
    filename = fields.Char(copy=False)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    new_count = fields.Integer("New Rows", readonly=True, copy=False)
    changed_count = fields.Integer("Changed Rows", readonly=True, copy=False)
    refused_count = fields.Integer("Refused Rows", readonly=True, copy=False)
    unchanged_count = fields.Integer("Rows That Stay", readonly=True, copy=False)
    totals = fields.Json(readonly=True, copy=False)
    moved = fields.Monetary("Money Moved", readonly=True, copy=False)
    summary = fields.Char(compute="_compute_summary")
    ignored_titles = fields.Char("Columns Left Out", readonly=True, copy=False)
    error_file = fields.Binary("Refused Rows to Correct", attachment=True, readonly=True, copy=False)
    error_filename = fields.Char(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    applied_at = fields.Datetime("Applied On", readonly=True, copy=False)
    undone_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    undone_at = fields.Datetime("Undone On", readonly=True, copy=False)
    line_ids = fields.One2many("liquor.bulk.edit.line", "edit_id", string="Differences", readonly=True)

    _counts = models.Constraint(
        "CHECK (COALESCE(new_count, 0) >= 0 AND COALESCE(changed_count, 0) >= 0 AND COALESCE(refused_count, 0) >= 0)",
        "Rows are counted from nothing on.",
    )
    _applied_by_somebody = models.Constraint(
        "CHECK (state NOT IN ('applied', 'undone') OR (applied_by_id IS NOT NULL AND applied_at IS NOT NULL))",
        "An edit that was applied names who did it and when.",
    )

    @api.depends("kind", "filename", "export_filename")
    @api.depends_context("lang")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for edit in self:
            parts = (labels.get(edit.kind), edit.filename or edit.export_filename)
            edit.name = " · ".join(part for part in parts if part)

    @api.depends("new_count", "changed_count", "refused_count", "unchanged_count", "totals", "state")
    def _compute_summary(self):
        for edit in self:
            edit.summary = edit._summary() if edit.state not in ("draft", "cancelled") else False

    def _summary(self):
        """What the edit does, in one sentence with its totals."""
        sentence = self.env._(
            "%(changed)s rows change, %(new)s are new, %(refused)s are refused, %(unchanged)s stay.",
            changed=self.changed_count,
            new=self.new_count,
            refused=self.refused_count,
            unchanged=self.unchanged_count,
        )
        model = self._model()
        sums = [
            f"{model._bulk_group_label(group)} {float(after) - float(before):+,.2f}"
            for group, (before, after) in sorted((self.totals or {}).items())
        ]
        return f"{sentence} {'; '.join(sums)}".strip()

    def write(self, vals):
        """Refuse another file once rows were written; a new file has to be previewed again."""
        if {"file", "kind", "company_id"} & vals.keys():
            if self.filtered(lambda edit: edit.state not in ("draft", "previewed")):
                raise UserError(self.env._("This edit is over: make a new one for another file."))
            self.sudo().line_ids.unlink()
            self.sudo().state = "draft"
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.filtered(lambda edit: edit.state in ("applied", "undone")):
            raise UserError(self.env._("What was applied stays as proof of who changed what."))

    # ------------------------------------------------------------------ pieces
    def _model(self):
        """Return the model that is edited, in the company of the edit alone, as the user."""
        company = self.company_id or self.env.company
        return self.env[MODELS[self.kind]].with_context(allowed_company_ids=company.ids)

    def _own(self):
        """Return the domain of records of the edit's company."""
        return [("company_id", "=", self.company_id.id)]

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in states:
            raise UserError(self.env._("%(name)s is “%(state)s” already.", name=self.name, state=labels[self.state]))

    @api.model
    def _export(self, company, records):
        """Return a new edit that holds the sheet of the records."""
        kind = next(kind for kind, model in MODELS.items() if model == records._name)
        edit = self.create({"kind": kind, "company_id": company.id})
        model = edit._model()
        content = model.browse(records.ids)._bulk_workbook(company)
        edit.sudo().write({
            "export_file": base64.b64encode(content),
            "export_filename": f"{model._bulk_title()} {today(company)}.xlsx",
            "export_count": len(records),
        })
        return edit

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit in Excel"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    def _read_table(self):
        """Return the rows of the edited sheet as texts, header first.

        :raises UserError: there is none, it cannot be read, or it is too long
        """
        if not self.file:
            raise UserError(self.env._("Upload the edited sheet first."))
        try:
            table = tables.read_table(base64.b64decode(self.file), self.filename or "", MOST_ROWS + 2)
        except tables.TableError as error:
            raise UserError(self.env["liquor.flow.report"]._table_message(error)) from None
        if len(table) > MOST_ROWS + 1:
            raise UserError(self.env._("At most %(count)s rows fit into one sheet: choose fewer.", count=MOST_ROWS))
        return table

    def action_cancel(self):
        """Drop what was not applied."""
        self.check_access("write")
        for edit in self:
            edit._take("draft", "previewed")
            edit.sudo().state = "cancelled"

    def _take(self, *states):
        """Lock the edit and look again: of two who press at the same moment one is told."""
        self.ensure_one()
        self.lock_for_update()
        self._check_state(*states)

    def action_open_rows(self):
        """Open the records that were changed: steps that people take are buttons of that list."""
        self.ensure_one()
        self.check_access("read")
        model = self._model()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.filtered(lambda line: line.outcome in WRITES).mapped("res_id"))],
        }
