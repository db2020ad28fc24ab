from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.windows import items_window

#: accounts on which earnings and what becomes of them stand, by partner
TIED_ROLES = (
    "rebate_accrued",
    "reward_accrued",
    "reward_payable",
    "expense_owed",
    "cofunding_due",
    "clawback_due",
    "goods_owed",
    "member_cash",
    "member_points",
)
#: columns of an entry that name no paper of ours
NO_PAPER = ("liquor_accrual_run_id", "liquor_territory_id")


class LiquorTieOut(models.Model):
    """总分核对: what earnings and their papers say against the general ledger, by account and partner (Acc-1).

    The sub-ledger is what was accrued by earning, what distributors carry of it, and every entry that a paper of ours
    made: settlement, payout, invoice. What somebody typed onto these accounts by hand is the difference.
    """

    _name = "liquor.tie.out"
    _description = "Sub-ledger against Ledger"
    _inherit = ("liquor.labelled.mixin",)
    _auto = False
    _order = "company_id, role, partner_id"
    _rec_name = "role"
    _depends = {
        "account.move.line": ["account_id", "balance", "company_id", "partner_id", "parent_state", "move_id"],
        "account.move": ["move_type"],
        "liquor.account.mapping": ["company_id", "role", "account_id", "kind"],
        "liquor.accrual.line": ["amount", "company_id", "earning_id", "move_line_id"],
        "liquor.earning": ["funder_id", "funder_amount"],
        "liquor.member.posting": ["company_id", "partner_id", "cash_entry_id", "amount"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    role = fields.Selection(
        lambda self: self.env["liquor.account.mapping"]._selection_role(), string="Used As", readonly=True
    )
    account_id = fields.Many2one("account.account", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    sub_ledger = fields.Monetary(readonly=True)
    general_ledger = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True, help="Ledger less sub-ledger: 0.00 where the two agree.")

    @api.model
    def _paper_columns(self):
        """Columns by which an entry names the paper that made it; new rooms are found by themselves."""
        fields_of_entry = self.env["account.move"]._fields.items()
        return sorted(
            name
            for name, field in fields_of_entry
            if name.startswith("liquor_") and field.type == "many2one" and field.store and name not in NO_PAPER
        )

    @property
    def _table_query(self):
        papers = SQL(", ").join(SQL("m.%s", SQL.identifier(name)) for name in self._paper_columns())
        return SQL(
            """WITH tied AS (SELECT company_id, role, account_id FROM liquor_account_mapping
                              WHERE kind = 'account' AND role = ANY(%(roles)s)),
               item AS (SELECT i.id, i.company_id, t.role, t.account_id, i.partner_id, i.balance, m.move_type,
                               m.liquor_accrual_run_id AS run, COALESCE(%(papers)s) AS paper
                          FROM account_move_line i
                          JOIN account_move m ON m.id = i.move_id
                          JOIN tied t ON t.company_id = i.company_id AND t.account_id = i.account_id
                         WHERE i.parent_state = 'posted'),
               sub AS (
                   SELECT item.company_id, item.role, item.account_id, item.partner_id, -l.amount AS amount
                     FROM liquor_accrual_line l JOIN item ON item.id = l.move_line_id
                   UNION ALL
                   SELECT l.company_id, t.role, t.account_id, e.funder_id, e.funder_amount
                     FROM liquor_accrual_line l
                     JOIN liquor_earning e ON e.id = l.earning_id
                     JOIN tied t ON t.company_id = l.company_id AND t.role = 'cofunding_due'
                    WHERE e.funder_amount <> 0
                   UNION ALL
                   SELECT p.company_id, t.role, t.account_id, p.partner_id, -p.amount
                     FROM liquor_member_posting p
                     JOIN tied t ON t.company_id = p.company_id
                      AND t.role = CASE WHEN p.cash_entry_id IS NULL THEN 'member_points' ELSE 'member_cash' END
                   UNION ALL
                   SELECT company_id, role, account_id, partner_id, balance FROM item
                    WHERE run IS NULL AND (paper IS NOT NULL OR move_type <> 'entry')),
               figures AS (
                   SELECT company_id, role, account_id, partner_id, amount AS sub_ledger, 0 AS general_ledger FROM sub
                   UNION ALL
                   SELECT company_id, role, account_id, partner_id, 0, balance FROM item)
               SELECT MIN(t.id) * 100000000::int8 + COALESCE(f.partner_id, 0) AS id,
                      f.company_id, f.role, f.account_id, f.partner_id, SUM(f.sub_ledger) AS sub_ledger,
                      SUM(f.general_ledger) AS general_ledger,
                      SUM(f.general_ledger) - SUM(f.sub_ledger) AS difference
                 FROM figures f
                 JOIN liquor_account_mapping t ON t.company_id = f.company_id AND t.role = f.role
                GROUP BY f.company_id, f.role, f.account_id, f.partner_id""",
            roles=list(TIED_ROLES),
            papers=papers,
        )

    def action_open_items(self):
        """Open the journal items of this account and partner."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("account_id", "=", self.account_id.id),
            ("partner_id", "=", self.partner_id.id),
        ]
        return items_window(self.env, domain)
