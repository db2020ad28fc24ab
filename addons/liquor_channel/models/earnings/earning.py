import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..partners.channel_role import ROLE_KINDS

MOST = 10**12
STATES = [("pending", "Pending"), ("available", "Available"), ("held", "Held")]
# The latest word on a row; a reversal follows the row that it reverses.
CURRENT_STATE = SQL(
    """LEFT JOIN LATERAL (
        SELECT result FROM liquor_earning_state WHERE earning_id = COALESCE(e.reverses_id, e.id)
        ORDER BY id DESC LIMIT 1
    ) latest ON TRUE"""
)


class LiquorEarning(models.Model):
    """What a party earned, for good: one signed row per policy version, fact, beneficiary and component.

    ``amount`` goes to the beneficiary, of which ``funder_amount`` is carried by ``funder_id``. What happens later
    (states, accrual, settlement, payout) are rows of other tables.
    """

    _name = "liquor.earning"
    _description = "Earning"
    _inherit = ("liquor.ledger.mixin", "liquor.earning.wording")
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("policy_version_id.policy_id.name", "reason")

    _ledger_amounts = ("amount", "funder_amount", "bottles")

    partner_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="restrict")
    beneficiary_kind = fields.Selection(ROLE_KINDS, required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(required=True, readonly=True)
    funder_id = fields.Many2one("res.partner", string="Carried By", readonly=True, ondelete="restrict")
    funder_amount = fields.Monetary(string="Of Which Carried", readonly=True)
    agreement_id = fields.Many2one(
        "liquor.agreement", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    type = fields.Selection(
        [
            ("earn", "Earned"),
            ("rerate", "Re-rated"),
            ("clawback", "Clawed Back"),
            ("adjust", "Adjusted"),
            ("expire", "Expired"),
        ],
        required=True,
        readonly=True,
        default="earn",
    )
    policy_version_id = fields.Many2one(
        "liquor.policy.version", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    component = fields.Char(readonly=True, required=True, default="base", help="Part of a policy, or its period.")
    fact_key = fields.Char(readonly=True, help="The proven movement that was paid for.")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    bottles = fields.Float(digits=(16, 2), readonly=True)
    territory_id = fields.Many2one("liquor.territory", readonly=True, ondelete="restrict")
    trace = fields.Text(readonly=True, help="How it was computed, as JSON.")
    payable = fields.Selection(
        STATES, required=True, readonly=True, default="pending", help="State when it was posted."
    )
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    state_ids = fields.Many2many("liquor.earning.state", string="History of the State", compute="_compute_state_ids")

    _amount_bounds = models.Constraint(
        f"CHECK (amount BETWEEN -{MOST} AND {MOST} AND bottles BETWEEN -{MOST} AND {MOST})",
        "An amount lies between -1,000,000,000,000 and 1,000,000,000,000.",
    )
    _funder_share = models.Constraint(
        """CHECK (funder_amount = 0 OR (funder_id IS NOT NULL AND funder_id <> partner_id
                  AND sign(funder_amount) = sign(amount) AND abs(funder_amount) <= abs(amount)))""",
        "What somebody else carries is a part of the amount and names who carries it.",
    )
    _partner_idx = models.Index("(partner_id, company_id, business_day)")
    _funder_idx = models.Index("(funder_id, company_id, business_day) WHERE funder_id IS NOT NULL")
    _fact_idx = models.Index("(fact_key) WHERE fact_key IS NOT NULL")
    _component_idx = models.Index("(policy_version_id, component, partner_id)")

    @api.depends("policy_version_id", "business_day", "reason")
    def _compute_display_name(self):
        for earning in self:
            cause = earning.policy_version_id.policy_id.name or earning.reason or self.env._("Earning")
            earning.display_name = f"{cause} · {earning.business_day}"

    @api.depends("payable")
    def _compute_state(self):
        states = self._current_states()
        for earning in self:
            earning.state = states.get(earning.id, earning.payable)

    def _compute_state_ids(self):
        words = self.env["liquor.earning.state"].search([("earning_id", "in", (self | self.reverses_id).ids)])
        by_earning = words.grouped("earning_id")
        for earning in self:
            earning.state_ids = by_earning.get(earning.reverses_id or earning, words.browse())

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            (
                "id",
                "in",
                SQL(
                    "(SELECT e.id FROM liquor_earning e %s WHERE COALESCE(latest.result, e.payable) = ANY(%s))",
                    CURRENT_STATE,
                    list(value),
                ),
            )
        ]

    @api.model
    def _book(self, values_list, known=None):
        """Post earnings exactly once.

        :param values_list: dicts of the columns above with ``company_id``, ``partner_id``, ``beneficiary_kind``,
            ``currency_id`` and ``amount`` (signed, rounded by the currency). Without ``idempotency_key`` the key is
            policy version, fact, partner and component. Record values may be records or ids.
        :param dict known: {key: id} of those of the keys that are stored, where this transaction asked before
        :return: earnings in the order of the list; a known key gives the stored row
        """
        prepared = []
        for values in values_list:
            row = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}
            if isinstance(row.get("trace"), dict):
                row["trace"] = json.dumps(row["trace"], ensure_ascii=False, sort_keys=True)
            if "idempotency_key" not in row:
                row["idempotency_key"] = self._book_key(row)
            prepared.append(row)
        return self.browse(self.sudo()._post(prepared, known).ids)

    @api.model
    def _book_key(self, row):
        parts = (row.get("policy_version_id") or 0, row["fact_key"], row["partner_id"], row.get("component", "base"))
        return "earn/" + "/".join(map(str, parts))

    def _current_states(self):
        """Present state of each stored earning in one query: {id: pending | available | held}."""
        if not self.ids:
            return {}
        self.env["liquor.earning.state"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT e.id, COALESCE(latest.result, e.payable) FROM liquor_earning e %s WHERE e.id = ANY(%s)",
                    CURRENT_STATE,
                    list(self.ids),
                )
            )
        )

    def _current_state(self):
        """Present state of one earning."""
        self.ensure_one()
        return self._current_states()[self.id]

    @api.model
    def _wallet(self, partner, company):
        """What a partner has with a company, in the company's currency.

        :return: {"pending", "available", "held", "on_the_way", "paid"}; available is what can still be withdrawn
        """
        return self._wallets(partner, company)[partner.id]

    @api.model
    def _wallets(self, partners, company):
        """Wallets of many partners in one query: {partner id: wallet}."""
        self.env["liquor.earning.state"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.partner_id, COALESCE(latest.result, e.payable), SUM(e.amount)
                   FROM liquor_earning e %s
                   WHERE e.partner_id = ANY(%s) AND e.company_id = %s AND e.currency_id = %s AND e.form = 'money'
                   GROUP BY 1, 2""",
                CURRENT_STATE,
                list(partners.ids),
                company.id,
                company.currency_id.id,
            )
        )
        wallets = {
            partner.id: dict.fromkeys(("pending", "available", "held", "on_the_way", "paid"), 0.0)
            for partner in partners
        }
        for partner_id, state, amount in rows:
            wallets[partner_id][state] = float(amount)
        for partner_id, (on_the_way, paid) in self._payout_sums(partners, company).items():
            wallet = wallets[partner_id]
            wallet.update(on_the_way=on_the_way, paid=paid)
            wallet["available"] = company.currency_id.round(wallet["available"] - on_the_way - paid)
        return wallets

    @api.model
    def _payout_sums(self, partners, company):
        """What is being paid out and what was paid: {partner id: (on the way, paid)}. Payouts override this."""
        return {}

    @api.model
    def _claw_back(self, fact_keys, reason, event_time=None):
        """Take back what facts earned that proved untrue: one reversal per earning, once.

        :param fact_keys: keys of the facts
        :param reason: shown to the party beside the reversal
        :return: the reversals, also those posted before
        """
        domain = [("fact_key", "in", list(fact_keys)), ("reverses_id", "=", False)]
        earnings = self.sudo().search(domain, order="id")
        fresh = earnings - self.sudo().search([("reverses_id", "in", earnings.ids)]).reverses_id
        reversals = earnings._reverse(reason, event_time)
        for company, rows in fresh.grouped("company_id").items():
            rows._free_caps(company)
        return self.browse(reversals.ids)

    def _prepare_reversal_values(self, values, reason, event_time):
        return {**super()._prepare_reversal_values(values, reason, event_time), "type": "clawback"}

    def action_why(self):
        """Show how the figure was computed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("liquor_channel.earning_view_form_why").id, "form")],
            "target": "new",
        }
