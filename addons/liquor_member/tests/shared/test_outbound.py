import hashlib
import hmac
import json
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import requests
from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.shared import liquor_outbound as module

PHONE = "+8613800138000"


@tagged("post_install", "-at_install")
class TestOutbound(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Outbound"})
        cls.company.partner_id.lang = "en_US"
        cls.Outbound = cls.env["liquor.outbound"]
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        for name in ("sms", "on_screen", "webhook_url", "webhook_secret"):
            cls.parameters.set_param(f"liquor.outbound.{name}", False)
        cls.service = new_test_user(
            cls.env,
            "outbound_service",
            "liquor_member.group_service",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.clerk = new_test_user(cls.env, "outbound_clerk", "base.group_user")

    def send(self, key="k1", **changes):
        arguments = {"company": self.company, "secret": ("code",), **changes}
        return self.Outbound._send("sms", PHONE, "phone_code", {"code": "123456", "minutes": 5}, key, **arguments)

    def use_webhook(self):
        for name, value in (("sms", "webhook"), ("webhook_url", "https://gateway.test/sms"), ("webhook_secret", "s3")):
            self.parameters.set_param(f"liquor.outbound.{name}", value)

    def deliver(self, answer):
        """Run the cron once; return the posted calls."""
        calls = []

        def post(url, **arguments):
            calls.append((url, arguments))
            if isinstance(answer, Exception):
                raise answer
            return SimpleNamespace(status_code=answer, headers={"X-Reference": "ref-1"})

        with patch.object(module.requests, "post", post), self.enter_registry_test_mode():
            self.env.ref("liquor_member.liquor_outbound_cron").method_direct_trigger()
        return calls

    def test_nothing_clear_is_stored(self):
        message = self.send()
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(m)::text FROM liquor_outbound m WHERE id = %s", [message.id])
        row = self.env.cr.fetchone()[0]
        self.assertNotIn("123456", row)
        self.assertNotIn("13800138000", row)
        self.assertEqual(message.recipient_mask, "138****8000")
        self.assertEqual(message.body, "Your code is ••••••, valid for 5 minutes. Never give it to anybody.")

    def test_roles_read_masks_only(self):
        message = self.send()
        seen = message.with_user(self.service).read()[0]
        self.assertNotIn("123456", str(seen))
        self.assertNotIn("sealed", seen)
        for name in ("sealed", "recipient_index"):
            with self.assertRaises(AccessError):
                message.with_user(self.service).read([name])
            with self.assertRaises(AccessError):
                self.Outbound.with_user(self.env.ref("base.user_admin")).search([(name, "!=", False)])
        with self.assertRaises(AccessError):
            message.with_user(self.clerk).read(["body"])
        with self.assertRaises(AccessError):
            message.with_user(self.service).write({"state": "queued"})

    def test_key_sends_once(self):
        self.assertEqual(self.send("same"), self.send("same"))
        self.assertNotEqual(self.send("same"), self.send("other"))
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE liquor_outbound SET key = 'same' WHERE key = 'other'")

    def test_local_shows_text_only_where_allowed(self):
        message = self.send()
        self.assertEqual(message.state, "sent")
        self.assertFalse(message._screen_text())
        self.parameters.set_param("liquor.outbound.on_screen", "1")
        self.assertEqual(message._screen_text(), "Your code is 123456, valid for 5 minutes. Never give it to anybody.")

    def test_local_text_is_dropped_after_a_day(self):
        self.parameters.set_param("liquor.outbound.on_screen", "1")
        message = self.send()
        message.flush_recordset()
        self.env.cr.execute("UPDATE liquor_outbound SET create_date = create_date - interval '25 hours'")
        message.invalidate_recordset()
        self.Outbound._gc_sealed()
        self.assertFalse(message._screen_text())

    def test_webhook_is_signed_and_drops_the_text(self):
        self.use_webhook()
        message = self.send("hook")
        self.assertEqual(message.state, "queued")
        [(url, call)] = self.deliver(200)
        self.assertEqual(url, "https://gateway.test/sms")
        body = json.loads(call["data"])
        self.assertEqual((body["recipient"], body["values"]["code"], body["key"]), (PHONE, "123456", "hook"))
        self.assertEqual(body["template"], "phone_code")
        signature = hmac.new(b"s3", call["data"], hashlib.sha256).hexdigest()
        self.assertEqual(call["headers"]["X-Liquor-Signature"], signature)
        self.assertEqual(call["headers"]["Idempotency-Key"], "hook")
        self.assertTrue(call["timeout"])
        self.assertEqual((message.state, message.provider_reference, message.sealed), ("sent", "ref-1", False))
        self.assertEqual(self.deliver(200), [])

    def test_gateway_that_does_not_answer_is_asked_five_times(self):
        self.use_webhook()
        message = self.send()
        for attempt, minutes in enumerate((1, 5, 15, 60), start=1):
            before = fields.Datetime.now()
            self.assertEqual(len(self.deliver(requests.ConnectionError())), 1)
            self.assertEqual((message.state, message.attempt_count), ("queued", attempt))
            self.assertGreaterEqual(message.next_try_at, before + timedelta(minutes=minutes))
            self.assertEqual(self.deliver(200), [])  # not yet
            message.action_try_now()
        self.deliver(503)
        self.assertEqual((message.state, message.attempt_count, message.sealed), ("failed", 5, False))
        self.assertIn("503", message.error)

    def test_refusal_of_the_gateway_is_final(self):
        self.use_webhook()
        for status in (302, 400, 403):
            message = self.send(str(status))
            self.deliver(status)
            self.assertEqual((message.state, message.attempt_count), ("failed", 1), status)
        message = self.send("429")
        self.deliver(429)
        self.assertEqual(message.state, "queued")

    def test_blocked_is_logged_and_not_sent(self):
        self.use_webhook()
        self.patch(self.registry["liquor.outbound"], "_find_block", lambda *args: "no consent")
        message = self.send()
        self.assertEqual((message.state, message.error, message.sealed), ("blocked", "no consent", False))
        self.assertEqual(self.deliver(200), [])

    def test_own_text_of_a_company(self):
        self.env["liquor.outbound.template"].create({
            "code": "phone_code",
            "channel": "sms",
            "company_id": self.company.id,
            "body": "$code!",
        })
        self.assertEqual(self.send("own").body, "••••••!")
        other = self.env["res.company"].create({"name": "Other"})
        self.assertNotEqual(self.send("others", company=other).body, "••••••!")

    def test_unknown_template_and_provider(self):
        with self.assertRaises(ValueError):
            self.Outbound._send("sms", PHONE, "nonsense", {}, "x", company=self.company)
        self.parameters.set_param("liquor.outbound.sms", "pigeon")
        with self.assertRaises(UserError):
            self.send()

    def test_one_template_per_code(self):
        values = {"code": "once", "channel": "sms", "body": "x"}
        self.env["liquor.outbound.template"].create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            self.env["liquor.outbound.template"].create(values)

    def test_shared_text_is_the_administrators(self):
        """A manager writes the texts of his company; what reaches every company's members is not his."""
        groups = {"manager": "liquor_member.group_member_manager", "system": "base.group_system"}
        users = {
            name: new_test_user(
                self.env,
                f"outbound_{name}",
                group,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for name, group in groups.items()
        }
        shared = self.env.ref("liquor_member.liquor_outbound_template_phone_code")
        self.assertFalse(shared.company_id)
        manager = self.env["liquor.outbound.template"].with_user(users["manager"])
        values = {"code": "own", "channel": "sms", "body": "x"}
        own = manager.create(values)
        self.assertEqual(own.company_id, self.company)
        own.body = "y"
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["liquor.outbound.template"].create({**values, "company_id": other.id, "channel": "wechat"})
        for refused in (
            lambda: shared.with_user(users["manager"]).write({"body": "Pay to $code"}),
            lambda: shared.with_user(users["manager"]).unlink(),
            lambda: manager.create({**values, "company_id": False, "channel": "wecom"}),
            lambda: own.write({"company_id": False}),
            lambda: own.write({"company_id": other.id}),
            lambda: foreign.with_user(users["manager"]).write({"body": "z"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                refused()
        self.assertIn("$code", shared.with_user(users["manager"]).body)
        shared.with_user(users["system"]).write({"body": "$code"})
        self.env["liquor.outbound.template"].with_user(users["system"]).create({**values, "company_id": False})
