from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError

#: role -> (parents to look for, first found wins; suffix; account type; reconcile); channel.md Acc-1
ACCOUNT_ROLES = {
    "rebate_contra": (("6001", "5001"), "R", "income", False),
    "reward_contra": (("6001", "5001"), "T", "income", False),
    "service_expense": (("6601", "5601"), "S", "expense", False),
    "rebate_accrued": (("2241",), "R", "liability_current", True),
    "reward_accrued": (("2241",), "A", "liability_current", True),
    "reward_payable": (("2241",), "P", "liability_payable", True),
    "member_cash": (("2241",), "M", "liability_current", True),
    "member_points": (("2204", "2203"), "J", "liability_current", False),
    "deposit": (("2241",), "D", "liability_current", True),
    "cofunding_due": (("1221",), "F", "asset_current", True),
    "clawback_due": (("1221",), "C", "asset_current", True),
    "expected_reward": (("2241",), "E", "liability_current", False),
    "goods_owed": (("2204",), "G", "liability_current", True),
    "withheld_tax": (("2221",), "PIT", "liability_current", False),
    "payout_fee": (("6603", "5603"), "F", "expense", False),
}
#: account type -> account types of the chart whose first account gives the code, where no parent is found
LIKE_TYPES = {"liability_payable": ("liability_payable", "liability_current")}
JOURNAL_ROLES = {
    "accrual": ("RBA", "general"),
    "adjustment": ("RBS", "general"),
    "credit_note": ("RBC", "sale"),
    "bank": (None, "bank"),
}


