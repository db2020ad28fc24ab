from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal
from ..accounts.account_move import OWN_HAND


class LiquorRebateExpiry(models.Model):
    """What of a credit expires on a day: announced before, taken out of the account and back to revenue (Acc-2 #14).

    One row for each credit and last day. A manager may take an expiry back, with a reason and a new last day.
    """

    _name = "liquor.rebate.expiry"
    _description = "Expiry of Rebate"
    _inherit = ("liquor.guarded.mixin", "mail.thread")
    _check_company_auto = True
    _order = "expires_on desc, id desc"
    _rec_names_search = ("partner_id.name", "expires_on")

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    rebate_account_id = fields.Many2one(
        "liquor.rebate.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one(related="rebate_account_id.partner_id", store=True, index=True, string="Distributor")
    currency_id = fields.Many2one(related="rebate_account_id.currency_id", store=True)
    lot_id = fields.Many2one(
        "liquor.rebate.entry", "Credit", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    settlement_id = fields.Many2one(
        "liquor.settlement", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    expires_on = fields.Date(string="Usable Until", required=True, readonly=True)
    announced_at = fields.Datetime(readonly=True)
    announced_amount = fields.Monetary(string="Announced", readonly=True, help="What was left when it was announced.")
    amount = fields.Monetary(string="Expired", readonly=True)
    state = fields.Selection(
        [("announced", "Announced"), ("expired", "Expired"), ("restored", "Taken Back")],
        required=True,
        readonly=True,
        default="announced",
        tracking=True,
    )
    reason = fields.Char(readonly=True, tracking=True)
    restored_by_id = fields.Many2one("res.users", "Taken Back By", readonly=True, ondelete="restrict")
    restored_until = fields.Date("Usable Again Until", readonly=True)
    move_ids = fields.One2many("account.move", "liquor_rebate_expiry_id", "Journal Entries", readonly=True)

    _lot_unique = models.UniqueIndex("(lot_id, expires_on)", "This credit expires once on that day.")
    _bounds = models.Constraint(
        """CHECK (COALESCE(amount, 0) BETWEEN 0 AND 1000000000000
                  AND (state = 'announced' AND COALESCE(amount, 0) = 0 OR state <> 'announced' AND amount > 0)
                  AND (state <> 'restored' OR (restored_by_id IS NOT NULL AND reason IS NOT NULL
                                               AND restored_until IS NOT NULL)))""",
        "What expired has an amount; what was taken back says by whom, why and until when it can be used.",
    )

    def _compute_display_name(self):
        for expiry in self:
            expiry.display_name = f"{expiry.partner_id.name} · {expiry.expires_on}"

    def _of_lots(self, account, lots):
        """Rows of lots of one account, in their order; those that are missing are made. What is left is noted."""
        known = {(row.lot_id.id, row.expires_on): row for row in self.search([("rebate_account_id", "=", account.id)])}
        missing = [lot for lot in lots if (lot.key, lot.expires_on) not in known]
        for row in self.create([self._prepare_values(account, lot) for lot in missing]):
            known[row.lot_id.id, row.expires_on] = row
        rows = self.browse()
        for lot in lots:
            row = known[lot.key, lot.expires_on]
            if not row.announced_at:
                row.announced_amount = float(lot.open)
            rows |= row
        return rows

    def _prepare_values(self, account, lot):
        entry = self.env["liquor.rebate.entry"].sudo().browse(lot.key)
        return {
            "company_id": account.company_id.id,
            "rebate_account_id": account.id,
            "lot_id": entry.id,
            "settlement_id": self._settlement_of(entry).id,
            "expires_on": lot.expires_on,
        }

    def _settlement_of(self, entry):
        """The settlement that credited the money, also where an expiry was taken back meanwhile."""
        if entry.origin_model == self._name:
            return self.browse(entry.origin_id).settlement_id
        settled = entry.origin_model == "liquor.settlement"
        return self.env["liquor.settlement"].browse(entry.origin_id if settled else ())

    # --- telling ---------------------------------------------------------------------------------------------

    def _tell(self):
        """Write to the distributors' users, each in his language, and note when."""
        users = (
            self
            .env["res.users"]
            .sudo()
            .search([("partner_id.commercial_partner_id", "in", self.partner_id.ids), ("share", "=", True)])
        )
        people = users.partner_id.grouped("commercial_partner_id")
        for expiry in self:
            for partner in people.get(expiry.partner_id, expiry.partner_id):
                own = expiry.with_context(lang=partner.lang)
                own.message_notify(
                    partner_ids=partner.ids,
                    subject=own.env._("Rebate expires on %(day)s", day=expiry.expires_on),
                    body=own.env._(
                        "%(amount)s of your rebate account can be used until %(day)s.",
                        amount=expiry.currency_id.format(expiry.announced_amount),
                        day=expiry.expires_on,
                    ),
                )
        self.write({"announced_at": fields.Datetime.now()})

    # --- expiring --------------------------------------------------------------------------------------------

    def _post(self):
        """Take what is left of each lot out of the account and book it back to revenue."""
        for expiry in self.filtered(lambda row: row.state == "announced"):
            amount = expiry._left()
            expiry.write({"state": "expired", "amount": amount})
            expiry.rebate_account_id._move(-amount, "expire", f"expire/{expiry.id}", expiry, expiry._say_expired())
            expiry.with_company(expiry.company_id)._post_entry()

    def _left(self):
        lots = self.rebate_account_id._lots()[self.rebate_account_id.id]
        return float(next(lot.open for lot in lots if lot.key == self.lot_id.id))

    def _say_expired(self):
        return self.env._("Usable until %(day)s", day=self.expires_on)

    def _post_entry(self):
        """Dr 2241.R / Cr 6001.R, by the places and programmes of the settlement that gave the money."""
        amount, weights = decimal(self.amount), self.settlement_id._weights() if self.settlement_id else {(0, 0): 1}
        lines = [
            EntryLine("rebate_accrued", self.partner_id.id, amount, weights=weights),
            EntryLine("rebate_contra", None, -amount, weights=weights),
        ]
        label = self.env._("Rebate expired on %(day)s", day=self.expires_on)
        paper = {"liquor_rebate_expiry_id": self.id}
        move = self.env["liquor.entry.lines"]._post_entry(self.company_id, lines, label, paper)
        if self.settlement_id:
            self.settlement_id._reconcile_accrued(move)

    def _open_day(self, journal):
        return self.env["liquor.period"]._open_day(self.company_id, today(self.company_id), journal)

    # --- taking back -----------------------------------------------------------------------------------------

    def action_restore(self, reason=None, usable_until=None):
        """Take an expiry back: the money is usable again until a new day, and the entry is reversed.

        :param reason: why; the distributor's statement shows it
        :param usable_until: the new last day, today or later
        :raises AccessError: not a channel manager
        :raises UserError: not expired, no reason, or a day that is over
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager takes an expiry back."))
        day = fields.Date.to_date(usable_until)
        for expiry in self:
            if not (reason or "").strip() or not day or day < today(expiry.company_id):
                raise UserError(self.env._("Say why, and until which day the money can be used again."))
            expiry.sudo().with_company(expiry.company_id)._restore(reason.strip()[:500], day)

    def _restore(self, reason, day):
        self.rebate_account_id._take_turn()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "expired":
            raise UserError(self.env._("%(name)s has not expired.", name=self.display_name))
        self.write({
            "state": "restored",
            "reason": reason,
            "restored_by_id": self.env.uid,
            "restored_until": day,
        })
        self.rebate_account_id._move(self.amount, "restore", f"expire/{self.id}/restored", self, reason)
        moves = self.move_ids.filtered(lambda move: not move.reversed_entry_id)
        moves.with_context(liquor_own_hand=OWN_HAND)._reverse_moves(
            [
                {"date": self._open_day(move.journal_id), "ref": reason, "liquor_rebate_expiry_id": self.id}
                for move in moves
            ],
            cancel=True,
        )

    def _show(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.rebate_expiry_action")
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    def action_open_entries(self):
        """Open the journal entries."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        return {**action, "domain": [("id", "in", self.move_ids.ids)], "context": {}}
