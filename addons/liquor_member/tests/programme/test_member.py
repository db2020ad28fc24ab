from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from ..common import PHONES, MemberCase


class TestMember(MemberCase):
    def test_joining_leaves_no_plain_phone(self):
        member = self.join()
        self.assertEqual(member.partner_id.name, f"会员 {member.number}")
        self.assertFalse(member.partner_id.phone or member.partner_id.email or member.partner_id.user_ids)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT row_to_json(m)::text, row_to_json(p)::text, row_to_json(c)::text FROM liquor_member m"
                " JOIN res_partner p ON p.id = m.partner_id JOIN loyalty_card c ON c.id = m.card_id WHERE m.id = %s",
                member.id,
            )
        )
        self.assertNotIn(PHONES[0], "".join(rows[0]))
        self.assertEqual(member.phone_masked, "138****8000")

    def test_joining_twice_gives_one_member(self):
        member = self.join()
        for written in (PHONES[0], f"+86 {PHONES[0]}", f"０{PHONES[0]}"[1:], f"138-0013-{PHONES[0][-4:]}"):
            with self.subTest(written=written):
                again = self.env["liquor.member"]._join(self.club, written, "cap", "1")
                self.assertEqual(again, member)
        self.assertEqual(self.env["liquor.member"]._find_by_phone(self.club, PHONES[0]), member)
        self.assertFalse(self.env["liquor.member"]._find_by_phone(self.regional, PHONES[0]))

    def test_one_person_in_two_clubs(self):
        first, second = self.join(), self.join(club=self.regional)
        self.assertNotEqual(first, second)
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertNotEqual(first.card_id, second.card_id)

    def test_odd_phones_are_refused(self):
        for phone in ("", "1", "abc", "138001380001380013800", None, 13800138000, ["138"], "x" * 10_000, "'; DROP--"):
            with self.subTest(phone=phone), self.assertRaises(UserError):
                self.env["liquor.member"]._join(self.club, phone, "cap", "1")

    def test_no_consent_no_member(self):
        with self.assertRaises(UserError):
            self.env["liquor.member"]._join(self.club, PHONES[1], "cap", "")
        member = self.join()
        consents = self.env["liquor.consent"].search([("member_id", "=", member.id)])
        self.assertEqual(sorted(consents.mapped(lambda c: (c.purpose, c.version))), [("adult", "1"), ("terms", "1")])
        with self.assertRaises(UserError):
            self.env["liquor.consent"]._withdraw(member, "terms")

    def test_who_left_is_not_let_in_again_in_silence(self):
        member = self.join()
        member.sudo().state = "closed"
        with self.assertRaises(UserError):
            self.join()

    def test_phone_is_unique_in_a_club(self):
        member = self.join()
        values = {
            "number": "X1",
            "program_id": self.club.id,
            "company_id": self.company.id,
            "partner_id": self.env["res.partner"].create({"name": "x"}).id,
            "joined_at": "2026-01-01",
            "phone_index": member.sudo().phone_index,
        }
        with self.assertRaises(errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["liquor.member"].sudo().create(values)

    def test_facts_of_a_member_are_not_typed(self):
        member = self.join()
        manager = self.user("manager", "group_member_manager", "base.group_partner_manager")
        for values in ({"level_id": self.level_s.id}, {"card_id": False}, {"state": "closed"}, {"number": "1"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                member.with_user(manager).write(values)
        with self.assertRaises(AccessError):
            self.env["liquor.member"].with_user(manager).create({"number": "1"})
        member.with_user(manager).level_locked_until = "2026-12-31"

    def test_contacts_of_members_are_not_merged(self):
        partners = self.join(0).partner_id | self.join(1).partner_id
        with self.assertRaises(UserError):
            self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, partners[0])

    def test_device_token(self):
        member = self.join()
        devices = self.env["liquor.device"]
        token = devices._issue(member, "iPhone")
        self.assertGreaterEqual(len(token), 43)
        device = devices._resolve(token)
        self.assertEqual(device.member_id, member)
        self.assertNotIn(token, str(self.env.execute_query(SQL("SELECT row_to_json(d)::text FROM liquor_device d"))))
        for wrong in (token[:-1], token + "x", "", None, 7, [token], {"a": 1}, "é" * 43, "a" * 100_000):
            with self.subTest(wrong=str(wrong)[:20]):
                self.assertFalse(devices._resolve(wrong))
        self.assertFalse(device._member_in(self.regional))
        self.assertEqual(device._member_in(self.regional), self.env["liquor.member"])
        other = self.join(club=self.regional)
        self.assertEqual(device._member_in(self.regional), other)
        device._revoke()
        self.assertFalse(devices._resolve(token))

    def test_device_of_one_who_left_is_dead(self):
        member = self.join()
        token = self.env["liquor.device"]._issue(member)
        member.sudo().state = "closed"
        self.assertFalse(self.env["liquor.device"]._resolve(token))

    def test_desk_registration(self):
        clerk = self.user("clerk", "group_service")
        wizard = (
            self
            .env["liquor.member.join"]
            .with_user(clerk)
            .create({"program_id": self.club.id, "phone": PHONES[3], "accepted": True})
        )
        member = self.env["liquor.member"].browse(wizard.action_join()["res_id"])
        self.assertEqual((member.program_id, member.join_source), (self.club, "desk"))
        self.assertFalse(wizard.exists())
        wizard = (
            self.env["liquor.member.join"].with_user(clerk).create({"program_id": self.club.id, "phone": PHONES[4]})
        )
        with self.assertRaises(UserError):
            wizard.action_join()
