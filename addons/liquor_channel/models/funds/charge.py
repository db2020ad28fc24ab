from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine.common.money import ZERO, decimal
from ...engine.funds.sources import Source, draw
from ...tools.book_turn import take_book_turn


class LiquorCharge(models.Model):
    """让利结算: a distributor's share that is due, taken from the sources of his agreement in their order (R5).

    What no source holds waits and is nobody's debt; he sees both on his page.
    """

    _name = "liquor.charge"
    _description = "Charge of a Share"
    _inherit = ["liquor.numbered.mixin", "mail.thread", "liquor.charge.posting"]
    _check_company_auto = True
    _order = "id desc"
    _guarded_in_create = frozenset({"name", "agreement_id"})

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    distributor_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", tracking=True)
    agreement_id = fields.Many2one(
        "liquor.agreement", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("cancelled", "Cancelled"), ("reversed", "Reversed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("liquor.charge.line", "charge_id", readonly=True)
    due_amount = fields.Monetary("Due", readonly=True, copy=False, aggregator="sum")
    amount = fields.Monetary("Charged", readonly=True, copy=False, tracking=True, aggregator="sum")
    waiting_amount = fields.Monetary(
        "Waiting", readonly=True, copy=False, aggregator="sum", help="Due, and no source holds it: nobody's debt."
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, default=lambda self: self.env.user, ondelete="restrict"
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True, copy=False)
    reversed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    reversed_at = fields.Datetime("Reversed", readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "liquor_charge_id", "Journal Entries", readonly=True)

    _one_draft = models.UniqueIndex(
        "(company_id, distributor_id) WHERE state = 'draft'", "A charge of this distributor waits already."
    )
    _amount_bounds = models.Constraint(
        """CHECK (COALESCE(due_amount, 0) BETWEEN 0 AND 1000000000000 AND COALESCE(amount, 0) >= 0
            AND COALESCE(waiting_amount, 0) >= 0
            AND COALESCE(amount, 0) + COALESCE(waiting_amount, 0) = COALESCE(due_amount, 0))""",
        "What is charged and what waits is what is due.",
    )
    _approver_differs = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> author_id)", "Somebody else than the author approves."
    )
    _reverser_differs = models.Constraint(
        "CHECK (reversed_by_id IS NULL OR reversed_by_id <> approved_by_id)",
        "A charge is reversed by somebody else than the one who posted it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        agreements = self.env["liquor.agreement"]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            distributor = self.env["res.partner"].browse(vals.get("distributor_id"))
            agreement = agreements._charging(company, distributor)
            if not agreement:
                raise UserError(
                    self.env._("%(partner)s accepted no agreement that names sources.", partner=distributor.name)
                )
            vals["agreement_id"] = agreement.id
        charges = super().create(vals_list)
        charges.action_compute()
        return charges

    def write(self, vals):
        """Refuse to turn a charge into another one."""
        if not self.env.su and {"company_id", "distributor_id"} & vals.keys():
            raise UserError(self.env._("A charge stays with its distributor."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if self.filtered(lambda charge: charge.state in ("posted", "reversed")):
            raise UserError(self.env._("A posted charge stays."))

    # ------------------------------------------------------------------ what is due, and what the sources hold
    @api.model
    def _due(self, company, distributors):
        """What distributors owe of shares and no confirmed order carries yet: {partner id: Decimal}, never negative."""
        return {partner: max(amount, ZERO) for partner, amount in self._balances(company, distributors).items()}

    def _balances(self, company, distributors):
        """The same with its sign, in two queries: below zero where orders carry more than is due."""
        self.env.flush_all()
        account = self.env["liquor.account.mapping"]._accounts(company)["cofunding_due"]
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, SUM(amount) FROM (
                        SELECT partner_id, balance AS amount FROM account_move_line
                         WHERE account_id = %(account)s AND company_id = %(company)s AND parent_state = 'posted'
                        UNION ALL
                        SELECT buyer.commercial_partner_id,
                               -GREATEST(line.price_subtotal - COALESCE(invoiced.amount, 0), 0)
                          FROM sale_order_line line
                          JOIN sale_order sale ON sale.id = line.order_id
                          JOIN res_partner buyer ON buyer.id = sale.partner_id
                          LEFT JOIN LATERAL (
                               SELECT SUM(item.price_subtotal) AS amount FROM sale_order_line_invoice_rel link
                                 JOIN account_move_line item ON item.id = link.invoice_line_id
                                 JOIN account_move entry ON entry.id = item.move_id AND entry.state = 'posted'
                                WHERE link.order_line_id = line.id AND entry.move_type = 'out_invoice') invoiced ON TRUE
                         WHERE line.liquor_share_agreement_id IS NOT NULL AND sale.state = 'sale'
                           AND sale.company_id = %(company)s) due
                    WHERE partner_id = ANY(%(partners)s) GROUP BY 1""",
                account=account.id,
                company=company.id,
                partners=distributors.ids,
            )
        )
        return {partner: decimal(amount) for partner, amount in rows}

    @api.model
    def _due_of(self, company, partner):
        """What one distributor owes of shares; 0.0 also where the accounts are not set up yet."""
        if not self.env["liquor.account.mapping"].sudo().search_count([("company_id", "=", company.id)], limit=1):
            return 0.0
        return float(self._due(company, partner).get(partner.id, ZERO))

    def _sources(self):
        """The sources of the agreement and what each holds now, for the engine; orders carry their own lines."""
        kinds = self.agreement_id.source_ids.sorted(lambda source: (source.sequence, source.id)).mapped("kind")
        held = self._held()
        return [Source(kind, held[kind]) for kind in kinds if kind != "order"]

    def _held(self):
        company, partner = self.company_id, self.distributor_id
        account = self.env["liquor.rebate.account"]._of(company, partner)
        return {
            "rebate": decimal(account.balance),
            "deposit": -self._standing([("account_id", "=", self._account("deposit").id)], "balance"),
            "prepayment": -self._standing([("account_id.account_type", "=", "asset_receivable")], "amount_residual"),
            "open": None,
        }

    def _account(self, role):
        return self.env["liquor.account.mapping"]._accounts(self.company_id)[role]

    def _standing(self, domain, field):
        rows = self.env["account.move.line"].sudo()._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.distributor_id.id),
                ("parent_state", "=", "posted"),
                *domain,
            ],
            [],
            [f"{field}:sum"],
        )  # fmt: skip
        return decimal(self.currency_id.round(rows[0][0] or 0.0))

    # ------------------------------------------------------------------ steps
    def action_compute(self):
        """Compute again what is due and which source gives what."""
        self.check_access("write")
        for charge in self:
            if charge.state != "draft":
                raise UserError(self.env._("%(name)s is decided already.", name=charge.name))
            charge.sudo()._compute_lines()

    def _compute_lines(self):
        due = self._due(self.company_id, self.distributor_id).get(self.distributor_id.id, ZERO)
        drawing = draw(due, self._sources())
        self.line_ids.unlink()
        self.write({
            "due_amount": float(due),
            "amount": float(due - drawing.waiting),
            "waiting_amount": float(drawing.waiting),
            "line_ids": [
                fields.Command.create({"sequence": number, "kind": kind, "amount": float(part)})
                for number, (kind, part) in enumerate(drawing.parts)
            ],
        })

    @api.model
    def action_collect(self):
        """Make a draft for each distributor who owes a share and accepted from where it comes."""
        self.browse().check_access("create")
        company = self.env.company
        self.env["liquor.accrual.run"].sudo()._accrue(company)
        agreements = self.env["liquor.agreement"].sudo().search([
            ("company_id", "=", company.id), ("state", "in", ("accepted", "ended")), ("source_ids", "!=", False),
        ])  # fmt: skip
        due = self.sudo()._due(company, agreements.distributor_id)
        waiting = self.search([("company_id", "=", company.id), ("state", "=", "draft")]).distributor_id
        owing = [partner for partner, amount in due.items() if amount > 0 and partner not in waiting.ids]
        charges = self.create([{"company_id": company.id, "distributor_id": partner} for partner in owing])
        charges.filtered(lambda charge: not charge.amount).unlink()
        return self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.charge_action")

    def action_post(self):
        """Approve and post: finance, and not the author."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance charges shares."))
        take_book_turn(self.env, self.sudo().company_id)
        for charge in self:
            if charge.author_id == self.env.user:
                raise UserError(self.env._("Somebody else than the author approves."))
            charge.sudo()._post_charge(self.env.user)

    def action_reverse(self):
        """Take posted charges back, as somebody else than who posted them: the sources hold again what they gave."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance charges shares."))
        take_book_turn(self.env, self.sudo().company_id)
        for charge in self:
            if charge.approved_by_id == self.env.user:
                raise UserError(self.env._("A charge is reversed by somebody else than the one who posted it."))
            charge.sudo()._reverse_charge(self.env.user)

    def action_cancel(self):
        """Drop a draft: what is due stays due."""
        self.check_access("write")
        if self.filtered(lambda charge: charge.state != "draft"):
            raise UserError(self.env._("A posted charge stays."))
        self.sudo().write({"state": "cancelled"})

    def _portal_domain(self, user):
        """Return the charges a portal user may see: his own company's, once posted, also what was given back."""
        partner = user.partner_id.commercial_partner_id.id
        return [("distributor_id", "=", partner), ("state", "in", ("posted", "reversed"))]
