from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.unique_loser import loser_retries
from ..programme.member import JOIN_SOURCES

PURPOSES = [
    ("adult", "Is 18 or older"),
    ("terms", "Member terms"),
    ("messages", "Messages and offers"),
    ("recommendation", "Recommendations from his own scans"),
]
NEEDED = ("adult", "terms")
CHANNELS = [*JOIN_SOURCES, ("m/me", "Own Page")]


class LiquorConsent(models.Model):
    """What a member agreed to, in which version, when and by which proof; withdrawn ones stay (M35)."""

    _name = "liquor.consent"
    _description = "Consent"
    _check_company_auto = True
    _order = "given_at desc, id desc"
    _rec_name = "member_id"

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    purpose = fields.Selection(PURPOSES, required=True, readonly=True)
    version = fields.Char(required=True, readonly=True)
    given_at = fields.Datetime(required=True, readonly=True)
    withdrawn_at = fields.Datetime(readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True, help="Where it was given: which page, which source.")
    proof = fields.Char(readonly=True, help="Request, scan or document that shows it.")

    _live_unique = models.UniqueIndex(
        "(member_id, purpose, version) WHERE withdrawn_at IS NULL", "This consent has been given already."
    )

    @api.model
    def _give(self, member, purposes, version, channel, proof=None):
        """Note consents of a member; those that live already in this version stay as they are."""
        live = self.search([("member_id", "=", member.id), ("version", "=", version), ("withdrawn_at", "=", False)])
        values_list = [
            {
                "member_id": member.id,
                "company_id": member.company_id.id,
                "purpose": purpose,
                "version": version,
                "given_at": fields.Datetime.now(),
                "channel": channel,
                "proof": proof,
            }
            for purpose in purposes
            if purpose not in live.mapped("purpose")
        ]
        with loser_retries(self.env, self._live_unique.full_name(self)):
            return live | self.create(values_list)

    @api.model
    def _withdraw(self, member, purpose):
        """Withdraw a consent at once; being a member needs the first two."""
        if purpose in NEEDED:
            raise UserError(self.env._("Without this there is no membership. You can leave the club instead."))
        live = self.search([("member_id", "=", member.id), ("purpose", "=", purpose), ("withdrawn_at", "=", False)])
        live.withdrawn_at = fields.Datetime.now()

    @api.model
    def _live(self, member):
        """Return the purposes a member agrees to now."""
        rows = self.search([("member_id", "=", member.id), ("withdrawn_at", "=", False)])
        return set(rows.mapped("purpose"))
