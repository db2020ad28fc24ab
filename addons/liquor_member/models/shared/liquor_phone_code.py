import hmac
import logging
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

from ...tools.phone import normalise_phone, phone_index
from ...tools.rate_limit import DAY, HOUR, MINUTE, Limit, take
from ...tools.secrets_box import box

_logger = logging.getLogger(__name__)

DIGITS = 6
LIFETIME = timedelta(minutes=5)
TRIES = 5
KEPT_DAYS = 2
HASH_PURPOSE = "phone code"
TEMPLATE = "phone_code"


class LiquorPhoneCode(models.Model):
    """One-time codes that prove a phone (security.md 2.B).

    A code is bound to the phone, the purpose and the nonce of the session or form that asked for it. Only its
    hash is stored. Sending and guessing are counted in transactions of their own; the code is consumed in the
    caller's, so that an honest request that Odoo repeats does not read "used already".
    """

    _name = "liquor.phone.code"
    _description = "Phone Code"
    _order = "id desc"
    _rec_name = "purpose"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    phone_index = fields.Char(required=True, readonly=True, groups=".")
    purpose = fields.Char(required=True, readonly=True)
    nonce_hash = fields.Char(required=True, readonly=True, groups=".")
    code_hash = fields.Char(required=True, readonly=True, groups=".")
    expires_at = fields.Datetime(required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)

    _find_idx = models.Index("(phone_index, purpose, id DESC)")

    def _send(self, phone, purpose, nonce, *, company, lang=None):
        """Send a code.

        :param str phone: as typed; read as a number of the company's country
        :param str purpose: what it will prove, for instance ``"join"``; a code is good for one purpose
        :param str nonce: random value of the form or session; a code is good for it alone
        :param company: in whose name
        :return: the ``liquor.outbound`` message
        :raises UserError: no phone number, or a limit is reached (the text says how long to wait)
        """
        phone = normalise_phone(company, phone)
        index = phone_index(phone)
        self._check_limits(index, purpose)
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        code = self.env(su=True, context={})["liquor.phone.code"].create({
            "company_id": company.id,
            "phone_index": index,
            "purpose": purpose,
            "nonce_hash": self._hash("nonce", nonce),
            "code_hash": self._hash_code(index, purpose, nonce, digits),
            "expires_at": fields.Datetime.now() + LIFETIME,
        })
        return self.env["liquor.outbound"]._send(
            "sms",
            phone,
            TEMPLATE,
            {"code": digits, "minutes": int(LIFETIME.total_seconds() // 60)},
            f"phone_code/{code.id}",
            company=company,
            secret=("code",),
            lang=lang,
        )

    def _check(self, phone, purpose, nonce, digits, *, company):
        """Consume a code and tell whether it was right.

        Wrong, expired, used, of another phone, purpose or nonce, tried too often: all look the same.

        :rtype: bool
        """
        try:
            index = phone_index(normalise_phone(company, phone))
        except UserError:
            return False
        code = self._find_last(index, purpose, nonce)
        tries = Limit(f"code/try/{index}/{purpose}/{code.id or 0}", TRIES, DAY)
        if take(self.env, f"code/try/{index}/{purpose}/{digits}", [tries]):
            return False
        given = self._hash_code(index, purpose, nonce, str(digits or "").strip())
        # compared even where there is no code: the answer takes the same time
        right = hmac.compare_digest(given, code.code_hash or self._hash("nothing", ""))
        return right and self._consume(code)

    def _find_last(self, index, purpose, nonce):
        """Return the newest code of a phone and purpose, if it is of this nonce; older ones are void."""
        codes = self.env(su=True)["liquor.phone.code"]
        last = codes.search([("phone_index", "=", index), ("purpose", "=", purpose)], order="id desc", limit=1)
        return last if last and hmac.compare_digest(last.nonce_hash, self._hash("nonce", nonce)) else codes

    def _consume(self, code):
        """Take the code in the caller's transaction; of parallel takers one wins, the others are repeated."""
        code.flush_recordset()
        taken = self.env.execute_query(
            SQL(
                "UPDATE liquor_phone_code SET used_at = %(now)s"
                " WHERE id = %(id)s AND used_at IS NULL AND expires_at > %(now)s RETURNING id",
                now=fields.Datetime.now(),
                id=code.id,
            )
        )
        code.invalidate_recordset(["used_at"])
        return bool(taken)

    def _hash_code(self, index, purpose, nonce, digits):
        return self._hash("code", "|".join((index, purpose, self._hash("nonce", nonce), digits)))

    def _hash(self, kind, text):
        return box().blind_index(str(text), f"{HASH_PURPOSE}/{kind}")

    # --- limits ----------------------------------------------------------------------------------------------

    def _check_limits(self, index, purpose):
        refusal = take(self.env, f"code/send/{index}/{purpose}", self._get_limits(index))
        if not refusal:
            return
        if refusal.limit.bucket == "code/all":
            _logger.warning("Phone codes stopped: more than %s within the hour", refusal.limit.count)
        raise UserError(
            self.env._("Too many codes were asked for. Please wait %(seconds)s seconds.", seconds=refusal.wait)
        )

    def _get_limits(self, index):
        """Return the limits of one more code: of its phone, of the caller's address, of the whole server."""
        phone, limits = f"code/phone/{index}", []
        for count, seconds in ((1, MINUTE), (5, HOUR), (10, DAY)):
            limits.append(Limit(phone, count, seconds))
        address = self._get_address()
        if address:
            bucket = f"code/ip/{self._hash('ip', address)}"
            limits.append(Limit(bucket, self._get_figure("per_ip_hour", 30), HOUR))
            limits.append(Limit(bucket, self._get_figure("per_ip_day", 100), DAY))
        limits.append(Limit("code/all", self._get_figure("per_hour", 3000), HOUR))
        return limits

    def _get_figure(self, name, default):
        return int(self.env["ir.config_parameter"].sudo().get_param(f"liquor.phone_code.{name}") or default)

    def _get_address(self):
        return request.httprequest.remote_addr if request else None

    @api.autovacuum
    def _gc_codes(self):
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("create_date", "<", before)]).unlink()
