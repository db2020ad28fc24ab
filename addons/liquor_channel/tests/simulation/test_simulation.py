"""A draft against the version in force: figures by hand, nothing booked, the same queries for 1 and many."""

import base64
import io
from datetime import date, datetime

import openpyxl
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from ..common import ChannelCase

LAST = date(2026, 3, 31)


class SimulationCase(ChannelCase):
    def make_order(self, amount, partner=None, day=date(2026, 2, 10)):
        return self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "state": "sale",
            "liquor_kind": "normal",
            "date_order": datetime(day.year, day.month, day.day, 4),
            "order_line": [
                Command.create({"product_id": self.product.id, "product_uom_qty": 60, "price_unit": amount / 60})
            ],
        })

    def rebate(self, tiers=((0, 500000, 3), (500000, 0, 4)), **values):
        return self.make_version(
            tiers,
            **{
                "beneficiary_kind": "distributor",
                "basis": "ordered",
                "measure": "amount",
                "rate_kind": "percent",
                "period": "year",
                **values,
            },
        )

    def draft_of(self, version, tiers, start="2026-01-01", user=None, **values):
        """A draft of the same policy, written by the clerk."""
        draft = version.with_user(user or self.clerk).copy({"date_start": start, **values})
        draft.tier_ids.unlink()
        draft.tier_ids = [
            Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in tiers
        ]
        return draft

    def simulate(self, version, first="2026-01-01", last="2026-03-31", user=None):
        simulation = (
            self
            .env["liquor.policy.simulation"]
            .with_user(user or self.clerk)
            .create({"version_id": version.id, "date_from": first, "date_to": last})
        )
        simulation.action_simulate()
        return simulation


