import hmac
import json
import logging
from datetime import timedelta

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.shared.messages import mask_recipient, render, retry_delay
from ...tools.phone import phone_index
from ...tools.secrets_box import box
from ...tools.unique_loser import loser_retries

_logger = logging.getLogger(__name__)

TIMEOUT = (3, 10)
BATCH = 50
TRANSIENT = (408, 425, 429)


class DeliveryError(Exception):
    """A provider refused a message; ``final`` when another try is of no use."""

    def __init__(self, text, final=False):
        super().__init__(text)
        self.final = final


class LiquorOutbound(models.Model):
    """Messages to members and partners: written first, delivered by a provider after the commit.

    The provider of a channel is the system parameter ``liquor.outbound.<channel>``; ``_deliver_<provider>``
    brings one message out. ``local`` (the default) brings nothing out: where the parameter
    ``liquor.outbound.on_screen`` is set, pages show the text, for trying out. ``webhook`` posts JSON to the
    customer's own gateway. Recipient, text and secret values are stored encrypted only, and dropped once the
    provider has taken the message; the list shows masks.

    States: queued -> sent | failed (after five tries) | blocked (no consent).
    """

    _name = "liquor.outbound"
    _description = "Outgoing Message"
    _order = "id desc"
    _rec_name = "recipient_mask"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    template_id = fields.Many2one("liquor.outbound.template", required=True, readonly=True, ondelete="restrict")
    channel = fields.Selection(related="template_id.channel", store=True)
    provider = fields.Char(required=True, readonly=True)
    recipient_mask = fields.Char("Recipient", readonly=True)
    recipient_index = fields.Char(readonly=True, index=True, groups=".")
    sealed = fields.Text(readonly=True, copy=False, groups=".")
    body = fields.Text("Text", readonly=True, help="Secret values show as dots.")
    key = fields.Char(required=True, readonly=True, copy=False)
    state = fields.Selection(
        [("queued", "Waiting"), ("sent", "Sent"), ("failed", "Failed"), ("blocked", "Blocked")],
        required=True,
        readonly=True,
        default="queued",
    )
    attempt_count = fields.Integer("Attempts", readonly=True)
    next_try_at = fields.Datetime("Next Try", readonly=True)
    sent_at = fields.Datetime("Sent", readonly=True)
    error = fields.Char(readonly=True)
    provider_reference = fields.Char("Reference of Provider", readonly=True)

    _key_unique = models.UniqueIndex("(key)", "This message was sent before.")
    _queue_idx = models.Index("(next_try_at, id) WHERE state = 'queued'")

    # --- sending ---------------------------------------------------------------------------------------------

    def _send(self, channel, recipient, template, values, key, *, company, secret=(), lang=None):
        """Write a message and queue its delivery.

        :param str channel: ``sms``, ``wechat`` or ``wecom``
        :param str recipient: E.164 number or open id
        :param str template: code of a ``liquor.outbound.template``
        :param dict values: what fills the template
        :param str key: the same key sends nothing again and returns the first message
        :param company: in whose name
        :param tuple secret: names of values that no screen and no log shows
        :param str lang: language of the text, the company's by default
        :rtype: liquor.outbound
        :raises ValueError: there is no such template
        :raises ConcurrencyError: a parallel transaction sent the same key
        """
        messages = self.env(su=True, context={})["liquor.outbound"]
        known = messages.search([("key", "=", key)])
        if known:
            return known
        found = messages.env["liquor.outbound.template"]._find(template, channel, company)
        text = found.with_context(lang=lang or company.sudo().partner_id.lang or "zh_CN").body
        content = {
            "recipient": recipient,
            "text": render(text, values),
            "values": {name: str(value) for name, value in values.items()},
        }
        with loser_retries(self.env):
            message = messages.create({
                **messages._prepare_message_values(channel, recipient, found, company),
                "body": render(text, values, secret),
                "key": key,
            })
        message._seal(content)
        return message._queue()

    def _prepare_message_values(self, channel, recipient, template, company):
        blocked = self._find_block(recipient, template.purpose, company)
        return {
            "company_id": company.id,
            "template_id": template.id,
            "provider": self._get_provider(channel),
            "recipient_mask": mask_recipient(recipient),
            "recipient_index": phone_index(recipient),
            "state": "blocked" if blocked else "queued",
            "error": blocked,
            "next_try_at": fields.Datetime.now(),
        }

    def _find_block(self, recipient, purpose, company):
        """Return why this recipient must not get a message of this purpose, or False: the consents decide."""
        return False

    def _get_provider(self, channel):
        provider = self.env["ir.config_parameter"].sudo().get_param(f"liquor.outbound.{channel}") or "local"
        if not hasattr(self, f"_deliver_{provider}"):
            raise UserError(self.env._("There is no message provider “%(provider)s”.", provider=provider))
        return provider

    def _queue(self):
        if self.state == "blocked":
            self.sealed = False
        elif self.provider == "local":
            self._deliver()
        else:
            self.env.ref("liquor_member.liquor_outbound_cron").sudo()._trigger()
        return self

    def _seal(self, content):
        self.sealed = box().encrypt(json.dumps(content), (self._name, self.id, "sealed"))

    def _open_content(self):
        return json.loads(box().decrypt(self.sealed, (self._name, self.id, "sealed")))

    def _screen_text(self):
        """Return the text for the page that asked for it, or False: on a server for trying out only."""
        allowed = self.env["ir.config_parameter"].sudo().get_param("liquor.outbound.on_screen")
        message = self.sudo()
        if not allowed or message.provider != "local" or not message.sealed:
            return False
        return message._open_content()["text"]

    # --- delivering ------------------------------------------------------------------------------------------

    @api.model
    def _deliver_queue(self):
        """Deliver waiting messages, one by one; each outcome is committed before the next goes out."""
        cron = self.env["ir.cron"]
        domain = [("state", "=", "queued"), ("next_try_at", "<=", fields.Datetime.now())]
        seen = []
        while messages := self.search([*domain, ("id", "not in", seen)], order="next_try_at, id", limit=BATCH):
            seen += messages.ids
            for message in messages:
                locked = message.try_lock_for_update()
                if locked:
                    locked._deliver()
                if cron._commit_progress(1, remaining=len(messages)) <= 0:
                    return
        cron._commit_progress(remaining=0)

    def _deliver(self):
        now = fields.Datetime.now()
        values = {"attempt_count": self.attempt_count + 1, "error": False}
        try:
            reference = getattr(self, f"_deliver_{self.provider}")(self._open_content())
        except DeliveryError as error:
            delay = None if error.final else retry_delay(self.attempt_count + 1)
            values["error"] = str(error)
            values["next_try_at"] = now + timedelta(minutes=delay or 0)
            if delay is None:
                values |= {"state": "failed", "sealed": False}
        else:
            values |= {"state": "sent", "sent_at": now, "provider_reference": reference}
            if self.provider != "local":
                values["sealed"] = False
        self.write(values)

    def _deliver_local(self, content):
        """Bring nothing out; the page that asked may show the text (``_screen_text``)."""
        return "local"

    def _deliver_webhook(self, content):
        """Post the message to the customer's gateway and return the gateway's reference.

        The body is signed: ``X-Liquor-Signature`` = HMAC-SHA256 of it with ``liquor.outbound.webhook_secret``.
        The gateway must treat an ``Idempotency-Key`` it knows as taken: after a crash we ask again.

        :raises DeliveryError: the gateway refused or did not answer
        """
        parameters = self.env["ir.config_parameter"].sudo()
        url, secret = (parameters.get_param(f"liquor.outbound.webhook_{name}") for name in ("url", "secret"))
        if not url or not secret:
            raise DeliveryError("liquor.outbound.webhook_url or webhook_secret is not set")
        template = self.template_id.provider_template or self.template_id.code
        body = json.dumps({**content, "channel": self.channel, "template": template, "key": self.key}).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": self.key,
            "X-Liquor-Signature": hmac.new(secret.encode(), body, "sha256").hexdigest(),
        }
        return self._post_webhook(url, body, headers)

    def _post_webhook(self, url, body, headers):
        try:
            answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise DeliveryError(f"gateway not reached: {type(error).__name__}") from None
        if answer.status_code // 100 == 2:
            return answer.headers.get("X-Reference") or "ok"
        final = answer.status_code // 100 in (3, 4) and answer.status_code not in TRANSIENT
        raise DeliveryError(f"gateway answered {answer.status_code}", final)

    def action_try_now(self):
        """Bring waiting messages forward to the next turn of the cron."""
        self.check_access("read")
        waiting = self.sudo().filtered(lambda message: message.state == "queued")
        if not waiting:
            raise UserError(self.env._("Only a waiting message can be tried again."))
        waiting.write({"next_try_at": fields.Datetime.now()})
        self.env.ref("liquor_member.liquor_outbound_cron").sudo()._trigger()

    @api.autovacuum
    def _gc_sealed(self):
        """Drop what is left of texts after a day: a local message is shown at once or never."""
        before = fields.Datetime.now() - timedelta(days=1)
        stale = self.sudo().search([("state", "!=", "queued"), ("sealed", "!=", False), ("create_date", "<", before)])
        stale.write({"sealed": False})
