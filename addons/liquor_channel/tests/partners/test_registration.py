"""Shops that register themselves: recognised, approved, merged."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DAY, ChannelCase

NOON = "2026-03-10 04:00:00"
PHONE = "13800138001"


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestRegistration(ChannelCase):
    def register(self, user=None, **values):
        return self.env["liquor.channel.role"]._register_shop(
            {
                "company": self.company,
                "name": "Corner Shop",
                "phone": PHONE,
                "terminal_kind": self.shop_kind,
                "territory": self.county,
                "distributor": self.distributor,
                **values,
            },
            user,
        )

    def test_a_candidate_is_bound_and_earns_nothing_before_its_approval(self):
        self.make_version(rate=15.0)
        role, matches = self.register(licence="9132 0105-MA1W0L2X9K", phone_proven=True)
        self.assertEqual(matches, [])
        self.assertEqual(
            (role.state, role.registration_phone, role.licence_number, role.phone_proven, role.date_start),
            ("candidate", "+8613800138001", "91320105MA1W0L2X9K", True, DAY),
        )
        fact = self.make_fact(1, partner_id=role.partner_id.id)
        self.assertFalse(self.env["liquor.policy"]._earn([fact])["test/1"])
        distributor = self.env["liquor.channel.assignment"]._distributor_of(role.partner_id, self.product, DAY)
        self.assertEqual(distributor, {})
        role.with_user(self.manager).action_formal()
        distributor = self.env["liquor.channel.assignment"]._distributor_of(role.partner_id, self.product, DAY)
        self.assertEqual(distributor, {(role.partner_id.id, self.product.id): self.distributor})
        self.assertEqual(self.env["liquor.policy"]._earn([fact])["test/1"].amount, 15.0)

    def test_registering_twice_gives_the_same_candidate(self):
        role, _matches = self.register()
        again, _matches = self.register(phone="138 0013 8001", name="Other name")
        self.assertEqual(again, role)
        self.assertEqual(role.partner_id.name, "Corner Shop")

    def test_what_cannot_be_registered(self):
        for values in ({"name": " "}, {"phone": "12"}, {"terminal_kind": None}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.register(**values)

    def test_likely_duplicates_by_licence_phone_and_place(self):
        known = self.shop._liquor_role("terminal", self.company)
        known.licence_number = "91320105ma1w0l2x9k"
        self.shop.write({"phone": "+86 138 0013 8001", "partner_latitude": 32.0, "partner_longitude": 118.0})
        self.second_shop.write({"partner_latitude": 32.0004, "partner_longitude": 118.0})
        role, matches = self.register(licence="91320105MA1W0L2X9K", latitude=32.0, longitude=118.0)
        second = self.second_shop._liquor_role("terminal", self.company)
        self.assertEqual(
            [(match.key, match.reasons, match.distance) for match in matches],
            [(known.id, ("licence", "phone", "place"), 0.0), (second.id, ("place",), 44.5)],
        )
        self.assertEqual(role.duplicate_ids, known | second)
        with self.assertRaises(UserError):
            role.with_user(self.manager).action_formal()
        wizard = self.env["liquor.channel.role.step"].with_user(self.clerk).with_context(active_ids=role.ids)
        wizard = wizard.create({"step": "formal", "reason": "Two shops of one owner", "despite_duplicates": True})
        self.assertIn("Fulai Shop", wizard.duplicate_note)
        wizard.action_apply()
        self.assertEqual(role.state, "formal")

    def test_a_shop_of_another_company_is_no_duplicate(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.shop.phone = "+8613800138001"
        role, matches = self.register(company=other)
        self.assertEqual((role.company_id, matches), (other, []))

    def test_duplicates_of_many_in_as_many_queries_as_of_one(self):
        self.shop.phone = "+8613800138001"
        roles = self.env["liquor.channel.role"]
        for number in range(12):
            roles |= self.register(phone=f"1390013{number:04d}", latitude=30.0 + number, longitude=118.0)[0]
        self.env.flush_all()
        counts = []
        for some in (roles[:1], roles):
            some.mapped("kind")
            before = self.env.cr.sql_log_count
            some._likely_duplicates()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_merging_moves_supply_staff_and_balance(self):
        target = self.second_shop._liquor_role("terminal", self.company)
        source = self.shop._liquor_role("terminal", self.company)
        self.env["liquor.employment"].create({
            "person_id": self.guide.id,
            "employer_id": self.shop.id,
            "date_start": "2026-01-01",
        })._consent_on_paper(date(2026, 1, 1), "consent.pdf", b"%PDF-1.7 signed")
        for key, state, amount in (("a", "available", 600.0), ("b", "pending", 40.0)):
            self.env["liquor.earning"]._book([
                {
                    "company_id": self.company.id,
                    "partner_id": self.shop.id,
                    "beneficiary_kind": "terminal",
                    "currency_id": self.currency.id,
                    "amount": amount,
                    "payable": state,
                    "fact_key": f"merge-test/{key}",
                }
            ])
        with self.assertRaises(AccessError):
            source.with_user(self.clerk)._merge_into(target, "Twice")
        source.with_user(self.manager)._merge_into(target, "Registered twice")
        self.assertEqual((source.state, source.merged_into_id), ("ended", target))
        supply = self.env["liquor.channel.assignment"]._distributor_of
        self.assertEqual(supply(self.second_shop, self.product, DAY).popitem()[1], self.distributor)
        self.assertEqual(supply(self.shop, self.product, date(2026, 3, 9)).popitem()[1], self.distributor)
        self.assertEqual(supply(self.shop, self.product, DAY), {})
        job = self.env["liquor.employment"]._at(self.guide, DAY, self.company)
        self.assertEqual((job.employer_id, job.consent_on), (self.second_shop, date(2026, 1, 1)))
        wallets = self.env["liquor.earning"]._wallets(self.shop | self.second_shop, self.company)
        self.assertEqual((wallets[self.shop.id]["available"], wallets[self.shop.id]["pending"]), (0.0, 40.0))
        self.assertEqual(wallets[self.second_shop.id]["available"], 600.0)
        with self.assertRaises(UserError):
            source.with_user(self.manager)._merge_into(target, "Again")
        # what became available since follows by a button, once
        pending = self.env["liquor.earning"].search([("fact_key", "=", "merge-test/b")])
        self.env["liquor.earning.state"]._set(pending, "available", "Proven")
        for _time in range(2):
            source.with_user(self.manager).action_move_balance()
        wallets = self.env["liquor.earning"]._wallets(self.shop | self.second_shop, self.company)
        self.assertEqual(wallets[self.shop.id]["available"], 0.0)
        self.assertEqual(wallets[self.second_shop.id]["available"], 640.0)

    def test_the_native_merge_is_refused_for_a_shop_with_earnings(self):
        self.make_version(rate=15.0)
        self.env["liquor.policy"]._earn([self.make_fact(1)])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with self.assertRaises(UserError):
            wizard._merge((self.shop | self.second_shop).ids, self.second_shop)

    def test_a_link_is_its_distributors_and_cannot_be_typed(self):
        links = self.env["liquor.registration.link"]
        link = links._of_distributor(self.company, self.distributor)
        self.assertEqual(links._of_distributor(self.company, self.distributor), link)
        self.assertEqual(links._by_token(link.token), link)
        for wrong in ("", None, "x" * 200, link.token[:-1]):
            self.assertFalse(links._by_token(wrong))
        forged = links.with_user(self.clerk).create({"user_id": self.clerk.id, "token": "mine"})
        self.assertNotEqual(forged.sudo().token, "mine")
        link.active = False
        self.assertFalse(links._by_token(link.token))