@tagged("post_install", "-at_install")
class TestSimulation(SimulationCase):
    def test_the_version_in_force_gives_nothing_else(self):
        version = self.rebate(cap_amount=100000)
        second = self.make_partner("Moon Trading", "distributor")
        self.make_order(500000)
        self.make_order(123456.78, second)
        simulation = self.simulate(version)
        self.assertEqual(simulation.line_ids.mapped("difference"), [0.0, 0.0])
        self.assertEqual(set(simulation.line_ids.mapped("reason")), {"same"})
        # 4 % of 500,000 and 3 % of 123,456.78
        self.assertEqual((simulation.old_amount, simulation.difference), (23703.70, 0.0))
        self.assertFalse(simulation.loser_ids)
        self.assertFalse(simulation.ledger_ids)

    def test_who_loses_and_what_the_ledger_would_feel(self):
        # channel.md Acc-2 #3: 20,000 at 4 %; from 600,000 on it would be 15,000. 200,000 stays at 6,000 + 2,000
        version = self.rebate()
        second = self.make_partner("Moon Trading", "distributor", grade="A")
        self.make_order(500000)
        self.make_order(200000, second)
        draft = self.draft_of(version, [(0, 300000, 4), (300000, 600000, 3), (600000, 0, 4)], start="2026-07-01")
        simulation = self.simulate(draft)
        lines = {line.partner_id: line for line in simulation.line_ids}
        self.assertEqual(
            {partner: (line.old_amount, line.new_amount, line.difference) for partner, line in lines.items()},
            {self.distributor: (20000, 15000, -5000), second: (6000, 8000, 2000)},
        )
        self.assertEqual(simulation.loser_ids, lines[self.distributor])
        self.assertEqual((lines[self.distributor].reason, lines[second].outcome), ("rate", "gains"))
        self.assertEqual((simulation.difference, simulation.gain_count, simulation.loss_count), (-3000, 1, 1))
        self.assertEqual(sum(simulation.region_ids.mapped("difference")), -3000)
        grades = {row.label: row.difference for row in simulation.grade_ids}
        self.assertEqual((grades["A"], len(grades)), (2000, 2))
        self.assertEqual(sorted(simulation.ledger_ids.mapped("difference")), [-3000, 3000])
        self.assertFalse(self.env["liquor.earning"].search([("policy_version_id", "in", (version | draft).ids)]))
        self.assertEqual(draft.state, "draft")

    def test_what_is_booked_stands_beside_it(self):
        version = self.rebate()
        self.make_order(200000)
        version._bring_up_to_date(LAST)
        self.make_order(300000)
        simulation = self.simulate(version)
        self.assertEqual((simulation.booked_amount, simulation.old_amount), (6000, 20000))

    def test_fund_headroom(self):
        version = self.rebate()
        fund = self.env["liquor.fund"].create({"name": "Spring", "stop": "warning"})
        fund._move([
            {"fund_id": fund, "stage_from": "allocated", "stage_to": "free", "amount": 1000, "key": "t/1",
             "origin": self.env["liquor.fund.transfer"].create({"fund_to_id": fund.id, "amount": 1000, "reason": "t"}),
             "reason": "t"}
        ])  # fmt: skip
        version.policy_id.fund_id = fund
        self.make_order(200000)
        simulation = self.simulate(self.draft_of(version, [(0, 0, 4)]))
        # 2,000 more than before, 1,000 free
        self.assertEqual((simulation.fund_free, simulation.fund_after), (1000, -1000))

    def test_per_unit_with_share_of_the_distributor(self):
        # Acc-2 #5: 40 cases at 15.00; at 20.00 the shop gains 200, of which 30 % = 60 are the distributor's
        version = self.make_version(rate=15.0, basis="reported", measure="cases")
        agreement = self.make_agreement()
        self.assertTrue(agreement)
        facts = [self.make_fact(number, kind="reported", bottles=60) for number in range(4)]
        draft = self.draft_of(version, [], start="2026-07-01", rate=20.0)
        flow_facts = type(self.env["liquor.flow.fact"])
        self.patch(flow_facts, "_facts", lambda model, domain: facts)
        simulation = self.simulate(draft)
        line = simulation.line_ids
        self.assertEqual((line.partner_id, line.old_amount, line.new_amount), (self.shop, 600, 800))
        self.assertEqual(simulation.carried_amount, 60)
        self.assertEqual(sorted(simulation.ledger_ids.mapped("difference")), [-200, 60, 140])
        self.assertEqual(self.simulate(version).difference, 0)

    def test_query_count_does_not_depend_on_the_number_of_partners(self):
        counts = []
        # the first one fills the registry's caches
        for turn, size in enumerate((1, 1, 40)):
            version = self.rebate(name=f"For {turn}")
            for number in range(size):
                self.make_order(1000, self.make_partner(f"Trading {turn} {number}", "distributor"))
            simulation = self.env["liquor.policy.simulation"].create({
                "version_id": self.draft_of(version, [(0, 0, 4)]).id,
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
            })
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            simulation._simulate()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(simulation.party_count, 42)
        self.assertEqual(counts[1], counts[2])

    def test_a_policy_that_has_paid_asks_for_a_simulation(self):
        version = self.rebate()
        self.make_order(200000)
        with freeze_time("2026-03-31 04:00:00"):
            version._bring_up_to_date(LAST)
            draft = self.draft_of(version, [(0, 0, 4)], start="2026-04-01").with_user(self.manager)
            with self.assertRaises(RedirectWarning):
                draft.action_activate()
            self.simulate(draft)
            draft.action_activate()
        self.assertEqual((draft.state, version.date_end), ("active", LAST))

    def test_changed_terms_are_simulated_again(self):
        version = self.rebate()
        draft = self.draft_of(version, [(0, 0, 4)])
        simulation = self.simulate(draft)
        self.assertFalse(simulation.outdated)
        self.env.cr.execute("UPDATE liquor_policy_tier SET write_date = now() + interval '1 minute'")
        self.env.invalidate_all()
        self.assertTrue(simulation.outdated)

    def test_results_are_the_servers(self):
        simulation = self.simulate(self.rebate())
        with self.assertRaises(AccessError):
            simulation.with_user(self.finance).write({"date_to": "2026-04-01"})
        with self.assertRaises(UserError):
            simulation.write({"date_to": "2026-04-01"})
        with self.assertRaises(AccessError):
            simulation.write({"difference": 1})
        with self.assertRaises(AccessError):
            simulation.line_ids.create({"simulation_id": simulation.id})
        with self.assertRaises(AccessError):
            simulation.with_user(self.outsider).action_download()

    def test_workbook(self):
        version = self.rebate()
        self.make_order(200000)
        simulation = self.simulate(self.draft_of(version, [(0, 0, 4)]))
        simulation.action_download()
        attachment = self.env["ir.attachment"].search([
            ("res_model", "=", simulation._name), ("res_id", "=", simulation.id)
        ])  # fmt: skip
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(attachment.datas))).active
        self.assertEqual([cell.value for cell in sheet[2]][2:6], [6000, 8000, 2000, 0])

    def test_many_parties_go_to_the_background(self):
        version = self.rebate()
        self.make_order(200000)
        draft = self.draft_of(version, [(0, 0, 4)])
        self.patch(type(self.env["liquor.policy.version"]), "_candidates", lambda *args, **kw: range(2001))
        simulation = self.simulate(draft)
        self.assertEqual(simulation.state, "queued")
        run = self.env["liquor.run"].search([("kind", "=", "policy_simulation")], limit=1)
        self.assertEqual(run._run_policy_simulation(500), (1, None))
        self.assertEqual((simulation.state, simulation.difference), ("done", 2000))
