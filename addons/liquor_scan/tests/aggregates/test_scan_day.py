from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.liquor_member.tools.maintenance import maintenance

from ..flow.common import FlowCase


@tagged("post_install", "-at_install")
class TestScanDay(FlowCase):
    """Day x territory x product x kind, exact at once and after it was added up."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("SELECT pg_current_xact_id()::text")
        self.here = int(self.env.cr.fetchone()[0])
        self.ship(self.pallet())

    def days(self, kind="receive"):
        rows = self.env["liquor.scan.day"].search([("kind", "=", kind), ("company_id", "=", self.company.id)])
        return [(str(row.day), row.territory_id, row.product_id, row.events, row.bottles) for row in rows]

    def moved_to(self, steps, event_id):
        """An event as if a transaction ``steps`` later had written it."""
        self.env.flush_all()
        with maintenance(self.env):
            self.env.cr.execute(
                "UPDATE liquor_scan_event SET xid = %s::xid8 WHERE id = %s", [str(self.here + steps), event_id]
            )
        self.env.invalidate_all()

    def advance(self, steps):
        self.patch(self.registry["liquor.scan.cursor"], "_upper", lambda _model: str(self.here + steps))
        self.env["liquor.scan.day"]._cron_advance()
        self.env.invalidate_all()

    def receive(self, number, steps):
        answer = self.one(self.shop_user, "receive", self.case(number))
        self.assertAnswer(answer, "accepted")
        event = self.env["liquor.scan.event"].search([("batch_id", "=", self.codes.id)], limit=1, order="id desc")
        self.moved_to(steps, event.id)
        return answer

    def test_a_scan_is_there_at_once_and_once_after_it_was_added_up(self):
        day = ("2026-11-21", self.county, self.product)
        self.receive(0, 1)
        self.assertEqual(self.days(), [(*day, 1, 6)])
        self.advance(2)
        self.assertEqual(self.days(), [(*day, 1, 6)])
        self.receive(1, 3)
        self.assertEqual(self.days(), [(*day, 2, 12)], "one added up, one since")
        self.advance(4)
        self.advance(4)
        self.assertEqual(self.days(), [(*day, 2, 12)])
        store = self.env["liquor.scan.day.store"].search([
            ("kind", "=", "receive"),
            ("company_id", "=", self.company.id),
        ])
        self.assertEqual((store.events, store.bottles), (2, 12))

    def test_what_is_undone_counts_no_more(self):
        answer = self.receive(0, 1)
        self.advance(2)
        self.one(self.shop_user, "void", undo_of=answer["id"])
        undo = self.env["liquor.scan.event"].search([("kind", "=", "void"), ("batch_id", "=", self.codes.id)])
        self.moved_to(3, undo.id)
        self.assertEqual(self.days(), [])
        self.advance(4)
        self.assertEqual(self.days(), [])
        self.assertEqual(self.days("void"), [])

    def test_held_scans_do_not_count(self):
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(61)), "held", "not_shipped")
        self.assertEqual(self.days(), [])

    def test_the_figure_opens_its_scans(self):
        self.receive(0, 1)
        self.receive(1, 1)
        row = self.env["liquor.scan.day"].search([("kind", "=", "receive"), ("company_id", "=", self.company.id)])
        events = self.env["liquor.scan.event"].search(row.action_open_events()["domain"])
        self.assertEqual((len(events), sum(events.mapped("bottles"))), (2, 12))

    def test_adding_up_costs_the_same_for_one_and_for_many(self):
        counts = []
        for first, amount in ((0, 1), (1, 40)):
            for number in range(first, first + amount):
                self.receive(number, 5 * first + 1)
            before = self.env.cr.sql_log_count
            self.advance(5 * first + 2)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_who_may_read(self):
        self.receive(0, 1)
        officer = self.user("days_officer", "group_case_officer")
        self.assertTrue(self.env["liquor.scan.day"].with_user(officer).search([("company_id", "=", self.company.id)]))
        other = self.env["res.company"].create({"name": "别家"})
        officer.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        theirs = self.env(user=officer, context={"allowed_company_ids": other.ids})
        self.assertFalse(theirs["liquor.scan.day"].search([]))
        with self.assertRaises(AccessError):
            self.env["liquor.scan.day"].with_user(self.shop_user).search([])
