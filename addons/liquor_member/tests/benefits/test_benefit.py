from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from ..common import MemberCase


class TestBenefit(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls.env["liquor.benefit"].create({
            "name": "品鉴杯",
            "program_id": cls.club.id,
            "unit_cost": 25,
            "valid_days": 30,
        })
        cls.shop = cls.company.partner_id

    def entitle(self, member, key="g1", **values):
        """Grant the gift and return the entitlement."""
        grant = {"kind": "gift", "member": member, "benefit": self.gift, "key": key, **values}
        return self.env["liquor.reward"]._grant([grant])[0]

    def take(self, member):
        """Return a claim that waits at the shop."""
        return self.env["liquor.benefit.claim"]._take(self.entitle(member))

    def test_granted_once_taken_once_picked_up_once(self):
        member = self.join()
        entitlement = self.entitle(member)
        self.assertEqual(self.entitle(member), entitlement)
        claims = self.env["liquor.benefit.claim"]
        claim = claims._take(entitlement)
        with self.assertRaises(UserError):
            claims._take(entitlement)
        code = claim._code()
        self.assertRegex(code, r"^\d{10}$")
        done = claims._redeem(code, self.shop, self.env.user)
        self.assertEqual((done, claim.state, claim.cost), (claim, "done", 25))
        self.assertEqual((claim.shop_id, claim.redeemed_by_id), (self.shop, self.env.user))
        self.assertFalse(claim._code())
        with self.assertRaises(UserError):
            claims._redeem(code, self.shop, self.env.user)
        self.assertEqual(entitlement.state, "used")

    def test_code_lies_nowhere_in_plain(self):
        claim = self.take(self.join())
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT row_to_json(c)::text FROM liquor_benefit_claim c WHERE id = %s", claim.id)
        )
        self.assertNotIn(claim._code(), rows[0][0])

    def test_odd_codes(self):
        claim = self.take(self.join())
        code = claim._code()
        wrong = f"{(int(code) + 1) % 10**10:010d}"
        for odd in ("", None, 7, [code], {"a": 1}, wrong, code[:-1], code + "0", "x" * 10**6, "%" * 10, "１" * 10):
            with self.subTest(odd=str(odd)[:12]), self.assertRaises(UserError):
                self.env["liquor.benefit.claim"]._redeem(odd, self.shop, self.env.user)
        spaced = f" {code[:5]} {code[5:]}\n"
        self.assertTrue(self.env["liquor.benefit.claim"]._redeem(spaced, self.shop, self.env.user))

    def test_guessing_ends(self):
        claim = self.take(self.join())
        module = "odoo.addons.liquor_member.models.benefits.benefit_claim.TRIES_AN_HOUR"
        with patch(module, 2):
            for _guess in range(2):
                with self.assertRaises(UserError):
                    self.env["liquor.benefit.claim"]._redeem("0" * 10, self.shop, self.env.user)
            with self.assertRaises(UserError):
                self.env["liquor.benefit.claim"]._redeem(claim._code(), self.shop, self.env.user)

    def test_only_shops_hand_out(self):
        claim = self.take(self.join())
        stranger = self.env["res.partner"].create({"name": "路人"})
        with self.assertRaises(UserError):
            self.env["liquor.benefit.claim"]._redeem(claim._code(), stranger, self.env.user)

    def test_a_shop_of_another_company_cannot_redeem(self):
        claim = self.take(self.join())
        other = self.env["res.company"].create({"name": "别家"})
        other.partner_id.company_id = other
        with self.assertRaises(UserError):
            self.env["liquor.benefit.claim"]._redeem(claim._code(), other.partner_id, self.env.user)

    def test_cancel_gives_the_entitlement_back(self):
        member = self.join()
        claim = self.take(member)
        code = claim._code()
        claim._cancel()
        self.assertEqual((claim.state, member.entitlement_ids.state), ("cancelled", "usable"))
        with self.assertRaises(UserError):
            self.env["liquor.benefit.claim"]._redeem(code, self.shop, self.env.user)
        with self.assertRaises(UserError):
            claim._cancel()

    def test_expiry(self):
        with self.at("2026-03-01 02:00:00"):
            member = self.join()
            claim = self.take(member)  # 30 days: to 30 March
            code = claim._code()
        with self.at("2026-03-30 15:59:59"):
            self.assertFalse(self.env["liquor.benefit.claim"]._overdue(10))
        with self.at("2026-03-30 16:00:00"):
            with self.assertRaises(UserError):
                self.env["liquor.benefit.claim"]._redeem(code, self.shop, self.env.user)
            self.assertEqual(self.env["liquor.benefit.claim"]._overdue(10), claim)
            with self.enter_registry_test_mode():
                self.env.ref("liquor_member.cron_claims").method_direct_trigger()
            claim.invalidate_recordset()
            self.assertEqual(claim.state, "expired")

    def test_limited_gifts_end(self):
        self.gift.stock_limit = 1
        self.entitle(self.join(0), "a")
        with self.assertRaises(UserError):
            self.entitle(self.join(1), "b")
        self.assertEqual(self.gift.granted, 1)
        with self.assertRaises(errors.CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.gift.granted = 2
            self.env.flush_all()

    def test_welcome_gift_and_gift_of_a_level(self):
        self.gift.on_joining = True
        member = self.join()
        self.assertEqual(member.entitlement_ids.benefit_id, self.gift)
        self.join()
        self.assertEqual(len(member.entitlement_ids), 1)
        gifts = self.env["liquor.benefit"].create([
            {"name": name, "program_id": self.club.id, "level_id": level.id}
            for name, level in (("T 礼", self.level_t), ("S 礼", self.level_s))
        ])
        event = {"member_id": member.id, "source": "report", "credit": "purchase", "product_id": self.wine.id}
        self.env["liquor.qualifying.event"]._record([{**event, "bottles": 1200}])
        self.assertEqual(member.entitlement_ids.benefit_id, self.gift | gifts[0])
        self.env["liquor.qualifying.event"]._record([{**event, "bottles": 600}])
        self.assertEqual(member.entitlement_ids.benefit_id, self.gift | gifts)

    def test_a_benefit_of_another_club_is_refused(self):
        with self.assertRaises(UserError):
            self.entitle(self.join(club=self.regional))

    def test_unknown_kind(self):
        with self.assertRaises(ValueError):
            self.env["liquor.reward"]._grant([{"kind": "house", "member": self.join(), "key": "x"}])
