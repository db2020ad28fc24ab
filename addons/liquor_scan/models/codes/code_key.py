import hashlib
import hmac

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools import secrets_box

from ...engine.codes.cipher import CodeBook

PURPOSE = "liquor_scan/codes"


class _Process:
    """The code book of this process and the ring it was made from; cipher contexts live as long as it does."""

    ring = None
    book = None


class LiquorCodeKey(models.Model):
    """Versions of the master key: the key lies outside the database, its check value inside.

    The ring is the server's, not a company's: a code says its batch before anybody knows the company.
    """

    _name = "liquor.code.key"
    _description = "Master Key Version"
    _order = "version desc"
    _rec_name = "version"

    version = fields.Integer(required=True, readonly=True)
    check_value = fields.Char(required=True, readonly=True, help="Tells a wrong key file from the right one.")
    since = fields.Datetime(required=True, readonly=True)
    batch_count = fields.Integer("Batches", compute="_compute_batch_count")

    _version_unique = models.UniqueIndex("(version)", "This version is known already.")

    @tools.ormcache("self.id")
    def _number(self):
        """Return the version, which never changes."""
        return self.sudo().version

    def _compute_batch_count(self):
        counts = dict(self.env["liquor.code.batch"]._read_group([("key_id", "in", self.ids)], ["key_id"], ["__count"]))
        for key in self:
            key.batch_count = counts.get(key, 0)

    # --- the ring ---------------------------------------------------------------------------------------------

    @api.model
    def _masters(self):
        """Return {version: 32 bytes}, derived for codes alone from the server's key file; no query."""
        ring = secrets_box.box()
        return {version: ring.derive(PURPOSE, version=version) for version in ring.keys}

    @api.model
    def _code_book(self):
        """Return the code book of this process; no query.

        :raises KeyRingError: the key file is missing
        """
        ring = secrets_box.box()
        if _Process.ring is not ring:
            _Process.ring, _Process.book = ring, CodeBook(self._masters())
        return _Process.book

    @api.model
    def _current(self):
        """Return the newest version, noting its check value when it is first used.

        :raises UserError: a version of the file is not the one this database knows
        """
        masters = self._masters()
        known = {key.version: key for key in self.sudo().search([("version", "in", list(masters))])}
        wrong = [
            version
            for version, key in known.items()
            if not hmac.compare_digest(key.check_value, self._check_value(masters[version]))
        ]
        if wrong:
            raise UserError(
                self.env._(
                    "The key file on this server is not the one the codes were made with (version %(versions)s).",
                    versions=", ".join(map(str, wrong)),
                )
            )
        newest = secrets_box.box().current
        return known.get(newest) or self.sudo().create({
            "version": newest,
            "check_value": self._check_value(masters[newest]),
            "since": fields.Datetime.now(),
        })

    @api.model
    def _check_value(self, master):
        return hmac.new(master, b"check value", hashlib.sha256).hexdigest()[:32]

    @api.model
    def _secret(self, purpose, version=None):
        """Return 32 bytes for one purpose of this add-on, from the current version of the key or a former one."""
        return secrets_box.box().derive(f"{PURPOSE}/{purpose}", version=version)