class LiquorAccountMapping(models.Model):
    """Which account or journal of a company plays which part; made by the set-up, changed by finance."""

    _name = "liquor.account.mapping"
    _description = "Account Mapping"
    _inherit = ("liquor.labelled.mixin",)
    _order = "company_id, kind, sequence, id"
    _rec_name = "role"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade", readonly=True)
    kind = fields.Selection([("account", "Ledger Account"), ("journal", "Journal")], required=True, readonly=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(selection="_selection_role", string="Used As", required=True, readonly=True)
    account_id = fields.Many2one(
        "account.account",
        "Ledger Account",
        check_company=True,
        ondelete="restrict",
        domain="[('company_ids', 'parent_of', company_id)]",
    )
    journal_id = fields.Many2one("account.journal", check_company=True, ondelete="restrict")

    _role_unique = models.UniqueIndex("(company_id, kind, role)", "Each part is played by one account or journal.")
    _kind_filled = models.Constraint(
        "CHECK ((kind = 'account' AND account_id IS NOT NULL) OR (kind = 'journal' AND journal_id IS NOT NULL))",
        "Choose the account or the journal.",
    )

    @api.model
    def _selection_role(self):
        return [
            ("rebate_contra", self.env._("Distributor rebates (reduce revenue)")),
            ("reward_contra", self.env._("Shop and guide rewards (reduce revenue)")),
            ("service_expense", self.env._("Display, training and agency services")),
            ("rebate_accrued", self.env._("Rebates owed to distributors")),
            ("reward_accrued", self.env._("Rewards owed to shops and guides")),
            ("reward_payable", self.env._("Approved rewards to be paid")),
            ("member_cash", self.env._("Cash-back owed to members")),
            ("member_points", self.env._("Points of members at their worth")),
            ("deposit", self.env._("Deposits of distributors")),
            ("cofunding_due", self.env._("Shares due from distributors")),
            ("clawback_due", self.env._("Paid rewards to be claimed back")),
            ("expected_reward", self.env._("Expected rewards nobody earned yet")),
            ("goods_owed", self.env._("Goods owed to distributors")),
            ("withheld_tax", self.env._("Income tax withheld from rewards")),
            ("payout_fee", self.env._("Fees of payouts")),
            ("accrual", self.env._("Journal of accruals")),
            ("adjustment", self.env._("Journal of approvals and adjustments")),
            ("credit_note", self.env._("Journal of rebate credit notes")),
            ("bank", self.env._("Journal the payouts leave from")),
        ]

    @api.constrains("role", "account_id")
    def _check_account_type(self):
        """Keep an account where the entries on sale documents and payouts need it (account's own checks)."""
        for mapping in self.filtered("account_id"):
            _parents, _suffix, account_type, reconcile = ACCOUNT_ROLES[mapping.role]
            account = mapping.account_id
            if account.account_type != account_type or (reconcile and not account.reconcile):
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot play the part “%(role)s”: it must be of type %(type)s%(reconcile)s.",
                        account=account.display_name,
                        role=dict(self._selection_role())[mapping.role],
                        type=dict(account._fields["account_type"]._description_selection(self.env))[account_type],
                        reconcile=self.env._(" and allow reconciliation") if reconcile else "",
                    )
                )

    # ------------------------------------------------------------------ what others use
    @api.model
    def _accounts(self, company):
        """Return ``{role: account}`` of a company.

        :raises RedirectWarning: the set-up has not run for this company
        """
        rows = self.sudo().search([("company_id", "=", company.id), ("kind", "=", "account")])
        self._check_complete(company, rows.mapped("role"), ACCOUNT_ROLES)
        return {row.role: row.account_id for row in rows}

    @api.model
    def _journals(self, company):
        """Return ``{role: journal}`` of a company; raises as ``_accounts``."""
        rows = self.sudo().search([("company_id", "=", company.id), ("kind", "=", "journal")])
        self._check_complete(company, rows.mapped("role"), JOURNAL_ROLES)
        return {row.role: row.journal_id for row in rows}

    @api.model
    def _check_complete(self, company, present, wanted):
        if set(wanted) - set(present):
            raise RedirectWarning(
                self.env._("The accounts of %(company)s are not set up yet.", company=company.display_name),
                self.env.ref("liquor_channel.liquor_account_mapping_action").id,
                self.env._("Set up accounts"),
            )

    # ------------------------------------------------------------------ set-up
    @api.model
    def _ensure_accounts(self, company):
        """Make what is missing of a company's accounts and journals; what is there stays as it is.

        :return: the company's mapping, complete
        """
        self = self.sudo().with_company(company)
        present = self.search([("company_id", "=", company.id)])
        known = set(present.filtered("account_id").mapped("role"))
        made = self._ensure_account_of(company, [role for role in ACCOUNT_ROLES if role not in known])
        values = [
            {"company_id": company.id, "kind": "account", "role": role, "account_id": account.id}
            for role, account in made.items()
        ]
        values += [
            {"company_id": company.id, "kind": "journal", "role": role, "journal_id": journal.id}
            for role in JOURNAL_ROLES
            if role not in present.filtered("journal_id").mapped("role")
            if (journal := self._ensure_journal(company, role))
        ]
        return present + self.create(values)

    @api.model
    def _complete_set_up(self):
        """Add the parts that a newer release knows to the companies that were set up before."""
        for (company,) in self.sudo()._read_group([], ["company_id"]):
            self._ensure_accounts(company)

    def _propose_code(self, company, role):
        """Return the code of a part's account: below the Chinese chart's account, else below the first of its type."""
        parents, suffix, account_type, _reconcile = ACCOUNT_ROLES[role]
        owner = company.root_id
        accounts = self.env["account.account"].with_company(owner).sudo()
        domain = [("company_ids", "in", owner.ids)]
        # charts fill their codes up with zeros: 6001 may be 600100
        known = [*parents, *(f"{code}00" for code in parents)]
        present = accounts.search([*domain, ("code", "in", known)]).mapped("code")
        found = next((code for code in parents if {code, f"{code}00"} & set(present)), None)
        if not found:
            types = LIKE_TYPES.get(account_type, (account_type,))
            like = accounts.search([*domain, ("account_type", "in", types), ("code", "not like", ".")], limit=1)
            found = like.code or parents[0]
        return f"{found}.{suffix}"

    def _ensure_account_of(self, company, roles):
        """Return role -> account: that which has the proposed code already, else a new one."""
        accounts = self.env["account.account"].with_company(company.root_id).sudo()
        codes = {role: self._propose_code(company, role) for role in roles}
        domain = [("company_ids", "in", company.root_id.ids), ("code", "in", [*codes.values()])]
        found = {account.code: account for account in accounts.search(domain)}
        new = {}
        for role, code in codes.items():
            if code not in found:
                new.setdefault(code, role)
        made = accounts.create([self._prepare_account_values(company, role, code) for code, role in new.items()])
        found.update(zip(new, made, strict=True))
        return {role: found[code] for role, code in codes.items()}

    def _prepare_account_values(self, company, role, code):
        _parents, _suffix, account_type, reconcile = ACCOUNT_ROLES[role]
        return {
            "code": code,
            "name": dict(self._selection_role())[role],
            "account_type": account_type,
            "reconcile": reconcile,
            "company_ids": [fields.Command.set(company.root_id.ids)],
        }

    def _ensure_journal(self, company, role):
        code, journal_type = JOURNAL_ROLES[role]
        journals = self.env["account.journal"].with_company(company).sudo()
        domain = [("company_id", "parent_of", company.id), ("type", "=", journal_type)]
        if code is None:
            return journals.search(domain, limit=1)
        found = journals.search([*domain, ("code", "=", code)], limit=1)
        return found or journals.create(self._prepare_journal_values(company, role, code, journal_type))

    def _prepare_journal_values(self, company, role, code, journal_type):
        values = {
            "name": dict(self._selection_role())[role],
            "code": code,
            "type": journal_type,
            "company_id": company.root_id.id,
            "show_on_dashboard": False,
        }
        if journal_type == "sale":
            values["refund_sequence"] = True
        return values

    @api.model
    def action_set_up(self):
        """Open the set-up of the user's present company: it shows what it would make (button of finance)."""
        self.browse().check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set up accounts"),
            "res_model": "liquor.account.setup",
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _list_action(self):
        """Return the action that shows the company's accounts and journals."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts and journals"),
            "res_model": self._name,
            "view_mode": "list",
            "target": "main",
        }
