from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ClaimCase

MOST_STATEMENTS = 55


@tagged("post_install", "-at_install")
class TestClaimMany(ClaimCase):
    def claim(self, pairs):
        return self.env["liquor.code.claim"]._claim_many(pairs)

    def test_a_table_of_bottles(self):
        """Cases 0 and 1 are with the shop, case 2 with the maker: two granted, one waits, one bottle is there twice."""
        self.receive(0)
        self.receive(1)
        self.policy(2.0)
        one, two = self.join(), self.join("13800138001")
        units = [self.unit(3), self.unit(8), self.unit(12), self.unit(3)]
        claims = self.claim(list(zip(units, [one, two, two, two], strict=True)))
        self.assertEqual([claim.state for claim in claims[:3]], ["granted", "granted", "waiting"])
        self.assertEqual(claims[3], claims[0], "the second claim of a bottle is the first one")
        self.assertEqual(claims[0].member_id, one)
        self.assertEqual([claim.shop_id for claim in claims[:2]], [self.shop] * 2)
        earned = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual(sum(earned.mapped("amount")), 4.0)
        credits = self.env["liquor.qualifying.event"].search([("member_id", "in", (one | two).ids)])
        self.assertEqual(sorted(credits.mapped("bottles")), [1, 1])

    def test_one_bad_code_leaves_nothing_behind(self):
        self.receive(0)
        member = self.join()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.claim([(self.unit(3), member), (self.unit(0, "case_outer"), member)])
        self.assertFalse(self.env["liquor.code.claim"].search([("batch_id", "=", self.code_batch.id)]))

    def test_queries_do_not_grow(self):
        self.receive(0)
        self.receive(1)
        self.policy(2.0)
        member = self.join()
        self.claim([(self.unit(0), member)])  # warm
        counts = []
        for first, number in ((1, 1), (2, 9)):
            units = [self.unit(first + step) for step in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.claim([(unit, member) for unit in units])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # a claim of a member who was here before, nothing cached: each statement is a way to the database and back
        self.assertLessEqual(counts[0], MOST_STATEMENTS)
        # creating records and bringing a level up to date may take a few more, not one per bottle
        self.assertLess(counts[1] - counts[0], 8, counts)
