"""A large return on spend is computed by a run: shop by shop the same figures, and nothing half done is shown."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.finance import spend_return_run
from .test_spend_return import MARCH, ReturnCase

KEYS = ("policy_id", "partner_id", "distributor_id", "region_id", "source", "programme")
FIGURES = (
    *("earned", "carried", "spend", "measured_spend", "date_from", "date_to", "baseline_kind", "baseline_from"),
    *("baseline_to", "proof", "sold_bottles", "baseline_bottles", "incremental_bottles", "incremental_margin"),
    *("return_percent", "opened_bottles", "received_cases", "cost_per_opened", "cost_per_case", "reason", "missing"),
)


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestSpendReturnRun(ReturnCase):
    def setUp(self):
        super().setUp()
        self.found = self.env["liquor.spend.return"].with_user(self.finance).create(MARCH)

    def start(self, shops=1):
        """Compute as if this were large, some shops a batch."""
        with patch.multiple(spend_return_run, LARGE_EARNINGS=2, SHOPS_AT_ONCE=shops):
            action = self.found.action_compute()
        return self.env["liquor.run"].browse(action["res_id"])

    def finish(self, run):
        while run.state in ("queued", "running"):
            run.sudo()._process_batch()
            self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.message)

    def figures(self):
        return {
            tuple(line[name] for name in KEYS): tuple(line[name] for name in FIGURES) for line in self.found.line_ids
        }

    def test_shop_by_shop_the_same_as_at_once(self):
        self.assertIsNone(self.found.action_compute())
        whole, words, margins = self.figures(), self.found.words, len(self.found.margin_ids)
        run = self.start()
        self.assertEqual((run.kind, run.user_id, run.state), ("spend_return", self.finance, "queued"))
        self.finish(run)
        self.assertEqual((run.total, run.done), (2, 2))
        self.assertEqual((self.figures(), self.found.words, len(self.found.margin_ids)), (whole, words, margins))
        self.assertEqual(len(whole), 5)
        every = self.env["liquor.spend.return"].with_context(active_test=False)
        self.assertFalse(every.search([("computed_for_id", "!=", False)]))

    def test_what_was_there_stands_until_the_end(self):
        self.found.action_compute()
        before = self.figures()
        self.book(self.shop, 60, policy_version_id=self.spring.id, territory_id=self.county.id)
        run = self.start()
        for _batch in range(2):
            run.sudo()._process_batch()
        # one shop of two is measured: the run goes on behind it, whoever takes it up
        self.assertEqual((run.done, run.state, self.figures()), (1, "running", before))
        self.assertEqual(self.start(), run)
        # what is earned from now on is of the next time
        self.book(self.second_shop, 7, policy_version_id=self.spring.id, territory_id=self.county.id)
        self.finish(run)
        self.assertEqual((self.found.spend, self.found.state), (565, "done"))
        self.assertEqual(sum(self.found.line_ids.mapped("spend")), 565)

    def test_other_days_asked_for_meanwhile(self):
        run = self.start()
        run.sudo()._process_batch()
        self.found.date_to = "2026-03-30"
        self.finish(run)
        self.assertEqual((self.found.state, len(self.found.line_ids)), ("draft", 0))
        run = self.start()
        self.found.unlink()
        self.finish(run)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_the_run_has_the_rights_of_its_user(self):
        with self.assertRaises(AccessError):
            self.found.with_user(self.clerk).action_compute()
        run = self.start()
        self.finance.group_ids -= self.env.ref("liquor_channel.group_finance")
        with self.assertRaises(AccessError):
            run.with_user(self.finance)._run_spend_return(1)

    def test_what_is_computed_beside_is_nobodys(self):
        """Not found by a list, not computed by hand, not made, claimed or shown by a forged value."""
        run = self.start()
        run.sudo()._process_batch()
        mine = self.env["liquor.spend.return"].with_user(self.finance)
        beside = mine.with_context(active_test=False).search([("computed_for_id", "=", self.found.id)])
        self.assertEqual((len(beside), beside in mine.search([])), (1, False))
        with patch.multiple(spend_return_run, LARGE_EARNINGS=0):
            self.assertIsNone(beside.action_compute())
        self.assertFalse(self.env["liquor.run"].search_count([("kind", "=", "spend_return"), ("id", ">", run.id)]))
        for vals in ({"computed_for_id": False}, {"active": True}, {"computed_snapshot": "1:1:"}, {"known_since": {}}):
            for one in (beside, self.found):
                with self.assertRaises(AccessError):
                    one.write(vals)
        made = mine.with_context(default_computed_for_id=self.found.id).create({**MARCH, "active": False})
        self.assertEqual((made.active, bool(made.computed_for_id)), (True, False))
        self.finish(run)
        self.assertEqual(self.found.spend, 505)

    def test_every_night(self):
        returns = self.env["liquor.spend.return"]
        with patch.multiple(spend_return_run, LARGE_EARNINGS=2):
            returns._cron_refresh()
        rolling = returns.search([("is_rolling", "=", True), ("company_id", "=", self.company.id)])
        self.assertEqual(rolling.state, "draft")
        run = self.env["liquor.run"].search([("kind", "=", "spend_return"), ("key", "=", str(rolling.id))])
        self.finish(run)
        self.assertEqual((rolling.state, rolling.spend), ("done", 505 + 999))
