import secrets
from datetime import timedelta

from odoo import api, fields, models

from ...engine.programme.phones import device_name
from ...tools import secrets_box

SEEN_EVERY = timedelta(hours=1)


class LiquorDevice(models.Model):
    """A phone that has passed the one-time code. Its token lies in a cookie; here is only the HMAC of it."""

    _name = "liquor.device"
    _description = "Member Device"
    _check_company_auto = True
    _order = "last_used desc, id desc"

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    token_index = fields.Char(required=True, readonly=True, copy=False, groups=".")
    name = fields.Char("Device", readonly=True)
    last_used = fields.Datetime(readonly=True)
    revoked_at = fields.Datetime("Logged Out", readonly=True)

    _token_unique = models.UniqueIndex("(token_index)", "A token belongs to one device.")

    @api.model
    def _token_hash(self, token):
        return secrets_box.box().blind_index(token, self._name)

    @api.model
    def _issue(self, member, name=None):
        """Return a fresh token for a phone of ``member``: 256 random bits, told once, for the cookie.

        :param str name: the browser's user agent, of which a short name is kept
        :rtype: str
        """
        token = secrets.token_urlsafe(32)
        member = member.sudo()
        self.sudo().create({
            "member_id": member.id,
            "company_id": member.company_id.id,
            "token_index": self._token_hash(token),
            "name": device_name(name),
            "last_used": fields.Datetime.now(),
        })
        return token

    @api.model
    def _resolve(self, token):
        """Return the live device of a token, in sudo; an empty record for anything else.

        :param token: as the client sent it; anything
        """
        device = self.sudo().browse()
        if not isinstance(token, str) or not 20 <= len(token) <= 100 or not token.isascii():
            return device
        device = device.search([("token_index", "=", self._token_hash(token)), ("revoked_at", "=", False)], limit=1)
        if not device or device.member_id.state != "active":
            return device.browse()
        device._note_use()
        return device

    def _note_use(self):
        """Remember the last use, at most once an hour: the scan path writes no row for it."""
        now = fields.Datetime.now()
        stale = not self.last_used or now - self.last_used > SEEN_EVERY
        if stale and not self.env.cr.readonly:
            self.last_used = now

    def _member_in(self, program):
        """Return the member record of this device's person in another club, empty if he has not joined it."""
        self.ensure_one()
        if self.member_id.program_id == program:
            return self.member_id
        return (
            self
            .env["liquor.member"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.member_id.partner_id.id),
                    ("program_id", "=", program.id),
                    ("state", "=", "active"),
                ],
                limit=1,
            )
        )

    def _revoke(self):
        """Log these devices out for good."""
        self.filtered(lambda device: not device.revoked_at).revoked_at = fields.Datetime.now()
