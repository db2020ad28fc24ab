"""The pages of goods on their way and of goods that shops ask of each other."""

from datetime import timedelta

from odoo.tests import HttpCase, tagged

from ..flow.common import NOW, FlowCase


@tagged("post_install", "-at_install")
class TestTransfers(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()

    def pending(self):
        return self.env["liquor.custody"].search([("pending_id", "!=", False)])

    def test_a_part_of_a_package_can_be_asked_for(self):
        """The first shop has the case; the second has a bottle of it in its hands."""
        self.ship(self.pallet())
        self.one(self.shop_user, "receive", self.case())
        self.one(self.shop_user, "unpack", self.case())
        bottle = self.codes._code("cap_outer", 1)
        self.assertAnswer(self.one(self.second_user, "receive", bottle), "held", "transfer_waits")
        row = self.pending()
        self.assertEqual((row.holder_id, row.pending_id, row.bottles), (self.shop, self.second_shop, 1))
        self.assertCustodyProven()
        self.assertAnswer(row._answer_transfer(self.shop_user, True), "accepted")
        self.assertEqual((self.holder(bottle), self.holder(self.case())), (self.second_shop, self.shop))
        earned = self.env["liquor.earning"].search([("partner_id", "=", self.second_shop.id)])
        self.assertFalse(earned, "no second reward")
        self.assertCustodyProven()

    def test_a_case_of_a_pallet_goes_after_seven_days(self):
        self.ship(self.pallet())
        self.one(self.shop_user, "receive", self.pallet())
        self.assertAnswer(self.one(self.second_user, "receive", self.case(3)), "held", "transfer_waits")
        self.assertEqual(self.pending().decides_on, NOW + timedelta(days=7))
        self.pending().sudo().pending_since = NOW - timedelta(days=7)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_transfers").method_direct_trigger()
        self.assertEqual((self.holder(self.case(3)), self.holder(self.case(4))), (self.second_shop, self.shop))
        self.assertCustodyProven()

    def test_an_objection_keeps_the_goods(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.one(self.second_user, "receive", self.case())
        row = self.pending()
        self.assertAnswer(row._answer_transfer(self.shop_user, False), "accepted", "objected")
        self.assertFalse(self.pending())
        self.assertEqual(self.holder(self.case()), self.shop)
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_transfers").method_direct_trigger()
        self.assertEqual(self.holder(self.case()), self.shop)


@tagged("post_install", "-at_install")
class TestSubDistributor(FlowCase):
    """R9 e: 二批 is a hop with stock of its own, and scans as a distributor does."""

    def test_a_hop_with_its_own_stock(self):
        sub = self.party("城东二批", "sub_distributor", ref="D901")
        self.env["liquor.channel.role"].search([("partner_id", "=", sub.id)]).parent_distributor_id = self.distributor
        small = self.party("城东小店", "terminal", ref="T901")
        self.assign(small, sub)
        sub_user, small_user = self.portal("goods_sub", sub), self.portal("goods_small", small)
        self.ship(self.pallet())
        self.assertAnswer(self.one(self.distributor_user, "ship", self.case(), to="D901"), "accepted")
        self.assertAnswer(self.one(sub_user, "receive", self.case()), "accepted")
        self.assertEqual(self.holder(self.case()), sub)
        self.assertAnswer(self.one(sub_user, "ship", self.case(), to="T001"), "rejected", "not_assigned")
        self.assertAnswer(self.one(sub_user, "ship", self.case(), to="T901"), "accepted")
        self.assertAnswer(self.one(small_user, "receive", self.case()), "accepted")
        hops = self.env["liquor.custody"]._trace(self.case())["hops"]
        self.assertEqual([hop.holder for hop in hops if hop.movement][-1], small.id)
        self.assertIn(sub.id, [hop.holder for hop in hops])
        self.assertAnswer(self.one(small_user, "return", self.case()), "accepted")
        self.assertEqual(self.holder(self.case()), sub, "back to who gave it")
        self.assertAnswer(self.one(sub_user, "return", self.case(), to="D002"), "rejected", "wrong_receiver")
        self.assertAnswer(self.one(sub_user, "return", self.case()), "accepted")
        self.assertAnswer(self.one(self.distributor_user, "receive", self.case()), "accepted")
        self.assertEqual(self.holder(self.case()), self.distributor, "to who supplies it")
        self.assertCustodyProven()


@tagged("post_install", "-at_install")
class TestUnconfirmed(FlowCase):
    def test_after_so_many_days(self):
        self.company.liquor_receipt_days = 3
        self.ship(self.pallet())
        for number in (0, 1):
            self.one(self.distributor_user, "ship", self.case(number), to="T001")
        self.one(self.shop_user, "receive", self.case(1))
        custody = self.env["liquor.custody"]
        waits = [("company_id", "=", self.company.id), ("is_unconfirmed", "=", True)]
        self.assertFalse(custody.search(waits))
        row = custody.search([("state", "=", "in_transit")])
        from freezegun import freeze_time

        with freeze_time(row.since + timedelta(days=3) - timedelta(seconds=1)):
            self.assertFalse(custody.search(waits))
        with freeze_time(row.since + timedelta(days=3)):
            self.assertEqual(custody.search(waits), row)
            row.invalidate_recordset()
            self.assertTrue(row.is_unconfirmed)
            self.assertNotIn(row, custody.search([("is_unconfirmed", "=", False)]))


@tagged("post_install", "-at_install")
class TestPages(FlowCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()

    def post(self, path, page, **form):
        token = self.url_open(page).text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(path, data={"csrf_token": token, **form})

    def test_what_was_sent_waits_on_both_pages(self):
        self.ship(self.pallet())
        self.one(self.distributor_user, "ship", [self.case(0), self.case(1)], to="T001")
        self.authenticate("flow_distributor", "flow_distributor")
        page = self.url_open("/my/channel/outbound").text
        self.assertEqual(page.count("福来烟酒"), 2)
        self.assertIn("/my/channel/scan", page)
        self.assertEqual(self.url_open("/my/channel/scan").status_code, 200)
        self.assertEqual(self.url_open("/my/terminal/arriving").status_code, 404, "no shop")
        self.authenticate("flow_shop", "flow_shop")
        self.assertEqual(self.url_open("/my/terminal/arriving").text.count("晨光商贸"), 2)
        self.assertEqual(self.url_open("/my/channel/outbound").status_code, 404, "no distributor")
        self.authenticate("flow_second", "flow_second")
        self.assertNotIn("晨光商贸", self.url_open("/my/terminal/arriving").text)

    def test_the_holder_answers_on_his_page(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.one(self.second_user, "receive", self.case())
        row = self.env["liquor.custody"].search([("pending_id", "!=", False)])
        asked = row.pending_event_id.id
        path = f"/my/terminal/moves/{row.id}/agree"
        self.authenticate("flow_second", "flow_second")
        self.assertIn("福来烟酒", self.url_open("/my/terminal/moves").text)
        self.post(path, "/my/terminal/place", asked=asked)
        self.assertEqual(self.holder(self.case()), self.shop, "who asks does not answer")
        self.authenticate("flow_shop", "flow_shop")
        self.assertIn("宏运烟酒", self.url_open("/my/terminal/moves").text)
        for odd in ("", "x", "-1", str(asked + 1), "9" * 30):
            self.post(path, "/my/terminal/moves", asked=odd)
        self.assertEqual(self.holder(self.case()), self.shop, "another question was answered")
        self.assertEqual(self.url_open(path).status_code, 405, "no answer by a link")
        answer = self.post(path, "/my/terminal/moves", asked=asked)
        self.assertIn("message=agree", answer.url)
        self.assertEqual(self.holder(self.case()), self.second_shop)

    def test_a_shop_asks_for_a_second_place(self):
        self.authenticate("flow_shop", "flow_shop")
        form = {"name": "后院库房", "latitude": "34.8", "longitude": "113.6", "accuracy": "12", "state": "approved"}
        self.post("/my/terminal/place", "/my/terminal/place", **form)
        place = self.env["liquor.shop.place"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual((place.state, place.author_id, place.accuracy), ("asked", self.shop_user, 12))
        self.assertIn("后院库房", self.url_open("/my/terminal/place").text)
        self.authenticate("flow_second", "flow_second")
        self.assertNotIn("后院库房", self.url_open("/my/terminal/place").text)
