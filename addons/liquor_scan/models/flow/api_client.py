import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.flow.request import EVENT_TYPES

RIGHTS = ("scan", "associate", "epcis", "trace")


class LiquorApiClient(models.Model):
    """A machine that may call ``/liquor/v1``: for whom, with which rights, how often, until when.

    Each right has a key of its own (scope ``liquor.<right>``), shown once; it opens nothing else.
    """

    _name = "liquor.api.client"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _description = "API Client"
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Acts For",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The company itself for lines and own warehouses, else a distributor, sub-distributor or terminal.",
    )
    user_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index=True)
    right_scan = fields.Boolean("Scans", default=True, tracking=True)
    right_associate = fields.Boolean("Associations", tracking=True, help="For lines of the company itself only.")
    right_epcis = fields.Boolean("EPCIS", tracking=True)
    right_trace = fields.Boolean("Trace", tracking=True)
    event_types = fields.Char(
        "Types of Events", tracking=True, help="Separated by commas; empty: all that the party may send."
    )
    rate = fields.Integer(
        "Events per Minute",
        default=10000,
        required=True,
        tracking=True,
        aggregator=None,
        help="Calls and events count; what is beyond is refused for the rest of the minute.",
    )
    date_expiry = fields.Date("Valid Until", tracking=True)
    key_count = fields.Integer("Keys", compute="_compute_key_count")
    usage_ids = fields.One2many("liquor.api.usage", "client_id")
    last_used = fields.Datetime(compute="_compute_last_used")
    request_count = fields.Integer("Requests", compute="_compute_last_used")

    _user_unique = models.UniqueIndex("(user_id) WHERE user_id IS NOT NULL", "This user belongs to another client.")
    _rate_bounds = models.Constraint("CHECK (rate BETWEEN 1 AND 10000000)", "The rate lies between 1 and 10,000,000.")

    @api.constrains("event_types")
    def _check_event_types(self):
        for client in self:
            wrong = client._allowed_types() - set(EVENT_TYPES)
            if wrong:
                raise ValidationError(self.env._("No such type of event: %(types)s", types=", ".join(sorted(wrong))))

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for client in self:
            partner = client.partner_id.commercial_partner_id
            roles = (
                self
                .env["liquor.channel.role"]
                .sudo()
                .search_count([("partner_id", "=", partner.id), ("company_id", "=", client.company_id.id)], limit=1)
            )
            if not roles and partner != client.company_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s has no role at %(company)s.",
                        partner=partner.display_name,
                        company=client.company_id.display_name,
                    )
                )

    @api.constrains("right_associate", "partner_id", "company_id")
    def _check_associate(self):
        if self.filtered(lambda client: client.right_associate and not client._may_associate()):
            raise ValidationError(self.env._("Only lines of the company itself say what lies in a package."))

    def _may_associate(self):
        """What lies in the maker's packages is his own lines' word, whatever right somebody else was given."""
        return self.right_associate and self.partner_id.commercial_partner_id == self.company_id.partner_id

    def _compute_key_count(self):
        groups = dict(
            self
            .env["res.users.apikeys"]
            .sudo()
            ._read_group([("user_id", "in", self.user_id.ids)], ["user_id"], ["__count"])
        )
        for client in self:
            client.key_count = groups.get(client.user_id, 0)

    def _compute_last_used(self):
        groups = (
            self
            .env["liquor.scan.request"]
            .sudo()
            ._read_group([("api_client_id", "in", self.ids)], ["api_client_id"], ["received_time:max", "__count"])
        )
        known = {client.id: (last, count) for client, last, count in groups}
        for client in self:
            client.last_used, client.request_count = known.get(client.id, (False, 0))

    def _allowed_types(self):
        """Types of events the client may send; empty means all."""
        self.ensure_one()
        return {part.strip() for part in (self.event_types or "").split(",") if part.strip()}

    # --- keys ------------------------------------------------------------------------------------------------

    def _issue_key(self, right):
        """Make a key for one right; the former key of that right stops working.

        :param str right: scan | associate | epcis | trace
        :return: the key in clear, which is stored nowhere
        :raises UserError: the client has not that right
        """
        self.ensure_one()
        if right not in RIGHTS or not self[f"right_{right}"]:
            raise UserError(self.env._("This client has not the right “%(right)s”.", right=right))
        if not self.user_id:
            self.sudo().user_id = self._make_user()
        scope = f"liquor.{right}"
        self._drop_keys(Domain("scope", "=", scope))
        keys = self.env["res.users.apikeys"].with_user(self.user_id).sudo()
        return keys._generate(scope, f"{self.name} ({right})", self.date_expiry or None)

    def _make_user(self):
        """A user for the machine: no password, no groups but the portal's, its own partner."""
        login = f"liquor-api-{secrets.token_hex(8)}"
        users = self.env["res.users"].sudo().with_context(no_reset_password=True, mail_create_nosubscribe=True)
        return users.create({
            "name": self.name,
            "login": login,
            "company_id": self.company_id.id,
            "company_ids": [(6, 0, self.company_id.ids)],
            "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
        })

    def _drop_keys(self, domain=Domain.TRUE):
        keys = self.env["res.users.apikeys"].sudo().search(Domain("user_id", "in", self.user_id.ids) & domain)
        if keys:
            keys._remove()

    def action_issue_key(self):
        """Ask for which right a key is made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Key"),
            "res_model": "liquor.api.key.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_client_id": self.id},
        }

    def action_revoke_keys(self):
        """Stop all keys of these clients at once."""
        self.check_access("write")
        self._drop_keys()

    def action_open_requests(self):
        """Show what this client sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.scan_request_action")
        return {**action, "domain": [("api_client_id", "=", self.id)], "context": {}}

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False or "partner_id" in vals or "company_id" in vals or "date_expiry" in vals:
            self._drop_keys()
        return result

    # --- on a call -------------------------------------------------------------------------------------------

    @api.model
    def _of_key(self, user_id, right):
        """The live client of a user whose key was accepted; empty where it may not do that."""
        client = self.sudo().search([("user_id", "=", user_id)], limit=1)
        if not client or not client[f"right_{right}"] or (right == "associate" and not client._may_associate()):
            return self.browse()
        expired = client.date_expiry and client.date_expiry < today(client.company_id)
        return self.browse() if expired else client

    def _within_rate(self, cr, amount):
        """Count ``amount`` in the present minute on ``cr`` (an own transaction); whether the client may go on."""
        cr.execute(
            SQL(
                """
                INSERT INTO liquor_api_usage (client_id, company_id, minute, calls, events)
                     VALUES (%s, %s, date_trunc('minute', now() AT TIME ZONE 'UTC'), 1, %s)
                ON CONFLICT (client_id, minute)
                  DO UPDATE SET calls = liquor_api_usage.calls + 1, events = liquor_api_usage.events + EXCLUDED.events
                  RETURNING events
                """,
                self.id,
                self.company_id.id,
                amount,
            )
        )
        return cr.fetchone()[0] <= self.rate
