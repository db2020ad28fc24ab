import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.liquor_member.tools.business_day import business_day, day_bounds, today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import ZERO, decimal
from ...engine.funds import provider_bill
from ...tools import tables
from ...tools.book_turn import take_book_turn
from ...tools.workbook import Sheet, write_workbook
from ..accounts.account_move import OWN_HAND

LINE_COLUMNS = [
    "bill_id", "company_id", "currency_id", "line", "number", "day", "amount", "allowed", "claim_id", "reason", "live",
]  # fmt: skip


class LiquorProviderBill(models.Model):
    """The bill of who does a service for members (C71): matched with what was used, paid as a native vendor bill."""

    _name = "liquor.provider.bill"
    _description = "Bill of a Service Provider"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "reference"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Provider", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    reference = fields.Char("Number of the Bill", required=True, copy=False, tracking=True)
    date = fields.Date("Day of the Bill", required=True, default=lambda self: today(self.env.company), tracking=True)
    date_from = fields.Date("Used from", required=True)
    date_to = fields.Date("Used up to", required=True)
    tax_id = fields.Many2one(
        "account.tax",
        "Included Tax",
        check_company=True,
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'purchase'), ('price_include', '=', True)]",
        help="Of what is paid: agreed costs include it.",
    )
    file = fields.Binary(attachment=True, copy=False)
    filename = fields.Char(copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("matched", "Matched"), ("posted", "Posted"), ("reversed", "Reversed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users", "Matched By", readonly=True, copy=False, ondelete="restrict", tracking=True
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", tracking=True)
    line_ids = fields.One2many("liquor.provider.bill.line", "bill_id", readonly=True)
    line_count = fields.Integer("Rows", readonly=True, copy=False)
    difference_count = fields.Integer("Rows That Differ", readonly=True, copy=False)
    amount_billed = fields.Monetary("Billed", readonly=True, copy=False, tracking=True)
    amount_allowed = fields.Monetary("To Pay", readonly=True, copy=False, tracking=True)
    amount_difference = fields.Monetary("Not Paid", readonly=True, copy=False)
    unbilled_count = fields.Integer("Used, Not Billed", compute="_compute_unbilled")
    unbilled_amount = fields.Monetary("Cost of What Is Not Billed", compute="_compute_unbilled")
    move_id = fields.Many2one("account.move", "Vendor Bill", readonly=True, copy=False, ondelete="restrict")

    _dates = models.Constraint("CHECK (date_from <= date_to)", "The first day comes after the last one.")
    _approver_differs = models.Constraint(
        "CHECK (state NOT IN ('posted', 'reversed') OR (move_id IS NOT NULL AND approved_by_id <> author_id))",
        "A bill is approved by somebody else than who matched it.",
    )
    _bounds = models.Constraint(
        "CHECK (COALESCE(amount_allowed, 0) BETWEEN 0 AND COALESCE(amount_billed, 0)"
        " AND COALESCE(amount_billed, 0) <= 1000000000000)",
        "What is paid of a bill lies between nothing and what was billed.",
    )
    _reference_unique = models.UniqueIndex(
        "(company_id, partner_id, reference) WHERE state IN ('matched', 'posted')", "This bill was loaded before."
    )

    def _compute_unbilled(self):
        for bill in self:
            uses = bill._uses(unbilled=True) if bill.partner_id and bill.date_from and bill.date_to else []
            bill.unbilled_count = len(uses)
            bill.unbilled_amount = float(sum((use.cost for use in uses), ZERO))

    def write(self, vals):
        """Keep the terms of a bill that was posted."""
        terms = vals.keys() - {"message_main_attachment_id", "message_follower_ids", "activity_ids"}
        if not self.env.su and terms and self.filtered(lambda bill: bill.state in ("posted", "reversed")):
            raise UserError(self.env._("A bill that was posted stays."))
        result = super().write(vals)
        if not self.env.su and terms:
            # what was matched belongs to the bill as it was
            self.sudo()._drop_lines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(bill.state in ("posted", "reversed") for bill in self):
            raise UserError(self.env._("A bill that was posted stays."))

    def _check_finance(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance works on bills of providers."))

    # ------------------------------------------------------------------ match
    def action_match(self):
        """Read the file and hold each row against what was used; may be done again until it is posted.

        :raises UserError: no file, one that cannot be read, or the bill is posted
        """
        self.ensure_one()
        self._check_finance()
        take_book_turn(self.env, self.sudo().company_id)
        if self.state not in ("draft", "matched") or not self.file:
            raise UserError(self.env._("Choose the file of a new bill."))
        try:
            rows = provider_bill.read_bill(tables.read_table(base64.b64decode(self.file), self.filename or ""))
        except tables.TableError:
            raise UserError(self.env._("This is no CSV or XLSX file that can be read.")) from None
        except ValueError:
            raise UserError(self.env._("The file needs a header with the use number and the amount.")) from None
        self.sudo()._store(rows, self.env.user)

    def _drop_lines(self):
        open_bills = self.filtered(lambda bill: bill.state == "matched")
        open_bills.line_ids.unlink()
        open_bills.write({
            "state": "draft", "author_id": False, "line_count": 0, "difference_count": 0, "amount_billed": 0,
            "amount_allowed": 0, "amount_difference": 0,
        })  # fmt: skip

    def _store(self, rows, user):
        self._drop_lines()
        uses = {use.id: use for use in self._uses()}
        billed = uses.keys() - {use.id for use in self._uses(unbilled=True)}
        verdicts = provider_bill.check(rows, uses, billed)
        head = (self.id, self.company_id.id, self.company_id.currency_id.id)
        lines = self.env["liquor.provider.bill.line"]
        if verdicts:
            with loser_retries(self.env, lines._use_once.full_name(lines)):
                lines._bulk_insert(
                    LINE_COLUMNS,
                    [
                        (
                            *head, one.row.line, one.row.number, one.row.day, float(one.row.amount or 0),
                            float(one.allowed), one.use, one.reason or None, True,
                        )
                        for one in verdicts
                    ],
                )  # fmt: skip
        billed_sum = sum((one.row.amount or ZERO for one in verdicts), ZERO)
        allowed = sum((one.allowed for one in verdicts), ZERO)
        self.write({
            "state": "matched",
            "author_id": user.id,
            "line_count": len(verdicts),
            "difference_count": sum(bool(one.reason) for one in verdicts),
            "amount_billed": float(billed_sum),
            "amount_allowed": float(allowed),
            "amount_difference": float(billed_sum - allowed),
        })

    def _uses_domain(self):
        """Uses of the provider's services up to the last day; older ones may have been billed late."""
        return [
            ("company_id", "=", self.company_id.id),
            ("benefit_id.provider_id", "=", self.partner_id.id),
            ("state", "=", "done"),
            ("redeemed_at", "<", day_bounds(self.company_id, self.date_to)[1]),
        ]

    def _uses(self, unbilled=False):
        """What was used, as the engine's inputs; with ``unbilled`` only what no live row of a bill stands for."""
        claims = self.env["liquor.benefit.claim"].sudo()
        domain = self._uses_domain()
        if unbilled:
            domain.append(("provider_line_ids", "not any", [("live", "=", True)]))
        found = claims.search_fetch(domain, ["cost"], order="id")
        return [provider_bill.Use(claim.id, decimal(claim.cost)) for claim in found]

    # ------------------------------------------------------------------ approve, reverse
    def action_approve(self):
        """Post what agrees as a vendor bill, as somebody else than who entered or matched it.

        :raises UserError: nothing matched, nothing to pay, or the one who entered or matched it
        """
        self._check_finance()
        take_book_turn(self.env, self.sudo().company_id)
        for bill in self:
            bill.lock_for_update()
            if bill.state != "matched" or not bill.amount_allowed:
                raise UserError(self.env._("Match the bill first: there has to be something to pay."))
            if self.env.user in bill.author_id | bill.create_uid:
                raise UserError(self.env._("A bill is approved by somebody else than who matched it."))
            own = bill.sudo().with_company(bill.company_id)
            move = own.env["account.move"].create(own._prepare_move_values())
            move._post(soft=False)
            own.write({"state": "posted", "approved_by_id": self.env.uid, "move_id": move.id})

    def _prepare_move_values(self):
        company = self.company_id
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "purchase")], limit=1
        )
        if not journal:
            raise UserError(self.env._("%(company)s has no journal of vendor bills.", company=company.name))
        account = self.env["liquor.account.mapping"]._accounts(company)["service_expense"]
        return {
            "move_type": "in_invoice",
            "company_id": company.id,
            "journal_id": journal.id,
            "partner_id": self.partner_id.id,
            "ref": self.reference,
            "invoice_date": self.date,
            "date": self.env["liquor.period"]._open_day(company, self.date, journal),
            "liquor_provider_bill_id": self.id,
            "invoice_line_ids": [
                Command.create({
                    "name": self.env._("%(benefit)s: %(count)s used", benefit=benefit.name, count=len(lines)),
                    "account_id": account.id,
                    "quantity": 1,
                    "price_unit": sum(lines.mapped("allowed")),
                    "tax_ids": [Command.set(self.tax_id.ids)],
                })
                for benefit, lines in self.line_ids.filtered("allowed").grouped("benefit_id").items()
            ],
        }

    def action_reverse(self):
        """Take a posted bill back in full, as somebody else than who approved it: its uses may be billed again."""
        self._check_finance()
        take_book_turn(self.env, self.sudo().company_id)
        for bill in self:
            bill.lock_for_update()
            if bill.state != "posted":
                raise UserError(self.env._("Only a posted bill is reversed."))
            if bill.approved_by_id == self.env.user:
                raise UserError(self.env._("A bill is reversed by somebody else than who approved it."))
            own = bill.sudo().with_company(bill.company_id)
            day = self.env["liquor.period"]._open_day(own.company_id, today(own.company_id), own.move_id.journal_id)
            moves = own.move_id.with_context(liquor_own_hand=OWN_HAND)
            moves._reverse_moves([{"date": day, "invoice_date": day, "liquor_provider_bill_id": bill.id}], cancel=True)
            own.line_ids.live = False
            own.state = "reversed"

    # ------------------------------------------------------------------ looking
    def _portal_domain(self, user):
        """Return the bills a portal user may see: his own company's, once they were held against what was used."""
        return [("partner_id", "=", user.partner_id.commercial_partner_id.id), ("state", "!=", "draft")]

    def action_open_unbilled(self):
        """Open what was used and not billed."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_member.benefit_claim_action")
        return {**action, "domain": [("id", "in", [use.id for use in self._uses(unbilled=True)])], "context": {}}

    def action_download_uses(self):
        """Give the uses of these days as a workbook, numbers and agreed costs, for the provider to bill by."""
        self.ensure_one()
        self.check_access("read")
        start = day_bounds(self.company_id, self.date_from)[0]
        claims = self.env["liquor.benefit.claim"].sudo()
        found = claims.search([*self._uses_domain(), ("redeemed_at", ">=", start)], order="id")
        header = [self.env._("Use Number"), self.env._("Day"), self.env._("Benefit"), self.env._("Amount")]
        rows = [
            [
                claim.provider_use_number,
                business_day(self.company_id, claim.redeemed_at),
                claim.benefit_id.name,
                claim.cost,
            ]
            for claim in found
        ]
        attachment = self.env["ir.attachment"].create({
            "name": f"uses-{self.date_from}-{self.date_to}.xlsx",
            "res_model": self._name,
            "res_id": self.id,
            "datas": base64.b64encode(write_workbook([Sheet(self.env._("Uses"), header, rows)])),
        })
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}
