"""A shop changes its distributor: by consent of the giver or a manager's decision, once, from a day on."""

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ChannelCase

NOON = "2026-03-10 04:00:00"
EVE, START = date(2026, 3, 31), date(2026, 4, 1)


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestTransfer(ChannelCase):
    def setUp(self):
        super().setUp()
        self.taker = self.make_partner("Moon Trading", "distributor")
        self.transfer = self.make_transfer()

    def make_transfer(self, **values):
        return (
            self
            .env["liquor.terminal.transfer"]
            .with_user(self.clerk)
            .create({
                "terminal_id": self.shop.id,
                "from_id": self.distributor.id,
                "to_id": self.taker.id,
                "day": "2026-04-01",
                "reason": "Nearer to the shop",
                **values,
            })
        )

    def supplier(self, day):
        found = self.env["liquor.channel.assignment"]._distributor_of(self.shop, self.product, day)
        return found.get((self.shop.id, self.product.id))

    def test_with_the_givers_consent(self):
        with self.assertRaises(UserError):
            self.transfer._consent(self.distributor_user, True)
        self.transfer.action_ask()
        self.transfer._consent(self.distributor_user, True, "Agreed")
        self.assertEqual((self.transfer.state, self.transfer.consented_by_id), ("done", self.distributor_user))
        self.assertEqual((self.supplier(EVE), self.supplier(START)), (self.distributor, self.taker))
        with self.assertRaises(UserError):
            self.transfer._consent(self.distributor_user, False)

    def test_the_giver_refuses(self):
        self.transfer.action_ask()
        self.transfer._consent(self.distributor_user, False, "My best shop")
        self.assertEqual((self.transfer.state, self.transfer.answer), ("refused", "My best shop"))
        self.assertEqual(self.supplier(START), self.distributor)

    def test_nobody_else_consents(self):
        self.transfer.action_ask()
        for user in (self.clerk, self.manager):
            with self.assertRaises(AccessError):
                self.transfer._consent(user, True)

    def test_a_manager_decides_but_not_on_his_own(self):
        with self.assertRaises(AccessError):
            self.transfer.action_decide()
        with self.assertRaises(UserError):
            self.make_transfer(terminal_id=self.second_shop.id)
        self.transfer.with_user(self.manager).action_decide()
        self.assertEqual((self.transfer.state, self.transfer.decided_by_id), ("done", self.manager))
        back = self.make_transfer(from_id=self.taker.id, to_id=self.distributor.id, day="2026-05-01")
        back.sudo().author_id = self.manager
        with self.assertRaises(UserError):
            back.with_user(self.manager).action_decide()

    def test_steps_are_not_typed(self):
        for values in ({"state": "done"}, {"author_id": self.manager.id}):
            with self.assertRaises(AccessError):
                self.transfer.write(values)
        self.transfer.action_ask()
        for values in ({"to_id": self.distributor.id}, {"day": "2026-03-11"}):
            with self.assertRaises(UserError):
                self.transfer.write(values)

    def test_one_waits_at_a_time_and_not_for_the_past(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.make_transfer()
        self.transfer.day = "2026-03-09"
        with self.assertRaises(UserError):
            self.transfer.action_ask()
        self.transfer.action_cancel()
        with self.assertRaises(ValidationError):
            self.make_transfer(from_id=self.taker.id, to_id=self.distributor.id)

    def test_a_supply_that_has_not_begun_is_replaced(self):
        assignment = self.env["liquor.channel.assignment"].search([("terminal_id", "=", self.shop.id)])
        assignment.date_start = "2026-06-01"
        self.transfer.with_user(self.manager).action_decide()
        self.assertEqual((self.supplier(date(2026, 5, 31)), self.supplier(date(2026, 6, 1))), (None, self.taker))
