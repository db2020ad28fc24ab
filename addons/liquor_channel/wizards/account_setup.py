from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..models.accounts.account_mapping import ACCOUNT_ROLES, JOURNAL_ROLES


class LiquorAccountSetup(models.TransientModel):
    """Shows which accounts and journals the set-up would take or make, for any chart; finance chooses, then applies."""

    _name = "liquor.account.setup"
    _description = "Set-up of Accounts"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    chart = fields.Char(compute="_compute_chart", string="Chart of Accounts")
    line_ids = fields.One2many("liquor.account.setup.line", "setup_id")
    make_count = fields.Integer(compute="_compute_make_count", string="To Be Made")

    @api.depends("company_id")
    def _compute_chart(self):
        charts = dict(self.env["account.chart.template"]._select_chart_template())
        for setup in self:
            setup.chart = charts.get(setup.company_id.root_id.chart_template) or self.env._("no chart of Odoo's")

    @api.depends("line_ids.account_id", "line_ids.journal_id")
    def _compute_make_count(self):
        for setup in self:
            setup.make_count = len(setup.line_ids.filtered(lambda line: not line.account_id and not line.journal_id))

    @api.model
    def default_get(self, fields):
        """Propose a line for each part: what is set, what is found, or the code of what would be made."""
        values = super().default_get(fields)
        if "line_ids" in fields:
            lines = self._proposals(self.env.company)
            values["line_ids"] = [Command.create(line) for line in lines]
        return values

    def _proposals(self, company):
        mapping = self.env["liquor.account.mapping"].sudo().with_company(company)
        present = {row.role: row for row in mapping.search([("company_id", "=", company.id)])}
        return [
            *(self._propose_account(mapping, company, role, present.get(role)) for role in ACCOUNT_ROLES),
            *(self._propose_journal(mapping, company, role, present.get(role)) for role in JOURNAL_ROLES),
        ]

    def _propose_account(self, mapping, company, role, row):
        code = mapping._propose_code(company, role)
        owner = company.root_id
        accounts = self.env["account.account"].sudo().with_company(owner)
        found = (
            row.account_id if row else accounts.search([("company_ids", "in", owner.ids), ("code", "=", code)], limit=1)
        )
        return {"kind": "account", "role": role, "code": found.with_company(owner).code or code, "account_id": found.id}

    def _propose_journal(self, mapping, company, role, row):
        code, journal_type = JOURNAL_ROLES[role]
        domain = [("company_id", "parent_of", company.id), ("type", "=", journal_type)]
        domain += [("code", "=", code)] if code else []
        found = row.journal_id if row else self.env["account.journal"].sudo().search(domain, limit=1)
        return {"kind": "journal", "role": role, "code": found.code or code or "", "journal_id": found.id}

    def action_apply(self):
        """Take what was chosen and make the rest; asked again, it makes nothing twice."""
        self.ensure_one()
        mapping = self.env["liquor.account.mapping"]
        mapping.browse().check_access("create")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance sets up the accounts."))
        self.line_ids._choose()
        mapping._ensure_accounts(self.company_id)
        return mapping._list_action()
