"""Contracts, targets, shops and orders in the portal; a shop registers itself by QR code."""

import re

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.liquor_member.tools.business_day import today

from ..contracts.test_contracts import ContractCase

PHONE = "13800138002"


@tagged("post_install", "-at_install")
class TestPortalPartners(ContractCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("liquor.outbound.on_screen", "1")
        cls.owner = cls.portal_user("partners_distributor", cls.distributor)
        cls.shop_user = cls.portal_user("partners_shop", cls.shop)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.rival_user = cls.portal_user("partners_rival", cls.rival)
        cls.env["liquor.price.ladder"].create({
            "product_id": cls.product.id, "date_start": "2026-01-01", "price_factory": 88.0
        })  # fmt: skip

    def page(self, url, status=200):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, status, url)
        return answer.text

    def send(self, page, url, **values):
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(url, data={"csrf_token": token, **values})

    def login(self, name):
        self.authenticate(f"partners_{name}", f"partners_{name}")

    # --- contracts and targets -------------------------------------------------------------------------------

    def test_a_distributor_reads_accepts_and_follows_his_contract(self):
        contract = self.make_contract(
            date_end=False,
            deposit_due=50000,
            target_ids=[self.target(500, "2026")],
            right_ids=[Command.create({"category_id": self.series.id, "quota_bottles": 600})],
        )
        contract.action_send()
        self.login("distributor")
        page = self.page(f"/my/channel/agreements/{contract.id}")
        for text in ("Cellar", "600", "50,000.00"):
            self.assertIn(text, page)
        self.assertRegex(page, r"\s500\s")
        self.send(page, f"/my/channel/agreements/{contract.id}/accept", read="1", state="ended")
        self.assertEqual((contract.state, contract.acceptance_ids.user_id), ("accepted", self.owner))
        if contract.target_ids.date_end.year == self.env.cr.now().year:
            self.assertRegex(self.page("/my/channel/targets"), r"\s500\s")

    def test_a_shops_contract_is_the_shops(self):
        contract = self.make_contract(
            kind="terminal",
            terminal_id=self.shop.id,
            payment_ids=[Command.create({"label": "2026-Q1", "amount": 612, "kind": "display"})],
        )
        contract.action_send()
        self.login("distributor")
        self.page(f"/my/channel/agreements/{contract.id}", 404)
        page = self.page("/my/channel/register")
        self.assertEqual(self.send(page, f"/my/terminal/contracts/{contract.id}/accept", read="1").status_code, 404)
        self.login("shop")
        page = self.page("/my/terminal/contracts")
        self.assertIn("612.00", page)
        self.assertIn("/my/terminal/contracts", self.page("/my/terminal"))
        self.send(page, f"/my/terminal/contracts/{contract.id}/accept")
        self.assertEqual(contract.state, "sent")
        self.send(page, f"/my/terminal/contracts/{contract.id}/accept", read="1")
        self.assertEqual((contract.state, contract.accepted_by_id), ("accepted", self.shop_user))

    def test_a_shops_owner_consents_for_his_staff_only(self):
        """R13 on the page of the shop: tick and press; another shop's staff is not there."""
        job, other = self.env["liquor.employment"].create([
            {"person_id": self.guide.id, "employer_id": shop.id, "date_start": "2026-01-01"}
            for shop in (self.shop, self.second_shop)
        ])
        self.login("shop")
        page = self.page("/my/terminal/contracts")
        self.assertIn(f"/my/terminal/staff/{job.id}/consent", page)
        self.assertNotIn(f"/my/terminal/staff/{other.id}/consent", page)
        self.assertEqual(self.send(page, f"/my/terminal/staff/{other.id}/consent", read="1").status_code, 404)
        self.send(page, f"/my/terminal/staff/{job.id}/consent")
        self.assertFalse(job.consent_id)
        self.send(page, f"/my/terminal/staff/{job.id}/consent", read="1", day="2020-01-01", user_id="1")
        self.assertEqual((job.consent_id.proof, job.consent_id.user_id), ("portal", self.shop_user))
        self.assertEqual((job.consent_on, other.consent_on), (today(self.company), False))

    # --- shops -----------------------------------------------------------------------------------------------

    def test_a_distributor_registers_a_shop_and_learns_nothing_of_others(self):
        self.second_shop.write({"phone": "+8613800138002", "name": "Secret Shop"})
        self.login("distributor")
        page = self.page("/my/channel/register")
        self.assertIn("data:image/svg+xml;base64,", page)
        answer = self.send(page, "/my/channel/register", name="Corner", phone=PHONE, kind=self.shop_kind.id,
                           distributor=self.rival.id, state="formal", company_id=99)  # fmt: skip
        role = self.env["liquor.channel.role"].search([("partner_id.name", "=", "Corner")])
        self.assertEqual(
            (role.state, role.proposed_distributor_id, role.registered_by_id, role.phone_proven, role.company_id),
            ("candidate", self.distributor, self.owner, False, self.company),
        )
        self.assertIn("Corner", answer.text)
        self.assertNotIn("Secret Shop", answer.text)
        self.send(page, "/my/channel/register", name="", phone="1", kind="9999")
        self.assertEqual(self.env["liquor.channel.role"].search_count([("registered_by_id", "=", self.owner.id)]), 1)

    def test_a_transfer_is_answered_by_its_giver_only(self):
        transfer = self.env["liquor.terminal.transfer"].create({
            "terminal_id": self.shop.id, "from_id": self.distributor.id, "to_id": self.rival.id, "reason": "Nearer"
        })  # fmt: skip
        transfer.action_ask()
        self.login("rival")
        page = self.page("/my/channel/register")
        self.assertIn(self.shop.name, self.page("/my/channel/transfers"))
        self.send(page, f"/my/channel/transfers/{transfer.id}/agree")
        self.assertEqual(transfer.state, "asked")
        self.assertEqual(self.send(page, "/my/channel/transfers/999999999/agree").status_code, 404)
        self.login("distributor")
        page = self.page("/my/channel/transfers")
        self.send(page, f"/my/channel/transfers/{transfer.id}/agree", answer="Agreed")
        self.assertEqual((transfer.state, transfer.answer), ("done", "Agreed"))

    def test_a_shop_registers_itself_with_a_phone_code(self):
        link = self.env["liquor.registration.link"]._of_distributor(self.company, self.distributor)
        url = f"/shop/join/{link.token}"
        self.authenticate(None, None)
        self.page("/shop/join/nonsense", 404)
        page = self.page(url)
        nonce = re.search(r'name="nonce" value="([^"]+)"', page).group(1)
        shop = {
            "name": "<b>Corner</b>",
            "phone": PHONE,
            "kind": self.shop_kind.id,
            "latitude": "32.05",
            "longitude": "118.7",
        }
        self.assertEqual(self.url_open(url, data={**shop, "nonce": "0" * 64}).status_code, 400)
        roles = self.env["liquor.channel.role"].search_count([])
        page = self.url_open(url, data={**shop, "nonce": nonce}).text
        self.assertNotIn("<b>Corner</b>", page)
        digits = re.search(r"\b(\d{6})\b", page.split("notice")[1]).group(1)
        self.url_open(url, data={**shop, "nonce": nonce, "step": "check", "digits": f"{(int(digits) + 1) % 10**6:06d}"})
        self.assertEqual(self.env["liquor.channel.role"].search_count([]), roles)
        self.url_open(url, data={**shop, "nonce": nonce, "step": "check", "digits": digits})
        role = self.env["liquor.channel.role"].search([("registration_link_id", "=", link.id)])
        self.assertEqual(
            (role.state, role.phone_proven, role.proposed_distributor_id, role.registered_by_id.id),
            ("candidate", True, self.distributor, False),
        )
        self.assertEqual((role.partner_id.partner_latitude, role.partner_id.partner_longitude), (32.05, 118.7))
        self.assertFalse(role._is_live_on(role.date_start))

    # --- orders ----------------------------------------------------------------------------------------------

    def test_a_distributor_orders_at_the_servers_price_and_uses_rebate(self):
        """Ten cases of six at 88.00 are 5,280.00; a fifth of it is usable rebate."""
        self.env["liquor.rebate.account"]._of(self.company, self.distributor)._move(
            3000.0, "settlement", "portal/1", self.distributor, "Rebate"
        )
        self.login("distributor")
        page = self.page("/my/channel/order")
        self.assertIn("528.00", page)
        self.send(
            page, "/my/channel/order", **{f"q_{self.product.id}": "10", "price_unit": "1", "partner_id": self.rival.id}
        )
        draft = self.env["sale.order"].search([("liquor_ordered_by_id", "=", self.owner.id)])
        self.assertEqual((draft.partner_id, draft.amount_untaxed, draft.state), (self.distributor, 5280.0, "draft"))
        page = self.page("/my/channel/order")
        self.assertIn("1,056.00", page)
        self.send(page, "/my/channel/order/confirm", seen="1.00")
        self.assertEqual(draft.state, "draft")
        self.send(page, "/my/channel/order/rebate")
        self.assertEqual(draft.liquor_rebate_used, 1056.0)
        page = self.page("/my/channel/order")
        self.send(page, "/my/channel/order/confirm", seen=f"{draft.amount_total:.2f}")
        self.assertEqual((draft.state, draft.liquor_kind), ("sale", "normal"))
        self.assertIn(draft.name, self.page("/my/channel/orders"))

    def test_what_he_may_not_order_is_refused(self):
        self.sign(
            self.make_contract(date_end=False, right_ids=[Command.create({"category_id": self.series.id})]), self.owner
        )
        self.login("distributor")
        page = self.page("/my/channel/order")
        self.assertNotIn(f"q_{self.other_product.id}", page)
        self.send(page, "/my/channel/order", **{f"q_{self.other_product.id}": "1"})
        self.send(page, "/my/channel/order", **{"q_999999999": "1", "q_": "3", "q_x": "4"})
        # more than anybody can mean is told, not left out in silence
        told = self.send(page, "/my/channel/order", **{f"q_{self.product.id}": "100001"})
        self.assertIn("100,000", told.text)
        self.assertFalse(self.env["sale.order"].search([("liquor_ordered_by_id", "=", self.owner.id)]))

    def test_the_draft_is_his_own(self):
        self.login("distributor")
        page = self.page("/my/channel/order")
        self.send(page, "/my/channel/order", **{f"q_{self.product.id}": "2"})
        self.login("rival")
        page = self.page("/my/channel/order")
        self.assertNotIn('id="draft"', page)
        for word in ("confirm", "rebate", "drop"):
            self.send(page, f"/my/channel/order/{word}", seen="1056.00")
        self.assertEqual(self.env["sale.order"].search([("liquor_ordered_by_id", "=", self.owner.id)]).state, "draft")
