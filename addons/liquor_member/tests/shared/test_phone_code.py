from unittest.mock import patch

from psycopg2 import errors

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.shared import liquor_phone_code as module
from ...tools.rate_limit import DAY, HOUR, MINUTE

PHONE = "13800138000"


@tagged("post_install", "-at_install")
class TestPhoneCode(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Codes", "country_id": cls.env.ref("base.cn").id})
        cls.Code = cls.env["liquor.phone.code"]
        cls.env["ir.config_parameter"].set_param("liquor.outbound.sms", False)
        cls.env.cr.execute("DELETE FROM liquor_rate_hit")

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())

    def send(self, phone=PHONE, purpose="join", nonce="n1"):
        """Send a code and return its digits, as the phone shows them."""
        message = self.Code._send(phone, purpose, nonce, company=self.company)
        return message._open_content()["values"]["code"]

    def check(self, digits, phone=PHONE, purpose="join", nonce="n1"):
        return self.Code._check(phone, purpose, nonce, digits, company=self.company)

    def age_hits(self, seconds):
        self.env.cr.execute("UPDATE liquor_rate_hit SET hit_at = hit_at - make_interval(secs => %s)", [seconds])

    def test_right_code_once(self):
        digits = self.send()
        self.assertRegex(digits, "^[0-9]{6}$")
        self.assertTrue(self.check(digits))
        self.assertFalse(self.check(digits))

    def test_spelling_of_the_phone_does_not_matter(self):
        self.assertTrue(self.check(self.send(), phone="+86 138-0013-8000"))

    def test_bound_to_phone_purpose_and_nonce(self):
        digits = self.send()
        for changes in ({"phone": "13900139000"}, {"purpose": "cash"}, {"nonce": "n2"}, {"phone": "nonsense"}):
            self.assertFalse(self.check(digits, **changes), changes)
        self.assertTrue(self.check(digits))

    def test_wrong_input(self):
        digits = self.send()
        for given in ("", None, f"{digits}0", digits[:5], f"{(int(digits) + 1) % 10**6:06d}"):
            self.assertFalse(self.check(given), given)

    def test_five_guesses_kill_the_code(self):
        digits = self.send()
        for step in range(1, 6):
            self.assertFalse(self.check(f"{(int(digits) + step) % 10**6:06d}"))
        self.assertFalse(self.check(digits))

    def test_expired_after_five_minutes(self):
        digits = self.send()
        self.env.cr.execute("UPDATE liquor_phone_code SET expires_at = expires_at - interval '300 seconds'")
        self.env.invalidate_all()
        self.assertFalse(self.check(digits))

    def test_newer_code_voids_the_older(self):
        first = self.send()
        self.age_hits(MINUTE)
        second = self.send()
        if first != second:
            self.assertFalse(self.check(first))
        self.assertTrue(self.check(second))

    def test_limits_per_phone(self):
        # 1 a minute, 5 an hour, 10 a day
        self.send()
        with self.assertRaisesRegex(UserError, r"\b(59|60) seconds"):
            self.send()
        for _ in range(4):
            self.age_hits(MINUTE)
            self.send()
        self.age_hits(MINUTE)
        with self.assertRaises(UserError):
            self.send()
        self.age_hits(HOUR)
        for _ in range(5):
            self.age_hits(MINUTE)
            self.send()
        self.age_hits(HOUR)
        with self.assertRaises(UserError):
            self.send()
        self.send(phone="13900139000")
        self.age_hits(DAY)
        self.send()

    def test_limits_per_address_and_in_all(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("liquor.phone_code.per_ip_hour", "2")
        self.patch(self.registry["liquor.phone.code"], "_get_address", lambda self: "203.0.113.7")
        for number in range(2):
            self.send(phone=f"1390013900{number}")
        with self.assertRaises(UserError):
            self.send(phone="13900139005")
        self.patch(self.registry["liquor.phone.code"], "_get_address", lambda self: "203.0.113.8")
        parameters.set_param("liquor.phone_code.per_hour", "3")
        self.send(phone="13900139005")
        with mute_logger(module.__name__), self.assertRaises(UserError):
            self.send(phone="13900139006")

    def test_no_phone_number(self):
        for phone in ("", "abc", "123", None):
            with self.assertRaises(UserError):
                self.send(phone=phone)

    def test_nothing_clear_is_stored(self):
        digits = self.send()
        self.env.flush_all()
        for table in ("liquor_phone_code", "liquor_outbound", "liquor_rate_hit"):
            self.env.cr.execute(f"SELECT string_agg(to_jsonb(t)::text, '') FROM {table} t")  # pylint: disable=E8103
            text = self.env.cr.fetchone()[0]
            self.assertNotIn(PHONE, text, table)
            self.assertNotIn(f'"{digits}"', text, table)

    def test_roles(self):
        self.send()
        admin = self.env.ref("base.user_admin")
        for name in ("code_hash", "phone_index", "nonce_hash"):
            with self.assertRaises(AccessError):
                self.Code.with_user(admin).search([(name, "!=", False)])
        manager = new_test_user(self.env, "code_manager", "liquor_member.group_member_manager")
        with self.assertRaises(AccessError):
            self.Code.with_user(manager).search([])

    def test_old_codes_are_collected(self):
        self.send()
        self.env.cr.execute("UPDATE liquor_phone_code SET create_date = create_date - interval '3 days'")
        self.env.invalidate_all()
        self.Code._gc_codes()
        self.assertFalse(self.Code.search([]))

    def test_comparison_takes_place_without_a_code(self):
        with patch.object(module.hmac, "compare_digest", return_value=False) as compare:
            self.assertFalse(self.check("123456"))
        self.assertTrue(compare.called)


@tagged("post_install", "-at_install")
class TestPhoneCodeRace(TransactionCase):
    def test_parallel_takers_on_real_connections(self):
        """The second taker of a code fails on the row and is run again by Odoo; then the code is used."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, {})
            index = module.phone_index("+8613700137000")
            hashed = env["liquor.phone.code"]._hash
            code = env["liquor.phone.code"].create({
                "company_id": env.company.id,
                "phone_index": index,
                "purpose": "race",
                "nonce_hash": hashed("nonce", "n"),
                "code_hash": "x",
                "expires_at": "2999-01-01",
            })
        self.addCleanup(self.remove, code.id)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            codes = [
                api.Environment(cr, self.env.uid, {})["liquor.phone.code"].browse(code.id) for cr in (first, second)
            ]
            second.execute("SELECT 1")  # its snapshot is taken before the first one commits
            self.assertTrue(codes[0]._consume(codes[0]))
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(errors.SerializationFailure):
                codes[1]._consume(codes[1])
            second.rollback()
            self.assertFalse(codes[1]._consume(codes[1]))

    def remove(self, number):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM liquor_phone_code WHERE id = %s", [number])
