from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.points.lots import next_expiry
from ...engine.programme.levels import window
from ...tools.business_day import today
from ...tools.phone_vault import PhoneVault
from ...tools.unique_loser import loser_retries
from ..points.points_cause import LEDGER

JOIN_SOURCES = [
    ("cap", "Cap code"),
    ("outer", "Outer code"),
    ("desk", "Member desk"),
    ("event", "Event"),
    ("referral", "Referral"),
    ("advisor", "Advisor"),
    ("shop", "Shop"),
    ("import", "Import"),
]


class LiquorMember(models.Model):
    """A person in one club: a contact without phone or e-mail, and this record. No user (design 5)."""

    _name = "liquor.member"
    _description = "Member"
    _check_company_auto = True
    _rec_name = "number"
    _rec_names_search = ["number"]
    _order = "id desc"

    number = fields.Char("Member Number", required=True, readonly=True, copy=False, index="trigram")
    program_id = fields.Many2one(
        "liquor.member.program",
        "Club",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    state = fields.Selection(
        [("active", "Active"), ("closed", "Left")], required=True, readonly=True, default="active", index=True
    )
    joined_at = fields.Datetime(required=True, readonly=True)
    join_source = fields.Selection(JOIN_SOURCES, required=True, readonly=True, default="desk")
    # authenticated encryption; the key lies outside the database (M30)
    phone_cipher = fields.Char(readonly=True, copy=False, groups=".")
    phone_index = fields.Char(readonly=True, copy=False, groups=".")
    phone_masked = fields.Char("Phone", compute="_compute_phone_masked")
    level_id = fields.Many2one(
        "liquor.member.level", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    level_below_since = fields.Date("Below Its Level Since", readonly=True)
    level_locked_until = fields.Date("Level Kept Until", help="Until this day the level is not lowered.")
    card_id = fields.Many2one(
        "loyalty.card",
        "Points Card",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    points = fields.Float("Points", related="card_id.points", digits=(16, 0))
    points_pending = fields.Integer("Points on Hold", compute="_compute_wallet")
    points_debt = fields.Integer("Points Owed", compute="_compute_wallet")
    points_expiring = fields.Integer("Points Expiring Next", compute="_compute_wallet")
    points_expiry_day = fields.Date("Next Expiry", compute="_compute_wallet")
    cash_balance = fields.Monetary("Cash-back", compute="_compute_cash_balance")
    # raised by each movement of cash: the loser of a race is run again (security.md F3)
    cash_revision = fields.Integer(readonly=True, copy=False, default=0)
    cases_12m = fields.Float("Cases in 12 Months", compute="_compute_evidence", digits=(16, 2))
    amount_12m = fields.Monetary("Spent in 12 Months", compute="_compute_evidence")
    point_entry_ids = fields.One2many("liquor.point.entry", "member_id", "Points Entries")
    event_ids = fields.One2many("liquor.qualifying.event", "member_id", "Qualifying Events")
    level_log_ids = fields.One2many("liquor.member.level.log", "member_id", "Level History")
    entitlement_ids = fields.One2many("liquor.benefit.entitlement", "member_id", "Benefits")
    claim_ids = fields.One2many("liquor.benefit.claim", "member_id", "Benefit Claims")
    consent_ids = fields.One2many("liquor.consent", "member_id", "Consents")
    device_ids = fields.One2many("liquor.device", "member_id", "Devices")
    entitlement_count = fields.Integer(compute="_compute_counts")
    event_count = fields.Integer(compute="_compute_counts")

    _partner_unique = models.UniqueIndex("(partner_id, program_id)", "This contact is a member of the club already.")
    _phone_unique = models.UniqueIndex(
        "(program_id, phone_index) WHERE phone_index IS NOT NULL", "This phone is a member of the club already."
    )
    _number_unique = models.UniqueIndex("(number)", "This member number is taken.")
    _company_phone_idx = models.Index("(company_id, phone_index) WHERE phone_index IS NOT NULL")

    # --- what a form shows -----------------------------------------------------------------------------------

    def _compute_display_name(self):
        for member in self:
            member.display_name = self._contact_name(member.number) if member.number else ""

    @api.model
    def _contact_name(self, number):
        # fixed by design 5: the same in every language, so that searching and printing agree
        return f"会员 {number}"

    def _compute_phone_masked(self):
        vault = PhoneVault(self.env)
        for member in self.sudo():
            member.phone_masked = vault.masked(member) if member.phone_cipher else ""

    def _compute_wallet(self):
        wallets = self.env["liquor.point.entry"].sudo()._wallets(self.sudo())
        for member in self:
            wallet = wallets.get(member.id)
            ending = wallet and next_expiry(wallet.lots.values(), wallet.day)
            member.points_pending = wallet.pending if wallet else 0
            member.points_debt = wallet.debt if wallet else 0
            member.points_expiring = ending[1] if ending else 0
            member.points_expiry_day = ending[0] if ending else False

    def _compute_cash_balance(self):
        balances = self.env["liquor.cash.entry"].sudo()._balances(self)
        for member in self:
            member.cash_balance = balances.get(member.id, 0)

    def _compute_evidence(self):
        for program, members in self.grouped("program_id").items():
            days = window(today(program.company_id), "rolling") if program else (False, False)
            rows = self.env["liquor.qualifying.event"]._read_group(
                [
                    ("member_id", "in", members.ids),
                    ("qualifies", "=", True),
                    ("reversed_at", "=", False),
                    ("business_day", ">=", days[0]),
                    ("business_day", "<=", days[1]),
                ],
                ["member_id"],
                ["cases:sum", "amount:sum"],
            )
            sums = {member: (cases, amount) for member, cases, amount in rows}
            for member in members:
                member.cases_12m, member.amount_12m = sums.get(member, (0, 0))

    def _compute_counts(self):
        def count(model):
            return dict(self.env[model]._read_group([("member_id", "in", self.ids)], ["member_id"], ["__count"]))

        entitlements, events = count("liquor.benefit.entitlement"), count("liquor.qualifying.event")
        for member in self:
            member.entitlement_count = entitlements.get(member, 0)
            member.event_count = events.get(member, 0)

    # --- who may write ---------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Members come from ``_join`` only: it normalises the phone and notes the consent."""
        if not self.env.su:
            raise AccessError(self.env._("A member joins by phone: use “Register a Member”."))
        return super().create(vals_list)

    def write(self, vals):
        """People may keep a level for a while; everything else follows from evidence."""
        if not self.env.su and set(vals) - {"level_locked_until"}:
            raise AccessError(self.env._("These facts of a member follow from what happened. They cannot be typed."))
        return super().write(vals)

    # --- joining (contract with liquor_scan) -----------------------------------------------------------------

    @api.model
    def _find_by_phone(self, program, phone):
        """Return the member of ``program`` with this phone, closed ones too; an empty record if there is none.

        :param phone: as typed; read in the country of the club's company
        :raises UserError: this is no phone number
        """
        vault = PhoneVault(self.env)
        index = vault.index(vault.normalise(phone, program.sudo().company_id))
        return self.sudo().search([("program_id", "=", program.id), ("phone_index", "=", index)], limit=1)

    @api.model
    def _join(self, program, phone, source, terms_version, proof=None):
        """Return the member of ``program`` with this phone; he joins if he is none yet. One person, one member.

        The caller has proved the phone (one-time code) and the tick "18 or older, I accept the terms".

        :param record program: ``liquor.member.program``
        :param str phone: as typed
        :param str source: one of ``JOIN_SOURCES``
        :param str terms_version: version of the terms that the person saw
        :param str proof: what shows the consent (a request id, a scan event)
        :raises UserError: no phone number, no accepted terms, or the person has left the club
        :raises ConcurrencyError: somebody else is registering this phone; Odoo runs the call again
        """
        if not terms_version:
            raise UserError(self.env._("Please confirm that you are 18 or older and accept the member terms."))
        program = program.sudo()
        vault = PhoneVault(self.env)
        number = vault.normalise(phone, program.company_id)
        found = self._find_by_phone(program, phone)
        if found:
            found._check_not_closed()
            self.env["liquor.consent"].sudo()._give(found, ("adult", "terms"), terms_version, source, proof)
            return found
        guards = (self._phone_unique, self._partner_unique)
        with loser_retries(self.env, *(guard.full_name(self) for guard in guards)):
            member = self.sudo()._create_member(program, number, source, vault)
        self.env["liquor.consent"].sudo()._give(member, ("adult", "terms"), terms_version, source, proof)
        self.env["liquor.benefit"].sudo()._grant_for_joining(member)
        return member

    def _check_not_closed(self):
        if self.state == "closed":
            raise UserError(self.env._("This member has left the club. Please ask the member service."))

    def _create_member(self, program, phone, source, vault):
        index = vault.index(phone)
        number = self.env["ir.sequence"].next_by_code("liquor.member")
        same = self.search([("company_id", "=", program.company_id.id), ("phone_index", "=", index)], limit=1)
        partner = same.partner_id or self._create_contact(number, program)
        member = self.create({
            "number": number,
            "program_id": program.id,
            "company_id": program.company_id.id,
            "partner_id": partner.id,
            "joined_at": fields.Datetime.now(),
            "join_source": source,
            "phone_index": index,
        })
        member.write({"phone_cipher": vault.encrypt(member, phone), "card_id": member._create_card().id})
        return member

    def _create_contact(self, number, program):
        return (
            self
            .env["res.partner"]
            .with_context(tracking_disable=True, mail_create_nolog=True)
            .create({"name": self._contact_name(number), "company_id": program.company_id.id})
        )

    def _create_card(self):
        return (
            self
            .env["loyalty.card"]
            .with_context(liquor_points=LEDGER, loyalty_no_mail=True, tracking_disable=True, mail_create_nolog=True)
            .create({
                "program_id": self.program_id.loyalty_program_id.id,
                "partner_id": self.partner_id.id,
                "liquor_member_id": self.id,
                "points": 0,
            })
        )

    @api.model
    def _agrees_to_messages(self, phone, company):
        """Tell whether a member of the company with this normalised number agrees to messages and offers."""
        index = PhoneVault(self.env).index(phone)
        members = self.search([("company_id", "=", company.id), ("phone_index", "=", index), ("state", "=", "active")])
        consents = self.env["liquor.consent"]
        return any("messages" in consents._live(member) for member in members)

    # --- hooks -----------------------------------------------------------------------------------------------

    def _post_attribution(self, events):
        """Hook: a sibling credits shop, guide and distributor with joining and openings. Nothing here."""

    @api.model
    def _pickup_shop(self, partner):
        """Hook: return the partner if it may hand out gifts: here a company itself; liquor_channel adds shops."""
        return partner if self._pickup_companies(partner) else partner.browse()

    @api.model
    def _pickup_companies(self, partner):
        """Hook: return the companies whose gifts a partner hands out; liquor_channel adds those of its live role."""
        return self.env["res.company"].sudo().search([("partner_id", "=", partner.id)])

    # --- what the member reads on his phone ------------------------------------------------------------------

    def _level_progress(self):
        """Return level, next level, value reached, what is missing and the share of the way, for the phone page."""
        self.ensure_one()
        program = self.program_id
        ladder = program._ladder()
        standing = program._collect_standings(window(today(self.company_id), program.level_period), self)
        value = standing[0].value if standing else 0
        following, missing = ladder.gap(self.level_id.id or None, value)
        target = value + missing
        return {
            "level": self.level_id,
            "next": self.env["liquor.member.level"].browse(following or ()),
            "value": value,
            "missing": missing,
            "percent": int(100 * value / target) if target else 0,
        }

    # --- buttons ---------------------------------------------------------------------------------------------

    def _open(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"liquor_member.{xmlid}")
        return {**action, "domain": [("member_id", "in", self.ids)], "context": {}}

    def action_open_points(self):
        """Smart button: points entries."""
        return self._open("point_entry_action")

    def action_open_events(self):
        """Smart button: bottles bought and opened, the evidence of the level."""
        return self._open("qualifying_event_action")

    def action_open_cash(self):
        """Smart button: cash-back entries."""
        return self._open("cash_entry_action")

    def action_open_benefits(self):
        """Smart button: benefits granted."""
        return self._open("benefit_entitlement_action")

    def action_keep_level(self):
        """Button: keep the level for 90 days whatever the evidence says."""
        self.check_access("write")
        for member in self:
            member.level_locked_until = today(member.company_id) + timedelta(days=90)

    def action_revoke_devices(self):
        """Button: log all phones of the member out (lost phone)."""
        self.check_access("write")
        self.sudo().device_ids._revoke()
