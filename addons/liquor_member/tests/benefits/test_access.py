from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..common import MemberCase

MODELS = [
    "liquor.member.program",
    "liquor.member.level",
    "liquor.member.level.criterion",
    "liquor.member",
    "liquor.member.level.log",
    "liquor.device",
    "liquor.qualifying.event",
    "liquor.point.entry",
    "liquor.point.allocation",
    "liquor.point.rule",
    "liquor.point.adjustment",
    "liquor.cash.entry",
    "liquor.benefit",
    "liquor.benefit.entitlement",
    "liquor.benefit.claim",
    "liquor.consent",
]
FACTS = [
    "liquor.member",
    "liquor.member.level.log",
    "liquor.device",
    "liquor.qualifying.event",
    "liquor.point.entry",
    "liquor.point.allocation",
    "liquor.cash.entry",
    "liquor.benefit.entitlement",
    "liquor.benefit.claim",
    "liquor.consent",
]


class TestAccess(MemberCase):
    def test_portal_public_and_staff_without_role_see_nothing(self):
        portal = new_test_user(self.env, "portal_x", groups="base.group_portal")
        public = self.env.ref("base.public_user")
        sales = self.user("sales", "sales_team.group_sale_salesman_all_leads")
        for user in (portal, public, sales):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_service_reads_facts_and_writes_none(self):
        member = self.join()
        self.earn(member, 10, "a")
        clerk = self.user("clerk", "group_service")
        for model in FACTS:
            with self.subTest(model=model):
                records = self.env[model].with_user(clerk)
                records.search([]).read()
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation))

    def test_not_even_a_manager_writes_facts(self):
        manager = self.user("manager", "group_member_manager")
        for model in FACTS:
            records = self.env[model].with_user(manager)
            with self.subTest(model=model):
                self.assertFalse(records.has_access("create"))
                self.assertFalse(records.has_access("unlink"))
                self.assertEqual(records.has_access("write"), model == "liquor.member")

    def test_secrets_are_read_by_nobody(self):
        member = self.join()
        self.env["liquor.device"]._issue(member)
        manager = self.user("manager", "group_member_manager")
        for model, names in (
            ("liquor.member", ["phone_cipher", "phone_index"]),
            ("liquor.device", ["token_index"]),
            ("liquor.benefit.claim", ["code_index", "code_cipher"]),
        ):
            records = self.env[model].with_user(manager)
            for name in names:
                with self.subTest(model=model, name=name):
                    with self.assertRaises(AccessError):
                        records.search([]).read([name]) or records._read_group([], [name])
                    with self.assertRaises(AccessError):
                        records.search([(name, "like", "1")])

    def test_companies_are_apart(self):
        member = self.join()
        self.earn(member, 10, "a")
        other = self.env["res.company"].create({"name": "别家"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="base.group_user,liquor_member.group_member_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in MODELS:
            with self.subTest(model=model):
                found = self.env[model].with_user(stranger).with_context(allowed_company_ids=self.company.ids)
                try:
                    self.assertFalse(found.search([("company_id", "=", self.company.id)]))
                except AccessError:
                    continue

    def test_private_helpers_are_no_rpc(self):
        from odoo.service.model import get_public_method

        for model, name in (
            ("liquor.member", "_join"),
            ("liquor.device", "_issue"),
            ("liquor.reward", "_grant"),
            ("liquor.point.entry", "_move"),
            ("liquor.point.entry", "_post"),
            ("liquor.benefit.claim", "_redeem"),
            ("liquor.cash.entry", "_withdraw"),
            ("liquor.qualifying.event", "_record"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                get_public_method(self.env[model], name)

    def test_forged_defaults_change_nothing(self):
        manager = self.user("manager", "group_member_manager")
        request = (
            self
            .env["liquor.point.adjustment"]
            .with_user(manager)
            .with_context(default_state="approved", default_points=999999, default_approved_by_id=1)
            .create({"name": "x", "member_id": self.join().id, "points": 5})
        )
        self.assertEqual((request.state, request.points, request.approved_by_id.id), ("draft", 5, False))
        with self.assertRaises(UserError):
            self.env["loyalty.card"].with_context(default_points=99).create({
                "program_id": self.club.loyalty_program_id.id
            })
