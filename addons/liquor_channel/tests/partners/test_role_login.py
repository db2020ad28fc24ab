"""A registered shop gets its login when it is approved: its own pages, no other right, no other person's account."""

import re
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ChannelCase

PHONE = "13800138123"


@tagged("post_install", "-at_install")
class TestRoleLogin(ChannelCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("liquor.outbound.on_screen", "1")

    def register(self, phone=PHONE, **values):
        return self.env["liquor.channel.role"]._register_shop({
            "company": self.company,
            "name": "Corner Shop",
            "contact": "Wang",
            "phone": phone,
            "terminal_kind": self.shop_kind,
            "territory": self.county,
            "distributor": self.distributor,
            **values,
        })[0]  # fmt: skip

    def users_of(self, role):
        return self.env["res.users"].search([("partner_id.commercial_partner_id", "=", role.partner_id.id)])

    def link(self, role):
        """The address in the message, without its host."""
        text = role.sudo().login_message_id._screen_text()
        parts = urlsplit(re.search(r"http\S+", text).group(0))
        return f"{parts.path}?{parts.query}"

    def approve(self, role):
        role.with_user(self.manager).action_formal()
        return self.users_of(role)

    def test_approval_makes_one_login_and_the_approver_sees_it(self):
        role = self.register()
        self.assertFalse(self.users_of(role))
        self.assertEqual(role.login_status, "none")
        user = self.approve(role)
        self.assertEqual((len(user), user.login, user.name, user.tz), (1, PHONE, "Wang", "Asia/Shanghai"))
        seen = role.with_user(self.manager)
        self.assertEqual((seen.login_status, seen.login_invited_by_id), ("sent", self.manager))
        self.assertNotIn(PHONE[3:7], seen.login_recipient)
        self.assertTrue(role.message_ids.filtered(lambda message: seen.login_recipient in (message.body or "")))
        self.assertNotIn("token=", role.sudo().login_message_id.body)

    def test_the_link_leads_to_its_own_pages(self):
        role = self.register()
        user = self.approve(role)
        self.authenticate(None, None)
        url = self.link(role)
        page = self.url_open(url).text
        token = re.search(r'name="token" value="([^"]+)"', page).group(1)
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        self.assertRegex(page, rf'name="login" [^>]*value="{PHONE}"')
        form = {
            "csrf_token": csrf,
            "token": token,
            "login": PHONE,
            "name": "Somebody",
            "password": "Long-1234",
            "confirm_password": "Long-1234",
            "group_ids": "1",
            "company_id": "99",
            "partner_id": "1",
        }
        answer = self.url_open(urlsplit(url).path, data=form)
        self.assertTrue(answer.url.endswith("/my/terminal"), answer.url)
        self.assertIn("Corner Shop", answer.text)
        self.assertEqual((user.login, user.name), (PHONE, "Wang"))
        for path in ("/my/channel", "/my/guide"):
            self.assertEqual(self.url_open(path).status_code, 404, path)
        self.assertEqual(role.login_status, "active")
        # the link was good once
        self.authenticate(None, None)
        again = self.url_open(url).text
        self.assertIn("alert-danger", again)
        self.assertNotIn(PHONE, again)

    def test_nobody_gains_a_right(self):
        role = self.register()
        context = {"default_group_ids": [self.env.ref("base.group_system").id], "default_login": "admin2",
                   "default_active": False, "default_partner_id": self.env.ref("base.partner_admin").id}  # fmt: skip
        role.with_user(self.manager).with_context(**context).action_formal()
        user = self.users_of(role)
        portal = new_test_user(self.env, login="plain_portal", groups="base.group_portal")
        self.assertEqual(user.all_group_ids, portal.all_group_ids)
        self.assertEqual((user.group_ids, user.share), (self.env.ref("base.group_portal"), True))
        self.assertEqual(user.company_ids, self.company)
        for model in ("liquor.earning", "liquor.settlement", "liquor.channel.role", "liquor.outbound", "liquor.payee"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(user).search([])
        for who in (self.outsider, user):
            with self.assertRaises(AccessError):
                role.with_user(who).action_invite()
        with self.assertRaises(AccessError):
            role.with_user(self.manager).write({"login_recipient": "x", "login_invited_at": False})

    def test_an_account_of_somebody_else_is_not_taken_over(self):
        staff = new_test_user(self.env, login=PHONE, groups="base.group_user,liquor_channel.group_finance")
        before = (staff.partner_id, staff.group_ids, staff.active)
        staff.active = False
        role = self.register()
        self.assertFalse(self.approve(role))
        self.assertEqual(role.state, "formal")
        self.assertTrue(role.login_refusal)
        self.assertEqual(role.login_status, "none")
        self.assertFalse(self.env["liquor.outbound"].search([("key", "like", f"role_login/{role.id}/")]))
        self.assertEqual((staff.partner_id, staff.group_ids), before[:2])
        self.assertFalse(staff.active)
        # another way: an e-mail of the shop
        role.partner_id.email = "corner@example.com"
        role.with_user(self.manager).action_invite()
        user = self.users_of(role)
        self.assertEqual((user.login, role.login_recipient), ("corner@example.com", "corner@example.com"))
        self.assertFalse(role.login_refusal)

    def test_sent_again_to_the_login_itself(self):
        role = self.register()
        user = self.approve(role)
        first = role.login_message_id
        role.partner_id.phone = "+8613911112222"  # an edited contact changes nothing
        user.partner_id.phone = "+8613911112222"
        role.with_user(self.clerk).action_invite()
        self.assertEqual((self.users_of(role), role.login_count), (user, 2))
        self.assertNotEqual(role.login_message_id, first)
        self.assertEqual(role.login_message_id.recipient_mask, first.recipient_mask)
        user.with_user(user)._update_last_login()
        self.env.invalidate_all()
        self.assertEqual(role.login_status, "active")
        role.with_user(self.clerk).action_invite()
        self.assertIn("reset_password", role.login_message_id._screen_text())
        self.assertEqual(role.login_message_id.recipient_mask, first.recipient_mask)

    def test_approving_again_invites_nobody_again(self):
        role = self.register()
        self.approve(role)
        role.with_user(self.manager).action_suspend(reason="Check")
        role.with_user(self.manager).action_formal()
        self.assertEqual((role.login_count, len(self.users_of(role))), (1, 1))

    def test_who_is_not_accepted_or_has_no_address_gets_none(self):
        role = self.register()
        with self.assertRaises(UserError):
            role.with_user(self.manager).action_invite()
        plain = self.env["liquor.channel.role"].search([("partner_id", "=", self.second_shop.id)])
        with self.assertRaises(UserError):
            plain.with_user(self.manager).action_invite()
        plain.partner_id.phone = "+8613800138124"
        plain.with_user(self.manager).action_invite()
        self.assertEqual(self.users_of(plain).login, "13800138124")
        guide = self.env["liquor.channel.role"].search([("partner_id", "=", self.guide.id)])
        guide.partner_id.phone = "+8613800138125"
        guide.with_user(self.manager).action_invite()
        self.assertEqual(self.users_of(guide).partner_id, self.guide)
