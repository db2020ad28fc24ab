"""A region's manager with a browser: by no path does anything above the limit of head office come into force (C20).

16.00 a case is the limit of the province, 15.00 the policy's rate. The author is a clerk of the region, so that the
manager may approve; each path is a real call over HTTP with the manager's session.
"""

from datetime import date

from odoo import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged

from ..common import ChannelCase


@tagged("post_install", "-at_install")
class TestRegionAttacks(ChannelCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.liquor_policy_mode = "regional"
        cls.elsewhere = cls.env["liquor.territory"].load_divisions([("93", "Elsewhere")])
        for name, group in (("region_author", "group_clerk"), ("region_manager", "group_channel_manager")):
            user = new_test_user(
                cls.env, login=name, password=name, groups=f"liquor_channel.{group}", company_id=cls.company.id
            )
            user.sudo().liquor_territory_ids = cls.city
            setattr(cls, name, user)
        cls.limit = cls.env["liquor.policy.limit"].create({
            "territory_id": cls.province.id, "rate": 16, "date_start": "2020-01-01"
        })  # fmt: skip
        cls.head_version = cls.make_version(rate=15.0)

    def setUp(self):
        super().setUp()
        self.authenticate("region_manager", "region_manager")

    def rpc(self, record, method, *args, **kwargs):
        """Call a method as the web client does; records go as ids."""
        words = [record.ids, *args] if record else list(args)
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{record._name}/{method}",
            {"model": record._name, "method": method, "args": words, "kwargs": kwargs},
        )

    def refused(self, record, method, *args, **kwargs):
        with self.assertRaises(JsonRpcException) as caught:
            self.rpc(record, method, *args, **kwargs)
        self.assertIn(str(caught.exception), (
            "odoo.exceptions.AccessError", "odoo.exceptions.UserError", "odoo.exceptions.ValidationError"
        ))  # fmt: skip
        self.env.invalidate_all()

    def overlay(self, value, kind="rate", user=None, **values):
        return self.env["liquor.policy.overlay"].with_user(user or self.region_author).create({
            "policy_id": self.head_version.policy_id.id,
            "partner_id": self.shop.id,
            "kind": kind,
            "value": value,
            "reason": "Display",
            "date_start": "2026-03-01",
            **values,
        }).sudo()  # fmt: skip

    def version(self, rate, **values):
        env = self.env(user=values.pop("user", self.region_author))
        policy = env["liquor.policy"].create({"name": "Of the region", "beneficiary_kind": "terminal"})
        version = env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2026-01-01",
            "rate": rate,
            "territory_ids": [Command.link(self.county.id)],
            **values,
        })
        return version.sudo()

    # --- values of one shop -----------------------------------------------------------------------------------

    def test_in_bulk_nothing_is_approved_where_one_is_above(self):
        within, above = self.overlay(16), self.overlay(10, "strength", partner_id=self.second_shop.id)
        self.refused(within | above, "action_approve")
        self.assertEqual(set((within | above).mapped("state")), {"draft"})
        self.rpc(within, "action_approve")
        self.env.invalidate_all()
        self.assertEqual(within.state, "active")

    def test_neither_state_nor_author_is_written(self):
        overlay = self.overlay(99)
        for values in (
            {"state": "active"}, {"author_id": self.manager.id}, {"approved_by_id": self.manager.id},
            {"approved_at": "2026-01-01 00:00:00"}, {"company_id": self.company.id},
        ):  # fmt: skip
            self.refused(overlay, "write", values)
        self.refused(overlay, "web_save", {"state": "active"}, specification={})
        self.assertEqual(overlay.state, "draft")

    def test_neither_born_nor_copied_as_approved(self):
        overlays = self.env["liquor.policy.overlay"]
        approved = self.overlay(16)
        self.rpc(approved, "action_approve")
        values = {
            "policy_id": self.head_version.policy_id.id,
            "partner_id": self.second_shop.id,
            "value": 99,
            "reason": "x",
            "state": "active",
            "author_id": self.region_author.id,
        }
        made = self.rpc(overlays, "create", [values], context={"default_state": "active"})
        made += self.rpc(approved, "copy", {"value": 99, "state": "active", "partner_id": self.second_shop.id})
        for overlay in overlays.sudo().browse(made):
            self.assertEqual((overlay.state, overlay.author_id), ("draft", self.region_manager))
            self.refused(overlay, "action_approve")

    def test_nothing_of_it_changes_after_the_approval(self):
        overlay = self.overlay(16, date_end="2026-06-30")
        self.rpc(overlay, "action_approve")
        for values in (
            {"value": 99}, {"kind": "strength"}, {"date_start": "2026-01-01"}, {"date_end": "2026-12-31"},
            {"date_end": False}, {"partner_id": self.second_shop.id}, {"state": "draft"},
        ):  # fmt: skip
            self.refused(overlay, "write", values)
        self.refused(overlay, "unlink")
        self.assertEqual((overlay.value, overlay.date_end), (16, date(2026, 6, 30)))

    def test_a_value_written_after_another_ones_draft_is_his_own(self):
        overlay = self.overlay(16)
        self.rpc(overlay, "write", {"value": 99})
        self.refused(overlay, "action_approve")
        self.env.invalidate_all()
        self.assertEqual(overlay.author_id, self.region_manager)

    def test_two_values_within_the_limit_are_above_it_together(self):
        """16.00 instead of 15.00, and 5 % on top of 15.00 = 15.75: each is within 16.00, together they are 16.80."""
        rate, strength = self.overlay(16), self.overlay(5, "strength")
        self.rpc(rate, "action_approve")
        self.refused(strength, "action_approve")

    def test_a_day_with_an_old_limit_does_not_help(self):
        """99.00 was allowed until 2025: a value that begins there is paid today, too."""
        self.limit.date_start = "2026-01-01"
        self.limit.flush_recordset()
        self.limit.copy({"rate": 99, "date_start": "2020-01-01", "date_end": "2025-12-31"})
        self.refused(self.overlay(50, date_start="2025-12-01"), "action_approve")

    def test_a_day_with_a_limit_that_comes_does_not_help(self):
        self.limit.date_end = "2026-12-31"
        self.limit.flush_recordset()
        self.limit.copy({"rate": 12, "date_start": "2027-01-01", "date_end": False})
        self.refused(self.overlay(16), "action_approve")
        self.rpc(self.overlay(16, date_end="2026-12-31"), "action_approve")

    # --- terms --------------------------------------------------------------------------------------------------

    def test_terms_above_the_limit_by_no_path(self):
        above = self.version(17)
        within = self.version(16)
        self.refused(within | above, "action_activate")
        for values in ({"state": "active"}, {"scope_kind": "head_office"}, {"activated_by_id": self.manager.id}):
            self.refused(above, "write", values)
        # whoever writes is the author, whatever he writes about it
        self.rpc(above, "write", {"author_id": self.region_author.id})
        self.env.invalidate_all()
        self.assertEqual(above.author_id, self.region_manager)
        self.refused(above, "action_activate")
        self.assertEqual((above.state, within.state), ("draft", "draft"))

    def test_what_head_office_drafted_is_not_approved_above_the_limit_by_a_region(self):
        draft = self.version(17, user=self.clerk)
        self.assertEqual(draft.scope_kind, "head_office")
        self.refused(draft, "action_activate")

    def test_terms_in_force_do_not_grow(self):
        version = self.version(16, date_end="2026-06-30")
        self.rpc(version, "action_activate")
        for values in ({"rate": 99}, {"date_end": "2026-12-31"}, {"date_end": False}, {"date_start": "2025-01-01"},
                       {"uplift_ids": [Command.create({"kind": "performance", "percent": 50})]},
                       {"territory_ids": [Command.link(self.elsewhere.id)]}):  # fmt: skip
            self.refused(version, "write", values)
        uplifts = self.env["liquor.policy.uplift"]
        self.refused(uplifts, "create", [{"version_id": version.id, "kind": "performance", "percent": 50}])
        self.rpc(version, "write", {"date_end": "2026-05-31"})

    def test_new_terms_count_the_values_that_shops_have(self):
        """14.00 with 10 % on top is 15.40; 15.00 with the same is 16.50."""
        first = self.version(14, date_end="2026-06-30")
        self.rpc(first, "action_activate")
        overlay = self.overlay(10, "strength", policy_id=first.policy_id.id)
        self.rpc(overlay, "action_approve")
        self.authenticate("region_author", "region_author")
        second = self.env["liquor.policy.version"].sudo().browse(
            self.rpc(first, "copy", {"rate": 15, "date_start": "2026-07-01"})
        )  # fmt: skip
        self.authenticate("region_manager", "region_manager")
        self.refused(second, "action_activate")

    def test_amounts_hide_no_money(self):
        """2.00 for each yuan is no rate per case or bottle: head office decides."""
        amounts = self.version(2, measure="amount")
        self.refused(amounts, "action_activate")

    def test_a_grant_is_for_every_term(self):
        """Granted for a year and 17.00: neither monthly caps nor another end nor other products are meant."""
        product = [Command.link(self.product.id)]
        for values in ({"period": "month"}, {"date_end": "2027-12-31"}, {"product_ids": product}, {"rate": 16.5}):
            version = self.version(17, date_end="2026-12-31", cap_amount=500)
            number = self.rpc(version, "action_ask_head_office", "Festival")["res_id"]
            self.env["liquor.policy.override"].browse(number).with_user(self.manager).action_grant()
            self.authenticate("region_author", "region_author")
            self.rpc(version, "write", values)
            self.authenticate("region_manager", "region_manager")
            self.refused(version, "action_activate")

    def test_nobody_of_a_region_grants(self):
        version = self.version(17)
        override = self.env["liquor.policy.override"].sudo().browse(
            self.rpc(version, "action_ask_head_office", "Festival")["res_id"]
        )  # fmt: skip
        self.refused(override, "action_grant")
        self.refused(override, "write", {"state": "granted"})
        self.refused(override, "write", {"terms_hash": "0"})

    # --- what authority hangs on ---------------------------------------------------------------------------------

    def test_neither_limits_nor_the_tree_nor_his_own_territories(self):
        self.refused(self.limit, "write", {"rate": 99})
        self.refused(self.env["liquor.policy.limit"], "create", [{"territory_id": self.city.id, "rate": 99}])
        self.refused(self.city, "write", {"parent_id": False})
        self.refused(self.env["liquor.territory"], "create", [{"code": "9202", "name": "x"}])
        self.refused(self.region_manager, "write", {"liquor_territory_ids": [Command.clear()]})
        self.refused(self.company, "write", {"liquor_policy_mode": "national"})
