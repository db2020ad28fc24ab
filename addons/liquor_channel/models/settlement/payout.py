from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.sequence_names import take_names
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import decimal
from ...engine.settlement import withdrawal
from ..earnings.earning import CURRENT_STATE

STATES = [
    ("requested", "Requested"),
    ("batched", "In a batch"),
    ("sent", "Sent"),
    ("ok", "Arrived"),
    ("failed", "Failed"),
    ("returned", "Back in the Balance"),
    ("cancelled", "Cancelled"),
]


class LiquorPayout(models.Model):
    """One payment to one payee (提现): asked for by the shop, paid in a batch. Its reference never changes."""

    _name = "liquor.payout"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Payout"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Payout Reference", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Beneficiary", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("reward", "Reward"), ("cash_back", "Member's cash-back")], required=True, readonly=True, default="reward"
    )
    payee_id = fields.Many2one("liquor.payee", readonly=True, index=True, ondelete="restrict", check_company=True)
    cash_entry_id = fields.Many2one(
        "liquor.cash.entry", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    state = fields.Selection(STATES, required=True, readonly=True, default="requested", index=True)
    batch_id = fields.Many2one(
        "liquor.payout.batch", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    line_ids = fields.One2many("liquor.payout.line", "payout_id", readonly=True)
    requested_at = fields.Datetime(readonly=True)
    requested_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    request_key = fields.Char(readonly=True, copy=False, help="Key of the request: asking twice is asking once.")
    result_at = fields.Datetime(readonly=True)
    result_message = fields.Char(readonly=True)
    fresh_payee = fields.Boolean(
        compute="_compute_fresh_payee", help="The account was given less than 72 hours before the request."
    )

    _name_unique = models.UniqueIndex("(name)", "A payout reference is used once.")
    _request_unique = models.UniqueIndex("(request_key) WHERE request_key IS NOT NULL", "This was asked for before.")
    _amount_bounds = models.Constraint(
        "CHECK (amount > 0 AND amount <= 1000000000000)", "A payout is more than nothing."
    )

    @api.depends("payee_id.created_at", "requested_at")
    def _compute_fresh_payee(self):
        for payout in self:
            created, asked = payout.payee_id.created_at, payout.requested_at
            payout.fresh_payee = bool(created and asked and (asked - created).total_seconds() < 72 * 3600)

    _reward_has_payee = models.Constraint(
        "CHECK (payee_id IS NOT NULL OR (kind = 'cash_back' AND state IN ('requested', 'cancelled')))",
        "A payout names where the money goes.",
    )

    # ------------------------------------------------------------------ asking
    @api.model
    def _available(self, company, partner):
        """Return the earnings a partner may have paid now, oldest first, as the engine's rows; one query."""
        return self._available_of(company, partner).get(partner.id, [])

    @api.model
    def _available_of(self, company, partners):
        """Return ``{partner id: earnings}`` that may be paid now, oldest first, as the engine's rows; one query."""
        for name in ("liquor.earning", "liquor.earning.state", "liquor.payout.line"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.partner_id, e.id, e.amount FROM liquor_earning e %s
                    WHERE e.company_id = %s AND e.partner_id = ANY(%s) AND e.currency_id = %s AND e.amount <> 0
                      AND e.form = 'money'
                      AND e.beneficiary_kind IN ('terminal', 'guide', 'waiter')
                      AND COALESCE(latest.result, e.payable) = 'available'
                      AND NOT EXISTS (SELECT 1 FROM liquor_payout_line l WHERE l.earning_id = e.id AND l.live)
                 ORDER BY e.id""",
                CURRENT_STATE,
                company.id,
                partners.ids,
                company.currency_id.id,
            )
        )
        found = {}
        for partner, number, amount in rows:
            found.setdefault(partner, []).append(withdrawal.Available(number, decimal(amount)))
        return found

    @api.model
    def _plan(self, company, partner, asked=None):
        """Return what a withdrawal of at most ``asked`` (None: everything) would take."""
        available = self._available(company, partner)
        asked = sum(row.amount for row in available) if asked is None else decimal(asked)
        return withdrawal.plan(available, min(asked, decimal(company.liquor_withdraw_day_cap)))

    @api.model
    def _request(self, company, partner, payee, asked, key, user):
        """Take available earnings into a payout, once per ``key``; called by the shop's page.

        :param asked: at most this is paid; ``None`` = everything
        :return: the payout
        :raises UserError: too little, too much for a day, or a payee of somebody else
        :raises ConcurrencyError: somebody took the same earnings meanwhile; Odoo runs the call again
        """
        payouts = self.sudo().with_company(company)
        known = payouts.search([("request_key", "=", key), ("partner_id", "=", partner.id)], limit=1)
        if known:
            return known
        payee._check_usable(company, partner)
        chosen = payouts._plan(company, partner, asked)
        payouts._check_amount(company, chosen.amount)
        self.env["liquor.withdrawal.day"]._take(company, partner, chosen.amount)
        return payouts._create_request(company, partner, payee, chosen, key, user)

    def _create_request(self, company, partner, payee, chosen, key, user):
        return self._create_requests(company, [(partner, payee, chosen, key, user)])

    def _create_requests(self, company, requests):
        """Create payouts with their lines: a query each for all.

        :param requests: [(partner, payee, the engine's Plan, key, user)]
        :raises ConcurrencyError: somebody took one of the earnings meanwhile
        """
        if not requests:
            return self.browse()
        names = take_names(self.env, "liquor.payout", company, len(requests))
        made = self.create([
            {
                "name": name,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "partner_id": partner.id,
                "payee_id": payee.id,
                "amount": float(chosen.amount),
                "requested_at": fields.Datetime.now(),
                "requested_by_id": user.id,
                "request_key": key,
            }
            for name, (partner, payee, chosen, key, user) in zip(names, requests, strict=True)
        ])
        chosen = [(payout.id, number) for payout, row in zip(made, requests, strict=True) for number in row[2].ids]
        earnings = self.env["liquor.earning"].browse([number for _payout, number in chosen])
        amounts = {row.id: row.amount for row in earnings}
        with loser_retries(self.env, "liquor_payout_line_one_live"):
            self.env["liquor.payout.line"]._bulk_insert(
                ["payout_id", "company_id", "currency_id", "earning_id", "amount", "live"],
                [
                    (payout, company.id, company.currency_id.id, number, amounts[number], True)
                    for payout, number in chosen
                ],
            )
        made.invalidate_recordset(["line_ids"])
        return made

    def _check_amount(self, company, amount):
        minimum = company.liquor_withdraw_minimum
        if company.currency_id.compare_amounts(float(amount), minimum) < 0 or amount <= 0:
            raise UserError(
                self.env._("A withdrawal starts at %(minimum)s.", minimum=company.currency_id.format(minimum))
            )

    def action_cancel(self):
        """Cancel a payout whose batch is not approved yet; the money is in the balance again."""
        self.check_access("write")
        self.batch_id.lock_for_update()
        self.lock_for_update()
        if self.filtered(lambda item: item.state not in ("requested", "batched") or item._is_approved()):
            raise UserError(self.env._("A payout that was approved or sent is not cancelled: wait for its result."))
        self.sudo()._give_back("cancelled", self.env._("Cancelled before it was sent"))
        self.sudo().write({"batch_id": False})

    def _is_approved(self):
        """Tell whether the batch has been approved: then the amount is booked as payable."""
        return self.batch_id.state not in (False, "draft")

    def _give_back(self, state, message):
        """Close payouts that will not arrive: their earnings are in the balance again."""
        self.line_ids.write({"live": False})
        self.write({"state": state, "result_at": fields.Datetime.now(), "result_message": message})
        self.cash_entry_id._return_withdrawal(message)
        self.env["liquor.withdrawal.day"]._give_back(self.filtered(lambda item: item.kind == "reward"))

    def _portal_domain(self, user):
        """Return the payouts a portal user may see: his own or his shop's."""
        return [("partner_id", "in", (user.partner_id | user.partner_id.commercial_partner_id).ids)]
