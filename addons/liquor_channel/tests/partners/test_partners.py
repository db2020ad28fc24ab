"""Roles, employments, assignments, ladders, territories and the kind of an order."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.tools.business_day import today

from ..common import DAY, ChannelCase


@tagged("post_install", "-at_install")
class TestPartners(ChannelCase):
    def refuses(self, function, *args, **values):
        """Run ``function`` and expect a violated constraint."""
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            function(*args, **values)
            self.env.flush_all()
        names = [kind.__name__ for kind in type(caught.exception).__mro__]
        self.assertTrue({"IntegrityError", "ValidationError", "UserError"} & set(names), names)
        return caught.exception

    def test_one_role_of_a_kind_at_a_time(self):
        self.refuses(self.make_partner_role, self.shop, "terminal")
        role = self.shop._liquor_role("terminal", self.company)
        role.action_end(reason="Test")
        self.env.flush_all()
        self.assertTrue(self.make_partner_role(self.shop, "terminal"))

    def make_partner_role(self, partner, kind, **values):
        return self.env["liquor.channel.role"].create({
            "partner_id": partner.id,
            "kind": kind,
            "terminal_kind_id": self.shop_kind.id if kind == "terminal" else False,
            "state": "formal",
            "date_start": "2026-01-01",
            **values,
        })

    def test_a_shop_is_not_a_contact_of_its_distributor(self):
        child = self.env["res.partner"].create({
            "name": "Shop below",
            "is_company": True,
            "parent_id": self.distributor.id,
        })
        with self.assertRaises(ValidationError):
            self.make_partner_role(child, "terminal")

    def test_guides_are_people_and_shops_are_not(self):
        with self.assertRaises(ValidationError):
            self.make_partner_role(self.guide, "terminal")
        with self.assertRaises(ValidationError):
            self.make_partner_role(self.shop, "guide")
        shop = self.env["res.partner"].create({"name": "S", "is_company": True})
        with self.assertRaises(ValidationError):
            self.make_partner_role(shop, "terminal", terminal_kind_id=False)

    def test_a_role_ends_after_it_starts(self):
        partner = self.env["res.partner"].create({"name": "D", "is_company": True})
        self.refuses(self.make_partner_role, partner, "distributor", date_end="2025-12-31")

    def test_roles_in_force_on_a_day(self):
        roles = self.env["liquor.channel.role"]
        partners = self.shop + self.second_shop + self.distributor
        live = roles._live(partners, ("terminal", "distributor"), DAY, self.company)
        self.assertEqual(len(live), 3)
        self.assertFalse(roles._live(self.shop, "terminal", date(2025, 12, 31), self.company))
        role = roles._live(self.shop, "terminal", DAY, self.company)
        role.write({"state": "suspended", "suspended_on": DAY})
        self.assertFalse(roles._live(self.shop, "terminal", DAY, self.company))
        self.assertTrue(roles._live(self.shop, "terminal", date(2026, 3, 9), self.company))
        role.write({"state": "ended", "date_end": date(2026, 3, 15)})
        self.assertTrue(roles._live(self.shop, "terminal", date(2026, 3, 15), self.company))
        self.assertFalse(roles._live(self.shop, "terminal", date(2026, 3, 16), self.company))
        role.write({"state": "candidate", "date_end": False})
        self.assertFalse(roles._live(self.shop, "terminal", DAY, self.company))

    def test_assignments_do_not_overlap(self):
        assign = self.env["liquor.channel.assignment"].create
        values = {"terminal_id": self.shop.id, "distributor_id": self.distributor.id, "date_start": "2026-06-01"}
        self.refuses(assign, values)
        assign({**values, "category_id": self.series.id})
        self.refuses(assign, {**values, "category_id": self.series.id, "date_start": "2027-01-01"})
        self.refuses(assign, {**values, "terminal_id": self.distributor.id})
        with self.assertRaises(ValidationError):
            assign({**values, "terminal_id": self.second_shop.id, "distributor_id": self.shop.id})

    def test_a_running_supply_changes_hands_by_a_transfer_only(self):
        """No clerk takes a shop from its distributor by editing the row; a manager ends it, from today on (C1, R5)."""
        line = self.env["liquor.channel.assignment"].search([("terminal_id", "=", self.shop.id)])
        other = self.make_partner("Other Trading", "distributor")
        manager = self.boss("supply_manager")
        yesterday, tomorrow = (today(self.company) + timedelta(days=days) for days in (-1, 1))
        changes = (
            {"distributor_id": other.id},
            {"terminal_id": self.second_shop.id},
            {"category_id": self.series.id},
            {"date_start": yesterday},
            {"date_end": yesterday},
        )
        for user, refused in ((self.clerk, (*changes, {"date_end": tomorrow})), (manager, changes)):
            for values in refused:
                with self.assertRaises(UserError):
                    line.with_user(user).write(values)
        with self.assertRaises(UserError):
            line.with_user(manager).unlink()
        line.with_user(manager).date_end = tomorrow
        line.flush_recordset()
        after = {"terminal_id": self.shop.id, "distributor_id": other.id, "date_start": tomorrow + timedelta(days=1)}
        later = line.with_user(self.clerk).create(after)
        # what has not begun is a plan
        later.distributor_id = self.distributor

    def boss(self, login):
        return new_test_user(self.env, login, groups="liquor_channel.group_channel_manager", company_id=self.company.id)

    def test_what_was_in_force_is_neither_rewritten_nor_deleted(self):
        """Prices of days gone by, who worked where and with us: what was earned is counted again by them."""
        manager = self.boss("history_manager")
        now = today(self.company)
        old, young = self.env["liquor.price.ladder"].create([
            {"product_id": product.id, "price_factory": 50, "date_start": start}
            for product, start in ((self.product, now - timedelta(days=30)), (self.other_product, now))
        ])
        job = self.env["liquor.employment"].create({
            "person_id": self.guide.id, "employer_id": self.shop.id, "date_start": now - timedelta(days=30)
        })  # fmt: skip
        role = self.shop._liquor_role("terminal", self.company)
        for record, values in (
            (old, {"price_factory": 60}),
            (old, {"date_start": now}),
            (old, {"date_end": now - timedelta(days=5)}),
            (job, {"employer_id": self.second_shop.id}),
            (job, {"date_start": now}),
        ):
            with self.assertRaises(UserError):
                record.with_user(manager).write(values)
        for record in (old, job, role):
            with self.assertRaises(UserError):
                record.with_user(manager).unlink()
        old.with_user(manager).write({"price_market": 48, "date_end": now})
        job.with_user(manager).date_end = now
        # on its first day a slip of the pen is mended
        young.with_user(manager).price_factory = 60
        young.with_user(manager).unlink()

    def test_the_deepest_category_decides_who_supplies(self):
        special = self.make_partner("Special Trading", "distributor")
        self.env["liquor.channel.assignment"].create({
            "terminal_id": self.shop.id,
            "distributor_id": special.id,
            "category_id": self.series.id,
            "date_start": "2026-03-01",
            "date_end": "2026-03-31",
        })
        found = self.env["liquor.channel.assignment"]._distributor_of(
            self.shop + self.second_shop, self.product + self.other_product, DAY
        )
        self.assertEqual(
            found,
            {(self.shop.id, self.product.id): special, (self.shop.id, self.other_product.id): self.distributor},
        )
        later = self.env["liquor.channel.assignment"]._distributor_of(self.shop, self.product, date(2026, 4, 1))
        self.assertEqual(later[self.shop.id, self.product.id], self.distributor)

    def test_employments(self):
        hire = self.env["liquor.employment"].create
        values = {"person_id": self.guide.id, "employer_id": self.shop.id, "date_start": "2026-01-01"}
        job = hire(values)
        self.refuses(hire, {**values, "date_start": "2026-05-01"})
        hire({**values, "employer_id": self.second_shop.id})
        job.date_end = date(2026, 2, 28)
        self.assertEqual(self.env["liquor.employment"]._at(self.guide, DAY, self.company).employer_id, self.second_shop)
        with self.assertRaises(ValidationError):
            hire({**values, "person_id": self.shop.id})

    def test_the_nearest_ladder_gives_the_price(self):
        make = self.env["liquor.price.ladder"].create
        values = {"product_id": self.product.id, "date_start": "2026-01-01"}
        everywhere = make({**values, "price_factory": 80.0})
        city = make({**values, "territory_id": self.city.id, "price_factory": 85.0, "date_end": "2026-06-30"})
        price = self.env["liquor.price.ladder"]._price
        self.assertEqual(price(self.company, self.product, self.county, DAY, "factory"), (85.0, city))
        self.assertEqual(
            price(self.company, self.product, self.county, date(2026, 7, 1), "factory"), (80.0, everywhere)
        )
        self.assertEqual(price(self.company, self.product, self.province, DAY, "factory"), (80.0, everywhere))
        none = self.env["liquor.territory"]
        self.assertEqual(price(self.company, self.product, none, DAY, "factory"), (80.0, everywhere))
        self.assertEqual(price(self.company, self.other_product, self.county, DAY, "factory")[0], 0.0)
        with self.assertRaises(UserError):
            price(self.company, self.product, self.county, DAY, "secret")
        self.refuses(make, {**values, "date_start": "2026-05-01"})
        self.refuses(make, {**values, "product_id": self.other_product.id, "price_retail": -1.0})

    def test_divisions_are_loaded_once_and_bad_rows_are_named(self):
        territories = self.env["liquor.territory"]
        self.assertEqual(self.county.display_name, "Test Province / Test City / Test County")
        self.assertEqual(self.county.parent_id, self.city)
        again = territories.load_divisions([("920102", "New Name")])
        self.assertEqual((again, again.name), (self.county, "New Name"))
        with self.assertRaisesRegex(UserError, "Row 2"):
            territories.load_divisions([("94", "Good"), ("9X", "Bad")])
        self.assertFalse(territories.search([("code", "=", "94")]))
        self.refuses(territories.create, {"name": "Twice", "code": "92"})
        with self.assertRaises(ValidationError):
            territories.create({"name": "Elsewhere", "code": "9301", "parent_id": self.province.id})

    def test_an_order_keeps_kind_and_territory_of_its_day(self):
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 6})],
        })
        self.assertEqual(order.liquor_kind, "normal")
        order.liquor_kind = "goods_rebate"
        order.action_confirm()
        self.distributor._liquor_role("distributor", self.company).territory_id = self.province
        fact = self.env["liquor.flow.fact"]._facts([("kind", "=", "ordered"), ("partner_id", "=", self.distributor.id)])
        self.assertEqual(len(fact), 1)
        self.assertEqual(
            (fact[0]["territory_id"], fact[0]["purpose"], fact[0]["bottles"], fact[0]["amount"]),
            (self.county.id, "goods_rebate", 6.0, 600.0),
        )

    def test_rights(self):
        role = self.shop._liquor_role("terminal", self.company)
        role.with_user(self.clerk).outward_title = "Core shop"
        with self.assertRaises(AccessError):
            role.with_user(self.finance).outward_title = "Other"
        with self.assertRaises(AccessError):
            self.env["liquor.territory"].with_user(self.clerk).create({"name": "X", "code": "95"})
        for user in (self.outsider, self.distributor_user):
            for model in ("liquor.channel.role", "liquor.price.ladder", "liquor.channel.assignment"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])


class TestGiftsAtShops(ChannelCase):
    def test_live_shops_hand_out_gifts_of_their_company(self):
        members = self.env["liquor.member"]
        self.assertEqual(members._pickup_companies(self.shop), self.company)
        self.assertEqual(members._pickup_shop(self.shop), self.shop)
        self.assertFalse(members._pickup_shop(self.guide))
        role = self.env["liquor.channel.role"].search([("partner_id", "=", self.shop.id)])
        role.sudo().write({"state": "ended", "date_end": "2026-01-31"})
        self.assertFalse(members._pickup_shop(self.shop))
