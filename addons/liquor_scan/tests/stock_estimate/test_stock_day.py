"""Goods of shops by day: whatever was added up, and when, the estimate reads what all events say (trade.md R10)."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.liquor_member.tools.maintenance import maintenance

from ..flow.common import NOW, FlowCase

ORACLE = """
SELECT move.who, e.event_time, move.net, move.opened
  FROM liquor_scan_event e
 CROSS JOIN LATERAL (VALUES
       (CASE WHEN e.kind IN ('receive', 'transfer') AND e.custody_state = 'held' AND e.holder_kind = 'terminal'
             THEN e.holder_id END, e.bottles, 0),
       (CASE WHEN e.kind IN ('return', 'transfer') AND e.custody_state IS NOT NULL AND e.party_kind = 'terminal'
             THEN e.party_id END, -e.bottles, 0),
       (CASE WHEN e.fact_kind = 'opened' AND e.counterparty_kind = 'terminal' THEN e.counterparty_id END, 0, e.bottles)
       ) AS move(who, net, opened)
 WHERE e.company_id = %s AND e.status = 'accepted' AND move.who IS NOT NULL AND e.product_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM liquor_scan_event undo WHERE undo.undo_of_id = e.id AND undo.status = 'accepted')
"""


@tagged("post_install", "-at_install")
class TestStockDay(FlowCase):
    def setUp(self):
        super().setUp()
        self.env.cr.execute("SELECT pg_current_xact_id()::text")
        self.here = int(self.env.cr.fetchone()[0])
        self.step = 1
        self.ship(self.pallet())

    def stamp(self):
        """What was written since belongs to the transaction of this step."""
        self.env.flush_all()
        with maintenance(self.env):
            for table in ("liquor_scan_event", "liquor_stock_count_line"):
                self.env.cr.execute(
                    f"UPDATE {table} SET xid = %s::xid8 WHERE xid = pg_current_xact_id()", [str(self.here + self.step)]
                )

    def settle(self):
        """Add up to the end of this step, and begin the next."""
        self.stamp()
        self.step += 1
        self.patch(self.registry["liquor.scan.cursor"], "_upper", lambda _model: str(self.here + self.step))
        self.env["liquor.stock.day"]._advance()
        self.env.invalidate_all()

    def receive(self, user, number, minutes=None):
        event = self.event("receive", self.case(number), minutes)
        self.assertAnswer(self.take(user, event)[0], "accepted")
        return event["id"]

    def count(self, bottles, hours_ago):
        with freeze_time(NOW - timedelta(hours=hours_ago)):
            self.env["liquor.stock.count"]._take_count(
                self.company, self.shop, self.shop_user, {self.product.id: bottles}, f"C-{hours_ago}-xxxxxxxx"
            )

    def told(self):
        """{shop: (received, opened)} since its last count, as the estimate reads it."""
        self.stamp()
        return {
            flow.partner: (flow.received, flow.opened)
            for flow in self.env["liquor.stock.flow"]._flows(self.company)
            if flow.received or flow.opened
        }

    def expected(self):
        """The same from every event, one by one."""
        counts = self.env["liquor.stock.count.line"].search([("company_id", "=", self.company.id)])
        last = {}
        for line in counts.sorted(lambda line: (line.taken_at, line.id)):
            last[line.party_id.id] = line.taken_at
        self.env.flush_all()
        found = {}
        self.env.cr.execute(ORACLE, [self.company.id])
        for shop, at, net, opened in self.env.cr.fetchall():
            if shop not in last or at > last[shop]:
                received, so_far = found.get(shop, (0, 0))
                found[shop] = received + net, so_far + opened
        return {shop: sums for shop, sums in found.items() if any(sums)}

    def assert_exact(self, received):
        self.assertEqual(self.told(), self.expected())
        self.assertEqual(self.told().get(self.shop.id, (0, 0))[0], received)

    def test_whatever_was_added_up(self):
        first = self.receive(self.shop_user, 0)
        self.assert_exact(6)
        self.settle()
        self.assert_exact(6)
        self.receive(self.shop_user, 1)
        self.receive(self.second_user, 2)
        self.assert_exact(12)
        self.settle()
        # goods move on to the second shop: out of one, into the other
        self.assertAnswer(self.one(self.shop_user, "transfer", self.case(1), to="T002"), "accepted")
        self.receive(self.second_user, 1)
        self.assert_exact(6)
        self.settle()
        self.one(self.shop_user, "void", undo_of=first)
        self.assert_exact(0)
        self.settle()
        self.assert_exact(0)
        self.assertEqual(self.told(), {self.second_shop.id: (12, 0)})

    def test_a_count_takes_over_what_happened_after_it(self):
        """A count of an hour ago is stored after a receipt of half an hour ago was added up: that one came after."""
        self.receive(self.shop_user, 0, minutes=30)
        self.receive(self.shop_user, 1, minutes=90)
        self.settle()
        self.assert_exact(12)
        self.count(6, hours_ago=1)
        self.assert_exact(6)
        self.settle()
        self.assert_exact(6)
        self.count(3, hours_ago=3)  # an older one changes nothing
        self.assert_exact(6)
        self.settle()
        self.receive(self.shop_user, 3, minutes=45)  # known late, happened before the count
        self.assert_exact(6)
        self.receive(self.shop_user, 4, minutes=100)
        self.settle()
        self.assert_exact(12)

    def test_adding_up_costs_the_same_for_one_and_for_many(self):
        counts = []
        for numbers in ((0,), range(1, 20)):
            for number in numbers:
                self.receive(self.shop_user, number)
            self.stamp()
            before = self.env.cr.sql_log_count
            self.settle()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
