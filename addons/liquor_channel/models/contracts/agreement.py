import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.contracts.rights import clash
from ...engine.contracts.targets import label_after, labels_until

MOST = 10**12


class LiquorAgreement(models.Model):
    _inherit = "liquor.agreement"

    terminal_id = fields.Many2one(
        "res.partner", string="Shop", index="btree_not_null", ondelete="restrict", tracking=True
    )
    party_id = fields.Many2one(
        "res.partner", compute="_compute_party_id", store=True, precompute=True, index=True, string="Signed By"
    )
    target_ids = fields.One2many("liquor.agreement.target", "agreement_id", string="Targets", copy=True)
    # what a new row of targets begins with: as the row above, the period that is written next
    next_label = fields.Char(compute="_compute_next_target")
    next_basis = fields.Char(compute="_compute_next_target")
    next_measure = fields.Char(compute="_compute_next_target")
    right_ids = fields.One2many("liquor.agreement.right", "agreement_id", string="Products and Territories", copy=True)
    payment_ids = fields.One2many("liquor.agreement.payment", "agreement_id", string="Payments", copy=True)
    acceptance_ids = fields.One2many("liquor.agreement.acceptance", "agreement_id", readonly=True)
    volume_basis = fields.Char(compute="_compute_volume_basis", help="What the volume of such a shop is counted by.")
    deposit_due = fields.Monetary(string="Deposit", tracking=True, help="What the distributor deposits.")
    deposit_paid = fields.Monetary(compute="_compute_deposit", help="What stands on his deposit account now.")
    deposit_missing = fields.Monetary(compute="_compute_deposit")
    text_version = fields.Integer(readonly=True, copy=False, help="Counts how often the text was sent.")
    text_hash = fields.Char(string="Fingerprint", readonly=True, copy=False)

    _shop_of_kind = models.Constraint(
        "CHECK ((kind = 'terminal') = (terminal_id IS NOT NULL))",
        "A shop's contract names the shop; other agreements do not.",
    )
    _distributor_of_kind = models.Constraint(
        "CHECK (kind = 'terminal' OR distributor_id IS NOT NULL)",
        "Say which distributor signs.",
    )
    _deposit_bounds = models.Constraint(
        f"CHECK (COALESCE(deposit_due, 0) BETWEEN 0 AND {MOST})", "A deposit is not negative."
    )

    @api.depends("kind", "distributor_id", "terminal_id")
    def _compute_party_id(self):
        for agreement in self:
            agreement.party_id = agreement.terminal_id if agreement.kind == "terminal" else agreement.distributor_id

    @api.depends("kind", "volume_basis", "target_ids.label", "target_ids.basis", "target_ids.measure")
    def _compute_next_target(self):
        """A first target begins as a draft policy for such a party does: one of another basis would never be read."""
        for agreement in self:
            shop = agreement.kind == "terminal"
            first = {"basis": agreement.volume_basis if shop else "paid_in", "measure": "cases" if shop else "amount"}
            typed = agreement.target_ids.filtered(lambda target: not target._origin)
            last = typed[-1:] or agreement.target_ids.sorted("date_end")[-1:]
            agreement.next_basis = last.basis or first["basis"]
            agreement.next_measure = last.measure or first["measure"]
            try:
                agreement.next_label = label_after(last.label)
            except ValueError:
                agreement.next_label = False

    @api.depends("terminal_id", "company_id", "date_start")
    def _compute_volume_basis(self):
        for agreement in self:
            agreement.volume_basis = agreement._shop_kind().volume_basis or "received"

    def _shop_kind(self):
        """The kind that the shop is on the contract's first day; for one that begins later, as it is now."""
        roles = self.env["liquor.channel.role"].sudo()
        day = self.date_start or today(self.company_id)
        live = roles._live(self.terminal_id, "terminal", day, self.company_id) if self.terminal_id else roles
        known = live or roles.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.terminal_id.id),
                ("kind", "=", "terminal"),
            ],
            order="id desc",
            limit=1,
        )
        return known[:1].terminal_kind_id

    @api.depends("deposit_due", "distributor_id", "company_id")
    def _compute_deposit(self):
        balances = self._deposit_balances()
        for agreement in self:
            paid = balances.get((agreement.company_id.id, agreement.distributor_id.id), 0.0)
            agreement.deposit_paid = paid
            agreement.deposit_missing = max(agreement.deposit_due - paid, 0.0)

    def _deposit_balances(self):
        """What stands on the deposit accounts: {(company id, partner id): amount}, one query."""
        mapping = self.env["liquor.account.mapping"].sudo()
        accounts = mapping.search([("company_id", "in", self.company_id.ids), ("role", "=", "deposit")]).account_id
        groups = (
            self
            .env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("account_id", "in", accounts.ids),
                    ("partner_id", "in", self.distributor_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("parent_state", "=", "posted"),
                ],
                ["company_id", "partner_id"],
                ["balance:sum"],
            )
        )
        return {(company.id, partner.id): -balance for company, partner, balance in groups}

    @api.constrains("kind", "target_ids", "right_ids", "payment_ids", "line_ids")
    def _check_parts_of_kind(self):
        """Rights and deposits belong to a distributor's contract, payments to a shop's, shares to co-funding."""
        for agreement in self:
            wrong = (
                (agreement.right_ids and agreement.kind != "distributor")
                or (agreement.payment_ids and agreement.kind != "terminal")
                or (agreement.line_ids and agreement.kind == "terminal")
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "Products and territories belong to a distributor's contract, payments to a shop's, shares to "
                        "a distributor's agreement."
                    )
                )

    def action_repeat_payments(self):
        """Write the last payment of each kind and series again for every whole period until the contract ends.

        :raises UserError: the contract is not a draft, has no last day, or nothing is left to write
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft" or not self.date_end:
            raise UserError(self.env._("Payments are repeated in a draft that says its last day."))
        fresh = {"verdict": False, "allowed_amount": 0, "verdict_reason": False}
        rows = [
            values
            for same in self.payment_ids.grouped(lambda row: (row.kind, row.category_id)).values()
            for last in same.sorted("date_end")[-1]
            for label in labels_until(last.label, self.date_end)
            for values in last.copy_data({"label": label, **fresh})
        ]
        if not rows:
            raise UserError(self.env._("Write the first period of each payment; nothing is left to repeat."))
        self.env["liquor.agreement.payment"].create(rows)

    # --- the text that is sent and accepted ------------------------------------------------------------------

    def _content(self):
        """What the party reads, as canonical JSON: the text and every figure of the agreement."""
        self.ensure_one()
        content = {
            "number": self.name,
            "kind": self.kind,
            "company": self.company_id.name,
            "party": self.party_id.name,
            "from": self.date_start.isoformat(),
            "to": self.date_end.isoformat() if self.date_end else None,
            "currency": self.currency_id.name,
            "text": str(self.text or ""),
            "deposit": f"{self.deposit_due:.2f}",
            "shares": [line._content() for line in self.line_ids],
            "targets": [target._content() for target in self.target_ids],
            "rights": [right._content() for right in self.right_ids],
            "payments": [payment._content() for payment in self.payment_ids],
            **self._more_content(),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    def _more_content(self):
        """Terms that only some contracts have; what is not said is not in the text."""
        return {}

    def _has_terms(self):
        """Tell whether there is anything to agree on."""
        return bool(self.line_ids or self.target_ids or self.right_ids or self.payment_ids)

    def action_send(self):
        """Show the drafts to their parties, with a version and a fingerprint of what they read."""
        self._check_rights_free()
        result = super().action_send()
        for agreement in self.sudo():
            agreement.write({
                "text_version": agreement.text_version + 1,
                "text_hash": hashlib.sha256(agreement._content().encode()).hexdigest(),
            })
        return result

    def _accept(self, user):
        """Accept as a user of the party; what he read is kept with its fingerprint, his name and the moment.

        :raises UserError: the text is not what was sent, or somebody else got an exclusive right meanwhile
        """
        self.ensure_one()
        content = self.sudo()._content()
        if self.state == "sent" and hashlib.sha256(content.encode()).hexdigest() != self.sudo().text_hash:
            raise UserError(self.env._("This text was changed after it was sent. Ask for it to be sent again."))
        self.sudo()._lock_rights()
        self.sudo()._check_rights_free()
        result = super()._accept(user)
        # of two who press at once the second waits here, runs again and reads that it is accepted
        self.flush_recordset()
        self.env["liquor.agreement.acceptance"].sudo().create({
            "agreement_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.party_id.id,
            "text_version": self.text_version,
            "content": content,
            "content_hash": self.sudo().text_hash,
            "user_id": user.id,
            "event_time": self.sudo().accepted_at,
        })
        return result

    def _portal_domain(self, user):
        """Agreements that a portal user may see: those that his company signs, once they were sent."""
        return [("party_id", "=", user.partner_id.commercial_partner_id.id), ("state", "!=", "draft")]

    @api.model
    def _contracts_of(self, company, partners, day):
        """Accepted yearly contracts of distributors in force on a business day."""
        return self.search([
            ("company_id", "=", company.id),
            ("kind", "=", "distributor"),
            ("state", "=", "accepted"),
            ("party_id", "in", partners.ids),
            ("date_start", "<=", day),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", day),
        ])

    # --- exclusive rights ------------------------------------------------------------------------------------

    def _lock_rights(self):
        """Let two acceptances in one province follow each other: the second runs again and sees the first.

        At REPEATABLE READ a row that a parallel transaction has written makes this one fail, and Odoo repeats it.
        """
        if not self.right_ids:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO liquor_cap_counter (key, company_id, taken, create_uid, create_date)
                   VALUES (%(key)s, %(company)s, 0, %(user)s, now() AT TIME ZONE 'UTC') ON CONFLICT DO NOTHING""",
                key=f"rights/{self.company_id.id}",
                company=self.company_id.id,
                user=self.env.uid,
            )
        )
        self.env.cr.execute(
            SQL("UPDATE liquor_cap_counter SET taken = taken WHERE key = %s", f"rights/{self.company_id.id}")
        )

    def _check_rights_free(self):
        """Refuse a right that overlaps another party's where one of them is exclusive.

        :raises UserError: naming the other contract
        """
        for company, agreements in self.sudo().grouped("company_id").items():
            own = agreements.right_ids
            if not own:
                continue
            others = self.env["liquor.agreement.right"].sudo()._living(company) - own
            engine = {right.key: right for right in (own | others)._to_engine()}
            for right in own:
                for other in others:
                    if clash(engine[right.id], engine[other.id]):
                        raise UserError(
                            self.env._(
                                "%(right)s is promised to %(party)s by %(contract)s: one of the two is exclusive.",
                                right=right.display_name,
                                party=other.party_id.name,
                                contract=other.agreement_id.name,
                            )
                        )
