"""A shop's second place: asked for, approved by somebody else, and the distance is to the nearer one (R9 g)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..flow.common import FlowCase

STORE = {"name": "仓库", "latitude": "34.800", "longitude": "113.625", "accuracy": "15"}


@tagged("post_install", "-at_install")
class TestShopPlace(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.write({"partner_latitude": 34.747, "partner_longitude": 113.625})
        cls.clerk = cls.user("place_clerk")
        cls.clerk.group_ids |= cls.env.ref("liquor_channel.group_clerk")
        cls.role = cls.env["liquor.channel.role"].search([("partner_id", "=", cls.shop.id)])

    def ask(self, **values):
        return self.env["liquor.shop.place"]._ask(self.role, {**STORE, **values}, self.shop_user)

    def test_the_distance_is_to_the_nearer_place(self):
        self.ship(self.pallet())
        there = {"lat": 34.800, "lon": 113.625, "accuracy": 20}  # 5.9 km from the shop
        place = self.ask()
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(), **there), "held", "outside_shop")
        place.with_user(self.clerk).action_approve()
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(1), **there), "accepted")
        near = {"lat": 34.748, "lon": 113.625, "accuracy": 20}  # 111 m from the shop
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(2), **near), "accepted")
        events = self.env["liquor.scan.event"].search([("kind", "=", "receive")], order="id")
        self.assertEqual([(event.place_source, event.accuracy) for event in events], [("gps", 20)] * 3)
        place.with_user(self.clerk).action_end()
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(3), **there), "held", "outside_shop")

    def test_another_shop_gains_nothing(self):
        self.second_shop.write({"partner_latitude": 34.747, "partner_longitude": 113.625})
        self.ask().with_user(self.clerk).action_approve()
        self.ship(self.pallet())
        far = self.one(self.second_user, "receive", self.case(), lat=34.800, lon=113.625, accuracy=20)
        self.assertAnswer(far, "held", "outside_shop")

    def test_an_address_of_a_portal_user_is_no_place(self):
        """Anybody may add a delivery address to himself: it moves nothing."""
        self.env["res.partner"].create({
            "name": "x", "parent_id": self.shop.id, "type": "delivery",
            "partner_latitude": 34.800, "partner_longitude": 113.625,
        })  # fmt: skip
        self.ship(self.case())
        far = self.one(self.shop_user, "receive", self.case(), lat=34.800, lon=113.625, accuracy=20)
        self.assertAnswer(far, "held", "outside_shop")

    def test_odd_places(self):
        for wrong in ({"latitude": "x"}, {"latitude": "91"}, {"latitude": "nan"}, {"longitude": None}, {"name": " "},
                      {"latitude": "0", "longitude": "0"}, {"latitude": "1e400"}):  # fmt: skip
            with self.assertRaises(UserError, msg=str(wrong)):
                self.ask(**wrong)
        self.assertEqual(self.ask(accuracy="inf").accuracy, 0)

    def test_one_place_at_a_time(self):
        place = self.ask()
        with self.assertRaises(UserError):
            self.ask()
        place.with_user(self.clerk).action_refuse()
        again = self.ask()
        again.with_user(self.clerk).action_approve()
        with self.assertRaises(UserError):
            again.with_user(self.clerk).action_approve()
        with self.assertRaises(UserError):
            again.with_user(self.clerk).write({"latitude": 1})
        with self.assertRaises(UserError):
            again.with_user(self.clerk).unlink()

    def test_who_decides(self):
        own = self.env["liquor.shop.place"].with_user(self.clerk).create({
            "partner_id": self.shop.id, "company_id": self.company.id, "name": "x", "latitude": 1, "longitude": 1,
            "state": "approved", "author_id": self.shop_user.id,
        })  # fmt: skip
        self.assertEqual((own.state, own.author_id), ("asked", self.clerk), "what the server decides is not typed")
        with self.assertRaises(UserError):
            own.action_approve()
        with self.assertRaises(AccessError):
            own.with_user(self.clerk).write({"state": "approved"})
        with self.assertRaises(AccessError):
            own.with_user(self.warehouse).action_approve()
        with self.assertRaises(AccessError):
            own.with_user(self.shop_user).action_approve()

    @mute_logger("odoo.sql_db")
    def test_a_place_belongs_to_a_shop(self):
        with self.assertRaises(ValidationError):
            self.env["liquor.shop.place"].create({
                "partner_id": self.distributor.id, "company_id": self.company.id, "name": "x", "latitude": 1,
                "longitude": 1,
            })  # fmt: skip
