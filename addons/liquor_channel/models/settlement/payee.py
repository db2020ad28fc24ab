import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.secrets_box import box
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

BANK_ACCOUNT = re.compile(r"[0-9]{10,30}")
WECHAT_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{6,64}")


def masked(account):
    """Return an account with only its ends readable."""
    return f"{account[:2]}****{account[-4:]}" if len(account) > 8 else f"****{account[-2:]}"


class LiquorPayee(models.Model):
    """Where somebody's money goes. The account is encrypted and never changes: a new one is a new row."""

    _name = "liquor.payee"
    _description = "Payee Account"
    _order = "active desc, id desc"
    _check_company_auto = True
    _rec_name = "masked_account"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    channel = fields.Selection([("bank", "Bank"), ("wechat", "WeChat")], required=True, readonly=True, default="bank")
    holder = fields.Char(required=True, readonly=True, help="Name the account is in.")
    holder_kind = fields.Selection(
        [("company", "Company"), ("household", "Sole trader"), ("person", "Individual")],
        string="Tax Status",
        compute="_compute_holder_kind",
        store=True,
        readonly=False,
        help="Decides the tax paper of what is paid: finance corrects it.",
    )
    bank_name = fields.Char(readonly=True)
    masked_account = fields.Char(readonly=True, string="Account Number")
    account_secret = fields.Char(readonly=True, groups=".", copy=False)
    account_index = fields.Char(readonly=True, groups=".", copy=False, index=True)
    created_at = fields.Datetime(required=True, readonly=True, default=lambda self: fields.Datetime.now())
    active = fields.Boolean(default=True, readonly=True)
    shared_count = fields.Integer(
        compute="_compute_shared_count", help="Other beneficiaries who gave the same account.", compute_sudo=True
    )

    _one_active = models.UniqueIndex(
        "(company_id, partner_id, channel) WHERE active", "One live account of a kind per beneficiary."
    )

    @api.depends("partner_id")
    def _compute_holder_kind(self):
        for payee in self:
            payee.holder_kind = payee.holder_kind or ("company" if payee.partner_id.is_company else "person")

    @api.depends("account_index")
    def _compute_shared_count(self):
        groups = self._read_group(
            [("account_index", "in", self.mapped("account_index"))], ["account_index"], ["partner_id:count_distinct"]
        )
        counts = dict(groups)
        for payee in self:
            payee.shared_count = max(0, counts.get(payee.account_index, 1) - 1)

    @api.model
    def _store_account(self, company, partner, channel, holder, account, bank_name=""):
        """Store a new account and retire the one before it; called by the shop's page after a second check.

        :raises ValidationError: the account cannot exist
        """
        account = re.sub(r"\s+", "", account or "")
        self._check_values(channel, (holder or "").strip(), account)
        payees = self.sudo()
        before = payees.search([
            ("company_id", "=", company.id),
            ("partner_id", "=", partner.id),
            ("channel", "=", channel),
        ])
        before.active = False
        before.flush_recordset(["active"])
        with loser_retries(self.env, self._one_active.full_name(self)):
            payee = payees.create({
                "company_id": company.id,
                "partner_id": partner.id,
                "channel": channel,
                "holder": holder.strip()[:100],
                "bank_name": (bank_name or "").strip()[:100],
                "masked_account": masked(account),
            })
        waiting = [("partner_id", "=", partner.id), ("company_id", "=", company.id), ("payee_id", "=", False)]
        self.env["liquor.payout"].sudo().search(waiting).payee_id = payee
        ring = box()
        payee.write({
            "account_secret": ring.encrypt(account, payee._secret_place()),
            "account_index": ring.blind_index(account, "liquor.payee"),
        })
        return payee

    def action_sole_trader(self):
        """Note that the owner is a sole trader (个体户): taxed as a person."""
        self._set_holder_kind("household")

    def action_company(self):
        """Note that the owner is a company: it invoices, nothing is withheld."""
        self._set_holder_kind("company")

    def _set_holder_kind(self, kind):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance says how a payee is taxed."))
        self.sudo().holder_kind = kind

    @api.model
    def _of(self, company, partner):
        """Return a partner's live account, the newest first; empty where he gave none."""
        domain = [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
        return self.sudo().search(domain, order="id desc", limit=1)

    def _check_values(self, channel, holder, account):
        if channel not in dict(self._fields["channel"].selection) or not holder:
            raise ValidationError(self.env._("Give the kind of account and the name it is in."))
        pattern = BANK_ACCOUNT if channel == "bank" else WECHAT_ACCOUNT
        if not pattern.fullmatch(account):
            raise ValidationError(self.env._("This is no account number: check it and enter it again."))

    def _secret_place(self):
        return (self._name, self.id, "account_secret")

    def _account(self):
        """Return the account in clear: for the payout file only."""
        self.ensure_one()
        return box().decrypt(self.sudo().account_secret, self._secret_place())

    def _check_usable(self, company, partner):
        """Refuse another party's or a retired account."""
        if len(self) != 1 or not self.active or self.company_id != company or self.partner_id != partner:
            raise UserError(self.env._("Choose one of your own payee accounts."))

    def _portal_domain(self, user):
        """Return the accounts a portal user may see: his own or his shop's."""
        return [("partner_id", "in", (user.partner_id | user.partner_id.commercial_partner_id).ids)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Payee accounts stay; a new one retires the old one."))
