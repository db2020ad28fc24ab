from odoo import fields, models
from odoo.exceptions import UserError

from ..models.accounts.account_mapping import ACCOUNT_ROLES


class LiquorAccountSetupLine(models.TransientModel):
    """One part of the set-up: an account or journal to take, or the code of the one that is made."""

    _name = "liquor.account.setup.line"
    _description = "Part of the Set-up"
    _check_company_auto = True
    _order = "id"

    setup_id = fields.Many2one("liquor.account.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id")
    kind = fields.Selection([("account", "Ledger Account"), ("journal", "Journal")], required=True)
    role = fields.Selection(
        selection=lambda self: self.env["liquor.account.mapping"]._selection_role(), string="Used As", required=True
    )
    code = fields.Char(help="Of the account that is made where none is chosen.")
    account_id = fields.Many2one(
        "account.account", "Take This Account", check_company=True, domain="[('company_ids', 'parent_of', company_id)]"
    )
    journal_id = fields.Many2one("account.journal", "Take This Journal", check_company=True)

    def _choose(self):
        """Store what finance chose as the company's mapping; accounts of a code of its own are made here."""
        mapping = self.env["liquor.account.mapping"].sudo()
        present = {row.role: row for row in mapping.search([("company_id", "=", self.company_id.id)])}
        for line in self:
            account = line.account_id or line._own_code()
            if not account and not line.journal_id:
                continue
            values = {"account_id": account.id, "journal_id": line.journal_id.id}
            if line.role in present:
                present[line.role].write(values)
            else:
                mapping.create({"company_id": line.company_id.id, "kind": line.kind, "role": line.role, **values})

    def _own_code(self):
        """Make the account of a code that differs from what would be proposed; empty where it does not."""
        accounts = self.env["account.account"]
        mapping = self.env["liquor.account.mapping"].sudo().with_company(self.company_id)
        code = (self.code or "").strip()
        if self.kind != "account" or not code or code == mapping._propose_code(self.company_id, self.role):
            return accounts
        _parents, _suffix, account_type, reconcile = ACCOUNT_ROLES[self.role]
        owner = self.company_id.root_id
        accounts = accounts.sudo().with_company(owner)
        if accounts.search_count([("company_ids", "in", owner.ids), ("code", "=", code)], limit=1):
            raise UserError(self.env._("There is an account %(code)s already: choose it instead.", code=code))
        return accounts.create({
            "code": code,
            "name": dict(mapping._selection_role())[self.role],
            "account_type": account_type,
            "reconcile": reconcile,
            "company_ids": [fields.Command.set(owner.ids)],
        })
